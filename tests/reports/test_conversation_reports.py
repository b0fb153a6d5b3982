"""Conversations opened and closed: what counts, by what it is parted and narrowed, and the rows behind it."""

from datetime import datetime
from typing import Any

import pytest

from contacts.actions import delete_contact
from contacts.identifiers import Identifier
from inbox import actions
from reports.catalogue import REPORTS
from reports.engine.reading import Cut
from tests.inbox.steps import a_channel, hears
from tests.reports.asking import answers_of, asked, figures_of, rows_of
from tests.reports.shopping import DAY, EVERY_DAY, MINUTE, SECOND, Shop, figures, on
from workspaces.actions import remove_member
from workspaces.scope import workspace_scope


def test_opened_count_by_their_opening_and_closed_by_their_closing(shop: Shop) -> None:
    assert figures(shop, "conversations") == {"opened": (5, 5), "closed": (4, 4)}
    wednesday = figures_of("conversations", asked("2026-03-11"), actor=shop.cast.ada, now=DAY)
    assert wednesday == {"opened": 1, "closed": 1}
    shown = answers_of("conversations", EVERY_DAY, actor=shop.cast.ada, now=DAY)
    lines = {
        line.metric.key: [figure.value for figure in line.figures] for line in shown["opened_against_closed"].lines
    }
    assert lines == {"opened": [0, 4, 1, 0], "closed": [0, 3, 1, 0]}
    assert shop.listed("conversations", "opened") == ["Cleo again", "Fay", "Eva", "Dario", "Cleo"]
    assert shop.listed("conversations", "closed") == ["Cleo again", "Dario", "Eva", "Cleo"]


def test_opened_and_closed_are_parted_by_what_their_conversations_say(shop: Shop) -> None:
    line, night = shop.line.pk, shop.night.pk
    ben, max_id = shop.ben.user_id, shop.cast.max.user_id
    assert shop.parts("conversations", "opened_by_channel") == {line: (4, 4), night: (1, 1)}
    assert shop.parts("conversations", "opened_by_source") == {"contact": (5, 5)}
    assert shop.parts("conversations", "opened_by_contact_type") == {"new": (4, 4), "returning": (1, 1)}
    assert shop.parts("conversations", "closed_by_category") == {"Order status": (1, 1), None: (3, 3)}
    assert shop.parts("conversations", "closed_by_source") == {"user": (3, 3), "auto_close": (1, 1)}
    assert shop.parts("conversations", "closed_by_user") == {
        max_id: (1, 1),
        ben: (1, 1),
        shop.cast.ada.user_id: (1, 1),
        None: (1, 1),
    }
    assert shop.parts("conversations", "closed_by_team") == {shop.support.pk: (1, 1), None: (3, 3)}


def test_each_filter_narrows_to_the_conversations_that_it_names(shop: Shop) -> None:
    ben, max_id = shop.ben.user_id, shop.cast.max.user_id
    everybody = ["Cleo again", "Dario", "Eva", "Cleo"]
    cases: list[tuple[str, Any, list[str]]] = [
        ("channels", shop.night.pk, ["Dario"]),
        ("opened_sources", "contact", everybody),
        ("opened_sources", "user", []),
        ("closed_sources", "auto_close", ["Eva"]),
        ("categories", ["Order status"], ["Cleo"]),
        ("closed_users", max_id, ["Dario"]),
        ("closed_teams", shop.support.pk, ["Cleo"]),
        ("first_assignees", ben, ["Cleo"]),
        ("last_assignees", [ben, max_id], ["Dario", "Cleo"]),
        ("first_responders", max_id, ["Cleo again", "Dario"]),
        ("contact_types", "returning", ["Cleo again"]),
        ("contact_types", "new", ["Dario", "Eva", "Cleo"]),
        ("contacts", shop.contact("Cleo").value, ["Cleo again", "Cleo"]),
        ("conversations", shop.number("Eva"), ["Eva"]),
    ]
    for name, chosen, expected in cases:
        given = {name: chosen}
        assert shop.listed("conversations", "closed", **given) == expected, given
        assert shop.listed("responses", "responses", **given) == expected, given
        assert shop.listed("resolutions", "resolutions", **given) == expected, given
        assert figures(shop, "conversations", **given)["closed"][1] == len(expected), given
        assert figures(shop, "resolutions", **given)["resolution_time"][1] == len(expected), given
    assert {name for name, _chosen, _expected in cases} == {name.value for name in REPORTS["responses"].filters}
    assert shop.listed("conversations", "opened", closed_sources="auto_close") == ["Eva"]


def test_what_a_log_says_of_a_conversation(shop: Shop) -> None:
    found = rows_of(
        "conversations", "closed", asked("2026-03-10", conversations=shop.number("Cleo")), actor=shop.cast.ada, now=DAY
    )
    keys = [column.key for column in REPORTS["conversations"].logs_by_key["closed"].columns]
    assert dict(zip(keys, found.rows[0], strict=True)) == {
        "closed_at": on("12:20"),
        "conversation_id": shop.number("Cleo"),
        "contact_id": shop.threads["Cleo"].contact_id,
        "contact_name": "Cleo Marín",
        "opened_at": on("12:00"),
        "opened_source": "contact",
        "opened_channel": shop.line.pk,
        "contact_type": "new",
        "assignee": shop.ben.user_id,
        "first_responder": shop.ben.user_id,
        "first_response_time": 250 * SECOND,
        "resolution_time": 20 * MINUTE,
        "category": "Order status",
        "closed_source": "user",
        "closed_by_user": shop.ben.user_id,
        "closed_by_team": shop.support.pk,
        "incoming_messages": 2,
        "outgoing_messages": 3,
    }


