"""The custom channel: what a customer's server may post, what becomes of it, and what we post to it."""

import json
import time
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client
from standardwebhooks import Webhook

from inbox.channels import custom_reading
from inbox.channels.contract import (
    Account,
    Failure,
    Incoming,
    NotReadable,
    Outgoing,
    OutgoingFile,
    Receipt,
    StatusReport,
)
from inbox.channels.custom import CONNECTOR, message_of, result_of, signature
from inbox.channels.registry import abilities_of
from inbox.models import Channel, InboundEvent
from tests.factories import NOON, Cast
from workspaces.actors import Actor
from workspaces.outside import Answer
from workspaces.scope import workspace_scope
from workspaces.sealing import seal
from workspaces.secret_values import digest, new_token

CLEO = "+60177872890"
MESSAGE = {"type": "message", "mId": "x1", "timestamp": 1741618800000, "message": {"type": "text", "text": "Hello"}}


def a_custom_channel(actor: Actor, *, key: str = "gfd8g7", **settings: object) -> tuple[Channel, str]:
    """Make a custom channel; return it with its token."""
    token = new_token()
    with workspace_scope(actor.workspace_id):
        channel = Channel.objects.create(
            workspace_id=actor.workspace_id,
            kind="custom_channel",
            name="Our gateway",
            key=key,
            settings={"id_type": "phone", "destination_url": "https://gateway.example.com/", **settings},
            sealed_secrets=seal({"token": token, "signing_secret": CONNECTOR.new_secrets()["signing_secret"]}),
            token_sha256=digest(token),
            created_at=NOON,
        )
    return channel, token


