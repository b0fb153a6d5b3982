"""What a channel is to the inbox: one module with a connector, and plain values that go in and out. No model is in sight here.

A connector says what its network can do, reads what came in, and sends one message. It reaches the network only in `send`
(and in a fetcher of its own, where the network does not call us); everything else is pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

# Content ids that begin so name files of ours which stand behind a message, such as its source; nobody attached them.
OUR_PARTS = "tertulia:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the network tells about a person; used only when the contact is added."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    country: str = ""
    picture_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingFile:
    """A file of an incoming message: stored by us already (`file_id`), or still to be fetched from `url`."""

    kind: str  # image, video, audio, file
    url: str = ""
    name: str = ""
    file_id: int | None = None
    content_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message that came in, or one that the business wrote elsewhere (`is_echo`)."""

    external_id: str  # the contact's address on the channel
    message_id: str  # the network's id, unique with the address
    occurred_at: datetime
    content_type: str = "text"
    text: str = ""
    payload: Mapping[str, object] = field(default_factory=dict)
    files: tuple[IncomingFile, ...] = ()
    profile: Profile = field(default_factory=Profile)
    identity: str = ""  # "phone" or "email" when the address is one: a contact that alone holds it is this one
    is_echo: bool = False
    is_verified: bool = True  # False: the sender is only claimed
    contact_id: int | None = None  # the contact that an answer is known to belong to, such as by an e-mail thread
    opens: bool = True  # False: stored without opening a conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """The network's word on a message of ours. `status` is sent, delivered, read or failed."""

    message_id: str  # the network's id, or ours as text when `is_ours`
    status: str
    occurred_at: datetime
    detail: str = ""
    is_ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event of what a network delivered, to be stored as it came and read later."""

    provider_event_id: (
        str  # unique on the channel, at most 255 characters: a delivery that comes again is dropped by it
    )
    sender: str  # the contact's address there, by which order is kept
    payload: Mapping[str, object]


class NotReadable(ValueError):
    """A delivery breaks the channel's format for good; the text names the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingFile:
    """A file to send: a signed address of ours that the other side may fetch for a while, and its bytes' key in our store."""

    kind: str
    name: str
    media_type: str
    size_bytes: int
    url: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message to send. `key` is ours, the same at every attempt: the idempotency key where the network takes one."""

    key: str
    external_id: str
    content_type: str
    text: str
    payload: Mapping[str, object]
    files: tuple[OutgoingFile, ...]
    contact_id: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The channel that sends: settings in the open, secrets unsealed."""

    channel_id: int
    workspace_id: int
    key: str
    name: str
    settings: Mapping[str, object]
    secrets: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The network took the message."""

    message_id: str
    status: str = "sent"


class Failure(StrEnum):
    """Why a message was not taken, and so what happens next (docs/CHANNELS.md, "Error classes")."""

    THROTTLED = "throttled"  # wait as told; the channel slows down
    TEMPORARY = "temporary"  # again, with growing pauses
    PERMANENT = "permanent"  # failed
    REAUTHORISE = "reauthorise"  # the channel is marked broken, messages are held
    UNREACHABLE = "unreachable"  # failed, and the address is marked
    UNKNOWN = "unknown"  # the request went out and the answer was lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The network did not take the message, or nobody knows."""

    failure: Failure
    code: str = ""
    text: str = ""
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a channel can do: composer, API and actions read this, and nobody asks for a channel by name."""

    statuses: frozenset[str]  # of sent, delivered, read
    content_types: frozenset[str]
    may_write_first: bool
    text_limit: int
    window_hours: int | None = None
    first_address: str = ""  # "phone" or "email": where a first message goes
    file_limit_bytes: int = 20 * 1024 * 1024
    files_per_message: int = 10
    answers_in_threads: bool = False  # a message of ours says what it answers: `Outgoing.payload["thread"]` tells it
    repeats_safely: bool = False  # the other side removes doubles by our key, so a lost answer may be sent again


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingField:
    """A field of the form that connects the channel. `kind` is text, password, url, email, number, choice, lines or check."""

    name: str
    label: object  # a lazy translation
    kind: str = "text"
    help: object = ""
    is_secret: bool = False
    is_required: bool = True
    choices: tuple[tuple[str, object], ...] = ()
    default: object = ""


class Connector(Protocol):
    """One network. `kind` is the public API's source of a channel."""

    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> object: ...
    @property
    def medium(self) -> str:
        """The data sets' medium, such as custom_channel, web_chat, email."""
        ...

    @property
    def abilities(self) -> Abilities: ...
    @property
    def fields(self) -> tuple[SettingField, ...]: ...

    def account_name(self, settings: Mapping[str, object], /) -> str:
        """Return what the account is called on its network, such as a number, an address or a handle; empty where it has no name."""
        ...

    def read(self, payload: Mapping[str, object], settings: Mapping[str, object], /) -> list[Incoming | StatusReport]:
        """Read one stored delivery; raise NotReadable when it can never be read."""
        ...

    def send(self, outgoing: Outgoing, account: Account, /) -> Receipt | Refusal:
        """Send one message, outside any transaction; never raise for a "no"."""
        ...
