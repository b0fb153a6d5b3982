"""The thread of one contact: messages, comments and events in one line of time, a page at a time from the newest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

from django.db.models import Case, Max, Prefetch, Q, When

from inbox.models import (
    Attachment,
    Channel,
    ClosingCategory,
    Comment,
    ContactChannel,
    Conversation,
    ConversationTopic,
    Draft,
    LockSession,
    Message,
    MessageTagging,
    Snippet,
    StoredFile,
    Topic,
)
from inbox.queries.helpers import names_of_broadcasts, names_of_virtual_agents, sender_ids
from workspaces.actors import Actor, ActorKind
from workspaces.models import ApiToken, EventRecord, User
from workspaces.permissions import Permission

PAGE = 40
LARGEST = 2**63 - 1
# What stands in a thread as a line of its own. What happened to messages and comments shows on those themselves, and a status
# that a message or a reply moved is told by that message.
LINES = (
    "inbox.conversation.opened",
    "inbox.conversation.closed",
    "inbox.conversation.status_set",
    "inbox.conversation.snoozed",
    "inbox.conversation.snooze_ended",
    "inbox.conversation.assigned",
    "inbox.conversation.topics_changed",
    "inbox.conversation.language_changed",
    "inbox.contact.block_changed",
    "inbox.lock.taken",
    "inbox.virtual_agent.took_over",
    "inbox.conversation.handed_over",
    "inbox.survey.answered",
)
_NO_LINE = Q(type="inbox.lock.taken", data__from_user_id=None) | Q(
    type="inbox.conversation.status_set",
    data__cause__in=["message", "reply", "opened", "snooze", "snooze_ended", "taken_back", "held", "handover"],
)


@dataclass(frozen=True, slots=True)
class ThreadCursor:
    """Where older things begin: in each of the three lists, the last id that was shown."""

    message_id: int = LARGEST
    comment_id: int = LARGEST
    event_id: int = LARGEST

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` wrote; anything else is the newest end."""
        parts = text.split("-")
        if len(parts) == 3 and all(part.isascii() and part.isdecimal() and len(part) <= 19 for part in parts):
            return cls(*(min(int(part), LARGEST) for part in parts))
        return cls()

    def __str__(self) -> str:
        return f"{self.message_id}-{self.comment_id}-{self.event_id}"


