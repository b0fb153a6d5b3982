"""Writing from a page: replies, comments, drafts, variables, mentions, files, taking back and sending again."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from contacts import actions as contacts
from contacts.identifiers import Identifier
from contacts.models.contact import Source
from inbox import actions
from inbox.models import Comment, Delivery, Draft, Message, Snippet, Status, Topic
from tests.factories import NOON, Cast, browser_of
from tests.inbox.test_thread_page import HTMX, a_thread, address, stored
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)


def write(client: Client, message: Message, **fields: object) -> HttpResponse:
    form = {"key": str(uuid.uuid4()), "mode": "reply", "channel": str(message.channel_id), **fields}
    return client.post(address(message, "write"), form, headers=HTMX)  # type: ignore[return-value]


def outgoing(message: Message) -> list[Message]:
    with workspace_scope(message.workspace_id):
        return list(Message.objects.filter(direction="outgoing").order_by("pk"))


@pytest.fixture
def ada(cast: Cast) -> Client:
    return browser_of(cast.ada_user)


def test_a_reply_is_queued_once_however_often_its_button_is_pressed(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    key = str(uuid.uuid4())
    first, second = (write(ada, message, key=key, text="On its way") for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert "tertulia:thread-changed" in first.headers["HX-Trigger"]
    (sent,) = outgoing(message)
    assert (sent.text, sent.status, sent.user_id) == ("On its way", Delivery.QUEUED, cast.ada.user_id)
    assert sent.next_attempt_at is not None
    assert (sent.next_attempt_at - sent.created_at).total_seconds() == 5  # for as long it can be taken back
    assert "On its way" not in first.content.decode()  # the composer is empty again
    assert stored(message).status == Status.PENDING


def test_a_refused_reply_comes_back_with_its_words(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    browser_of(cast.max_user).post(address(message, "lock"), {"act": "take"}, headers=HTMX)
    answer = write(ada, message, text="My careful words")
    assert answer.status_code == 422
    assert "My careful words" in answer.content.decode()
    assert "Max Marín is answering" in answer.content.decode()
    assert outgoing(message) == []
    page = ada.post(
        address(message, "write"), {"mode": "reply", "text": "Without scripts", "channel": message.channel_id}
    )
    assert page.status_code == 422
    assert "Not sent yet" in page.content.decode()
    assert "Without scripts" in page.content.decode()


def test_variables_are_filled_and_missing_ones_are_asked_about(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    assert write(ada, message, text="Hola $contact.firstname, soy $assignee.name").status_code == 422
    asked = write(ada, message, text="Hola $contact.firstname, your mail is {{$contact.email}}")
    assert asked.status_code == 422
    assert "$contact.email" in asked.content.decode()
    assert "Send as it is" in asked.content.decode()
    assert outgoing(message) == []
    assert write(ada, message, text="Hola $contact.firstname").status_code == 200
    assert write(ada, message, text="Mail: $contact.email", anyway="1").status_code == 200
    assert [one.text for one in outgoing(message)] == ["Hola Cleo", "Mail: $contact.email"]


def test_a_comment_mentions_members_by_their_names(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    answer = write(ada, message, mode="comment", act="comment", comment="Ask @Max Marín, not @Nobody, or a@Ben Tanaka")
    assert answer.status_code == 200
    with workspace_scope(cast.acme.pk):
        comment = Comment.objects.get()
    assert comment.text == f"Ask {{{{@user.{cast.max.user_id}}}}}, not @Nobody, or a@Ben Tanaka"
    assert comment.mentions == [cast.max.user_id]
    assert write(ada, message, mode="comment", act="comment", comment="x" * 1001).status_code == 422
    assert write(ada, message, mode="comment", act="comment", comment="  ").status_code == 422


def test_an_answer_of_another_does_not_keep_anybody_from_commenting(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    browser_of(cast.max_user).post(address(message, "lock"), {"act": "take"}, headers=HTMX)
    assert write(ada, message, mode="comment", act="comment", comment="Look at the order").status_code == 200


def test_a_draft_is_kept_restored_and_forgotten_by_sending(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    draft = {"mode": "reply", "text": "Half a sen", "channel": str(message.channel_id)}
    assert ada.post(address(message, "draft"), draft, headers=HTMX).status_code == 204
    assert "Half a sen" in ada.get(address(message, "composer"), headers=HTMX).content.decode()
    assert (
        "Half a sen" not in browser_of(cast.max_user).get(address(message, "composer"), headers=HTMX).content.decode()
    )
    assert write(ada, message, text="Half a sentence").status_code == 200
    with workspace_scope(cast.acme.pk):
        assert not Draft.objects.exists()


def test_a_message_that_is_taken_back_returns_to_the_composer(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    write(ada, message, text="Too quick")
    (sent,) = outgoing(message)
    assert ada.post(address(message, f"messages/{sent.pk}/undo"), headers=HTMX).status_code == 204
    assert outgoing(message)[0].status == Delivery.CANCELLED
    assert "Too quick" in ada.get(address(message, "composer"), headers=HTMX).content.decode()
    assert ada.post(address(message, f"messages/{sent.pk}/undo"), headers=HTMX).status_code == 409


def test_a_message_that_may_have_been_sent_is_sent_again_by_a_person(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    write(ada, message, text="Did it arrive?")
    (sent,) = outgoing(message)
    with workspace_scope(cast.acme.pk):
        Message.objects.filter(pk=sent.pk).update(status=Delivery.UNKNOWN, next_attempt_at=None)
    assert ada.post(address(message, f"messages/{sent.pk}/again"), headers=HTMX).status_code == 204
    assert outgoing(message)[-1].status == Delivery.QUEUED


def test_a_message_of_another_contact_is_not_found_here(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    write(ada, message, text="Here")
    (sent,) = outgoing(message)
    with workspace_scope(cast.acme.pk):
        other = contacts.add_contact(actor=cast.ada, values={"first_name": "Other"}, source=Source.USER, at=NOON)
    elsewhere = f"/w/{cast.acme.pk}/inbox/c/{other.pk}/messages/{sent.pk}/undo"
    assert ada.post(elsewhere, headers=HTMX).status_code == 404


def test_files_are_uploaded_first_and_sent_with_the_message(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    note = SimpleUploadedFile("note.txt", b"Six chargers in Paterna", content_type="text/plain")
    uploaded = ada.post(address(message, "uploads"), {"upload": note}, headers=HTMX)
    assert uploaded.status_code == 200
    assert write(ada, message, text="See the note", file=uploaded.json()["id"]).status_code == 200
    page = ada.get(address(message, "since"), headers=HTMX).content.decode()
    assert "note.txt" in page
    odd = SimpleUploadedFile("run.exe", b"MZ\x00\x00", content_type="application/octet-stream")
    refused = ada.post(address(message, "uploads"), {"upload": odd}, headers=HTMX)
    assert refused.status_code == 400
    assert refused.json()["error"]


def test_a_browser_without_scripts_sends_files_along(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    note = SimpleUploadedFile("note.txt", b"Six chargers in Paterna", content_type="text/plain")
    form = {"key": str(uuid.uuid4()), "mode": "reply", "channel": message.channel_id, "text": "", "upload": note}
    assert ada.post(address(message, "write"), form).status_code == 302
    with workspace_scope(cast.acme.pk):
        sent = Message.objects.get(direction="outgoing")
        assert sent.content_type == "attachment"
        assert [row.name for row in sent.attachments.all()] == ["note.txt"]


def test_snippets_are_found_by_name_first_and_bring_their_topics(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    with workspace_scope(cast.acme.pk):
        topic = Topic.objects.create(workspace_id=cast.acme.pk, name="Delivery", created_at=NOON)
        facts = {"workspace_id": cast.acme.pk, "created_at": NOON, "updated_at": NOON}
        Snippet.objects.create(name="thanks", text="Thank you for the delivery note", **facts)
        Snippet.objects.create(name="delivery", text="Hola $contact.firstname", topic_ids=[topic.pk], **facts)
    found = ada.get(address(message, "snippets?q=deliv"), headers=HTMX).json()["snippets"]
    assert [one["name"] for one in found] == ["delivery", "thanks"]
    assert write(ada, message, text="Hola", topic=found[0]["topics"][0]).status_code == 200
    assert "Delivery" in ada.get(address(message, "since"), headers=HTMX).content.decode()


def test_send_and_close_leads_on_to_the_closing_note(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    assert "tertulia:close" in write(ada, message, text="Done", then="close").headers["HX-Trigger"]
    plain = ada.post(
        address(message, "write"),
        {"key": str(uuid.uuid4()), "mode": "reply", "channel": message.channel_id, "text": "Bye", "then": "close"},
    )
    assert plain.headers["Location"] == address(message, "close")


def test_to_a_blocked_contact_nobody_writes(cast: Cast, ada: Client) -> None:
    message = a_thread(cast.ada)
    with workspace_scope(cast.acme.pk):
        actions.block_contact(actor=cast.ada, contact=Identifier.of(message.contact_id), at=NOON)
    assert (
        "Unblock the contact before you write" in ada.get(address(message, "composer"), headers=HTMX).content.decode()
    )
    assert write(ada, message, text="Hello?").status_code == 422
