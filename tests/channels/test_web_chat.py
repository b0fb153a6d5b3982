"""The visitor's side of a web chat: who is who, what they see, what is refused."""

import uuid

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from contacts.identifiers import Identifier
from inbox import actions
from inbox.actions.delivering import deliver_message
from inbox.content import Content
from inbox.models import Channel, ContactChannel, Conversation, InboundEvent, Message
from inbox.visitors.doors import live_visitor
from inbox.visitors.errors import VisitorUnknown
from tests.channels.widget import (
    SITE,
    VisitorBrowser,
    a_chat,
    code_of,
    vouched,
    vouched_by_token,
    work_off,
)
from tests.factories import Cast
from workspaces.scope import workspace_scope
from workspaces.sealing import seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_cache")]


@pytest.fixture
def chat(cast: Cast) -> Channel:
    return a_chat(cast.ada)


@pytest.fixture
def visitor(chat: Channel) -> VisitorBrowser:
    browser = VisitorBrowser(chat)
    assert browser.starts().status_code == 200
    return browser


def answered(cast: Cast, channel: Channel, text: str, *, deliver: bool = True, **content: object) -> Message:
    """Let Ada answer the newest contact of the channel."""
    with workspace_scope(cast.acme.pk):
        link = ContactChannel.objects.filter(channel=channel).latest("pk")
        message = actions.send_message(
            actor=cast.ada,
            contact=Identifier.of(link.contact_id),
            channel_id=channel.pk,
            content=Content(text=text, **content),  # type: ignore[arg-type]
            idempotency_key=str(uuid.uuid4()),
            at=timezone.now(),
        )
    if deliver:
        deliver_message(workspace_id=cast.acme.pk, message_id=message.pk, clock=timezone.now)
    return message


def test_a_visitor_writes_and_is_answered(cast: Cast, chat: Channel, visitor: VisitorBrowser) -> None:
    assert visitor.reads() == {"messages": [], "cursor": 0, "older": None, "has_more": False}
    answer = visitor.writes("Is the shop open?", page_url=f"{SITE}/hours?token=abc#top")
    assert answer.status_code == 202
    work_off(chat)
    page = visitor.reads()
    assert [(one["text"], one["from"], one["key"]) for one in page["messages"]] == [
        ("Is the shop open?", "visitor", answer.json()["id"])
    ]
    with workspace_scope(cast.acme.pk):
        message = Message.objects.get(channel=chat)
        assert message.payload == {"page_url": f"{SITE}/hours"}
        assert not ContactChannel.objects.get(channel=chat).is_verified
        assert message.contact.first_name == "Visitor"
    answered(cast, chat, "Yes, until 8")
    news = visitor.reads(f"?since={page['cursor']}")
    assert [(one["text"], one["name"], one["initials"]) for one in news["messages"]] == [("Yes, until 8", "Ada", "A")]
    assert news["cursor"] > page["cursor"]
    assert visitor.reads(f"?since={news['cursor']}")["messages"] == []


def test_the_same_message_twice_is_one(chat: Channel, visitor: VisitorBrowser, cast: Cast) -> None:
    key = str(uuid.uuid4())
    assert [visitor.writes("Once", key=key).status_code for _ in range(3)] == [202, 202, 202]
    work_off(chat)
    assert visitor.writes("Once", key=key.upper()).status_code == 202
    work_off(chat)
    assert visitor.texts() == ["Once"]
    with workspace_scope(cast.acme.pk):
        assert InboundEvent.objects.filter(channel=chat).count() == 1


def test_nothing_of_the_team_is_shown(cast: Cast, chat: Channel, visitor: VisitorBrowser) -> None:
    visitor.writes("Hello")
    work_off(chat)
    answered(cast, chat, "Not sent yet", deliver=False)
    with workspace_scope(cast.acme.pk):
        conversation = Conversation.objects.get()
        actions.add_comment(
            actor=cast.ada, contact=Identifier.of(conversation.contact_id), text="Difficult one", at=timezone.now()
        )
    assert visitor.texts() == ["Hello"]
    assert visitor.texts("?since=1") == ["Hello"]


def test_each_visitor_sees_their_own(chat: Channel, visitor: VisitorBrowser) -> None:
    visitor.writes("My card number is secret")
    other = VisitorBrowser(chat)
    other.starts()
    other.writes("Me too")
    work_off(chat)
    assert other.texts() == ["Me too"]
    assert other.texts("?since=1") == ["Me too"]
    assert visitor.texts() == ["My card number is secret"]


def test_an_anonymous_visitor_comes_back_by_the_token_only(chat: Channel, visitor: VisitorBrowser) -> None:
    visitor.writes("Hello")
    work_off(chat)
    visitor.starts()
    assert visitor.texts() == ["Hello"]
    stranger = VisitorBrowser(chat)
    stranger.starts()
    assert stranger.texts() == []


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
def test_without_a_token_of_ours_there_is_nothing(chat: Channel, token: str) -> None:
    browser = VisitorBrowser(chat)
    browser.token = token
    for method, path in [("get", "messages"), ("post", "messages"), ("post", "receipts"), ("post", "uploads")]:
        answer = browser.ask(method, path, {} if method == "post" else None)
        assert (answer.status_code, code_of(answer)) == (401, "widget.visitor_unknown")


