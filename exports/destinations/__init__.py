"""Where scheduled files go beside the history: one module each, and plain values in and out. No model is in sight here."""

from importlib import import_module

from exports.destinations.contract import Destination, DestinationRefused, NotSent, Outgoing

__all__ = ["Destination", "DestinationRefused", "NotSent", "Outgoing", "destination_of"]

# Loaded when a file goes there: their libraries take a tenth of every process's start, and most processes send none.
DESTINATIONS = {"sftp": ("exports.destinations.sftp", "SFTP"), "s3": ("exports.destinations.s3", "S3")}


def destination_of(name: str) -> Destination | None:
    """Return a destination by name; None for the history, which is none."""
    if name not in DESTINATIONS:
        return None
    module, attribute = DESTINATIONS[name]
    found: Destination = getattr(import_module(module), attribute)
    return found
