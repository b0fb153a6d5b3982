import re

import pytest
from django.urls import reverse

from tests.factories import NOON, Cast, browser_of, everything_in
from workspaces.actions import set_working_hours
from workspaces.errors import PermissionMissing, ValueNotValid
from workspaces.models import EventRecord
from workspaces.queries import working_hours_of
from workspaces.scope import workspace_scope
from workspaces.working_hours import Stretch, WorkingHours

WEEK = [[[540, 780], [840, 1080]], [[540, 1080]], [[540, 1080]], [[540, 1080]], [[540, 900]], [], []]
OFFICE = WorkingHours.of(WEEK)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def with_monday(*stretches: tuple[int, int]) -> WorkingHours:
    return WorkingHours(days=(tuple(Stretch(*stretch) for stretch in stretches), *OFFICE.days[1:]))


def test_a_workspace_has_no_working_hours_until_it_says_so(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        assert working_hours_of(cast.acme.pk) is None


def test_working_hours_are_kept_and_told_with_what_they_were(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        set_working_hours(actor=cast.max, hours=OFFICE, at=NOON)
        assert working_hours_of(cast.acme.pk) == OFFICE
        set_working_hours(actor=cast.max, hours=None, at=NOON)
        assert working_hours_of(cast.acme.pk) is None
        told = EventRecord.objects.filter(type="workspaces.workspace.changed").order_by("pk")
        assert [event.data["changes"] for event in told] == [
            {"working_hours": [None, WEEK]},
            {"working_hours": [WEEK, None]},
        ]
    with workspace_scope(cast.globex.pk):
        assert working_hours_of(cast.acme.pk) is None


def test_the_same_working_hours_again_are_not_told(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        set_working_hours(actor=cast.ada, hours=OFFICE, at=NOON)
        before = everything_in(cast.acme)
        set_working_hours(actor=cast.ada, hours=OFFICE, at=NOON)
        assert everything_in(cast.acme) == before


@pytest.mark.parametrize(
    "stretches", [[(0, 1440)], [(0, 15), (15, 30), (30, 45), (1425, 1440)], [(540, 780), (780, 1080)]]
)
def test_a_day_takes_four_stretches_from_midnight_to_midnight(cast: Cast, stretches: list[tuple[int, int]]) -> None:
    with workspace_scope(cast.acme.pk):
        set_working_hours(actor=cast.ada, hours=with_monday(*stretches), at=NOON)
        assert working_hours_of(cast.acme.pk) == with_monday(*stretches)


@pytest.mark.parametrize(
    ("hours", "field", "sentence"),
    [
        (with_monday((540, 545)), "monday", "09:05 is not on a quarter of an hour. Write 09:00 or 09:15."),
        (with_monday((541, 600)), "monday", "09:01 is not on a quarter of an hour. Write 09:00 or 09:15."),
        (with_monday((540, 1455)), "monday", "A day goes from 00:00 to 24:00. Write times between them."),
        (with_monday((-15, 600)), "monday", "A day goes from 00:00 to 24:00. Write times between them."),
        (
            with_monday((1320, 360)),
            "monday",
            "22:00–06:00 has to end after it begins. Write work over midnight as two: until 24:00, and from 00:00 of the next day.",
        ),
        (
            with_monday((540, 540)),
            "monday",
            "09:00–09:00 has to end after it begins. Write work over midnight as two: until 24:00, and from 00:00 of the next day.",
        ),
        (
            with_monday((840, 1080), (540, 855)),
            "monday",
            "14:00–18:00 begins before 09:00–14:15 ends. Let it begin at 14:15 or later, or remove it.",
        ),
        (
            with_monday((0, 15), (30, 45), (60, 75), (90, 105), (120, 135)),
            "monday",
            "At most 4 stretches fit into a day.",
        ),
        (WorkingHours.of([[], [], [], [], [], [], [[0, 7]]]), "sunday", "00:07 is not on a quarter of an hour. Write 00:00 or 00:15."),
        (WorkingHours.of([[]] * 7), None, "No day has working hours. Give one at least, or clear them all."),
        (WorkingHours.of([[[0, 60]]] * 6), None, "Give the hours of seven days, Monday first."),
    ],
)  # fmt: skip
def test_hours_that_are_not_right_change_nothing(
    cast: Cast, hours: WorkingHours, field: str | None, sentence: str
) -> None:
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        with pytest.raises(ValueNotValid) as refused:
            set_working_hours(actor=cast.ada, hours=hours, at=NOON)
        assert (refused.value.field, refused.value.message) == (field, sentence)
        assert everything_in(cast.acme) == before


def test_an_agent_sets_no_working_hours(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        with pytest.raises(PermissionMissing):
            set_working_hours(actor=cast.ben, hours=OFFICE, at=NOON)
        assert everything_in(cast.acme) == before


@pytest.fixture
def address(cast: Cast) -> str:
    return reverse("settings_working_hours", args=[cast.acme.pk])


def body(**changes: str) -> dict[str, str]:
    """Return Monday 09:00–13:00 and 14:00–18:00 as the page sends it, with changes; an empty value stays out."""
    sent = {
        "monday": "on",
        "monday_opens_1": "09:00",
        "monday_closes_1": "13:00",
        "monday_opens_2": "14:00",
        "monday_closes_2": "18:00",
        "tuesday_opens_1": "09:00",
        "tuesday_closes_1": "17:00",
    }
    return {name: value for name, value in {**sent, **changes}.items() if value}


def hours_now(cast: Cast) -> WorkingHours | None:
    with workspace_scope(cast.acme.pk):
        return working_hours_of(cast.acme.pk)


def test_the_page_saves_the_days_that_are_on(cast: Cast, address: str) -> None:
    client = browser_of(cast.max_user)
    assert client.post(address, body())["Location"] == address
    assert hours_now(cast) == WorkingHours.of([WEEK[0], [], [], [], [], [], []])
    page = client.get(address).content.decode()
    assert "Working hours saved" in page
    assert times_on(page, "monday") == ["09:00", "13:00", "14:00", "18:00"]
    assert re.findall(r'name="(\w+day)"[^>]* checked', page) == ["monday"]
    open_rows, folded_rows = page.split("<details>")[:2]
    assert (len(re.findall('name="monday_opens', open_rows)), len(re.findall('name="monday_opens', folded_rows))) == (
        2,
        2,
    )


def test_a_first_look_offers_office_hours_and_no_day_is_on(cast: Cast, address: str) -> None:
    page = browser_of(cast.ada_user).get(address).content.decode()
    assert " checked" not in page
    assert [times_on(page, day) for day in DAYS] == [["09:00", "17:00"]] * 7
    assert "in the zone UTC" in page


def test_a_week_around_the_clock_comes_back_as_it_was_typed(cast: Cast, address: str) -> None:
    client = browser_of(cast.ada_user)
    sent = {f"{day}_{end}_1": "00:00" for day in DAYS for end in ("opens", "closes")}
    client.post(address, {**sent, **dict.fromkeys(DAYS, "on")})
    assert hours_now(cast) == WorkingHours.of([[[0, 1440]]] * 7)
    assert [times_on(client.get(address).content.decode(), day) for day in DAYS] == [["00:00", "00:00"]] * 7


def test_with_every_day_off_there_are_none(cast: Cast, address: str) -> None:
    client = browser_of(cast.ada_user)
    client.post(address, body())
    assert client.post(address, body(monday=""))["Location"] == address
    assert "Saved without working hours" in client.get(address).content.decode()
    assert hours_now(cast) is None


def test_what_stands_in_a_day_that_is_off_does_not_matter(cast: Cast, address: str) -> None:
    browser_of(cast.ada_user).post(address, body(tuesday_opens_1="soon", tuesday_closes_1=""))
    assert hours_now(cast) == WorkingHours.of([WEEK[0], [], [], [], [], [], []])


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"monday_closes_1": ""}, "monday_closes_1", "Write when it closes, or clear the time beside it."),
        ({"monday_opens_2": ""}, "monday_opens_2", "Write when it opens, or clear the time beside it."),
        ({"monday_opens_1": "25:00"}, "monday_opens_1", "Write a time such as 09:00."),
        ({"monday_opens_1": "9:60"}, "monday_opens_1", "Write a time such as 09:00."),
        ({"monday_closes_1": "nine"}, "monday_closes_1", "Write a time such as 09:00."),
        ({"wednesday": "on"}, "wednesday", "Write when it opens and closes, or switch the day off."),
        (
            {"monday_opens_2": "12:45"},
            "monday",
            "12:45–18:00 begins before 09:00–13:00 ends. Let it begin at 13:00 or later, or remove it.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    cast: Cast, address: str, changes: dict[str, str], field: str, sentence: str
) -> None:
    answer = browser_of(cast.ada_user).post(address, body(**changes))
    assert answer.status_code == 422
    assert dict(answer.context["form"].errors) == {field: [sentence]}
    assert hours_now(cast) is None
    described = re.search(
        rf'<p class="err" id="(id_{field}[-_]error)">.*?{sentence}', answer.content.decode(), re.DOTALL
    )
    assert described
    assert re.search(rf'name="{field}"[^>]*aria-describedby="{described[1]}"', answer.content.decode())


def test_mondays_hours_are_copied_to_friday_and_saved_only_by_saving(cast: Cast, address: str) -> None:
    client = browser_of(cast.ada_user)
    answer = client.post(
        address, body(copy="monday", saturday="on", saturday_opens_1="10:00", saturday_closes_1="12:00")
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Nothing is saved yet." in page
    assert [times_on(page, day) for day in DAYS[:5]] == [["09:00", "13:00", "14:00", "18:00"]] * 5
    assert times_on(page, "saturday") == ["10:00", "12:00"]
    assert re.findall(r'name="(\w+day)"[^>]* checked', page) == [*DAYS[:5], "saturday"]
    assert hours_now(cast) is None


def test_the_page_is_for_those_who_manage_settings(cast: Cast, address: str) -> None:
    assert browser_of(cast.ben_user).get(address).status_code == 403
    assert browser_of(cast.gus_user).get(address).status_code == 404
    assert browser_of(cast.ben_user).post(address, body()).status_code == 403
    assert hours_now(cast) is None
    assert f'href="{address}"' in browser_of(cast.max_user).get(f"/w/{cast.acme.pk}/settings/general").content.decode()


def times_on(page: str, day: str) -> list[str]:
    """Return the times that a day's fields hold, in their order."""
    fields = re.findall(rf'<input[^>]*name="{day}_(?:opens|closes)_\d"[^>]*>', page)
    assert len(fields) == 8
    return [found[1] for field in fields if (found := re.search(r'value="([^"]+)"', field))]
