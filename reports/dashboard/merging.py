"""Contacts that look like one person: the newest contacts whose phone or e-mail an older contact has as well.

Looking at all contacts would read every key of the workspace each time, so the newest ones are looked at: each costs two
descents of an index.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Case, OuterRef, Q, QuerySet, Subquery, When

from contacts.models import Contact
from reports.dashboard.counters import Reach, contacts_within
from workspaces.actors import Actor
from workspaces.permissions import Permission

LOOKED_AT = 1_000
READ = 20  # of those that hold one key
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


def pairs_to_merge(actor: Actor, reach: Reach = Reach.TEAM) -> Pairs | None:
    """Return pairs among the contacts that the page is about, with two queries; None for who may not merge."""
    if not actor.may(Permission.CONTACT_DELETE):
        return None
    actor.require(Permission.CONTACT_READ)
    visible = contacts_within(actor, reach)
    keys = list(
        visible.order_by("-pk")
        .annotate(
            by_phone=Case(When(~Q(phone_match_key=""), then=_older_with(visible, "phone_match_key"))),
            by_email=Case(When(~Q(email_key=""), then=_older_with(visible, "email_key"))),
        )
        .values_list("pk", "by_phone", "by_email")[: LOOKED_AT + 1]
    )
    found = [(pk, by_phone, by_email) for pk, by_phone, by_email in keys[:LOOKED_AT] if by_phone or by_email]
    shown = [(min(filter(None, (by_phone, by_email))), pk) for pk, by_phone, by_email in found[:SHOWN]]
    rows = {row.pk: row for row in visible.filter(pk__in={pk for pair in shown for pk in pair})} if shown else {}
    pairs = [Pair(rows[older], rows[newer]) for older, newer in shown if older in rows and newer in rows]
    return Pairs(pairs, count=len(found), is_all=len(keys) <= LOOKED_AT)


def _older_with(visible: QuerySet[Contact], key: str) -> Subquery:
    """The oldest of some contacts before this one that hold the same key: thousands may hold a switchboard's number."""
    same = visible.filter(~Q(**{key: ""}), **{key: OuterRef(key)}, pk__lt=OuterRef("pk"))
    return _OldestOf(same.order_by().values("pk")[:READ])


class _OldestOf(Subquery):
    template = "(SELECT min(pk) FROM (%(subquery)s) AS same)"
    output_field: Any = BigIntegerField()
