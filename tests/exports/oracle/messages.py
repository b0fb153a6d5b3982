"""The three data sets with a row per message."""

from datetime import datetime
from types import SimpleNamespace as Row

from tests.exports.oracle import writing
from tests.exports.oracle.asking import Cells
from tests.exports.oracle.facts import Facts
from tests.exports.oracle.stories import is_human
from tests.exports.oracle.world import World

PENDING = frozenset({"queued", "sending", "unknown"})
TEMPLATES = frozenset({"whatsapp_template", "facebook_template"})
AUTOMATION = frozenset({"workflow", "zapier", "make", "n8n"})
AGENTS = frozenset({"bot", "ai_agent"})


def messages(world: World) -> list[Cells]:
    """One row per message of the range."""
    asked = world.asked
    return [
        {**_shared(world, message), **_fate(world, message)}
        for message in world.messages()
        if asked.allows("flows", message.direction)
        and asked.allows("sender_types", message.sender_kind)
        and asked.allows("message_statuses", status_of(message))
    ]


def failed_messages(world: World) -> list[Cells]:
    """One row per outgoing message of the range that failed."""
    facts, asked, write = world.facts, world.asked, world.write
    rows = []
    for message in world.messages():
        broadcast_id = message.sender_id if message.sender_kind == "broadcast" else None
        if not (
            status_of(message) == "failed"
            and asked.allows("sender_types", message.sender_kind)
            and asked.allows("broadcasts", broadcast_id)
        ):
            continue
        contact = facts.contacts.get(message.contact_id)
        name = f"{contact.first_name} {contact.last_name}".strip() if contact is not None else ""
        broadcast = facts.broadcasts.get(broadcast_id) if broadcast_id is not None else None
        rows.append(
            {
                **_shared(world, message),
                "contact_name": write.text(name),
                "error": write.text(message.error_text),
                "broadcast_name": write.text(broadcast.name if broadcast is not None else ""),
            }
        )
        del rows[-1]["conversation_id"]
    return rows


def _shared(world: World, message: Row) -> Cells:
    write = world.write
    sender = {"contact": message.contact_id, "user": message.user_id}.get(message.sender_kind, message.sender_id)
    kind, sub_kind = class_of(world.facts, message)
    return {
        "date_time": write.plain_moment(message.created_at),
        "sender_id": writing.number(sender),
        "sender_type": message.sender_kind,
        "contact_id": writing.number(message.contact_id),
        "message_id": writing.number(message.id),
        "content_type": message.content_type,
        "message_type": message.direction,
        "content": write.text(content_of(message)),
        "channel_id": writing.number(message.channel_id),
        "type": kind,
        "sub_type": write.text(sub_kind),
        "conversation_id": writing.number(message.conversation_id),
    }


def _fate(world: World, message: Row) -> Cells:
    status = status_of(message)
    return {"status": status, "error": world.write.text(message.error_text if status == "failed" else "")}


def status_of(message: Row) -> str:
    """Return where an outgoing message stands, to the outside."""
    if message.direction == "incoming":
        return ""
    return "pending" if message.status in PENDING else str(message.status)


def class_of(facts: Facts, message: Row) -> tuple[str, str]:
    """Return how a message went out, and what of its kind it is."""
    if message.direction == "outgoing" and message.content_type in TEMPLATES:
        return "template", message.payload.get("template", {}).get("name", "")
    tag = message.payload.get("message_tag")
    if message.direction == "outgoing" and tag:
        return "tagged", tag
    files = facts.attachments[message.id] if message.content_type == "attachment" else []
    return "message", files[0].kind if files else ""


def _words(message: Row) -> str:
    """The text; of a survey's message all but the address at its end, by which one could answer for the contact."""
    words, _break, last = str(message.text).rpartition("\n")
    is_survey = message.sender_kind == "system" and message.payload.get("system_user_type") == "CSAT"
    return words if is_survey and "/survey/" in last else str(message.text)


def content_of(message: Row) -> str:
    """Return what stands in a message."""
    if message.deleted_at is not None or message.content_type == "unsupported":
        return ""
    if message.content_type == "text":
        return _words(message)
    return writing.compact({**message.payload, "text": message.text} if message.text else message.payload)


def message_details(world: World) -> list[Cells]:
    """One row per message of the range, in the terms of its network."""
    found = (message for message in world.messages() if world.asked.allows("flows", message.direction))
    return [_detail(world, message) for message in found]


def _detail(world: World, message: Row) -> Cells:
    write, facts = world.write, world.facts
    link = facts.links.get(message.contact_channel_id or 0)
    author = message.user_id if is_human(message) else None
    tags = [each for each in facts.taggings if each.message_id == message.id and each.removed_at is None]
    tags.sort(key=lambda each: (each.applied_at, each.id))
    is_shown = world.asked.shows_content and message.deleted_at is None
    origin, outbound, system = _sender(message, facts.surveys)
    return {
        "message_id": writing.number(message.id),
        "created_at": write.moment(message.created_at),
        "conversation_id": writing.number(message.conversation_id),
        **world.channel_cells(message.channel_id),
        "contact_profile_id": writing.number(message.contact_id),
        **world.identity_cells(link),
        "message_type": _network_kind(world, message),
        "origin": origin,
        "outbound_message_type": outbound,
        "direction": "inbound" if message.direction == "incoming" else "outbound",
        **world.person_cells(author, prefix="agent"),
        **world.team_cells(message.team_id if author is not None else None, prefix="team"),
        "tag_ids": writing.ids(each.tag_id for each in tags),
        "tag_names": write.texts(facts.message_tags[each.tag_id].name for each in tags),
        "content": write.text(_words(message) if is_shown else ""),
        "conversation_url": world.conversation_url(message.conversation_id),
        "post_url": write.text(message.payload.get("post_url", "")),
        "last_updated": write.moment(_changed_at(world, message)),
        "deleted_at": write.moment(message.deleted_at),
        "system_user_type": system,
    }


def _network_kind(world: World, message: Row) -> str:
    if message.content_type in {"post", "story_reply"}:
        return str(message.content_type).replace("_", " ")
    return "dm" if world.medium(message.channel_id) == "twitter" else "private message"


def _sender(message: Row, surveys: list[Row]) -> tuple[str, str, str]:
    """Return origin, outbound type and kind of program of a message."""
    kind = message.sender_kind
    if kind in AUTOMATION:
        return "API", "AUTO_RESPONDER", "AUTOMATION"
    if kind in AGENTS:
        return "VIRTUAL_AGENT", "VIRTUAL_AGENT", "VIRTUAL_AGENT"
    if kind == "system":
        if any(survey.message_id == message.id for survey in surveys):
            return "VIRTUAL_AGENT", "AUTO_RESPONDER", "CSAT"
        return "VIRTUAL_AGENT", "AUTO_RESPONDER", "SYSTEM" if message.sender_id is None else "AUTO_RESPONDER"
    return {
        "contact": ("CONTACT", "", ""),
        "user": ("AGENT_DESKTOP", "AGENT", ""),
        "echo": ("NATIVE", "NATIVE", ""),
        "broadcast": ("API", "PROACTIVE", "PROACTIVE"),
        "api": ("API", "PROACTIVE", "PROACTIVE"),
    }[kind]


def _changed_at(world: World, message: Row) -> datetime:
    moments: list[datetime | None] = [message.created_at, message.deleted_at]
    moments += [each.occurred_at for each in world.facts.statuses[message.id]]
    for each in world.facts.taggings:
        if each.message_id == message.id:
            moments += [each.applied_at, each.removed_at]
    return max(moment for moment in moments if moment is not None)
