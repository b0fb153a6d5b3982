"""A small day of Acme for the reports of conversations, responses and resolutions: few enough to reckon by hand."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from contacts.identifiers import Identifier
from inbox import actions
from inbox.models import Channel, Message
from reports.catalogue import REPORTS
from reports.engine.reading import Cut
from tests.factories import Cast, actor_in
from tests.inbox.steps import a_channel, hears, says
from tests.reports.asking import answers_of, asked, rows_of
from workspaces.actions import create_team
from workspaces.actors import Actor
from workspaces.models import Team, Workspace
from workspaces.scope import workspace_scope

DAY = datetime(2026, 3, 10, tzinfo=UTC)  # a Tuesday
SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
EVERY_DAY = asked("2026-03-09", "2026-03-12")


def on(clock: str, *, days: int = 0) -> datetime:
    """Return a moment of 10 March, or so many days later."""
    hours, minutes, *seconds = map(int, clock.split(":"))
    return DAY + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)


@dataclass(slots=True)
class Shop:
    """Acme with two channels, Ben of Support, and its conversations by the contact's name."""

    cast: Cast
    ben: Actor
    support: Team
    line: Channel
    night: Channel
    threads: dict[str, Message]

    def number(self, name: str) -> int:
        """Return a conversation's id."""
        return self.threads[name].conversation_id or 0

    def contact(self, name: str) -> Identifier:
        """Return the contact of a conversation."""
        return Identifier.of(self.threads[name].contact_id)

    def listed(self, report: str, log: str, cut: Cut | None = None, **filters: Any) -> list[str]:
        """Return whose conversations a log shows, the latest first."""
        found = rows_of(
            report, log, asked("2026-03-09", "2026-03-12", **filters), actor=self.cast.ada, now=DAY, cut=cut
        )
        place = [column.key for column in REPORTS[report].logs_by_key[log].columns].index("conversation_id")
        names = {self.number(name): name for name in self.threads}
        return [names[row[place]] for row in found.rows]

    def parts(self, report: str, block: str, **filters: Any) -> dict[Any, tuple[float | None, int]]:
        """Return value and count of each part of a breakdown."""
        shown = answers_of(report, asked("2026-03-09", "2026-03-12", **filters), actor=self.cast.ada, now=DAY)[block]
        key = shown.parts[0].figures.keys()
        return {part.value: _pair(part.figures[next(iter(key))]) for part in shown.parts}


def _pair(figure: Any) -> tuple[float | None, int]:
    return figure.value, figure.count


def a_shop(cast: Cast) -> Shop:
    """Cleo writes twice, Dario, Eva and Fay once; nobody answers Eva and Fay, whose conversation stays open."""
    with workspace_scope(cast.acme.pk):
        support = create_team(actor=cast.ada, name="Support", member_ids=[cast.ben_user.pk], at=DAY)
    ben = actor_in(cast.acme, cast.ben_user)
    with workspace_scope(cast.acme.pk):
        actions.add_closing_category(actor=cast.ada, name="Order status", at=DAY)
        shop = Shop(
            cast=cast,
            ben=ben,
            support=support,
            line=a_channel(cast.ada, name="Shop line"),
            night=a_channel(cast.ada, name="Night line"),
            threads={},
        )
        _cleo(shop)
        _dario(shop)
        eva = shop.threads["Eva"] = hears(cast.ada, shop.line, sender="+34600000003", at=on("15:00"))
        actions.close_conversation(
            actor=Actor.system(workspace_id=cast.acme.pk),
            contact=Identifier.of(eva.contact_id),
            source="auto_close",
            by_hand=False,
            at=on("15:30"),
        )
        shop.threads["Fay"] = hears(cast.ada, shop.line, sender="+34600000004", at=on("16:00"))
        again = shop.threads["Cleo again"] = hears(cast.ada, shop.line, "Me again", at=on("09:00", days=1))
        says(cast.max, again, at=on("09:00:20", days=1))
        actions.close_conversation(actor=cast.ada, contact=shop.contact("Cleo"), at=on("09:30", days=1))
    return shop


def _cleo(shop: Shop) -> None:
    """First response 250 s, responses of 250 and 150 s, assigned after 60 s, closed after 20 min."""
    cast, ben = shop.cast, shop.ben
    asked_ = shop.threads["Cleo"] = hears(cast.ada, shop.line, at=on("12:00"))
    actions.assign_contact(actor=cast.max, contact=shop.contact("Cleo"), user_id=ben.user_id, at=on("12:01"))
    says(ben, asked_, at=on("12:04:10"))
    hears(cast.ada, shop.line, "And when?", at=on("12:10"))
    says(ben, asked_, "On Tuesday", at=on("12:12:30"))
    says(ben, asked_, "Before noon", at=on("12:12:40"))
    actions.close_conversation(
        actor=ben, contact=shop.contact("Cleo"), category="Order status", summary="Arrives", at=on("12:20")
    )


def _dario(shop: Shop) -> None:
    """On the night line: assigned to Ada, then to Max, who answers, then to Ben; Max closes it after five hours."""
    cast = shop.cast
    heard = shop.threads["Dario"] = hears(cast.ada, shop.night, sender="+34600000002", at=on("13:00"))
    dario = shop.contact("Dario")
    actions.assign_contact(actor=cast.ada, contact=dario, user_id=cast.ada.user_id, at=on("13:05"))
    actions.assign_contact(actor=cast.ada, contact=dario, user_id=cast.max.user_id, at=on("13:10"))
    says(cast.max, heard, at=on("13:30"))
    actions.assign_contact(actor=cast.ada, contact=dario, user_id=shop.ben.user_id, at=on("13:40"))
    actions.close_conversation(actor=cast.max, contact=dario, at=on("18:00"))


def figures(shop: Shop, report: str, **filters: Any) -> dict[str, tuple[float | None, int]]:
    shown = answers_of(report, asked("2026-03-09", "2026-03-12", **filters), actor=shop.cast.ada, now=DAY)
    return {card.metric.key: _pair(card.figure) for part in shown.values() for card in part.cards}


def set_hours(workspace: Workspace, *, opens: int = 540, closes: int = 1020) -> None:
    """Let a workspace work on every day from one minute to another, or from 09:00 to 17:00."""
    Workspace.objects.filter(pk=workspace.pk).update(working_hours=[[[opens, closes]]] * 7)
