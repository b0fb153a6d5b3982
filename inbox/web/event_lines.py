"""What happened to a conversation, as one line of the thread: who did it, and by which way."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.languages import language_name
from inbox.queries.thread import Names
from workspaces.actors import ActorKind
from workspaces.models import EventRecord
from workspaces.web import formats


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line: its symbol, its words, and what was written with it."""

    icon: str
    text: SafeString
    more: str = ""


def people_in(event: EventRecord) -> set[int]:
    """Return the ids of the members whom a line names."""
    named = {event.data.get(key) for key in ("old", "new", "user_id", "from_user_id")}
    found = {one for one in named if isinstance(one, int) and not isinstance(one, bool)}
    return found | ({event.actor_id} if event.actor_kind == ActorKind.USER and event.actor_id else set())


def line_of(event: EventRecord, names: Names) -> EventLine:  # noqa: PLR0911 - one for each type
    """Say what happened."""
    who = format_html("<b>{}</b>", _who(event, names))
    match event.type:
        case "inbox.conversation.opened":
            return _opened(event, who)
        case "inbox.conversation.closed":
            return _closed(event, who)
        case "inbox.conversation.assigned":
            return _assigned(event, names, who)
        case "inbox.conversation.snoozed":
            until = parse_datetime(str(event.data.get("until", "")))
            words = _moment(until) if until else formats.UNKNOWN
            text = format_html(_("{who} snoozed the conversation until {until}"), who=who, until=words)
            return EventLine("clock", text, str(event.data.get("note", "")))
        case "inbox.conversation.snooze_ended":
            return EventLine("clock", _snooze_ended(event, who))
        case "inbox.conversation.topics_changed":
            return EventLine("tag", _topics(event, names, who))
        case "inbox.conversation.language_changed":
            code = str(event.data.get("language", ""))
            language = language_name(code, language=get_language() or "en") if code else _("none")
            text = format_html(_("{who} set the language to {language}"), who=who, language=language)
            return EventLine("text", text)
        case "inbox.contact.block_changed":
            words = _("{who} blocked the contact") if event.data.get("is_blocked") else _("{who} unblocked the contact")
            return EventLine("ban", format_html(words, who=who))
        case "inbox.virtual_agent.took_over" | "inbox.conversation.handed_over":
            return EventLine("device", _of_program(event, who))
        case "inbox.survey.answered":
            return _survey(event)
        case "inbox.lock.taken":
            other = format_html("<b>{}</b>", _person(event.data.get("from_user_id"), names))
            return EventLine("lock", format_html(_("{who} took over from {other}"), who=who, other=other))
    words = _("{who} set the status to new") if event.data.get("new") == "new" else _("{who} set the status to pending")
    return EventLine("refresh", format_html(words, who=who))


def _of_program(event: EventRecord, who: SafeString) -> SafeString:
    if event.type == "inbox.virtual_agent.took_over":
        return format_html(_("{who} took the conversation"), who=who)
    reasons = {
        "CONTACT_TIMEOUT": _("the contact did not answer"),
        "VA_ERROR": _("it failed"),
    }
    reason = reasons.get(str(event.data.get("reason", "")))
    if reason is None:
        return format_html(_("{who} handed the conversation over to people"), who=who)
    return format_html(_("{who} handed the conversation over to people: {reason}"), who=who, reason=reason)


def _survey(event: EventRecord) -> EventLine:
    answer = str(event.data.get("answer", ""))
    if answer:
        return EventLine("star", format_html("{}", _("The contact added to the score")), answer)
    score = format_html("<b>{}</b>", event.data.get("score", ""))
    return EventLine("star", format_html(_("The contact scored the conversation {score} out of 5"), score=score))


def _opened(event: EventRecord, who: SafeString) -> EventLine:
    again = bool(event.data.get("is_again"))
    if event.data.get("source") in {"contact", "message", "incoming_message"}:
        words = _("The contact opened the conversation again") if again else _("The contact opened the conversation")
        return EventLine("chat", format_html("{}", words))
    words = _("{who} opened the conversation again") if again else _("{who} opened the conversation")
    return EventLine("chat", _with_source(format_html(words, who=who), event))


def _closed(event: EventRecord, who: SafeString) -> EventLine:
    category = str(event.data.get("category", ""))
    if category:
        text = format_html(_("{who} closed the conversation as <b>{category}</b>"), who=who, category=category)
    else:
        text = format_html(_("{who} closed the conversation"), who=who)
    return EventLine("check", _with_source(text, event), str(event.data.get("summary", "")))


def _assigned(event: EventRecord, names: Names, who: SafeString) -> EventLine:
    new, old = event.data.get("new"), event.data.get("old")
    if new is None:
        other = format_html("<b>{}</b>", _person(old, names))
        return EventLine("user", _with_source(format_html(_("{who} unassigned {other}"), who=who, other=other), event))
    if event.actor_kind == ActorKind.USER and new == event.actor_id:
        text = format_html(_("{who} is the assignee now"), who=who)
    else:
        other = format_html("<b>{}</b>", _person(new, names))
        text = format_html(_("{who} assigned the contact to {other}"), who=who, other=other)
    return EventLine("user", _with_source(text, event))


def _snooze_ended(event: EventRecord, who: SafeString) -> SafeString:
    match event.data.get("by"):
        case "time":
            return format_html("{}", _("The snooze is over"))
        case "message":
            return format_html("{}", _("The contact wrote, so the snooze ended"))
        case "closing":
            return format_html("{}", _("Closing ended the snooze"))
    return format_html(_("{who} ended the snooze"), who=who)


def _topics(event: EventRecord, names: Names, who: SafeString) -> SafeString:
    added, removed = (
        ", ".join(names.topics.get(one, _("a deleted topic")) for one in ids)
        for ids in (_ids(event.data.get("added")), _ids(event.data.get("removed")))
    )
    if added and removed:
        words = _("{who} put the topic {added} and took {removed} off")
    else:
        words = _("{who} put the topic {added}") if added else _("{who} took the topic {removed} off")
    return format_html(words, who=who, added=added, removed=removed)


def _with_source(text: SafeString, event: EventRecord) -> SafeString:
    sources = {
        "workflow": _("by a workflow"),
        "api": _("over the API"),
        "import": _("by an import"),
        "merge": _("by merging"),
        "bulk": _("in bulk"),
        "reply": _("by replying"),
        "bot": _("by an assistant"),
    }
    source = "bulk" if event.data.get("in_bulk") else str(event.data.get("source", ""))
    if event.data.get("virtual_agent_id"):  # its name says so already
        return text
    words = "" if source == "api" and event.actor_kind == ActorKind.TOKEN else sources.get(source, "")
    return format_html("{} {}", text, words) if words else text


def _moment(at: datetime) -> str:
    return formats.moment(at)


def _who(event: EventRecord, names: Names) -> str:
    agent_id = event.data.get("virtual_agent_id")
    if isinstance(agent_id, int):
        return names.virtual_agents.get(agent_id) or _("Assistant")
    if event.actor_kind == ActorKind.USER:
        return _person(event.actor_id, names)
    if event.actor_kind == ActorKind.TOKEN:
        return names.programs.get(event.actor_id or 0, "") or _("A deleted API token")
    return "Tertulia"


def _person(user_id: object, names: Names) -> str:
    return (
        names.people.get(user_id, "") if isinstance(user_id, int) and user_id in names.people else _("A former member")
    )


def _ids(value: object) -> list[int]:
    return [one for one in value if isinstance(one, int)] if isinstance(value, list) else []
