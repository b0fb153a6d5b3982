from datetime import UTC, datetime, timedelta

import pytest

from contacts.actions import add_contact, delete_contact, merge_contacts
from contacts.identifiers import Identifier
from contacts.models.contact import Source
from reports.engine.answers import State
from tests.factories import Cast
from tests.reports.asking import answers_of, asked, figures_of, rows_of
from workspaces.scope import workspace_scope

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def acme(cast: Cast) -> Cast:
    """Give Acme four contacts on 10 March: one goes, two become one."""
    with workspace_scope(cast.acme.pk):
        made = [
            add_contact(actor=cast.ada, values={"first_name": name}, source=source, at=NOON + timedelta(minutes=number))
            for number, (name, source) in enumerate(
                [("Cleo", Source.USER), ("Dario", Source.API), ("Eva", Source.USER), ("Fay", Source.USER)]
            )
        ]
        delete_contact(actor=cast.max, contact=Identifier.of(made[1].pk), at=NOON + timedelta(hours=1))
        merge_contacts(
            actor=cast.max, primary_id=made[2].pk, secondary_id=made[3].pk, values={}, at=NOON + timedelta(hours=2)
        )
    return cast


def test_figures_count_every_line_once_and_keep_what_is_gone(acme: Cast) -> None:
    figures = figures_of("contacts", asked("2026-03-10"), actor=acme.ada, now=NOON)
    assert figures == {"added": 4, "connected": 0, "deleted": 1, "merged": 1}


def test_a_log_has_exactly_its_rows_the_latest_first(acme: Cast) -> None:
    found = rows_of("contacts", "added", asked("2026-03-10"), actor=acme.ada, now=NOON)
    assert [(row[2], row[3], row[4]) for row in found.rows] == [
        ("Fay", "user", acme.ada.id),
        ("Eva", "user", acme.ada.id),
        ("Dario", "api", None),
        ("Cleo", "user", acme.ada.id),
    ]
    assert (found.count, found.is_truncated) == (4, False)


def test_a_filter_that_a_chart_cannot_use_says_so(acme: Cast) -> None:
    shown = answers_of("contacts", asked("2026-03-10", users=[acme.ada.id]), actor=acme.ada, now=NOON)
    assert [metric.key for metric in shown["overview_trend"].left_out] == ["deleted"]
    assert shown["added_by_source"].total.count == 3
    shown = answers_of("contacts", asked("2026-03-10", sources=["zapier"]), actor=acme.ada, now=NOON)
    assert shown["added_by_source"].state is State.NO_DATA