def test_a_token_is_of_one_chat(cast: Cast, visitor: VisitorBrowser) -> None:
    for elsewhere in (a_chat(cast.ada, key="second"), a_chat(cast.gus, key="globex")):
        browser = VisitorBrowser(elsewhere)
        browser.token = visitor.token
        assert browser.ask("get", "messages").status_code == 401
        with pytest.raises(VisitorUnknown):
            live_visitor(visitor.token, channel_key=elsewhere.key)
    assert live_visitor(visitor.token, channel_key=visitor.channel.key).external_id.startswith("visitor:")


def test_a_person_whom_the_site_vouches_for_has_one_history(chat: Channel, cast: Cast) -> None:
    desk, phone = VisitorBrowser(chat), VisitorBrowser(chat)
    assert desk.starts(vouched("42", name="Cleo Marín", email="cleo@example.com")).json()["is_verified"]
    desk.writes("From the desk")
    work_off(chat)
    phone.starts(vouched_by_token(sub="42"))
    assert phone.texts() == ["From the desk"]
    with workspace_scope(cast.acme.pk):
        link = ContactChannel.objects.select_related("contact").get(channel=chat)
        assert (link.external_id, link.is_verified) == ("user:42", True)
        assert (link.contact.first_name, link.contact.email) == ("Cleo", "cleo@example.com")


def test_a_number_is_an_identity_too(chat: Channel) -> None:
    browser = VisitorBrowser(chat)
    assert browser.starts({**vouched("42"), "external_id": 42}).status_code == 200  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "identity",
    [
        {"external_id": "42"},
        {"external_id": "42", "hash": ""},
        {"external_id": "42", "hash": "0" * 64},
        {"external_id": "42", "hash": "ñ" * 64},
        {**vouched("41"), "external_id": "42"},
        {**vouched("42"), "external_id": "42 "},
        {**vouched("x\x00"), "external_id": "x\x00"},
        {"token": "a.b.c"},
        vouched_by_token(secret="another secret of thirty-two bytes", sub="42"),
        vouched_by_token(sub="42", exp=1_000_000_000),
        vouched_by_token(),
        {"token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiI0MiIsImV4cCI6OTk5OTk5OTk5OX0."},
    ],
)
def test_a_forged_identity_is_refused(chat: Channel, identity: dict[str, str]) -> None:
    browser = VisitorBrowser(chat)
    answer = browser.starts(identity)
    assert (answer.status_code, code_of(answer)) == (401, "widget.identity_not_valid")


def test_no_address_of_a_verified_person_can_be_claimed_by_a_visitor(chat: Channel) -> None:
    """Somebody anonymous cannot become `user:42`, and a verified token alone starts no session without the site's word."""
    verified = VisitorBrowser(chat)
    verified.starts(vouched("42"))
    verified.writes("Mine")
    work_off(chat)
    verified.starts()
    assert verified.texts() == []


def test_a_new_secret_ends_sessions(chat: Channel, cast: Cast) -> None:
    browser = VisitorBrowser(chat)
    browser.starts(vouched("42"))
    with workspace_scope(cast.acme.pk):
        Channel.objects.filter(pk=chat.pk).update(sealed_secrets=seal({"identity_secret": "another"}))
    assert code_of(browser.ask("get", "messages")) == "widget.visitor_unknown"
    assert code_of(browser.starts(vouched("42"))) == "widget.identity_not_valid"


def test_where_identity_is_required_nobody_anonymous_writes(cast: Cast, visitor: VisitorBrowser) -> None:
    with workspace_scope(cast.acme.pk):
        Channel.objects.filter(pk=visitor.channel.pk).update(settings={"origins": [SITE], "identity_required": True})
    assert code_of(visitor.writes()) == "widget.identity_required"
    assert code_of(VisitorBrowser(visitor.channel).starts()) == "widget.identity_required"
    assert VisitorBrowser(visitor.channel).starts(vouched("42")).status_code == 200


def test_a_disconnected_chat_is_gone(cast: Cast, visitor: VisitorBrowser) -> None:
    with workspace_scope(cast.acme.pk):
        Channel.objects.filter(pk=visitor.channel.pk).update(state=Channel.State.DISCONNECTED)
    assert code_of(visitor.writes()) == "widget.not_found"


def test_only_a_web_chat_answers_here(cast: Cast, chat: Channel) -> None:
    with workspace_scope(cast.acme.pk):
        Channel.objects.filter(pk=chat.pk).update(kind="custom_channel")
    assert VisitorBrowser(chat).starts().status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": "Hello"}, 400, "workspaces.value_not_valid"),
        ({"id": "1", "text": "Hello"}, 400, "workspaces.value_not_valid"),
        ({"id": str(uuid.uuid4()), "text": " \x00 "}, 400, "inbox.content_empty"),
        ({"id": str(uuid.uuid4()), "text": 7}, 400, "workspaces.value_not_valid"),
        ({"id": str(uuid.uuid4()), "text": "x" * 10_001}, 400, "inbox.text_too_long"),
        ({"id": str(uuid.uuid4()), "text": "x" * 70_000}, 413, "widget.body_too_large"),
        ({"id": str(uuid.uuid4()), "files": ["forged"]}, 404, "widget.file_unknown"),
        ({"id": str(uuid.uuid4()), "files": ["x"] * 11}, 400, "inbox.too_many_files"),
        (["a list"], 400, "widget.body_not_readable"),
    ],
)
def test_a_message_that_breaks_a_rule_is_refused(visitor: VisitorBrowser, body: object, status: int, code: str) -> None:
    answer = visitor.ask("post", "messages", body)
    assert (answer.status_code, code_of(answer)) == (status, code)


