"""Responses and resolutions: every mean of a small day by hand, in elapsed time and in working hours."""

from dataclasses import replace

import pytest

from inbox import actions
from inbox.models import Status
from reports.catalogue import REPORTS
from reports.catalogue.responses import AVERAGE_RESPONSE, FIRST_ASSIGNMENT_TO_RESPONSE, FIRST_RESPONSE
from reports.engine.blocks import Spread
from reports.engine.reading import Cut
from tests.factories import Cast
from tests.inbox.steps import hears, says
from tests.reports.asking import answers_of, asked, figures_of, rows_of
from tests.reports.shopping import DAY, EVERY_DAY, HOUR, MINUTE, SECOND, Shop, figures, on, set_hours
from workspaces.scope import workspace_scope


@pytest.fixture
def cast(shop: Shop) -> Cast:
    return shop.cast


def test_a_conversation_that_was_opened_again_is_not_closed_until_it_is_closed_again(shop: Shop) -> None:
    with workspace_scope(shop.cast.acme.pk):
        actions.set_conversation_status(
            actor=shop.ben, contact=shop.contact("Dario"), status=Status.NEW, at=on("19:00")
        )
    assert shop.listed("conversations", "closed") == ["Cleo again", "Eva", "Cleo"]
    with workspace_scope(shop.cast.acme.pk):
        actions.close_conversation(actor=shop.ben, contact=shop.contact("Dario"), at=on("10:00", days=2))
    assert figures_of("conversations", asked("2026-03-12"), actor=shop.cast.ada, now=DAY)["closed"] == 1
    assert figures_of("resolutions", asked("2026-03-12"), actor=shop.cast.ada, now=DAY)["resolution_time"] == 45 * HOUR


def test_responses_have_the_means_of_conversations_closed_in_the_period(shop: Shop) -> None:
    assert figures(shop, "responses") == {
        "first_response_time": ((250 + 1800 + 20) * SECOND / 3, 3),
        "first_assignment_to_first_response": ((190 + 1500) * SECOND / 2, 2),
        "last_assignment_to_response": (190 * SECOND, 1),  # nobody answered Dario after his last one
        "average_response_time": ((250 + 150 + 1800 + 20) * SECOND / 4, 3),  # over responses, of three conversations
        "number_of_responses": ((2 + 1 + 0 + 1) / 4, 4),
    }
    shown = answers_of("responses", EVERY_DAY, actor=shop.cast.ada, now=DAY)
    cards = [card for part in shown.values() for card in part.cards]
    of_each = {card.metric.key: (card.figure.median, card.figure.p90) for card in cards}
    assert of_each["first_response_time"] == (250 * SECOND, 1490 * SECOND)
    assert of_each["average_response_time"] == (200 * SECOND, 1480 * SECOND)  # of 20, 200 and 1800 s
    assert of_each["number_of_responses"] == pytest.approx((1, 1.7))


def test_a_conversation_answered_before_its_first_assignment_has_no_time_between(shop: Shop) -> None:
    max_, cleo = shop.cast.max, shop.contact("Cleo")
    with workspace_scope(shop.cast.acme.pk):
        third = shop.threads["Cleo once more"] = hears(shop.cast.ada, shop.line, "One more", at=on("08:00", days=2))
        says(max_, third, at=on("08:10", days=2))  # she is Ben's already, so that the reply assigns nobody
        actions.assign_contact(actor=shop.cast.ada, contact=cleo, user_id=max_.user_id, at=on("08:20", days=2))
        actions.close_conversation(actor=shop.ben, contact=cleo, at=on("08:30", days=2))
    set_hours(shop.cast.acme, opens=0, closes=1440)
    for working in (False, True):
        day = asked("2026-03-12", working=working)
        found = figures_of("responses", day, actor=shop.cast.ada, now=DAY)
        assert found["first_assignment_to_first_response"] is None
        assert found["last_assignment_to_response"] is None
        assert found["first_response_time"] == 10 * MINUTE
        shown = answers_of("responses", day, actor=shop.cast.ada, now=DAY)
        assert sum(shown["first_assignment_to_first_response_classes"].classes) == 0
        cut = Cut(metric=FIRST_ASSIGNMENT_TO_RESPONSE)
        assert rows_of("responses", "responses", day, actor=shop.cast.ada, now=DAY, cut=cut).count == 0
        row = rows_of("responses", "responses", day, actor=shop.cast.ada, now=DAY).rows[0]
        keys = [column.key for column in REPORTS["responses"].logs_by_key["responses"].columns]
        assert row[keys.index("first_assignment_to_first_response")] is None


