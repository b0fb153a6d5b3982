"""Messages and channels as the outside is told of them, by the API and by webhooks. Moments are Unix seconds."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from inbox import ladder
from inbox.channels.contract import OUR_PARTS
from inbox.file_store import public_address
from inbox.models import Attachment, Channel, Delivery, Message, MessageStatus

Body = dict[str, object]
MAY_HAVE_BEEN_SENT = "may have been sent"
# Steps of the inside that the outside never hears of.
UNTOLD = frozenset({Delivery.CANCELLED, Delivery.RECEIVED})


def message_records(messages: Iterable[Message]) -> list[Body]:
    """Return messages as the platform's records; two queries, however many there are."""
    rows = list(messages)
    if not rows:
        return []
    workspace_id, ids = rows[0].workspace_id, [row.pk for row in rows]
    steps: dict[int, list[MessageStatus]] = defaultdict(list)
    for step in MessageStatus.objects.in_workspace(workspace_id).filter(message_id__in=ids).order_by("id"):
        steps[step.message_id].append(step)
    files: dict[int, list[Attachment]] = defaultdict(list)
    attachments = Attachment.objects.in_workspace(workspace_id).filter(message_id__in=ids).select_related("file")
    for attachment in attachments.exclude(content_id__startswith=OUR_PARTS).order_by("id"):
        files[attachment.message_id].append(attachment)
    return [_record(row, steps[row.pk], files[row.pk]) for row in rows]


def channel_body(channel: Channel) -> Body:
    """Return a channel of the workspace."""
    return {
        "id": channel.pk,
        "name": channel.name,
        "source": channel.kind,
        "created_at": seconds(channel.created_at),
    }


def seconds(moment: datetime) -> int:
    """Return a moment in whole Unix seconds."""
    return int(moment.timestamp())


def _record(message: Message, steps: list[MessageStatus], files: list[Attachment]) -> Body:
    return {
        "messageId": message.pk,
        "channelMessageId": message.channel_message_id or None,
        "contactId": message.contact_id,
        "channelId": message.channel_id,
        "traffic": message.direction,
        "message": _message(message, files),
        "status": _steps(message, steps),
    }


def _message(message: Message, files: list[Attachment]) -> Body:
    attached = [_attachment(each) for each in files]
    body: Body = {"type": message.content_type}
    match message.content_type:
        case "quick_reply":
            body |= {"title": message.text, "replies": message.payload.get("replies", [])}
        case "custom_payload":
            body["payload"] = message.payload.get("payload", message.payload)
        case "whatsapp_template":
            body["template"] = message.payload.get("template", {})
        case "location":
            body |= {name: message.payload.get(name) for name in ("latitude", "longitude", "address")}
        case "attachment":
            body["attachment"] = attached[0] if attached else None
            if message.text:
                body["text"] = message.text
        case "email":
            body |= {"text": message.text, "subject": message.payload.get("subject", ""), "attachments": attached}
            body |= {name: message.payload[name] for name in ("cc", "bcc") if message.payload.get(name)}
        case _:
            body["text"] = message.text
    if len(attached) > (message.content_type == "attachment") and message.content_type != "email":
        body["attachments"] = attached
    if message.payload.get("message_tag"):
        body["messageTag"] = message.payload["message_tag"]
    return body


def _attachment(attachment: Attachment) -> Body:
    stored = attachment.file
    url = attachment.source_url
    if stored is not None:
        url = public_address(workspace_id=attachment.workspace_id, file_id=stored.pk)
    body: Body = {"type": attachment.kind, "url": url, "fileName": attachment.name}
    if stored is not None:
        body["mimeType"] = stored.media_type
    return body


def _steps(message: Message, steps: list[MessageStatus]) -> list[Body]:
    """Return the ladder as it was climbed: every step that was heard, in the outside's words, each word once in a row."""
    told: list[Body] = []
    for step in steps:
        if step.status in UNTOLD:
            continue
        word = ladder.outside(step.status)
        if told and told[-1]["value"] == word and step.status != Delivery.UNKNOWN:
            continue
        body: Body = {"value": word, "timestamp": seconds(step.occurred_at)}
        if step.status == Delivery.FAILED:
            body["message"] = step.detail or message.error_text
        elif step.status == Delivery.UNKNOWN:
            body["message"] = MAY_HAVE_BEEN_SENT
        told.append(body)
    return told