def test_what_was_read_is_told_to_agents(cast: Cast, chat: Channel, visitor: VisitorBrowser) -> None:
    visitor.writes()
    work_off(chat)
    message = answered(cast, chat, "Hi")
    assert visitor.ask("post", "receipts", {"delivered": [message.pk]}).status_code == 204
    assert visitor.reads()["messages"][-1]["status"] == "delivered"
    assert visitor.ask("post", "receipts", {"read": [message.pk]}).status_code == 204
    assert visitor.ask("post", "receipts", {"delivered": [message.pk]}).status_code == 204
    with workspace_scope(cast.acme.pk):
        assert Message.objects.get(pk=message.pk).status == "read"


def test_nobody_marks_the_messages_of_others(cast: Cast, chat: Channel, visitor: VisitorBrowser) -> None:
    visitor.writes()
    work_off(chat)
    message = answered(cast, chat, "Hi")
    other = VisitorBrowser(chat)
    other.starts()
    other.writes()
    work_off(chat)
    assert other.ask("post", "receipts", {"read": [message.pk]}).status_code == 204
    with workspace_scope(cast.acme.pk):
        assert Message.objects.get(pk=message.pk).status == "sent"


def test_choices_to_answer_by_are_shown(cast: Cast, chat: Channel, visitor: VisitorBrowser) -> None:
    visitor.writes()
    work_off(chat)
    answered(
        cast, chat, "", content_type="quick_reply", payload={"title": "Which size?", "replies": ["Small", "Large"]}
    )
    shown = visitor.reads()["messages"][-1]
    assert (shown["text"], shown["replies"]) == ("Which size?", ["Small", "Large"])


def test_older_messages_come_by_the_page(chat: Channel, visitor: VisitorBrowser) -> None:
    for start in range(0, 40, 20):
        for number in range(start, start + 20):
            visitor.writes(f"{number}")
        work_off(chat)
        cache.clear()  # forty messages at once are more than a visitor may send
    newest = visitor.reads()
    assert [one["text"] for one in newest["messages"]] == [str(number) for number in range(10, 40)]
    older = visitor.reads(f"?before={newest['older']}")
    assert [one["text"] for one in older["messages"]] == [str(number) for number in range(10)]
    assert older["older"] is None


# Files


def upload(browser: VisitorBrowser, name: str = "note.txt", data: bytes = b"Two umbrellas.") -> object:
    return browser.ask("post", "uploads", None, data={"file": SimpleUploadedFile(name, data)})


def test_anonymous_visitors_send_no_files(visitor: VisitorBrowser) -> None:
    assert not visitor.starts().json()["may_send_files"]
    assert code_of(upload(visitor)) == "widget.files_not_allowed"


def test_anonymous_visitors_send_files_where_the_owner_allows_it(cast: Cast) -> None:
    browser = VisitorBrowser(a_chat(cast.ada, anonymous_files=True))
    assert browser.starts().json()["may_send_files"]
    assert upload(browser).status_code == 201  # type: ignore[attr-defined]


def test_a_file_travels_with_a_message(cast: Cast, chat: Channel) -> None:
    browser = VisitorBrowser(chat)
    browser.starts(vouched("42"))
    handle = upload(browser).json()["handle"]  # type: ignore[attr-defined]
    assert browser.writes("", files=[handle]).status_code == 202
    work_off(chat)
    (message,) = browser.reads()["messages"]
    (file,) = message["files"]
    assert (file["name"], file["kind"], message["type"]) == ("note.txt", "file", "attachment")
    fetched = browser.client.get(file["url"])
    assert b"".join(fetched.streaming_content) == b"Two umbrellas."  # type: ignore[attr-defined]
    assert "sandbox" in fetched.headers["Content-Security-Policy"]
    assert browser.client.get(file["url"] + "x").status_code == 404

    other = VisitorBrowser(chat)
    other.starts(vouched("43"))
    assert code_of(other.writes("", files=[handle])) == "widget.file_unknown"


def test_a_file_that_lies_is_refused(chat: Channel) -> None:
    browser = VisitorBrowser(chat)
    browser.starts(vouched("42"))
    assert code_of(upload(browser, "page.html", b"<script>alert(1)</script>")) == "inbox.file_type_not_allowed"
    assert code_of(upload(browser, "empty.txt", b"")) == "inbox.file_is_empty"
    assert code_of(browser.ask("post", "uploads", {})) == "inbox.file_is_empty"
