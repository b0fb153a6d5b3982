"""The rows of a thread, ready to show: days, changes of channel, messages in groups, comments, and events in runs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from inbox.models import Comment, Message
from inbox.queries.thread import Names, ThreadItem, ThreadPage
from inbox.web import event_lines, mentions
from inbox.web.message_words import (
    FileShown,
    State,
    channel_words,
    files_of,
    sender_of,
    state_of,
    templates_of,
)
from workspaces.models import EventRecord
from workspaces.web import formats

GROUP = timedelta(minutes=2)
LONGEST_RUN = 3


@dataclass(frozen=True, slots=True)
class DayRow:
    key: str
    words: str
    template: str = "inbox/_row_day.html"


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """The next message goes over another channel than the one before."""

    key: str
    kind: str
    name: str
    template: str = "inbox/_row_channel.html"


@dataclass(frozen=True, slots=True)
class MessageRow:
    key: str
    message: Message
    is_out: bool
    is_bot: bool
    sender: str
    sender_id: int
    label: str
    starts: bool
    ends: bool
    state: State
    language: str
    inside: tuple[str, ...]
    files: list[FileShown] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    template: str = "inbox/_message.html"

    @property
    def place_url(self) -> str:
        """Where a location can be seen on a map."""
        latitude, longitude = self.message.payload.get("latitude"), self.message.payload.get("longitude")
        if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
            return ""
        return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=16/{latitude}/{longitude}"

    @property
    def words(self) -> str:
        """The text of a survey without its address: whoever opens that answers for the contact."""
        return self.message.text.rpartition("\n")[0]

    @property
    def inside_plain(self) -> str:
        """The template that shows it on paper: without frames."""
        return self.inside[-1]


@dataclass(frozen=True, slots=True)
class CommentRow:
    key: str
    comment: Comment
    author: str
    html: SafeString
    template: str = "inbox/_row_comment.html"


@dataclass(frozen=True, slots=True)
class EventRow:
    key: str
    line: event_lines.EventLine
    at: datetime
    template: str = "inbox/_row_event.html"


@dataclass(frozen=True, slots=True)
class FoldRow:
    """A run of events that would push the words of people apart."""

    key: str
    events: list[EventRow]
    template: str = "inbox/_row_events.html"


Row = DayRow | ChannelRow | MessageRow | CommentRow | EventRow | FoldRow


@dataclass(frozen=True, slots=True)
class Scene:
    """What all rows of one thread have in common."""

    workspace_id: int
    contact_name: str
    contact_id: int
    contact_language: str
    names: Names
    tags: dict[int, list[str]]
    now: datetime


def rows_of(page: ThreadPage, scene: Scene) -> list[Row]:
    """Return the rows of a page, the oldest first."""
    return list(_folded(_rows(page, scene)))


def _rows(page: ThreadPage, scene: Scene) -> Iterator[Row]:
    earlier = page.before
    channel_id = _channel_of(earlier)
    for place, item in enumerate(page.items):
        on = timezone.localtime(item.shown_at).date()
        is_new_day = earlier is None or timezone.localtime(earlier.shown_at).date() != on
        if is_new_day or place == 0:
            yield DayRow(f"day-{on.isoformat()}", day_words(on, today=timezone.localtime(scene.now).date()))
        row = item.row
        if isinstance(row, Message):
            if channel_id is not None and row.channel_id is not None and row.channel_id != channel_id and row.channel:
                yield ChannelRow(f"channel-{row.pk}", row.channel.kind, row.channel.name)
                earlier = None
            channel_id = row.channel_id or channel_id
            following = page.items[place + 1] if place + 1 < len(page.items) else None
            starts = is_new_day or not _same_group(earlier, item)
            yield _message(row, scene, starts=starts, ends=not _same_group(item, following))
        elif isinstance(row, Comment):
            author = scene.names.people.get(row.author_id or 0) or _("A former member")
            yield CommentRow(f"comment-{row.pk}", row, author, mentions.to_html(row.text, scene.names.people))
        else:
            yield EventRow(f"event-{row.pk}", event_lines.line_of(row, scene.names), row.occurred_at)
        earlier = item


def _message(row: Message, scene: Scene, *, starts: bool, ends: bool) -> MessageRow:
    sender = sender_of(row, scene.contact_name, scene.names)
    is_out = row.direction == "outgoing"
    words = (sender, channel_words(row), formats.clock(row.provider_at))
    return MessageRow(
        key=f"message-{row.pk}",
        message=row,
        is_out=is_out,
        is_bot=row.sender_kind in {"bot", "workflow", "system"},
        sender=sender,
        sender_id=(row.user_id or 0) if is_out else scene.contact_id,
        label=", ".join(part for part in words if part),
        starts=starts,
        ends=ends,
        state=state_of(row, now=scene.now),
        language="" if is_out else scene.contact_language,
        inside=templates_of(row),
        files=files_of(row, scene.workspace_id),
        tags=scene.tags.get(row.pk, []),
    )


def _same_group(first: ThreadItem | None, second: ThreadItem | None) -> bool:
    """Tell whether two neighbours are one person's on one channel, so close that they share name and time."""
    if first is None or second is None:
        return False
    one, other = first.row, second.row
    if not isinstance(one, Message) or not isinstance(other, Message):
        return False
    if one.content_type == "email" or other.content_type == "email":
        return False
    return (
        (one.direction, one.sender_kind, one.user_id, one.sender_id, one.channel_id)
        == (other.direction, other.sender_kind, other.user_id, other.sender_id, other.channel_id)
        and abs(second.shown_at - first.shown_at) <= GROUP
        and timezone.localtime(first.shown_at).date() == timezone.localtime(second.shown_at).date()
    )


def _channel_of(item: ThreadItem | None) -> int | None:
    return item.row.channel_id if item is not None and isinstance(item.row, Message) else None


def _folded(rows: Iterator[Row]) -> Iterator[Row]:
    run: list[EventRow] = []
    for row in rows:
        if isinstance(row, EventRow):
            run.append(row)
            continue
        yield from _closed_run(run)
        run = []
        yield row
    yield from _closed_run(run)


def _closed_run(run: Sequence[EventRow]) -> Sequence[Row]:
    return run if len(run) <= LONGEST_RUN else [FoldRow(f"fold-{run[0].key}", list(run))]


def day_words(on: date, *, today: date) -> str:
    """Name a day between messages."""
    if on == today:
        return _("Today")
    if on == today - timedelta(days=1):
        return _("Yesterday")
    return formats.day(on, year=on.year != today.year)


def people_in(items: Sequence[ThreadItem]) -> set[int]:
    """Return the ids of all members whom the items name."""
    found: set[int] = set()
    for item in items:
        row = item.row
        if isinstance(row, Message):
            found |= {row.user_id} if row.user_id else set()
        elif isinstance(row, Comment):
            found |= {row.author_id or 0, *mentions.mentioned_in(row.text)}
        elif isinstance(row, EventRecord):
            found |= event_lines.people_in(row)
    return found - {0}
