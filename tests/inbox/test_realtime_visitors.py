"""A visitor's socket: whose it is, what it hears, and that agents and visitors see each other typing."""

import pytest
from django.utils import timezone

from contacts.identifiers import Identifier
from inbox import actions
from inbox.channels.contract import Incoming
from inbox.models import Channel
from inbox.visitors.tokens import Visitor, new_visitor_id, token_of
from tests.factories import NOON, Cast
from tests.realtime import Page, RealtimeProcess, session_of
from workspaces.actors import Actor
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def chat(cast: Cast) -> Channel:
    with workspace_scope(cast.acme.pk):
        return Channel.objects.create(
            workspace_id=cast.acme.pk, kind="web_chat", name="Shop", key="shop-key", settings={}, created_at=NOON
        )


def a_visitor(chat: Channel, *, key: str = "") -> Visitor:
    return Visitor(
        workspace_id=chat.workspace_id,
        channel_id=chat.pk,
        channel_key=key or chat.key,
        external_id=new_visitor_id(),
        is_verified=False,
    )


def window_of(realtime: RealtimeProcess, chat: Channel, visitor: Visitor) -> Page:
    window = realtime.open(f"/ws/widget/{chat.key}")
    window.send(type="hello", token=token_of(visitor, at=timezone.now()))
    return window


def write(chat: Channel, visitor: Visitor, text: str) -> int:
    """Let the visitor write, and return their contact's id."""
    with workspace_scope(chat.workspace_id):
        message = actions.receive_message(
            actor=Actor.system(workspace_id=chat.workspace_id),
            channel=chat,
            incoming=Incoming(
                external_id=visitor.external_id, identity="channel", message_id=text, occurred_at=NOON, text=text
            ),
            at=NOON,
        )
        assert message is not None
        return message.contact_id


def test_a_window_hears_of_its_own_contact_only_and_each_side_sees_the_other_typing(
    cast: Cast, chat: Channel, realtime: RealtimeProcess
) -> None:
    visitor, other = a_visitor(chat), a_visitor(chat)
    window, quiet = window_of(realtime, chat, visitor), window_of(realtime, chat, other)
    for page in (window, quiet):
        assert page.next() == {"type": "welcome"}
    contact_id = write(chat, visitor, "Hello")
    write(chat, other, "Elsewhere")
    for page in (window, quiet):
        page.send(type="written")
    agent = realtime.open(f"/ws/w/{cast.acme.pk}", session=session_of(cast.ada_user))
    agent.next()
    quiet.all_within(0.7)
    with workspace_scope(cast.acme.pk):
        actions.add_comment(actor=cast.ada, contact=Identifier.of(contact_id), text="A regular", at=NOON)
    assert window.wait_for("catch-up") == {"type": "catch-up"}
    agent.send(type="typing", contact=contact_id, on=True, comment=True)
    assert window.all_within(0.5) == []
    agent.send(type="typing", contact=contact_id, on=True)
    assert window.wait_for("typing") == {"type": "typing", "on": True}
    agent.send(type="typing", contact=contact_id, on=False)
    assert window.wait_for("typing") == {"type": "typing", "on": False}
    agent.all_within(0.3)
    window.send(type="typing", on=True)
    told = agent.wait_for("typing")
    assert (told["contact"], told["people"]) == (contact_id, [{"id": None, "name": "", "visitor": True}])
    assert quiet.all_within(0.3) == []


def test_a_window_without_a_token_of_this_chat_is_closed(cast: Cast, chat: Channel, realtime: RealtimeProcess) -> None:
    token = token_of(a_visitor(chat, key="another-key"), at=timezone.now())
    for wrong in (token, "nonsense", ""):
        window = realtime.open(f"/ws/widget/{chat.key}")
        window.send(type="hello", token=wrong)
        assert window.closed_within(5) == 4401
    window = realtime.open("/ws/widget/no-such-chat")
    window.send(type="hello", token=token_of(a_visitor(chat), at=timezone.now()))
    assert window.closed_within(5) == 4401
    early = realtime.open(f"/ws/widget/{chat.key}")
    early.send(type="typing", on=True)
    assert early.closed_within(5) == 4400
