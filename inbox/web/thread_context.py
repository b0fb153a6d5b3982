"""What the thread pane and the contact pane show, for the page around them and for the fragments that renew them.

The page of the inbox calls `thread_of` and includes `inbox/_thread.html` and `inbox/_contact.html` with what it returns; it
links `css/screens/contacts.css`, `css/screens/inbox-thread.css`, `js/inline-edit.js`, `js/thread.js` and `js/composer.js`.
The list's context stands beside this one, so no name may be in both.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.access import contact_for_reading
from contacts.identifiers import Identifier
from contacts.models import Contact
from contacts.queries import contact_fields
from contacts.web.activity import Activity, activity_of
from contacts.web.presenting import head_of, name_of, property_of, tags_card, twins_of
from contacts.web.specs import custom_specs, shown, standard_specs
from inbox.actions import mark_read, see_thread_news, take_lock
from inbox.errors import ConversationLocked, NotLockable
from inbox.models import Conversation, Status
from inbox.queries.behaviour import settings_of
from inbox.queries.thread import (
    Lock,
    ThreadCursor,
    channels_of_contact,
    conversations_of_contact,
    latest_conversation,
    lock_on,
    message_tags_on,
    names_in_thread,
    thread_cursor,
    thread_page,
    topics_on,
)
from inbox.web.composer_context import composer_of, icon_of, urls_of, variable_names
from inbox.web.mentions import mention_names
from inbox.web.thread_rows import Row, Scene, people_in, rows_of
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.queries import members

LINES = 5  # of the activity, in the pane
SNOOZES = (
    (15, gettext_lazy("15 minutes")),
    (60, gettext_lazy("1 hour")),
    (240, gettext_lazy("4 hours")),
    (1440, gettext_lazy("24 hours")),
)


@dataclass(frozen=True, slots=True)
class LockShown:
    """The banner over a thread: `kind` is mine, other, lost or free; closed conversations have none."""

    kind: str
    name: str = ""
    since: datetime | None = None


def thread_of(actor: Actor, contact_id: int, *, at: datetime) -> dict[str, Any]:
    """Open a contact's thread for a person: it is read now, and theirs to answer if nobody else is at it."""
    contact = thread_contact(actor, contact_id)
    conversation = latest_conversation(actor, contact.pk)
    if conversation is not None:
        _open(actor, contact, conversation, at=at)
    see_thread_news(actor=actor, contact_ids=[contact.pk], at=at)
    return {**thread_again(actor, contact, at=at), **pane_of(actor, contact)}


def thread_contact(actor: Actor, contact_id: int) -> Contact:
    """Return the contact whose thread is asked for; threads need a right of their own."""
    actor.require(Permission.MESSAGE_READ)
    return contact_for_reading(actor, Identifier.of(contact_id))


def thread_again(actor: Actor, contact: Contact, *, at: datetime, had_lock: bool = False) -> dict[str, Any]:
    """Return what the thread pane shows now, and change nothing."""
    conversation = latest_conversation(actor, contact.pk)
    lock = lock_on(actor, conversation.pk) if conversation is not None and conversation.is_open else None
    everybody = list(members(actor))
    cursor = thread_cursor(actor, contact.pk)  # before the rows: what comes between is asked for again, never missed
    return {
        **rows_context(actor, contact, at=at, conversation=conversation),
        **head_of(contact),
        "conversation": conversation,
        "cursor": cursor,
        "lock": lock_shown(actor, contact, conversation, lock, had_lock=had_lock),
        "composer": composer_of(actor, contact, lock=lock, at=at),
        "members": [(row.user_id, row.user.name) for row in everybody],
        "mentions": [(user_id, name) for user_id, name in mention_names(everybody).items() if user_id != actor.user_id],
        "variables": variable_names(actor),
        "topics": topics_on(actor, conversation.pk) if conversation is not None else [],
        "snoozes": SNOOZES,
        "inbox_settings": settings_of(actor.workspace_id),
        "composer_urls": urls_of(actor.workspace_id, contact.pk),
    }


