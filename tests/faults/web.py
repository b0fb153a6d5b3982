"""The product's web application for the fault run, with points to stop at while a file is taken in."""

import os

from config.wsgi import application
from imports import files
from imports.actions import starting
from tests.faults.points import stop_after, stop_before

__all__ = ["application"]

stop_before(starting, "_inspected", "detecting")  # the place is taken, the file not yet looked at
stop_before(os, "fsync", "half-stored")  # its bytes lie under a temporary name
stop_after(files, "keep", "uploaded")  # the file is stored, and its import does not say so yet