def test_people_and_contacts_who_are_gone_stay_in_the_figures_of_the_past(shop: Shop) -> None:
    before = [figures(shop, report) for report in ("responses", "resolutions")]
    parts = shop.parts("conversations", "closed_by_user")
    with workspace_scope(shop.cast.acme.pk):
        delete_contact(actor=shop.cast.ada, contact=shop.contact("Cleo"), at=on("10:00", days=9))
        remove_member(actor=shop.cast.ada, user_id=shop.ben.user_id or 0, at=on("10:00", days=9))
    assert [figures(shop, report) for report in ("responses", "resolutions")] == before
    assert shop.parts("conversations", "closed_by_user") == parts
    assert shop.parts("conversations", "opened_by_contact_type") == {"new": (4, 4), "returning": (1, 1)}
    assert shop.listed("conversations", "closed", closed_users=shop.ben.user_id) == ["Cleo"]
    found = rows_of(
        "conversations", "closed", asked("2026-03-10", conversations=shop.number("Cleo")), actor=shop.cast.ada, now=DAY
    )
    assert found.rows[0][2:4] == (shop.threads["Cleo"].contact_id, None)


def test_another_workspace_counts_nothing_of_it(shop: Shop) -> None:
    with workspace_scope(shop.cast.globex.pk):
        hears(shop.cast.gus, a_channel(shop.cast.gus), at=on("11:00"))
    gus = shop.cast.gus
    assert figures_of("conversations", EVERY_DAY, actor=gus, now=DAY) == {"opened": 1, "closed": 0}
    assert set(figures_of("responses", EVERY_DAY, actor=gus, now=DAY).values()) == {None}
    assert figures(shop, "conversations") == {"opened": (5, 5), "closed": (4, 4)}
    narrowed = asked("2026-03-09", "2026-03-12", contacts=shop.contact("Cleo").value)
    assert figures_of("conversations", narrowed, actor=gus, now=DAY) == {"opened": 0, "closed": 0}


@pytest.mark.parametrize(
    ("zone", "day", "moments", "cells"),
    [
        ("Europe/Madrid", "2026-03-29", ("00:30", "01:30"), {(6, 1): 1, (6, 3): 1}),  # 02:00 becomes 03:00
        ("Europe/Madrid", "2026-10-25", ("00:30", "01:30", "02:30"), {(6, 2): 2, (6, 3): 1}),  # 03:00 becomes 02:00
        ("Asia/Kolkata", "2026-03-11", ("18:29", "18:31"), {(2, 23): 1}),  # the second is of the next day
        ("Australia/Lord_Howe", "2026-04-05", ("14:20",), {}),  # 00:50 of the next day
    ],
)
def test_a_heat_map_shows_the_hours_of_clocks_on_the_wall(
    shop: Shop, zone: str, day: str, moments: tuple[str, ...], cells: dict[tuple[int, int], int]
) -> None:
    gus = shop.cast.gus  # his workspace has nothing yet
    with workspace_scope(gus.workspace_id):
        channel = a_channel(gus)
        for number, clock in enumerate(moments):
            at = datetime.fromisoformat(f"{day}T{clock}:00+00:00")
            hears(gus, channel, sender=f"+3460000010{number}", at=at)
    shown = answers_of("conversations", asked(day), actor=gus, now=DAY, zone=zone)["opened_by_hour"]
    found = {
        (weekday, hour): count for weekday, hours in enumerate(shown.heat) for hour, count in enumerate(hours) if count
    }
    assert found == cells
    for (weekday, hour), count in cells.items():
        cut = Cut(weekday=weekday, hour=hour)
        rows = rows_of("conversations", "opened", asked(day), actor=gus, now=DAY, zone=zone, cut=cut)
        assert rows.count == count


@pytest.mark.parametrize(
    ("zone", "first", "moments", "expected"),
    [
        ("Europe/Madrid", "2026-03-28", ("28T22:59", "28T23:01", "29T21:59", "29T22:01"), [1, 2, 1]),  # 23 hours
        ("Europe/Madrid", "2026-10-24", ("24T21:59", "24T22:01", "25T22:59", "25T23:01"), [1, 2, 1]),  # 25 hours
        ("Asia/Kolkata", "2026-03-28", ("28T18:29", "28T18:31", "29T18:29", "29T18:31"), [1, 2, 1]),
    ],
)
def test_days_begin_and_end_with_the_clocks_of_the_zone(
    shop: Shop, zone: str, first: str, moments: tuple[str, ...], expected: list[int]
) -> None:
    gus = shop.cast.gus  # his workspace has nothing yet
    with workspace_scope(gus.workspace_id):
        channel = a_channel(gus)
        for number, moment in enumerate(moments):
            at = datetime.fromisoformat(f"{first[:8]}{moment}:00+00:00")
            message = hears(gus, channel, sender=f"+3460000010{number}", at=at)
            actions.close_conversation(actor=gus, contact=Identifier.of(message.contact_id), at=at)
    question = asked(first, f"{first[:8]}{int(first[8:]) + 2}")
    shown = answers_of("conversations", question, actor=gus, now=DAY, zone=zone)["opened_against_closed"]
    assert [[figure.value for figure in line.figures] for line in shown.lines] == [expected, expected]