def rows_context(
    actor: Actor,
    contact: Contact,
    *,
    at: datetime,
    conversation: Conversation | None = None,
    before: ThreadCursor | None = None,
    most: int | None = None,
) -> dict[str, Any]:
    """Return one page of rows, and where older ones begin."""
    page = thread_page(actor, contact.pk, before=before, **({"most": most} if most else {}))
    names = names_in_thread(actor, people=people_in(page.items), items=page.items)
    scene = Scene(
        workspace_id=actor.workspace_id,
        contact_name=name_of(contact),
        contact_id=contact.pk,
        contact_language=(conversation.language if conversation else "") or contact.language,
        names=names,
        tags=message_tags_on(actor, [item.id for item in page.items if item.kind == "message"]),
        now=at,
    )
    rows: list[Row] = rows_of(page, scene)
    return {"contact": contact, "thread_rows": rows, "older": str(page.older) if page.older else ""}


def lock_shown(
    actor: Actor, contact: Contact, conversation: Conversation | None, lock: Lock | None, *, had_lock: bool
) -> LockShown | None:
    """Say who is answering."""
    if conversation is None or not conversation.is_open or contact.is_blocked:
        return None
    if lock is None:
        return LockShown("free") if may_answer(actor) else None
    if lock.user_id == actor.user_id:
        return LockShown("mine", lock.name, lock.started_at)
    return LockShown("lost" if had_lock else "other", lock.name or _("Somebody else"), lock.started_at)


def may_answer(actor: Actor) -> bool:
    """Tell whether the person can hold a conversation to answer it."""
    return actor.user_id is not None and actor.may(Permission.MESSAGE_SEND) and actor.may(Permission.CONVERSATION_WRITE)


def _open(actor: Actor, contact: Contact, conversation: Conversation, *, at: datetime) -> None:
    # The lock comes first: it may have to lock the contact that the person comes from, too, and does so in the order of ids.
    is_open = conversation.status != Status.RESOLVED and not contact.is_blocked
    is_free = is_open and not conversation.held_by_bot  # whoever only looks does not take it from a program
    if is_free and may_answer(actor) and lock_on(actor, conversation.pk) is None:
        with suppress(
            ConversationLocked, NotLockable
        ):  # somebody was quicker, or it was closed meanwhile: the page says so
            take_lock(actor=actor, conversation_id=conversation.pk, at=at)
    if conversation.unread_count and actor.may(Permission.CONVERSATION_WRITE):
        mark_read(actor=actor, conversation_id=conversation.pk, at=at)


def pane_of(actor: Actor, contact: Contact) -> dict[str, Any]:
    """Return what the pane beside the thread tells about the contact; empty fields of the workspace's own stay away."""
    standard = [spec for spec in standard_specs() if spec.key != "assignee"]
    custom = custom_specs(contact_fields(actor))
    links = channels_of_contact(actor, contact.pk)
    card = tags_card(actor, contact)
    return {
        **head_of(contact),
        "contact_tags": card["tags"],
        "more_tags": card["more_tags"],
        "standard": [property_of(actor, contact, spec) for spec in standard],
        "custom": [property_of(actor, contact, spec) for spec in custom if shown(spec, contact)],
        "contact_links": [(link, icon_of(link.channel.kind)) for link in links],
        "conversations": conversations_of_contact(actor, contact.pk, most=6),
        "activity": _short(activity_of(actor, contact.pk)),
        "twins": twins_of(actor, contact)[:1],
    }


def _short(activity: Activity) -> Activity:
    """Leave the pane's other parts in sight; older lines are asked for."""
    if len(activity.rows) <= LINES:
        return activity
    return Activity(rows=activity.rows[:LINES], older=activity.rows[LINES - 1].id)
