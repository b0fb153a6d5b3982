"""What happens to channels. Secrets are named and never told."""

from dataclasses import dataclass
from typing import ClassVar

from workspaces.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEvent(Event):
    subject_kind: ClassVar[str] = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelConnected(ChannelEvent):
    """A channel was connected, or one that was disconnected came back (`is_again`)."""

    type: ClassVar[str] = "inbox.channel.connected"
    kind: str
    is_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChanged(ChannelEvent):
    """`changes` maps a setting to [old, new]; `secrets` are the names of those that were replaced."""

    type: ClassVar[str] = "inbox.channel.changed"
    changes: dict[str, list[object]]
    secrets: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRepaired(ChannelEvent):
    """Its owner mended a channel that the other side refused; held messages go out again."""

    type: ClassVar[str] = "inbox.channel.repaired"
    released: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSecretRotated(ChannelEvent):
    type: ClassVar[str] = "inbox.channel.secret_rotated"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDisconnected(ChannelEvent):
    type: ClassVar[str] = "inbox.channel.disconnected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDeleted(ChannelEvent):
    type: ClassVar[str] = "inbox.channel.deleted"
    kind: str
    name: str
