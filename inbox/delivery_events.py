"""What deliveries do to a channel as a whole; its subject is the channel, so that no contact's thread is concerned."""

from dataclasses import dataclass
from typing import ClassVar

from inbox.channel_events import ChannelEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelBroken(ChannelEvent):
    """The other side refuses our credentials; messages are held until somebody repairs it."""

    type: ClassVar[str] = "inbox.channel.broken"
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLettersReplayed(ChannelEvent):
    type: ClassVar[str] = "inbox.channel.dead_letters_replayed"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLettersDiscarded(ChannelEvent):
    type: ClassVar[str] = "inbox.channel.dead_letters_discarded"
    count: int
