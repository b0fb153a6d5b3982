"""Where scheduled files go beside the history: one module each, and plain values in and out. No model is in sight here."""

from exports.destinations.contract import Destination, DestinationRefused, NotSent, Outgoing
from exports.destinations.s3 import S3
from exports.destinations.sftp import SFTP

__all__ = ["Destination", "DestinationRefused", "NotSent", "Outgoing", "destination_of"]

DESTINATIONS: dict[str, Destination] = {"sftp": SFTP, "s3": S3}


def destination_of(name: str) -> Destination | None:
    """Return a destination by name; None for the history, which is none."""
    return DESTINATIONS.get(name)