def test_responses_are_parted_by_people_teams_channels_categories_and_sources(shop: Shop) -> None:
    ben, max_id, line, night = shop.ben.user_id, shop.cast.max.user_id, shop.line.pk, shop.night.pk
    first = "first_response_time"
    assert shop.parts("responses", f"{first}_by_first_responder") == {
        max_id: (910 * SECOND, 2),
        ben: (250 * SECOND, 1),
    }
    assert shop.parts("responses", f"{first}_by_closed_by_team") == {
        None: (910 * SECOND, 2),
        shop.support.pk: (250 * SECOND, 1),
    }
    assert shop.parts("responses", f"{first}_by_opened_channel") == {
        night: (1800 * SECOND, 1),
        line: (135 * SECOND, 2),
    }
    assert shop.parts("responses", f"{first}_by_category") == {
        None: (910 * SECOND, 2),
        "Order status": (250 * SECOND, 1),
    }
    assert shop.parts("responses", f"{first}_by_opened_source") == {"contact": (690 * SECOND, 3)}
    assert shop.parts("responses", "average_response_time_by_user") == {
        max_id: (910 * SECOND, 2),  # of 1800 and 20 s
        ben: (200 * SECOND, 2),  # of 250 and 150 s
    }
    assert shop.parts("responses", "average_response_time_by_team") == {
        None: (910 * SECOND, 2),
        shop.support.pk: (200 * SECOND, 2),
    }
    assert shop.parts("responses", "average_response_time_by_category") == {
        None: (910 * SECOND, 2),
        "Order status": (200 * SECOND, 1),
    }
    assert shop.parts("responses", "number_of_responses_by_last_assignee") == {
        ben: (1.5, 2),
        None: (0.5, 2),  # Eva's, and Cleo's second: she was Ben's from before
    }
    assert shop.parts("responses", "number_of_responses_by_category") == {"Order status": (2, 1), None: (2 / 3, 3)}


def test_times_fall_into_the_classes_of_the_reports(shop: Shop) -> None:
    shown = answers_of("responses", EVERY_DAY, actor=shop.cast.ada, now=DAY)
    assert shown["first_response_time_classes"].classes == (1, 0, 1, 0, 0, 1, 0)  # 20 s, 250 s, 30 min
    cut = Cut(metric=FIRST_RESPONSE, at_least=2 * MINUTE, below=5 * MINUTE)
    assert shop.listed("responses", "responses", cut) == ["Cleo"]
    shown = answers_of("resolutions", EVERY_DAY, actor=shop.cast.ada, now=DAY)
    assert shown["resolution_time_classes"].classes == (3, 0, 1, 0, 0, 0, 0)  # 20, 30, 30 min, 5 h
    edges = {
        block.edges
        for report in ("responses", "resolutions")
        for block in REPORTS[report].blocks.values()
        if isinstance(block, Spread)
    }
    assert edges == {
        (30_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000),
        (3_600_000, 14_400_000, 28_800_000, 86_400_000, 259_200_000, 604_800_000),
    }


