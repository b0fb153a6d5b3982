"""Small steps of an inbox's day, each through an action."""

from datetime import datetime, timedelta
from typing import Any

from contacts.identifiers import Identifier
from inbox import actions
from inbox.channels.contract import Incoming, Profile
from inbox.content import Content
from inbox.models import Channel, Conversation, Message
from tests.factories import NOON, Cast
from workspaces.actors import Actor

CLEO = "+34600123456"


def later(minutes: float = 0, seconds: float = 0) -> datetime:
    """Return a moment after NOON."""
    return NOON + timedelta(minutes=minutes, seconds=seconds)


def a_channel(actor: Actor, *, name: str = "Shop line", kind: str = "custom_channel", **columns: object) -> Channel:
    """Make a channel whose addresses are phone numbers."""
    settings = {"id_type": "phone", "destination_url": "https://example.com/out"}
    return Channel.objects.create(
        workspace_id=actor.workspace_id,
        kind=kind,
        name=name,
        key=f"key-{actor.workspace_id}-{name}"[:32],
        settings=columns.pop("settings", settings),
        created_at=NOON,
        **columns,
    )


def incoming(
    text: str = "Hello", *, sender: str = CLEO, number: str = "", at: datetime = NOON, **facts: object
) -> Incoming:
    """Return a message that comes in; its id is made of text and moment unless a number is given."""
    values: dict[str, object] = {
        "external_id": sender,
        "identity": "phone",
        "message_id": number or f"{text}-{at.isoformat()}",
        "occurred_at": at,
        "text": text,
        "profile": Profile(first_name="Cleo", last_name="Marín"),
    }
    return Incoming(**{**values, **facts})  # type: ignore[arg-type]


def hears(actor: Actor, channel: Channel, text: str = "Hello", *, at: datetime = NOON, **facts: Any) -> Message:
    """Take in a message from Cleo."""
    system = Actor.system(workspace_id=actor.workspace_id)
    message = actions.receive_message(actor=system, channel=channel, incoming=incoming(text, at=at, **facts), at=at)
    assert message is not None
    return message


def says(actor: Actor, message: Message, text: str = "Hi Cleo", *, at: datetime = NOON, **facts: object) -> Message:
    """Answer in the thread of a message."""
    return actions.send_message(
        actor=actor,
        contact=Identifier.of(message.contact_id),
        channel_id=None,
        content=Content(text=text),
        idempotency_key=f"{text}-{at.isoformat()}",
        at=at,
        **facts,  # type: ignore[arg-type]
    )


def latest(message: Message) -> Conversation:
    """Return the latest conversation of the message's contact, as it is stored now."""
    return Conversation.objects.in_workspace(message.workspace_id).get(contact_id=message.contact_id, is_latest=True)


def some_write(cast: Cast, count: int = 6) -> list[int]:
    """Let so many people write, a minute apart; every second one is Ben's. Return the contacts, the first first."""
    channel = a_channel(cast.ada)
    found: list[int] = []
    for place in range(count):
        message = hears(cast.ada, channel, f"Question {place}", sender=f"+3460012{place:04}", at=later(place))
        found.append(message.contact_id)
        if place % 2:
            actions.assign_contact(
                actor=cast.ada, contact=Identifier.of(message.contact_id), user_id=cast.ben.user_id, at=later(place)
            )
    return found
