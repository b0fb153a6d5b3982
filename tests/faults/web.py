"""The product's web application for the fault run, with points to stop at while a file is taken in."""

from config.wsgi import application
from imports import files
from imports.actions import starting
from tests.faults.points import stop_after, stop_before
from workspaces import files as workspace_files

__all__ = ["application"]

stop_before(starting, "_inspected", "detecting")  # the place is taken, the file not yet looked at
stop_before(workspace_files.os, "fsync", "half-stored")  # its bytes lie under a temporary name
stop_after(files, "keep", "uploaded")  # the file is stored, and its import does not say so yet
