"""Rows of the inbox become the wire's bodies here; what has no value is null. Moments are Unix seconds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from inbox.bodies import Body, channel_body, message_records, seconds
from inbox.content import Content, Link
from inbox.models import ClosingCategory, ContactChannel

__all__ = [
    "Body",
    "channel_body",
    "closing_note_body",
    "comment_body",
    "contact_channel_body",
    "content_of",
    "message_records",
    "seconds",
]


def content_of(message: Mapping[str, Any]) -> Content:
    """Return a checked message body as the inside's content."""
    kind = message["type"]
    payload: dict[str, object] = {}
    links: list[Mapping[str, Any]] = []
    text = message.get("text", "")
    if message.get("messageTag"):
        payload["message_tag"] = message["messageTag"]
    match kind:
        case "attachment":
            links = [message["attachment"]]
        case "quick_reply":
            text = message["title"]
            payload["replies"] = list(message["replies"])
        case "custom_payload":
            payload["payload"] = message["payload"]
        case "email":
            for wire, inside in (("subject", "subject"), ("cc", "cc"), ("bcc", "bcc")):
                if message.get(wire):
                    payload[inside] = message[wire]
            if message.get("replyToMessageId"):
                payload["reply_to_message_id"] = message["replyToMessageId"]
            links = list(message.get("attachments", ()))
        case "whatsapp_template":
            payload["template"] = message["template"]
    return Content(
        content_type=kind,
        text=text,
        payload=payload,
        links=tuple(Link(kind=each["type"], url=each["url"], name=each.get("fileName", "")) for each in links),
    )


def comment_body(contact_id: int, text: str, at: datetime) -> Body:
    """Return a comment."""
    return {"contactId": contact_id, "text": text, "created_at": seconds(at)}


def contact_channel_body(link: ContactChannel) -> Body:
    """Return one of a contact's channels."""
    return {
        "id": link.channel_id,
        "name": link.channel.name,
        "source": link.channel.kind,
        "meta": {**link.meta, "externalId": link.external_id},
        "lastMessageTime": _maybe(link.last_message_at),
        "lastIncomingMessageTime": _maybe(link.last_incoming_at),
        "created_at": seconds(link.created_at),
    }


def closing_note_body(category: ClosingCategory) -> Body:
    """Return a category of closing notes."""
    return {"category": category.name, "description": category.description}


def _maybe(moment: datetime | None) -> int | None:
    return None if moment is None else seconds(moment)