def test_resolutions_have_the_means_of_conversations_closed_in_the_period(shop: Shop) -> None:
    assert figures(shop, "resolutions") == {
        "resolution_time": ((20 + 300 + 30 + 30) * MINUTE / 4, 4),
        "time_to_first_assignment": ((1 + 5) * MINUTE / 2, 2),  # the second time Cleo was Ben's already
        "first_assignment_to_close": ((19 + 295) * MINUTE / 2, 2),
        "last_assignment_to_close": ((19 + 260) * MINUTE / 2, 2),
    }
    ben, max_id = shop.ben.user_id, shop.cast.max.user_id
    assert shop.parts("resolutions", "resolution_time_by_closed_by_user") == {
        max_id: (300 * MINUTE, 1),
        shop.cast.ada.user_id: (30 * MINUTE, 1),
        None: (30 * MINUTE, 1),
        ben: (20 * MINUTE, 1),
    }
    assert shop.parts("resolutions", "resolution_time_by_closed_source") == {
        "user": (350 / 3 * MINUTE, 3),
        "auto_close": (30 * MINUTE, 1),
    }
    assert shop.parts("resolutions", "time_to_first_assignment_by_first_assignee") == {
        shop.cast.ada.user_id: (5 * MINUTE, 1),
        ben: (MINUTE, 1),
    }
    assert shop.parts("resolutions", "first_assignment_to_close_by_closed_by_user") == {
        max_id: (295 * MINUTE, 1),
        ben: (19 * MINUTE, 1),
    }
    shown = answers_of("resolutions", EVERY_DAY, actor=shop.cast.ada, now=DAY)["resolution_time_trend"]
    assert [figure.value for figure in shown.lines[0].figures] == [None, 350 / 3 * MINUTE, 30 * MINUTE, None]
    assert shown.lines[0].previous == (shown.lines[0].figures[0],) * 4


def test_in_working_hours_nights_do_not_count(shop: Shop) -> None:
    set_hours(shop.cast.acme)
    with workspace_scope(shop.cast.acme.pk):
        heard = shop.threads["Hal"] = hears(shop.cast.ada, shop.line, sender="+34600000006", at=on("16:30", days=1))
        says(shop.cast.max, heard, at=on("09:30", days=2))
        hears(shop.cast.ada, shop.line, "Thanks", sender="+34600000006", at=on("18:00", days=2))
        says(shop.cast.max, heard, "Bye", at=on("18:10", days=2))
        actions.close_conversation(actor=shop.cast.max, contact=shop.contact("Hal"), at=on("18:20", days=2))
    plain, working = asked("2026-03-12"), asked("2026-03-12", working=True)
    found = figures_of("responses", plain, actor=shop.cast.ada, now=DAY)
    assert (found["first_response_time"], found["average_response_time"]) == (17 * HOUR, (17 * 60 + 10) * MINUTE / 2)
    found = figures_of("responses", working, actor=shop.cast.ada, now=DAY)
    assert (found["first_response_time"], found["average_response_time"]) == (HOUR, HOUR / 2)
    assert found["number_of_responses"] == 2
    assert figures_of("resolutions", working, actor=shop.cast.ada, now=DAY)["resolution_time"] == 8.5 * HOUR
    log = REPORTS["responses"].logs_by_key["responses"]
    places = [place for place, column in enumerate(log.columns) if column.metric is not None]
    shown = rows_of("responses", "responses", working, actor=shop.cast.ada, now=DAY, cut=Cut(metric=AVERAGE_RESPONSE))
    assert [shown.rows[0][place] for place in places] == [HOUR, 0, 0, HOUR / 2, 2]
    shown = rows_of("responses", "responses", plain, actor=shop.cast.ada, now=DAY)
    assert [shown.rows[0][place] for place in places] == [17 * HOUR, 0, 0, (17 * 60 + 10) * MINUTE / 2, 2]


def test_hours_around_the_clock_change_no_figure(shop: Shop) -> None:
    set_hours(shop.cast.acme, opens=0, closes=1440)
    for report in ("responses", "resolutions"):
        plain = answers_of(report, EVERY_DAY, actor=shop.cast.ada, now=DAY)
        working = answers_of(report, replace(EVERY_DAY, in_working_hours=True), actor=shop.cast.ada, now=DAY)
        for key, answer in plain.items():
            same = (answer.cards, answer.lines, answer.parts, answer.total, answer.classes)
            other = working[key]
            assert (other.cards, other.lines, other.parts, other.total, other.classes) == same, key