@dataclass(frozen=True, slots=True)
class ThreadItem:
    """One thing in the thread. `at` is when we learned of it, `shown_at` the moment it stands at."""

    kind: Literal["message", "comment", "event"]
    id: int
    at: datetime
    shown_at: datetime
    row: Message | Comment | EventRecord


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Items, the oldest first; the one just before them, for what stands between two; and where older ones begin."""

    items: list[ThreadItem]
    before: ThreadItem | None
    older: ThreadCursor | None


def thread_page(actor: Actor, contact_id: int, *, before: ThreadCursor | None = None, most: int = PAGE) -> ThreadPage:
    """Return the newest things before a cursor. Each list is read along its index; ids order them, so ties lose nothing."""
    actor.require(Permission.MESSAGE_READ)
    start = before or ThreadCursor()
    lists = [
        _messages(actor, contact_id, below=start.message_id, most=most + 1),
        _comments(actor, contact_id, below=start.comment_id, most=most + 1),
        _events(actor, contact_id, below=start.event_id, most=most + 1),
    ]
    taken: list[ThreadItem] = []
    while len(taken) <= most and any(lists):
        newest = max((rows for rows in lists if rows), key=lambda rows: (rows[0].at, rows[0].kind))
        taken.append(newest.pop(0))
    extra = taken.pop() if len(taken) > most else None
    items = sorted(taken, key=lambda item: (item.shown_at, item.at, item.kind != "event", item.id))
    return ThreadPage(items=items, before=extra, older=_reached(start, taken) if extra else None)


def _reached(start: ThreadCursor, taken: list[ThreadItem]) -> ThreadCursor:
    lowest = {"message": start.message_id, "comment": start.comment_id, "event": start.event_id}
    for item in taken:
        lowest[item.kind] = min(lowest[item.kind], item.id)
    return ThreadCursor(lowest["message"], lowest["comment"], lowest["event"])


def _messages(actor: Actor, contact_id: int, *, below: int, most: int) -> list[ThreadItem]:
    files = Attachment.objects.in_workspace(actor.workspace_id).select_related("file").order_by("pk")
    rows = Message.objects.in_workspace(actor.workspace_id).filter(contact_id=contact_id, pk__lt=below)
    rows = rows.select_related("channel").prefetch_related(Prefetch("attachments", queryset=files))
    return [ThreadItem("message", row.pk, row.created_at, row.provider_at, row) for row in rows.order_by("-pk")[:most]]


def _comments(actor: Actor, contact_id: int, *, below: int, most: int) -> list[ThreadItem]:
    rows = Comment.objects.in_workspace(actor.workspace_id).filter(contact_id=contact_id, pk__lt=below)
    return [ThreadItem("comment", row.pk, row.created_at, row.created_at, row) for row in rows.order_by("-pk")[:most]]


def _events(actor: Actor, contact_id: int, *, below: int, most: int) -> list[ThreadItem]:
    rows = EventRecord.objects.in_workspace(actor.workspace_id).filter(
        ~_NO_LINE, subject_kind="contact", subject_id=contact_id, type__in=LINES, pk__lt=below
    )
    return [ThreadItem("event", row.pk, row.occurred_at, row.occurred_at, row) for row in rows.order_by("-pk")[:most]]


def thread_cursor(actor: Actor, contact_id: int) -> int:
    """Return the id of the last event about the contact: what changed after it is news."""
    records = EventRecord.objects.in_workspace(actor.workspace_id).filter(subject_kind="contact", subject_id=contact_id)
    return int(records.aggregate(last=Max("pk"))["last"] or 0)


@dataclass(frozen=True, slots=True)
class Names:
    """Names for the ids in a thread; somebody who left keeps theirs, an erased one has none."""

    people: dict[int, str]
    programs: dict[int, str]
    topics: dict[int, str]
    virtual_agents: dict[int, str]
    broadcasts: dict[int, str]


def names_in_thread(actor: Actor, *, people: Iterable[int], items: Iterable[ThreadItem]) -> Names:
    """Read the names that a page of the thread needs, with one query for each kind that it has."""
    rows = [item.row for item in items]
    events = [row for row in rows if isinstance(row, EventRecord)]
    agents, sent = sender_ids(row for row in rows if isinstance(row, Message))
    in_events = {row.data.get("virtual_agent_id") for row in events}
    programs = {row.actor_id for row in events if row.actor_kind == ActorKind.TOKEN and row.actor_id is not None}
    topics = {one for row in events for one in _topic_ids(row.data)}
    return Names(
        people={user.pk: user.name for user in User.objects.filter(pk__in=set(people))},
        programs=dict(
            ApiToken.objects.in_workspace(actor.workspace_id).filter(pk__in=programs).values_list("pk", "name")
        )
        if programs
        else {},
        topics=dict(Topic.objects.in_workspace(actor.workspace_id).filter(pk__in=topics).values_list("pk", "name"))
        if topics
        else {},
        virtual_agents=names_of_virtual_agents(actor, agents | {one for one in in_events if isinstance(one, int)}),
        broadcasts=names_of_broadcasts(actor, sent),
    )


def _topic_ids(data: dict[str, object]) -> list[int]:
    found: list[int] = []
    for key in ("topic_ids", "added", "removed", "topic_id"):
        value = data.get(key)
        found += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, int)]
    return found


def latest_conversation(actor: Actor, contact_id: int) -> Conversation | None:
    """Return the contact's newest conversation: the one that the thread's head speaks of."""
    rows = Conversation.objects.in_workspace(actor.workspace_id).filter(contact_id=contact_id, is_latest=True)
    return rows.select_related("assignee").first()


def conversations_of_contact(actor: Actor, contact_id: int, *, most: int = 10) -> list[Conversation]:
    """Return a contact's conversations, the newest first."""
    rows = Conversation.objects.in_workspace(actor.workspace_id).filter(contact_id=contact_id)
    return list(rows.select_related("last_channel").order_by("-pk")[:most])


