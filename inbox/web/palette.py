"""What the command palette finds in the inbox: conversations of the contacts that were found, and messages by their words."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.web.palette import Found, Item
from contacts.web.presenting import name_of
from inbox.queries.narrowing import visible_latest
from inbox.queries.searching import messages_found
from workspaces.actors import Actor
from workspaces.permissions import Permission

MOST_MESSAGES = 5


def find(actor: Actor, query: str, contact_ids: Sequence[int]) -> list[Found]:
    """Return the threads of the contacts, and the newest messages that hold the words."""
    if not query or not actor.may(Permission.MESSAGE_READ):
        return []
    return [
        Found(_("Conversations"), _conversations(actor, contact_ids)),
        Found(_("Messages"), _messages(actor, query)),
    ]


def _conversations(actor: Actor, contact_ids: Sequence[int]) -> list[Item]:
    latest = visible_latest(actor).filter(contact_id__in=contact_ids).select_related("contact")
    rows = sorted(latest, key=lambda row: row.last_activity_at, reverse=True)
    return [Item(name_of(row.contact), _thread(actor, row.contact_id), meta=row.preview, icon="inbox") for row in rows]


def _messages(actor: Actor, query: str) -> list[Item]:
    return [
        Item(
            name_of(row.contact),
            _thread(actor, row.contact.pk),
            meta=f"{row.before}{row.hit}{row.after}",
            icon="chat",
        )
        for row in messages_found(actor, query, most=MOST_MESSAGES)
    ]


def _thread(actor: Actor, contact_id: int) -> str:
    return reverse("inbox_thread", args=[actor.workspace_id, contact_id])
