"""What the settings pages of the inbox list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Count, Max, Q, QuerySet

from inbox.models import (
    Attachment,
    Channel,
    ClosingCategory,
    ContactChannel,
    Delivery,
    InboundEvent,
    Message,
    MessageTag,
    Snippet,
    StoredFile,
    Topic,
)
from workspaces.actors import Actor
from workspaces.models import User
from workspaces.permissions import Permission

ROWS_PER_PAGE = 50
MOST_FILES_OFFERED = 500
Row = TypeVar("Row", InboundEvent, StoredFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """A channel with what its list says of it. `held` messages wait for its repair, `dead` deliveries for somebody."""

    channel: Channel
    last_message_at: datetime | None
    held: int
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """Some rows of a long list, the newest first; the ids lead to the pages beside it."""

    rows: list[Row]
    newer: int | None  # rows above this id
    older: int | None  # rows below this id


def channel_rows(actor: Actor, *, channel_id: int | None = None) -> list[ChannelRow]:
    """Return the channels by name; those that are disconnected last."""
    actor.require(Permission.CHANNEL_MANAGE)
    workspace_id = actor.workspace_id
    channels = Channel.objects.in_workspace(workspace_id).exclude(state=Channel.State.DELETED)
    channels = channels.select_related("created_by")
    if channel_id is not None:
        channels = channels.filter(pk=channel_id)
    of = Q() if channel_id is None else Q(channel_id=channel_id)
    last = _by_channel(ContactChannel.objects.in_workspace(workspace_id).filter(of), Max("last_message_at"))
    held = _by_channel(Message.objects.in_workspace(workspace_id).filter(of, status=Delivery.QUEUED), Count("pk"))
    dead = _by_channel(
        InboundEvent.objects.in_workspace(workspace_id).filter(of, state=InboundEvent.State.DEAD), Count("pk")
    )
    rows = [
        ChannelRow(
            channel=channel,
            last_message_at=last.get(channel.pk),
            held=0 if channel.state == Channel.State.ACTIVE else held.get(channel.pk, 0),
            dead=dead.get(channel.pk, 0),
        )
        for channel in channels
    ]
    return sorted(rows, key=lambda row: (not row.channel.is_open, row.channel.name.lower(), row.channel.pk))


def closing_categories(actor: Actor) -> list[ClosingCategory]:
    """Return the categories in their order."""
    return list(ClosingCategory.objects.in_workspace(actor.workspace_id).order_by("position", "pk"))


def topic_list(actor: Actor) -> list[Topic]:
    """Return all topics by name; those that are off last."""
    return list(Topic.objects.in_workspace(actor.workspace_id).order_by("-is_active", "name", "pk"))


def message_tag_list(actor: Actor) -> list[MessageTag]:
    """Return all tags of messages by name; those that are off last."""
    return list(MessageTag.objects.in_workspace(actor.workspace_id).order_by("-is_active", "name", "pk"))


def snippet_list(actor: Actor, *, search: str = "") -> QuerySet[Snippet]:
    """Return the snippets by name whose name or text has the words."""
    rows = Snippet.objects.in_workspace(actor.workspace_id).order_by("name", "pk")
    return rows.filter(Q(name__icontains=search) | Q(text__icontains=search)) if search else rows


def files_page(
    actor: Actor, *, search: str = "", before: int | None = None, after: int | None = None
) -> Page[StoredFile]:
    """Return a page of the library."""
    rows = StoredFile.objects.in_workspace(actor.workspace_id).filter(in_library=True)
    return _page(rows.filter(name__icontains=search) if search else rows, before=before, after=after)


def files_offered(actor: Actor, *, also: Iterable[int] = ()) -> list[StoredFile]:
    """Return the newest files of the library to choose from, and those that are chosen already."""
    rows = StoredFile.objects.in_workspace(actor.workspace_id).filter(in_library=True).order_by("-pk")
    newest = list(rows[:MOST_FILES_OFFERED])
    missing = set(also) - {row.pk for row in newest}
    return [*newest, *(rows.filter(pk__in=missing) if missing else ())]


def names_of_people(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Return how people are called, those who left the workspace too; its rows name them already."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    return {user.pk: user.name for user in User.objects.filter(pk__in=wanted)} if wanted else {}


def uses_of_files(actor: Actor, file_ids: list[int]) -> tuple[dict[int, int], dict[int, list[Snippet]]]:
    """Return by file how many messages carry it, and which snippets do."""
    used = Attachment.objects.in_workspace(actor.workspace_id).filter(file_id__in=file_ids)
    messages = {row["file_id"]: row["count"] for row in used.values("file_id").annotate(count=Count("pk"))}
    snippets: dict[int, list[Snippet]] = {}
    for snippet in Snippet.objects.in_workspace(actor.workspace_id).filter(file_ids__overlap=file_ids).order_by("name"):
        for file_id in snippet.file_ids:
            snippets.setdefault(file_id, []).append(snippet)
    return messages, snippets


def dead_letters(actor: Actor, *, channel_id: int | None = None) -> QuerySet[InboundEvent]:
    """Return the deliveries that could not be worked off, of one channel or of all."""
    actor.require(Permission.CHANNEL_MANAGE)
    rows = InboundEvent.objects.in_workspace(actor.workspace_id).filter(state=InboundEvent.State.DEAD)
    return rows if channel_id is None else rows.filter(channel_id=channel_id)


def dead_letters_page(
    actor: Actor, *, channel_id: int | None = None, before: int | None = None, after: int | None = None
) -> Page[InboundEvent]:
    """Return a page of them, with their channels."""
    return _page(dead_letters(actor, channel_id=channel_id).select_related("channel"), before=before, after=after)


def _page(rows: QuerySet[Row], *, before: int | None, after: int | None) -> Page[Row]:
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: ROWS_PER_PAGE + 1])
        has_newer, has_older = len(found) > ROWS_PER_PAGE, True
        found = found[:ROWS_PER_PAGE][::-1]
    else:
        found = list((rows.filter(pk__lt=before) if before is not None else rows).order_by("-pk")[: ROWS_PER_PAGE + 1])
        has_newer, has_older = before is not None, len(found) > ROWS_PER_PAGE
        found = found[:ROWS_PER_PAGE]
    return Page(
        rows=found,
        newer=found[0].pk if found and has_newer else None,
        older=found[-1].pk if found and has_older else None,
    )


def _by_channel(rows: QuerySet[Any], value: Max | Count) -> dict[int, Any]:
    return {row["channel_id"]: row["found"] for row in rows.order_by().values("channel_id").annotate(found=value)}
