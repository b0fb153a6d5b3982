"""Idempotency-Key: one effect, however often a request is sent."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from contacts.models import Contact
from tests.api.conftest import Answer, Caller, set_rate
from tests.factories import NOON, Cast, a_token
from workspaces.models import IdempotencyRecord
from workspaces.scope import workspace_scope

KEY = {"Idempotency-Key": "order-17"}


def contacts_of(cast: Cast) -> int:
    with workspace_scope(cast.acme.pk):
        return Contact.objects.count()


def test_the_same_key_and_body_give_the_first_answer_again(api: Caller, cast: Cast) -> None:
    first = api.post("/contact/email:cleo@example.com", {"firstName": "Cleo"}, **KEY)
    again = api.post("/contact/email:cleo@example.com", {"firstName": "Cleo"}, **KEY)
    assert (first.status, again.status) == (200, 200)
    assert again.text == first.text
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert contacts_of(cast) == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/contact/email:cleo@example.com", {"firstName": "Other"}),
        ("POST", "/contact/email:other@example.com", {"firstName": "Cleo"}),
        ("PUT", "/contact/email:cleo@example.com", {"firstName": "Cleo"}),
    ],
)
def test_another_request_with_the_key_is_409(api: Caller, method: str, path: str, body: Any) -> None:
    api.post("/contact/email:cleo@example.com", {"firstName": "Cleo"}, **KEY)
    answer = api.send(method, path, body, **KEY)
    assert (answer.status, answer.code) == (409, "workspaces.idempotency_key_reused")


def test_after_a_day_the_key_is_new(api: Caller) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        first = api.post("/space/tag", {"name": "one"}, **KEY)
        clock.shift(timedelta(hours=24) - timedelta(seconds=1))
        assert api.post("/space/tag", {"name": "one"}, **KEY).json == first.json
        clock.shift(1)
        other = api.post("/space/tag", {"name": "two"}, **KEY)
        assert (other.status, other.json["name"]) == (200, "two")
        assert api.post("/space/tag", {"name": "two"}, **KEY).json == other.json


def test_a_refusal_is_not_remembered(api: Caller, cast: Cast) -> None:
    assert api.put("/space/tag", {"currentName": "vip", "name": "x"}, **KEY).status == 404
    with workspace_scope(cast.acme.pk):
        assert not IdempotencyRecord.objects.exists()
    api.post("/space/tag", {"name": "vip"})
    assert api.put("/space/tag", {"currentName": "vip", "name": "x"}, **KEY).status == 200


def test_a_key_belongs_to_its_token(api: Caller, globex: Caller, cast: Cast) -> None:
    second = Caller(a_token(cast.ada, name="Second"))
    for caller in (api, globex, second):
        assert caller.post("/contact/create_or_update/email:a@example.com", {"firstName": "A"}, **KEY).status == 200
    assert "Idempotency-Replayed" not in second.get("/space/user", **KEY).headers


@pytest.mark.parametrize("key", ["", "x" * 256, "with space", "é", "tab\tbed"])
def test_a_key_that_cannot_be_one_is_400(api: Caller, key: str) -> None:
    answer = api.post("/space/tag", {"name": "a"}, **{"Idempotency-Key": key})
    assert (answer.status, answer.field) == (400, "Idempotency-Key")


@pytest.mark.django_db(transaction=True)
def test_the_same_request_many_times_at_once_has_one_effect(cast: Cast) -> None:
    set_rate(cast.acme, 10_000)
    token = a_token(cast.ada)
    answers: list[Answer] = []
    ready = threading.Barrier(8)

    def send() -> None:
        ready.wait()
        answers.append(Caller(token).post("/contact/email:cleo@example.com", {"firstName": "Cleo"}, **KEY))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(answer.status, answer.text) for answer in answers} == {(200, answers[0].text)}
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert contacts_of(cast) == 1


def test_a_method_that_there_is_not_stays_405_whatever_its_key(api: Caller) -> None:
    api.post("/space/tag", {"name": "one"}, **KEY)
    assert api.send("PATCH", "/space/tag", {"name": "one"}, **KEY).status == 405
