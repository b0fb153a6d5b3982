"""A contact is deleted: figures of the past stay, and not a word of what was said."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from pytest_django import DjangoCaptureOnCommitCallbacks

from contacts.actions import delete_contact, delete_contacts
from contacts.identifiers import Identifier
from contacts.selection import Selection
from inbox import actions
from inbox.access import conversation_for_reading, message_for_reading
from inbox.actions.delivering import deliver_message
from inbox.actions.recomputing import recompute_batch
from inbox.channels.contract import IncomingFile, StatusReport
from inbox.content import Content
from inbox.errors import ConversationNotFound, MessageNotFound
from inbox.file_store import store_bytes
from inbox.models import (
    Attachment,
    Comment,
    ContactChannel,
    Conversation,
    Delivery,
    Draft,
    LockSession,
    Message,
    MessageStatus,
    Status,
    StatusChange,
    StoredFile,
    Survey,
    VirtualAgent,
    VirtualAgentRun,
)
from inbox.queries.searching import messages_found
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, later, says
from tests.inbox.test_figures import assert_proven
from workspaces.actors import Actor
from workspaces.scope import workspace_scope

Deletion = Callable[[Actor, int], object]


def one_by_one(actor: Actor, contact_id: int) -> None:
    """Delete a contact as its page does."""
    delete_contact(actor=actor, contact=Identifier.of(contact_id), at=later(30))


def in_bulk(actor: Actor, contact_id: int) -> None:
    """Delete a contact as the list does."""
    delete_contacts(actor=actor, selection=Selection.of([contact_id]), at=later(30))


def a_life(cast: Cast, *, files: tuple[IncomingFile, ...] = ()) -> Message:
    """Let Cleo have a closed conversation and an open one, with whatever a thread can have; return her first message."""
    channel = a_channel(cast.ada)
    first = hears(cast.ben, channel, "A secret question", files=files)
    says(cast.ben, first, "A secret answer", at=later(1))
    cleo = Identifier.of(first.contact_id)
    actions.close_conversation(actor=cast.ben, contact=cleo, summary="A secret summary", at=later(2))
    hears(cast.ben, channel, "Another secret", at=later(3))
    number = Conversation.objects.in_workspace(cast.acme.pk).get(is_latest=True).pk
    actions.take_lock(actor=cast.ben, conversation_id=number, at=later(4))
    says(cast.ben, first, "Never sent", at=later(5))
    actions.snooze_conversation(actor=cast.ben, contact=cleo, until=later(600), note="Secret", at=later(6))
    actions.add_comment(actor=cast.ben, contact=cleo, text="Secret", at=later(7))
    actions.save_draft(actor=cast.ben, contact=cleo, text="Secret", is_comment=False, channel_id=None, at=later(8))
    Message.objects.in_workspace(cast.acme.pk).filter(text="A secret answer").update(status=Delivery.SENT)
    return first


@pytest.mark.parametrize("deletion", [one_by_one, in_bulk])
def test_its_conversations_stay_without_a_word(cast: Cast, deletion: Deletion) -> None:
    with workspace_scope(cast.acme.pk):
        first = a_life(cast)
        figures = {row.pk: (row.incoming_count, row.outgoing_count, row.response_ms) for row in _conversations(cast)}
        deletion(cast.ada, first.contact_id)
        closed, opened = _conversations(cast)
        assert figures == {
            row.pk: (row.incoming_count, row.outgoing_count, row.response_ms) for row in (closed, opened)
        }
        assert (closed.closed_at, closed.changed_at, closed.closed_summary) == (later(2), later(2), "")
        assert (opened.status, opened.closed_at, opened.closed_by_id) == (Status.RESOLVED, later(30), cast.ada.user_id)
        assert (opened.settled_by_id, opened.closed_assignee_id) == (cast.ada.user_id, cast.ben.user_id)
        assert (opened.first_resolved_at, opened.first_resolved_source) == (later(30), "user")
        assert (opened.handle_ms, opened.changed_at, opened.snooze_note) == (26 * 60_000, later(30), "")
        for row in (closed, opened):
            assert (row.is_latest, row.preview, row.snoozed_until, row.unread_count) == (False, "", None, 0)
        change = StatusChange.objects.in_workspace(cast.acme.pk).latest("pk")
        assert (change.cause, change.source, change.user_id) == ("contact_deleted", "user", cast.ada.user_id)
        assert not StatusChange.objects.in_workspace(cast.acme.pk).exclude(summary="").exists()
        lock = LockSession.objects.in_workspace(cast.acme.pk).get()
        assert (lock.ended_at, lock.ending, lock.outcome) == (later(30), "status", "handle")
        assert_proven(cast.acme.pk)
        assert recompute_batch(workspace_id=cast.acme.pk, after=0, mend=False).differences == []


@pytest.mark.parametrize("deletion", [one_by_one, in_bulk])
def test_its_messages_stay_without_a_word_and_what_waited_fails(cast: Cast, deletion: Deletion) -> None:
    with workspace_scope(cast.acme.pk):
        first = a_life(cast)
        on_the_wire = says(cast.ben, first, "On the wire", at=later(9))
        Message.objects.filter(pk=on_the_wire.pk).update(
            status=Delivery.SENDING, lease_until=later(40), channel_message_id="n-1"
        )
        deletion(cast.ada, first.contact_id)
        messages = Message.objects.in_workspace(cast.acme.pk).order_by("pk")
        assert {(row.text, len(row.payload), row.contact_channel_id, row.deleted_at) for row in messages} == {
            ("", 0, None, later(30))
        }
        assert [row.status for row in messages] == ["received", "sent", "received", "failed", "unknown"]
        failed = messages[3]
        assert (failed.error_code, failed.next_attempt_at) == ("inbox.contact_deleted", None)
        assert failed.error_text == "The contact was deleted before the message was sent."
        told = MessageStatus.objects.in_workspace(cast.acme.pk).filter(message_id=failed.pk)
        assert list(told.order_by("pk").values_list("status", flat=True)) == ["queued", "failed"]
        comment = Comment.objects.in_workspace(cast.acme.pk).get()
        assert (comment.author_id, comment.text, comment.created_at) == (cast.ben.user_id, "", later(7))
        for model in (Draft, ContactChannel):
            assert not model.objects.in_workspace(cast.acme.pk).exists()  # type: ignore[attr-defined]
        report = StatusReport(message_id="n-1", status="delivered", occurred_at=later(31))
        channel = failed.channel
        assert channel is not None
        actions.report_status(
            actor=Actor.system(workspace_id=cast.acme.pk), channel=channel, report=report, at=later(31)
        )
    deliver_message(workspace_id=cast.acme.pk, message_id=on_the_wire.pk, clock=lambda: later(50))
    with workspace_scope(cast.acme.pk):
        assert Message.objects.get(pk=on_the_wire.pk).status == Delivery.UNKNOWN


def test_of_a_payload_stays_which_sort_of_message_it_was(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        first = a_life(cast)
        rows = Message.objects.filter(pk=first.pk)
        rows.update(
            payload={
                "system_user_type": "CSAT",
                "message_type": "comment",
                "template": {"name": "order_sent", "parameters": ["Secret"]},
                "subject": "Secret",
                "post_url": "https://example.com/secret",
            }
        )
        one_by_one(cast.ada, first.contact_id)
        assert rows.get().payload == {
            "system_user_type": "CSAT",
            "message_type": "comment",
            "template": {"name": "order_sent"},
        }


def test_nothing_leads_to_it_any_more_and_who_writes_again_is_somebody_new(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        first = a_life(cast)
        one_by_one(cast.ada, first.contact_id)
        assert messages_found(cast.ada, "secret") == []
        with pytest.raises(ConversationNotFound):
            conversation_for_reading(cast.ada, first.conversation_id or 0)
        with pytest.raises(MessageNotFound):
            message_for_reading(cast.ada, first.pk)
        with pytest.raises(ConversationNotFound):
            actions.mark_unread(actor=cast.ben, conversation_id=first.conversation_id or 0, at=later(31))
        channel = first.channel
        assert channel is not None
        again = hears(cast.ben, channel, "It is me", at=later(32))
        assert again.contact_id != first.contact_id
        assert_proven(cast.acme.pk)
    for sweep in (actions.end_snoozes, actions.resolve_quiet_conversations, actions.end_unseen_locks):
        sweep(clock=lambda: NOON + timedelta(days=60))
    with workspace_scope(cast.acme.pk):
        assert_proven(cast.acme.pk)


def test_a_program_lets_go_and_an_open_survey_ends(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        first = a_life(cast)
        opened = _conversations(cast)[1]
        agent = VirtualAgent.objects.create(workspace_id=cast.acme.pk, name="Ana", created_at=NOON)
        VirtualAgentRun.objects.create(
            workspace_id=cast.acme.pk,
            virtual_agent=agent,
            conversation_id=opened.pk,
            contact_id=first.contact_id,
            started_at=later(9),
            waits_until=later(20),
        )
        Conversation.objects.filter(pk=opened.pk).update(held_by_bot=True)
        for number, answered_at in ((1, None), (2, later(10))):
            Survey.objects.create(
                workspace_id=cast.acme.pk,
                conversation_id=first.conversation_id or 0,
                contact_id=first.contact_id,
                status_change_id=number,
                token_sha256=bytes([number]) * 32,
                sent_at=later(3),
                expires_at=later(900),
                answered_at=answered_at,
                score=5 if answered_at else None,
                answer="Secret" if answered_at else "",
            )
        Conversation.objects.filter(pk=first.conversation_id or 0).update(changed_at=later(10))
        one_by_one(cast.ada, first.contact_id)
        run = VirtualAgentRun.objects.in_workspace(cast.acme.pk).get()
        assert (run.ended_at, run.ending, run.waits_until) == (later(30), "resolved", None)
        surveys = Survey.objects.in_workspace(cast.acme.pk).order_by("status_change_id")
        assert [(row.score, row.answer, row.expires_at) for row in surveys] == [
            (None, "", later(30)),
            (5, "", later(900)),
        ]
        assert_proven(cast.acme.pk)


@pytest.mark.django_db(transaction=True)
def test_its_files_go_where_nothing_else_uses_them(cast: Cast) -> None:
    rows = [
        store_bytes(
            workspace_id=cast.acme.pk,
            name=f"{name}.txt",
            data=name.encode(),
            uploaded_by_id=cast.ben.user_id,
            in_library=name == "library",
            at=NOON,
        )
        for name in ("alone", "library", "shared")
    ]
    with workspace_scope(cast.acme.pk):
        files = tuple(IncomingFile(kind="file", name=row.name, file_id=row.pk) for row in rows)
        first = a_life(cast, files=files)
        channel = first.channel
        assert channel is not None
        other = hears(cast.ben, channel, sender="+34600111222", at=later(9))
        actions.send_message(
            actor=cast.ben,
            contact=Identifier.of(other.contact_id),
            channel_id=None,
            content=Content(text="", file_ids=(rows[2].pk,)),
            idempotency_key="shared",
            at=later(10),
        )
    with workspace_scope(cast.acme.pk):
        one_by_one(cast.ada, first.contact_id)
    with workspace_scope(cast.acme.pk):
        assert set(StoredFile.objects.in_workspace(cast.acme.pk).values_list("pk", flat=True)) == {
            rows[1].pk,
            rows[2].pk,
        }
        assert Attachment.objects.in_workspace(cast.acme.pk).count() == 1
    assert [default_storage.exists(row.key) for row in rows] == [False, True, True]


def test_a_program_that_deletes_is_named_by_the_api(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    robot = Actor.token(token_id=7, workspace_id=cast.acme.pk, scopes=["read", "write", "export"])
    with workspace_scope(cast.acme.pk), django_capture_on_commit_callbacks():
        first = a_life(cast)
        in_bulk(robot, first.contact_id)
        opened = _conversations(cast)[1]
        assert (opened.closed_by_source, opened.closed_by_id, opened.settled_by_id) == ("api", None, None)
        assert_proven(cast.acme.pk)


def _conversations(cast: Cast) -> list[Conversation]:
    return list(Conversation.objects.in_workspace(cast.acme.pk).order_by("pk"))
