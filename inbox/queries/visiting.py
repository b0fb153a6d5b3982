"""What a visitor of the web chat may see: the messages of their own address on one channel, and nothing that agents say among
themselves. Comments, events, other channels of the same contact and messages that wait or failed are never read here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from inbox.models import Attachment, Channel, ContactChannel, Direction, Message
from inbox.models.messages import Delivery
from inbox.queries.thread import thread_cursor
from workspaces.actors import Actor
from workspaces.models import EventRecord, Presence, User
from workspaces.permissions import Permission

PAGE = 30
NEWS = 200  # events that one answer looks through
ARRIVED = (Delivery.SENT, Delivery.DELIVERED, Delivery.READ)
KEPT_LONGEST = 64  # a channel's key is shorter


@dataclass(frozen=True, slots=True)
class ChatPlace:
    """Where a web chat belongs; found by its key before a workspace is known."""

    workspace_id: int
    channel_id: int


@dataclass(frozen=True, slots=True)
class ChatPage:
    """Messages by id, the cursor that news begin after, where older ones begin, and whether more news wait."""

    messages: list[Message] = field(default_factory=list)
    cursor: int = 0
    older: int | None = None
    has_more: bool = False


def chat_place(key: str) -> ChatPlace | None:
    """Return where the web chat with this key belongs; it looks past the walls through a definer function."""
    if len(key) > KEPT_LONGEST:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, channel_id FROM channel_by_key(%s) WHERE kind = 'web_chat'", [key])
        row = cursor.fetchone()
    return ChatPlace(workspace_id=row[0], channel_id=row[1]) if row else None


def chat_channel(actor: Actor, channel_id: int) -> Channel | None:
    """Return the channel of a web chat, unless it is disconnected by now."""
    rows = Channel.objects.in_workspace(actor.workspace_id).exclude(state__in=Channel.SHUT)
    return rows.filter(pk=channel_id).first()


def visitor_link(actor: Actor, *, channel_id: int, external_id: str) -> ContactChannel | None:
    """Return a visitor's address on the channel, with its contact; somebody who never wrote has none."""
    rows = ContactChannel.objects.in_workspace(actor.workspace_id).filter(
        channel_id=channel_id, external_id=external_id
    )
    return rows.select_related("contact").first()


def newest_messages(actor: Actor, link: ContactChannel, *, before: int | None = None) -> ChatPage:
    """Return the newest page of a visitor's messages, or the one before a message."""
    cursor = thread_cursor(actor, link.contact_id)  # first: what commits in between is told again, not left out
    rows = _visible(actor, link)
    found = list((rows if before is None else rows.filter(pk__lt=before)).order_by("-pk")[: PAGE + 1])
    shown = sorted(found[:PAGE], key=lambda row: row.pk)
    return ChatPage(messages=shown, cursor=cursor, older=shown[0].pk if len(found) > PAGE else None)


def messages_since(actor: Actor, link: ContactChannel, *, cursor: int) -> ChatPage:
    """Return the messages that came or changed after a cursor. Events of a contact commit in the order of their ids."""
    actor.require(Permission.MESSAGE_READ)
    records = EventRecord.objects.in_workspace(actor.workspace_id).filter(
        subject_kind="contact", subject_id=link.contact_id, pk__gt=cursor
    )
    events = list(records.order_by("pk").values_list("pk", "data")[:NEWS])
    ids = {data["message_id"] for _pk, data in events if isinstance(data.get("message_id"), int)}
    return ChatPage(
        messages=list(_visible(actor, link).filter(pk__in=ids).order_by("pk")) if ids else [],
        cursor=events[-1][0] if events else cursor,
        has_more=len(events) == NEWS,
    )


def own_messages(actor: Actor, link: ContactChannel, ids: Iterable[int]) -> list[Message]:
    """Return those of the messages that were sent to this visitor, by id."""
    rows = _visible(actor, link).filter(direction=Direction.OUTGOING, pk__in=set(ids))
    return list(rows.order_by("pk"))


def first_names(ids: Iterable[int]) -> dict[int, str]:
    """Return what visitors may know of the people who answer: the first name."""
    return {user.pk: user.first_name for user in User.objects.filter(pk__in=set(ids)).only("pk", "first_name")}


def is_anybody_here(actor: Actor) -> bool:
    """Tell whether a member of the workspace is online and not away."""
    rows = Presence.objects.in_workspace(actor.workspace_id)
    return rows.filter(is_offline=False, choice=Presence.Choice.ONLINE, away_state__isnull=True).exists()


def _visible(actor: Actor, link: ContactChannel) -> QuerySet[Message]:
    actor.require(Permission.MESSAGE_READ)
    files = Attachment.objects.in_workspace(actor.workspace_id).filter(state=Attachment.State.STORED)
    rows = Message.objects.in_workspace(actor.workspace_id).filter(contact_channel_id=link.pk)
    rows = rows.filter(Q(direction=Direction.INCOMING) | Q(direction=Direction.OUTGOING, status__in=ARRIVED))
    return rows.prefetch_related(Prefetch("attachments", queryset=files.select_related("file").order_by("pk")))
