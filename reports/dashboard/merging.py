"""Contacts that look like one person: the newest contacts whose phone or e-mail an older contact has as well.

Looking at all contacts would read every key of the workspace each time, so the newest ones are looked at: each costs two
descents of an index.
"""

from dataclasses import dataclass

from django.db.models import Case, F, Min, OuterRef, Q, QuerySet, Subquery, When

from contacts.models import Contact
from contacts.queries import visible_contacts
from workspaces.actors import Actor
from workspaces.permissions import Permission

LOOKED_AT = 1_000
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """A contact and an older one that has the same phone or e-mail, or both."""

    older: Contact
    newer: Contact


@dataclass(frozen=True, slots=True)
class Pairs:
    """Some of the pairs, the newest first, and how many there are; `is_all` when every contact was looked at."""

    rows: list[Pair]
    count: int
    is_all: bool


def pairs_to_merge(actor: Actor) -> Pairs | None:
    """Return pairs among the contacts that the actor may see, with two queries; None for who may not merge."""
    if not actor.may(Permission.CONTACT_DELETE):
        return None
    actor.require(Permission.CONTACT_READ)
    visible = visible_contacts(actor)
    keys = list(
        visible.order_by("-pk")
        .annotate(
            by_phone=Case(When(~Q(phone_match_key=""), then=_oldest_with(visible, "phone_match_key"))),
            by_email=Case(When(~Q(email_key=""), then=_oldest_with(visible, "email_key"))),
        )
        .values_list("pk", "by_phone", "by_email")[: LOOKED_AT + 1]
    )
    # The oldest that has a key may be the contact itself.
    found = [
        (pk, by_phone if by_phone != pk else None, by_email if by_email != pk else None)
        for pk, by_phone, by_email in keys[:LOOKED_AT]
        if {by_phone, by_email} - {pk, None}
    ]
    shown = [(min(filter(None, (by_phone, by_email))), pk) for pk, by_phone, by_email in found[:SHOWN]]
    rows = {row.pk: row for row in visible.filter(pk__in={pk for pair in shown for pk in pair})} if shown else {}
    pairs = [Pair(rows[older], rows[newer]) for older, newer in shown if older in rows and newer in rows]
    return Pairs(pairs, count=len(found), is_all=len(keys) <= LOOKED_AT)


def _oldest_with(visible: QuerySet[Contact], key: str) -> Subquery:
    """The oldest contact with the same key. The key is grouped by, so that its own index is read and not that of the ids."""
    same = visible.filter(~Q(**{key: ""}), **{key: OuterRef(key)})
    return Subquery(same.order_by().values(key).annotate(first=Min(F("pk"))).values("first"))
