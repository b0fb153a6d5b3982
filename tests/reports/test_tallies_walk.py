"""A day in which anything may happen, with folds, rebuilds and new time zones in between: the tallies are always exact."""

from random import Random

import pytest

from contacts.models import ContactLogEntry
from inbox.models import Message
from reports.tallies.building import build_tallies
from reports.tallies.facts import FACTS
from reports.tallies.folding import fold_tallies
from reports.tallies.sweeping import sweep_tallies
from tests.factories import Cast
from tests.inbox.test_figures_walk import Day
from tests.reports.tallying import assert_exact, built_everywhere, set_time_zone, some_lines, tally_rows
from workspaces.scope import workspace_scope

ZONES = ("UTC", "Europe/Madrid", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", "Pacific/Pago_Pago")
STATUSES = ("queued", "sending", "sent", "delivered", "read", "failed", "unknown", "cancelled")
PARTS, STEPS = 25, 8


class LongDay(Day):
    """A day in which networks answer too, and rows change and go."""

    def network_answers(self) -> None:
        """Let some messages have another status, as if the network had told it."""
        rows = Message.objects.in_workspace(self.cast.acme.pk).filter(direction="outgoing").order_by("pk")
        for message in rows:
            if self.random.random() < 0.3:
                rows.filter(pk=message.pk).update(status=self.random.choice(STATUSES))

    def rows_change(self) -> None:
        """Write, change or delete lines of the log without an action."""
        lines = ContactLogEntry.objects.in_workspace(self.cast.acme.pk)
        chosen = self.random.choice(("write", "move", "delete"))
        if chosen == "write":
            some_lines(self.cast.acme.pk, *[self.at] * 7, user_id=self.who.user_id)
        elif chosen == "move":
            lines.filter(pk__gt=self.random.choice(list(lines)).pk).update(occurred_at=self.at, channel_id=7)
        else:
            lines.filter(pk=self.random.choice(list(lines)).pk).delete()

    def keep(self) -> None:
        """Fold, build or sweep, or nothing of it."""
        workspace = self.cast.acme
        chosen = self.random.choice(("fold", "fold", "build", "sweep", "move", "nothing"))
        if chosen == "fold":
            fold_tallies(workspace_id=workspace.pk)
        elif chosen == "build":
            build_tallies(workspace_id=workspace.pk, at=self.at)
        elif chosen == "sweep":
            sweep_tallies(clock=lambda: self.at)
        elif chosen == "move":
            set_time_zone(workspace, self.random.choice(ZONES))


@pytest.mark.django_db(transaction=True)
def test_whatever_happens_the_tallies_are_what_the_rows_say(cast: Cast, seed: int) -> None:
    with workspace_scope(cast.acme.pk):
        day = LongDay(cast, Random(seed))
        day.acts = (*day.acts, day.network_answers, day.network_answers, day.rows_change, day.rows_change)
        day.hear()
    built_everywhere(cast)
    for _ in range(PARTS):
        with workspace_scope(cast.acme.pk):
            for _ in range(STEPS):
                day.step()
        assert_exact(cast.acme)
        day.keep()
        assert_exact(cast.acme)
    sweep_tallies(clock=lambda: day.at)
    for fact in FACTS:
        kept = tally_rows(fact, cast.acme)
        build_tallies(workspace_id=cast.acme.pk, at=day.at)
        assert tally_rows(fact, cast.acme) == kept
        assert kept != []
