"""Rows of the list as they are shown: how long somebody waits, what was said last, who is at it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from contacts.web.presenting import name_of
from inbox.models import InboxSettings
from inbox.queries.listing import ListRow, RowTag
from inbox.web.composer_context import icon_of
from inbox.web.list_state import ListState
from workspaces.web import formats


@dataclass(frozen=True, slots=True)
class Row:
    """One row, in words. `waits` is plain, warn or bad."""

    contact_id: int
    conversation_id: int
    name: str
    url: str
    is_current: bool
    at: datetime
    words: str
    is_ours: bool
    draft: str
    unread: int
    tags: tuple[RowTag, ...]
    channel: str
    channel_kind: str
    channel_icon: str
    label: str
    label_icon: str
    wait: str
    waits: str
    lock: str


def rows_shown(
    rows: list[ListRow], state: ListState, *, behaviour: InboxSettings, current: int | None, at: datetime
) -> list[Row]:
    """Return the rows in words of the active language."""
    return [_row(row, state, behaviour=behaviour, current=current, at=at) for row in rows]


def _row(row: ListRow, state: ListState, *, behaviour: InboxSettings, current: int | None, at: datetime) -> Row:
    conversation, contact = row.conversation, row.conversation.contact
    wait, waits = wait_shown(conversation.waiting_since, behaviour=behaviour, at=at)
    label, label_icon = _label(row, at)
    channel = conversation.last_channel
    return Row(
        contact_id=contact.pk,
        conversation_id=conversation.pk,
        name=name_of(contact),
        url=state.thread_url(contact.pk),
        is_current=contact.pk == current,
        at=conversation.last_activity_at,
        words=conversation.preview,
        is_ours=conversation.preview_is_ours,
        draft=" ".join(row.draft[:120].split()),
        unread=conversation.unread_count,
        tags=row.tags,
        channel=channel.name if channel is not None else "",
        channel_kind=channel.kind if channel is not None else "",
        channel_icon=icon_of(channel.kind) if channel is not None else "",
        label=label,
        label_icon=label_icon,
        wait=wait,
        waits=waits,
        lock=_("You are answering")
        if row.lock_is_mine
        else _("%(name)s is answering") % {"name": row.lock_name}
        if row.lock_name
        else "",
    )


def _label(row: ListRow, at: datetime) -> tuple[str, str]:
    conversation = row.conversation
    if conversation.snoozed_until is not None and conversation.snoozed_until > at:
        return _("Snoozed to %(moment)s") % {"moment": formats.moment(conversation.snoozed_until)}, "clock"
    if not conversation.is_open:
        return pgettext("conversation", "Closed"), "check"
    return "", ""


def wait_shown(since: datetime | None, *, behaviour: InboxSettings, at: datetime) -> tuple[str, str]:
    """Return how long somebody waits, and its tone: plain, warn or bad; nothing for who does not."""
    if since is None:
        return "", ""
    length = max(at - since, timedelta(0))
    minutes = length.total_seconds() / 60
    tone = "bad" if minutes >= behaviour.red_minutes else "warn" if minutes >= behaviour.amber_minutes else "plain"
    return formats.waiting(length), tone
