"""The thread of a contact as a page shows it: what stands in it, what is asked for afterwards, and who may do what to it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contacts.identifiers import Identifier
from inbox import actions
from inbox.models import Conversation, Delivery, LockSession, Message, Status, Topic
from inbox.queries.thread import ThreadCursor, thread_cursor, thread_page
from inbox.web.thread_context import thread_of
from tests.factories import NOON, Cast, a_member, browser_of
from tests.inbox.steps import a_channel, hears, later, latest, says
from workspaces.actors import Actor
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


def a_thread(actor: Actor, *texts: str) -> Message:
    """Let Cleo write; the last message is returned."""
    with workspace_scope(actor.workspace_id):
        channel = a_channel(actor)
        return [hears(actor, channel, text, at=later(number)) for number, text in enumerate(texts or ("Hello",))][-1]


def address(message: Message, act: str) -> str:
    return f"/w/{message.workspace_id}/inbox/c/{message.contact_id}/{act}"


def stored(message: Message) -> Conversation:
    with workspace_scope(message.workspace_id):
        return latest(message)


@pytest.fixture
def ada(cast: Cast) -> Client:
    return browser_of(cast.ada_user)


def test_a_thread_holds_messages_comments_and_events_in_one_line_of_time(cast: Cast, ada: Client) -> None:
    first = a_thread(cast.ada, "Where is my charger?")
    with workspace_scope(cast.acme.pk):
        says(cast.ada, first, "On its way", at=later(5))
        actions.add_comment(
            actor=cast.max,
            contact=Identifier.of(first.contact_id),
            text=f"Ask {{{{@user.{cast.ben.user_id}}}}} about it",
            at=later(6),
        )
        actions.close_conversation(actor=cast.max, contact=Identifier.of(first.contact_id), at=later(7))
    page = ada.get(address(first, "since"), headers=HTMX).content.decode()
    places = [
        page.index(words) for words in ("Where is my charger?", "On its way", "@Ben Tanaka", "closed the conversation")
    ]
    assert places == sorted(places)
    assert 'aria-label="Cleo Marín, Shop line, 12:00"' in page
    assert "internal comment" in page


def test_nothing_new_is_no_answer(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    with workspace_scope(cast.acme.pk):
        cursor = thread_cursor(cast.ada, message.contact_id)
    assert ada.get(address(message, f"since?cursor={cursor}"), headers=HTMX).status_code == 204
    with workspace_scope(cast.acme.pk):
        says(cast.max, message, "A word of Max", at=later(3))
    answer = ada.get(address(message, f"since?cursor={cursor}"), headers=HTMX)
    assert "A word of Max" in answer.content.decode()
    assert f'data-cursor="{cursor}"' not in answer.content.decode()


def test_pages_backwards_lose_nothing_and_double_nothing(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada, *(f"Number {number}" for number in range(25)))
    with workspace_scope(cast.acme.pk):
        for number in range(5):
            actions.add_comment(
                actor=cast.ada, contact=Identifier.of(message.contact_id), text=f"Note {number}", at=later(number)
            )
        seen, before = [], None
        while True:
            page = thread_page(cast.ada, message.contact_id, before=before, most=7)
            seen += [(item.kind, item.id) for item in reversed(page.items)]
            if page.older is None:
                break
            before = ThreadCursor.parse(str(page.older))
    assert len(seen) == len(set(seen))
    assert sum(kind == "message" for kind, _id in seen) == 25
    assert sum(kind == "comment" for kind, _id in seen) == 5
    assert sum(kind == "event" for kind, _id in seen) == 1  # opened; what happened to messages is no line


def test_a_message_says_where_it_stands(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    with workspace_scope(cast.acme.pk):
        sent = says(cast.ada, message, "Held", at=timezone.now(), hold=timedelta(seconds=60))
    assert "Undo" in ada.get(address(message, "since"), headers=HTMX).content.decode()
    for status, words in (
        (Delivery.READ, "Read"),
        (Delivery.UNKNOWN, "May have been sent"),
        (Delivery.FAILED, "the number is not there"),
        (Delivery.CANCELLED, "Taken back"),
    ):
        with workspace_scope(cast.acme.pk):
            Message.objects.filter(pk=sent.pk).update(
                status=status, error_text="the number is not there" if status == Delivery.FAILED else ""
            )
        page = ada.get(address(message, "since"), headers=HTMX).content.decode()
        assert words in page
        assert ("Send again" in page) == (status in {Delivery.UNKNOWN, Delivery.FAILED})


def test_opening_takes_the_lock_when_it_is_free_and_marks_it_read(cast: Cast) -> None:
    message = a_thread(cast.ada)
    assert stored(message).unread_count == 1
    with workspace_scope(cast.acme.pk):
        mine = thread_of(cast.ada, message.contact_id, at=later(2))
        theirs = thread_of(cast.max, message.contact_id, at=later(3))
    assert mine["lock"].kind == "mine"
    assert (theirs["lock"].kind, theirs["lock"].name) == ("other", "Ada Ferrer")
    assert theirs["composer"].state.startswith("locked")
    assert stored(message).unread_count == 0


def test_a_lock_is_taken_over_released_and_kept(cast: Cast, ada: Client) -> None:
    message, max_browser = a_thread(cast.ada), browser_of(cast.max_user)
    lock = address(message, "lock")
    assert ada.post(lock, {"act": "take"}, headers=HTMX).status_code == 204
    assert max_browser.post(lock, {"act": "take"}, headers=HTMX).status_code == 409
    assert max_browser.post(lock, {"act": "steal"}, headers=HTMX).status_code == 204
    lost = ada.post(lock, {"act": "keep"}, headers=HTMX)
    assert "tertulia:thread-changed" in lost.headers["HX-Trigger"]
    assert "took over" in ada.get(address(message, "since?mine=1"), headers=HTMX).content.decode()
    assert "HX-Trigger" not in max_browser.post(lock, {"act": "keep"}, headers=HTMX).headers
    assert max_browser.post(lock, {"act": "release"}, headers=HTMX).status_code == 204
    with workspace_scope(cast.acme.pk):
        assert not LockSession.objects.filter(ended_at=None).exists()


def test_closing_asks_for_what_the_workspace_wants(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    with workspace_scope(cast.acme.pk):
        topic = Topic.objects.create(workspace_id=cast.acme.pk, name="Delivery", created_at=NOON)
    form = ada.get(address(message, "close"), headers=HTMX)
    assert "Summary" in form.content.decode()
    answer = ada.post(address(message, "close"), {"summary": "Sent", "topics": [str(topic.pk)]}, headers=HTMX)
    assert answer.status_code == 204
    assert stored(message).status == Status.RESOLVED
    assert stored(message).closed_summary == "Sent"
    assert ada.post(address(message, "open"), headers=HTMX).status_code == 204
    assert stored(message).status == Status.NEW


def test_the_head_acts_on_the_conversation(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    assert ada.post(address(message, "assign"), {"user": str(cast.max.user_id)}, headers=HTMX).status_code == 204
    assert stored(message).assignee_id == cast.max.user_id
    assert ada.post(address(message, "assign"), {"user": ""}, headers=HTMX).status_code == 204
    assert stored(message).assignee_id is None
    assert ada.post(address(message, "snooze"), {"minutes": "60"}, headers=HTMX).status_code == 204
    assert stored(message).snoozed_until is not None
    assert ada.post(address(message, "snooze/end"), headers=HTMX).status_code == 204
    assert ada.post(address(message, "snooze"), {"until": "2020-01-01T09:00"}, headers=HTMX).status_code == 422
    assert ada.post(address(message, "status"), {"status": "new"}, headers=HTMX).status_code == 204
    assert stored(message).status == Status.NEW
    assert ada.post(address(message, "language"), {"language": "es"}, headers=HTMX).status_code == 204
    assert stored(message).language == "es"
    assert ada.post(address(message, "unread")).status_code == 302
    assert stored(message).unread_count == 1
    assert ada.post(address(message, "block"), {"act": "block"}, headers=HTMX).status_code == 204
    assert ada.post(address(message, "status"), {"status": "pending"}, headers=HTMX).status_code == 409
    assert ada.post(address(message, "block"), {"act": "unblock"}, headers=HTMX).status_code == 204


def test_who_sees_own_contacts_only_finds_no_thread_of_others_and_loses_it_when_it_is_given_away(cast: Cast) -> None:
    user, actor = a_member(cast.acme, email="own@example.com", restrictions=("show_only_mine",))
    message, browser = a_thread(cast.ada), browser_of(user)
    for act in ("since", "earlier", "transcript", "pane", "composer", "snippets"):
        assert browser.get(address(message, act), headers=HTMX).status_code == 404
    with workspace_scope(cast.acme.pk):
        actions.assign_contact(
            actor=cast.ada, contact=Identifier.of(message.contact_id), user_id=actor.user_id, at=later(1)
        )
    assert browser.get(address(message, "since"), headers=HTMX).status_code == 200
    given = browser.post(address(message, "assign"), {"user": str(cast.ada.user_id)}, headers=HTMX)
    assert given.headers["HX-Redirect"] == f"/w/{cast.acme.pk}/inbox"
    assert browser.get(address(message, "since"), headers=HTMX).status_code == 404


def test_a_transcript_is_whole_and_has_no_acts(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada, *(f"Number {number}" for number in range(60)))
    page = ada.get(address(message, "transcript")).content.decode()
    assert all(f"Number {number}" in page for number in range(60))
    assert "<form" not in page


def test_words_of_a_contact_are_never_markup(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada, "<img src=x onerror=alert(1)>")
    with workspace_scope(cast.acme.pk):
        actions.add_comment(
            actor=cast.ada,
            contact=Identifier.of(message.contact_id),
            text="<script>x</script>\n{{@user.1}}",
            at=later(1),
        )
    page = ada.get(address(message, "since"), headers=HTMX).content.decode()
    assert "<img src=x" not in page
    assert "<script>x" not in page