def post(body: object, token: str, *, path: str = "/custom/webhook") -> Any:
    """Post a body as a customer's server does."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client(enforce_csrf_checks=True).post(path, data, content_type="application/json", headers=headers)


def events_of(channel: Channel) -> list[InboundEvent]:
    with workspace_scope(channel.workspace_id):
        return list(InboundEvent.objects.in_workspace(channel.workspace_id).order_by("pk"))


def body_with(*events: object, **more: object) -> dict[str, object]:
    return {"contactId": CLEO, "events": list(events), **more}


@pytest.mark.parametrize("path", ["/custom/webhook", "/custom/channel/webhook/"])
def test_each_event_of_a_body_is_stored_once(cast: Cast, path: str) -> None:
    channel, token = a_custom_channel(cast.ada)
    body = body_with(MESSAGE, {**MESSAGE, "mId": "x2"}, channelId="gfd8g7", contact={"firstName": "Ana"})
    answer = post(body, token, path=path)
    assert (answer.status_code, answer.json()) == (200, {"received": 2})
    assert post(body, token, path=path).json() == {"received": 0}
    stored = events_of(channel)
    assert [event.provider_event_id for event in stored] == ["message x1", "message x2"]
    assert stored[0].sender == CLEO
    assert stored[0].payload == {"contactId": CLEO, "contact": {"firstName": "Ana"}, "event": MESSAGE}


def test_an_event_without_an_id_is_known_again_by_what_it_says(cast: Cast) -> None:
    channel, token = a_custom_channel(cast.ada)
    event = {"type": "message", "message": {"type": "text", "text": "Hello"}, "timestamp": 1741618800000}
    post(body_with(event), token)
    post(body_with(event), token)
    post(body_with({**event, "timestamp": 1741618800001}), token)
    assert len(events_of(channel)) == 2


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer nonsense", "Basic abc", "tert_" + "x" * 32])
def test_without_a_token_of_the_right_shape_nothing_is_asked(cast: Cast, header: str) -> None:
    answer = Client().post("/custom/webhook", b"{}", content_type="application/json", headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_wrong_token_and_another_channels_token_are_refused_alike(cast: Cast) -> None:
    ours, _token = a_custom_channel(cast.ada)
    theirs, their_token = a_custom_channel(cast.gus, key="other1")
    wrong = post(body_with(MESSAGE), new_token())
    other = post(body_with(MESSAGE, channelId="gfd8g7"), their_token)
    assert (wrong.status_code, other.status_code) == (401, 401)
    assert wrong.json() == other.json()
    assert events_of(ours) == events_of(theirs) == []


def test_a_disconnected_channel_is_as_unknown(cast: Cast) -> None:
    channel, token = a_custom_channel(cast.ada)
    with workspace_scope(cast.acme.pk):
        Channel.objects.in_workspace(cast.acme.pk).update(state=Channel.State.DISCONNECTED)
    assert post(body_with(MESSAGE), token).status_code == 401
    assert events_of(channel) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"[]", "body"),
        (b"\xff\xfe", "body"),
        (b"[" * 100_000, "body"),
        (b'{"contactId": ' + b"9" * 5_000 + b"}", "body"),
        (b'{"contactId": NaN}', "body"),
        (b'{"contactId": 1e999}', "body"),
        (b'{"contactId": "\\ud800"}', "body"),
        (b'{"contactId": "a\\u0000b"}', "body"),
        ({"events": [MESSAGE]}, "contactId"),
        ({"contactId": "not so", "events": [MESSAGE]}, "contactId"),
        ({"contactId": "x" * 51, "events": [MESSAGE]}, "contactId"),
        ({"contactId": CLEO}, "events"),
        ({"contactId": CLEO, "events": []}, "events"),
        ({"contactId": CLEO, "events": {}}, "events"),
        (body_with(MESSAGE, contact="Ana"), "contact"),
        (body_with("hello"), "events[0]"),
        (body_with(MESSAGE, {"type": "typing"}), "events[1].type"),
        (body_with({**MESSAGE, "mId": 7}), "events[0].mId"),
        (body_with({**MESSAGE, "mId": "x" * 201}), "events[0].mId"),
        (body_with({**MESSAGE, "timestamp": "today"}), "events[0].timestamp"),
        (body_with({**MESSAGE, "timestamp": 10**18}), "events[0].timestamp"),
        (body_with({**MESSAGE, "message": "Hello"}), "events[0].message"),
        (body_with({"type": "message_status", "mId": "x1", "status": {"value": "eaten"}}), "events[0].status.value"),
        (body_with({"type": "message_status", "status": {"value": "read"}}), "events[0].mId"),
    ],
)
def test_a_body_that_can_never_be_right_is_refused_with_the_field(cast: Cast, body: object, field: str) -> None:
    channel, token = a_custom_channel(cast.ada)
    answer = post(body, token)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field
    assert events_of(channel) == []


def test_whole_characters_and_written_out_backslashes_are_no_harm(cast: Cast) -> None:
    channel, token = a_custom_channel(cast.ada)
    said = b'{"contactId": "+60177872890", "events": [{"type": "message", "mId": "e", "timestamp": 1741618800000,'
    said += b' "message": {"type": "text", "text": "\\ud83d\\ude00 \\\\u0000"}}]}'
    assert post(said, token).status_code == 200
    assert events_of(channel)[0].payload["event"]["message"]["text"] == "😀 \\u0000"


def test_a_body_over_one_megabyte_is_too_large(cast: Cast) -> None:
    _channel, token = a_custom_channel(cast.ada)
    text = {**MESSAGE, "message": {"type": "text", "text": "x" * (1024 * 1024)}}
    assert post(body_with(text), token).status_code == 413


def test_without_the_database_the_server_is_asked_to_send_again(cast: Cast) -> None:
    _channel, token = a_custom_channel(cast.ada)
    with patch("inbox.api.custom_webhook.scope_of_token", side_effect=OperationalError):
        answer = post(body_with(MESSAGE), token)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


def test_only_post_is_taken(db: None) -> None:
    assert Client().get("/custom/webhook").status_code == 405


def reads(event: dict[str, object], contact: object = None, **settings: object) -> Incoming | StatusReport:
    [found] = custom_reading.read({"contactId": CLEO, "event": event, "contact": contact}, settings)
    return found


@pytest.mark.parametrize(
    ("message", "content_type", "text"),
    [
        ({"type": "text", "text": "Hello"}, "text", "Hello"),
        ({"type": "image", "url": "https://x.example/a.png", "caption": "Me"}, "attachment", "Me"),
        ({"type": "attachment", "attachment": {"type": "file", "url": "https://x.example/a.pdf"}}, "attachment", ""),
        ({"type": "location", "latitude": 1.5, "longitude": 2, "address": "Quito"}, "location", "Quito"),
        ({"type": "quick_reply", "title": "Yes"}, "quick_reply", "Yes"),
        ({"type": "poll", "options": [1]}, "unsupported", ""),
        ({"type": "text"}, "unsupported", ""),
        ({}, "unsupported", ""),
    ],
)
def test_every_type_of_message_is_read_and_no_type_is_dropped(
    message: dict[str, object], content_type: str, text: str
) -> None:
    found = reads({**MESSAGE, "message": message})
    assert isinstance(found, Incoming)
    assert (found.content_type, found.text) == (content_type, text)
    if content_type == "unsupported":
        assert found.payload["raw"] == message


def test_an_incoming_message_says_who_wrote_it_when_and_with_what() -> None:
    message = {"type": "file", "url": "https://x.example/a.pdf", "filename": "a.pdf"}
    contact = {"firstName": "Ana", "lastName": "Ruiz", "locale": "es_EC", "profilePic": "https://x.example/p.jpg"}
    found = reads({**MESSAGE, "message": message}, contact, id_type="phone")
    assert isinstance(found, Incoming)
    assert (found.external_id, found.message_id, found.identity, found.is_echo) == (CLEO, "x1", "phone", False)
    assert found.occurred_at == datetime(2025, 3, 10, 15, tzinfo=UTC)
    assert [(file.kind, file.url, file.name) for file in found.files] == [("file", "https://x.example/a.pdf", "a.pdf")]
    profile = found.profile
    assert (profile.first_name, profile.last_name, profile.phone) == ("Ana", "Ruiz", CLEO)
    assert (profile.language, profile.country, profile.picture_url) == ("es", "EC", "https://x.example/p.jpg")


def test_an_echo_is_what_the_business_wrote_elsewhere() -> None:
    found = reads({**MESSAGE, "type": "message_echo"})
    assert isinstance(found, Incoming)
    assert found.is_echo


def test_a_receipt_is_a_status() -> None:
    event = {"type": "message_status", "mId": "m7", "timestamp": 1741618800000}
    found = reads({**event, "status": {"value": "failed", "message": "No such number"}})
    assert isinstance(found, StatusReport)
    assert (found.message_id, found.status, found.detail) == ("m7", "failed", "No such number")


def test_a_channel_of_phone_numbers_reads_phone_numbers_only() -> None:
    with pytest.raises(NotReadable, match="contactId"):
        custom_reading.read({"contactId": "ana-7", "event": MESSAGE}, {"id_type": "phone"})


def outgoing(**facts: Any) -> Outgoing:
    values: dict[str, Any] = {
        "key": "9f0c", "external_id": CLEO, "content_type": "text", "text": "Hi", "payload": {}, "files": (),
        "contact_id": 7, "created_at": NOON,
    }  # fmt: skip
    return Outgoing(**{**values, **facts})


def test_what_goes_out_has_the_original_shapes() -> None:
    file = OutgoingFile(
        kind="image", name="a.png", media_type="image/png", size_bytes=3, url="https://t.example/files/s", key="k"
    )
    assert message_of(outgoing()) == {"type": "text", "text": "Hi"}
    assert message_of(outgoing(content_type="attachment", text="", files=(file,))) == {
        "type": "attachment",
        "attachment": {
            "type": "image",
            "url": "https://t.example/files/s",
            "fileName": "a.png",
            "mimeType": "image/png",
        },
    }
    assert message_of(outgoing(content_type="quick_reply", text="Sure?", payload={"replies": ["Yes", "No"]})) == {
        "type": "quick_reply",
        "title": "Sure?",
        "replies": ["Yes", "No"],
    }


def answer(status: int, body: object = None, **headers: str) -> Answer:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=told, body=json.dumps(body or {}).encode(), is_whole=True, seconds=0.1)


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (301, Failure.PERMANENT), (400, Failure.PERMANENT), (404, Failure.PERMANENT), (410, Failure.PERMANENT),
        (413, Failure.PERMANENT), (401, Failure.REAUTHORISE), (403, Failure.REAUTHORISE), (429, Failure.THROTTLED),
        (500, Failure.TEMPORARY), (502, Failure.TEMPORARY), (503, Failure.TEMPORARY),
    ],
)  # fmt: skip
def test_each_answer_has_its_class(status: int, failure: Failure) -> None:
    found = result_of(answer(status, {"error": {"message": "Because\x07"}}))
    assert not isinstance(found, Receipt)
    assert (found.failure, found.code, found.text) == (failure, f"http_{status}", "Because")


def test_an_answer_with_an_id_is_sent_and_a_number_is_an_id_too() -> None:
    assert result_of(answer(200, {"mId": "w1"})) == Receipt(message_id="w1")
    assert result_of(answer(201, {"mId": 12})) == Receipt(message_id="12")
    assert result_of(answer(200)) == Receipt(message_id="")


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("", None), ("soon", None), ("9" * 30, None)])
def test_retry_after_is_read_when_it_says_something(header: str, seconds: float | None) -> None:
    found = result_of(answer(429, retry_after=header))
    assert not isinstance(found, Receipt)
    assert found.retry_after_seconds == seconds


def test_the_signature_is_what_receivers_verify() -> None:
    secret = CONNECTOR.new_secrets()["signing_secret"]
    body = b'{"contactId":"+60177872890"}'
    headers = signature(secret, message_id="9f0c", body=body, at=int(time.time()))
    assert Webhook(secret).verify(body, headers) == {"contactId": CLEO}


def test_the_signature_is_the_published_example() -> None:
    headers = signature(
        "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        message_id="evt_1",
        body=b'{"event_type":"message.received"}',
        at=1700000000,
    )
    assert headers["webhook-signature"] == "v1,URHfE8DC+OwgGo2YB/Us91ff5leeZ28acse0yi5034w="


def test_a_channel_says_what_it_can_do_from_its_settings(cast: Cast) -> None:
    by_phone = Channel(kind="custom_channel", settings={"id_type": "phone", "window_hours": 24})
    by_id = Channel(kind="custom_channel", settings={"id_type": "custom", "repeats_safely": True})
    phone, own = abilities_of(by_phone), abilities_of(by_id)
    assert (phone.may_write_first, phone.first_address, phone.window_hours, phone.repeats_safely) == (
        True, "phone", 24, False,
    )  # fmt: skip
    assert (own.may_write_first, own.first_address, own.window_hours, own.repeats_safely) == (False, "", None, True)


def test_a_channel_that_is_not_set_up_asks_for_it() -> None:
    account = Account(channel_id=1, workspace_id=1, key="k", name="n", settings={}, secrets={})
    found = CONNECTOR.send(outgoing(), account)
    assert not isinstance(found, Receipt)
    assert found.failure is Failure.REAUTHORISE
