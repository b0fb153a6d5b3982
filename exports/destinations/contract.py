"""What a destination is: settings in the open, secrets, a check, and one way to put a file there whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol
from uuid import UUID

from workspaces.errors import DomainError, Kind


class DestinationRefused(DomainError):
    """A setting is missing or wrong; `field` names it."""

    kind = Kind.INVALID
    code = "exports.destination_refused"
    text = "%(sentence)s"


class NotSent(Exception):
    """The file did not get there; the text may be shown to people, and says nothing of secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A finished file on its way."""

    file: BinaryIO
    size_bytes: int
    organization: str
    dataset: str
    range_from: datetime | None
    range_to: datetime | None
    key: UUID
    ending: str
    attempt: int  # the first is 1

    @property
    def name(self) -> str:
        """The name it gets there: organisation, data set, first and last moment, and a random key."""
        days = "".join(f"[{moment:%d%m%Y%H%M%S}]" if moment else "[]" for moment in (self.range_from, self.range_to))
        return f"[{self.organization}][{self.dataset}]{days}[{self.key}].{self.ending}"

    @property
    def path(self) -> PurePosixPath:
        """Where it lies there: `export/<data set>/<name>`, below the folder that the settings name."""
        return PurePosixPath("export") / self.dataset / self.name


class Destination(Protocol):
    """A kind of store. Settings and secrets are texts by name."""

    settings: tuple[str, ...]
    secrets: tuple[str, ...]

    def checked(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, str]:
        """Return the settings to keep; raise DestinationRefused. Reaches nothing but the name server."""

    def send(self, outgoing: Outgoing, settings: Mapping[str, str], secrets: Mapping[str, str]) -> str:
        """Put a file there, whole or not at all, and return what it is called there; raise NotSent."""

    def tried(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, str]:
        """Reach the store, write and delete a small file, and return what was learnt (such as a host key); raise NotSent."""