@dataclass(frozen=True, slots=True)
class Lock:
    """Who holds a conversation, and since when."""

    user_id: int
    name: str
    started_at: datetime


def lock_on(actor: Actor, conversation_id: int) -> Lock | None:
    """Return the running lock of a conversation."""
    rows = LockSession.objects.in_workspace(actor.workspace_id).filter(
        conversation_id=conversation_id, ended_at__isnull=True
    )
    row = rows.first()
    if row is None:
        return None
    user = User.objects.filter(pk=row.user_id).first()
    return Lock(row.user_id, user.name if user else "", row.started_at)


def channels_of_contact(actor: Actor, contact_id: int) -> list[ContactChannel]:
    """Return where a contact can be reached, the last used first."""
    rows = ContactChannel.objects.in_workspace(actor.workspace_id).filter(contact_id=contact_id)
    found = list(rows.select_related("channel"))
    return sorted(found, key=lambda row: (row.last_message_at or row.created_at, row.pk), reverse=True)


def drafts_of(actor: Actor, contact_id: int) -> dict[bool, Draft]:
    """Return the person's own drafts to a contact; True is the comment's."""
    rows = Draft.objects.in_workspace(actor.workspace_id).filter(user_id=actor.user_id or 0, contact_id=contact_id)
    return {row.is_comment: row for row in rows}


def topics_on(actor: Actor, conversation_id: int) -> list[Topic]:
    """Return the topics on a conversation by name."""
    put = ConversationTopic.objects.in_workspace(actor.workspace_id).filter(
        conversation_id=conversation_id, removed_at__isnull=True
    )
    rows = Topic.objects.in_workspace(actor.workspace_id).filter(pk__in=put.values("topic_id"))
    return list(rows.order_by("name", "pk"))


def active_topics(actor: Actor) -> list[Topic]:
    """Return the topics that can be put, by name."""
    return list(Topic.objects.in_workspace(actor.workspace_id).filter(is_active=True).order_by("name", "pk"))


def message_tags_on(actor: Actor, message_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the names of the tags on each message."""
    rows = MessageTagging.objects.in_workspace(actor.workspace_id).filter(
        message_id__in=list(message_ids), removed_at__isnull=True
    )
    found: dict[int, list[str]] = {}
    for message_id, name in rows.order_by("pk").values_list("message_id", "tag__name"):
        found.setdefault(message_id, []).append(name)
    return found


def channels_open(actor: Actor) -> list[Channel]:
    """Return the workspace's channels that are not disconnected, by name."""
    rows = Channel.objects.in_workspace(actor.workspace_id).exclude(state__in=Channel.SHUT)
    return list(rows.order_by("name", "pk"))


def closing_categories(actor: Actor) -> list[ClosingCategory]:
    """Return the categories of closing notes, in the order of the settings."""
    return list(ClosingCategory.objects.in_workspace(actor.workspace_id).order_by("position", "pk"))


def files_named(actor: Actor, file_ids: Iterable[int]) -> dict[int, StoredFile]:
    """Return files by id that the person uploaded or the library holds, for a composer that comes back."""
    rows = StoredFile.objects.in_workspace(actor.workspace_id).filter(
        Q(in_library=True) | Q(uploaded_by_id=actor.user_id), pk__in=list(file_ids)
    )
    return {row.pk: row for row in rows}


@dataclass(frozen=True, slots=True)
class SnippetFound:
    """A snippet to insert, with its files by id and name."""

    row: Snippet
    files: list[tuple[int, str]]


def snippets_found(actor: Actor, words: str, *, most: int = 8) -> list[SnippetFound]:
    """Return snippets whose name or text holds the words; those whose name begins with them come first."""
    actor.require(Permission.MESSAGE_SEND)
    rows = Snippet.objects.in_workspace(actor.workspace_id)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(text__icontains=words))
    begins = Case(When(name__istartswith=words, then=0), When(name__icontains=words, then=1), default=2)
    found = list(rows.order_by(begins, "name", "pk")[:most])
    files = files_named(actor, {one for row in found for one in row.file_ids})
    return [SnippetFound(row, [(one, files[one].name) for one in row.file_ids if one in files]) for row in found]
