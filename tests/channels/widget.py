"""A visitor's browser, as the web chat's address sees it."""

import json
import uuid
from typing import Any

import jwt
from django.test import Client
from django.utils import timezone

from inbox.actions.intake import take_in
from inbox.channels.web_chat import CONNECTOR
from inbox.models import Channel
from inbox.visitors.tokens import hash_of
from tests.factories import NOON
from workspaces.actors import Actor
from workspaces.scope import workspace_scope
from workspaces.sealing import seal

SECRET = "a secret of the customer's server"
SITE = "https://shop.example.com"


def a_chat(actor: Actor, *, key: str = "chatkey", **settings: object) -> Channel:
    """Make a web chat for SITE; further words are its settings."""
    with workspace_scope(actor.workspace_id):
        return Channel.objects.create(
            workspace_id=actor.workspace_id,
            kind=CONNECTOR.kind,
            name="Shop chat",
            key=key,
            settings={"origins": [SITE], **settings},
            sealed_secrets=seal({"identity_secret": SECRET}),
            created_at=NOON,
        )


def vouched(external_id: str, **person: str) -> dict[str, str]:
    """Return an identity as a customer's server signs it."""
    return {"external_id": external_id, "hash": hash_of(external_id, SECRET), **person}


def vouched_by_token(secret: str = SECRET, **claims: object) -> dict[str, str]:
    """Return an identity as a token that a customer's server signs."""
    return {"token": jwt.encode({"exp": timezone.now().timestamp() + 300, **claims}, secret, algorithm="HS256")}


class VisitorBrowser:
    """One browser with its token; `origin` is what it says where it stands."""

    def __init__(self, channel: Channel, *, origin: str = "", address: str = "127.0.0.1") -> None:
        self.channel = channel
        self.headers = {"Origin": origin} if origin else {}
        self.address = address
        self.client = Client(enforce_csrf_checks=True, REMOTE_ADDR=address)
        self.token = ""

    def ask(self, method: str, path: str, body: object = None, **options: Any) -> Any:
        headers = {**self.headers, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        data = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        return getattr(self.client, method)(f"/widget/{self.channel.key}/{path}", headers=headers, **data, **options)

    def starts(self, identity: dict[str, str] | None = None) -> Any:
        answer = self.ask("post", "session", {"identity": identity})
        if answer.status_code == 200:
            self.token = answer.json()["token"]
        return answer

    def writes(self, text: str = "Hello", *, key: str = "", **body: object) -> Any:
        return self.ask("post", "messages", {"id": key or str(uuid.uuid4()), "text": text, **body})

    def reads(self, query: str = "") -> dict[str, Any]:
        answer = self.ask("get", f"messages{query}")
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    def texts(self, query: str = "") -> list[str]:
        return [message["text"] for message in self.reads(query)["messages"]]


def work_off(channel: Channel) -> None:
    """Do what a worker does when the bell rings."""
    take_in(workspace_id=channel.workspace_id, channel_id=channel.pk, clock=timezone.now)


def code_of(answer: Any) -> str:
    """Return the code of a refusal."""
    body = answer.json()
    assert body["code"] == answer.status_code
    return str(body["errors"][0]["code"])
