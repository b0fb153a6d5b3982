"""Values read as people of each language write them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from workspaces.web import formats

NOW = datetime(2026, 11, 21, 10, 52, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
THIN = formats.NARROW_SPACE
HARD = formats.NO_BREAK


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        (0, "0", "0"),
        (406, "406", "406"),
        (3184, "3,184", "3184"),
        (-3184, "-3,184", "-3184"),
        (48210, "48,210", f"48{THIN}210"),
        (1204000, "1,204,000", f"1{THIN}204{THIN}000"),
        (1.5, "1.5", "1,5"),
        (Decimal("12345.60"), "12,345.60", f"12{THIN}345,60"),
        (None, "–", "–"),
    ],
)
def test_numbers_are_grouped_as_the_language_does(value: float | None, english: str, spanish: str) -> None:
    with translation.override("en"):
        assert formats.number(value) == english
    with translation.override("es"):
        assert formats.number(value) == spanish


@pytest.mark.parametrize(
    ("size_bytes", "english", "spanish"),
    [
        (0, f"0{HARD}B", f"0{HARD}B"),
        (999, f"999{HARD}B", f"999{HARD}B"),
        (1400, f"1.4{HARD}kB", f"1,4{HARD}kB"),
        (999_960, f"1.0{HARD}MB", f"1,0{HARD}MB"),
        (1_400_000, f"1.4{HARD}MB", f"1,4{HARD}MB"),
        (None, "–", "–"),
    ],
)
def test_sizes_go_up_in_thousands(size_bytes: int | None, english: str, spanish: str) -> None:
    with translation.override("en"):
        assert formats.size(size_bytes) == english
    with translation.override("es"):
        assert formats.size(size_bytes) == spanish


def test_a_share_has_one_decimal_and_is_unknown_of_nothing() -> None:
    with translation.override("en"):
        assert formats.share(51, 100) == "51.0%"
    with translation.override("es"):
        assert formats.share(51, 100) == f"51,0{THIN}%"
    assert formats.share(1, 0) == "–"


def test_a_moment_is_shown_in_the_active_zone() -> None:
    with timezone.override(MADRID):
        with translation.override("en"):
            assert formats.moment(NOW) == "21 Nov 2026, 11:52"
            assert formats.moment(NOW, seconds=True) == "21 Nov 2026, 11:52:00"
        with translation.override("es"):
            assert formats.moment(NOW) == "21 nov 2026, 11:52"


def test_months_are_short_in_both_languages() -> None:
    with translation.override("en"):
        assert [formats.day(date(2026, month, 1), year=False) for month in (3, 6, 9)] == ["1 Mar", "1 Jun", "1 Sep"]
    with translation.override("es"):
        assert [formats.day(date(2026, month, 1), year=False) for month in (3, 6, 9)] == ["1 mar", "1 jun", "1 sep"]


def test_when_is_as_short_as_it_can_be() -> None:
    cases = [
        (timedelta(minutes=6), "11:46", "11:46"),
        (timedelta(days=1), "Fri", "vie"),
        (timedelta(days=6), "Sun", "dom"),
        (timedelta(days=7), "14 Nov", "14 nov"),
        (timedelta(days=466), "12 Aug 2025", "12 ago 2025"),
        (timedelta(days=-1), "22 Nov", "22 nov"),
    ]
    with timezone.override(MADRID):
        for passed, english, spanish in cases:
            with translation.override("en"):
                assert formats.when(NOW - passed, now=NOW) == english
            with translation.override("es"):
                assert formats.when(NOW - passed, now=NOW) == spanish


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (252, "4 min 12 s"),
        (240, "4 min"),
        (4620, "1 h 17 min"),
        (273_600, "3 d 4 h"),
        (-5, "0 s"),
    ],
)
def test_a_duration_has_two_units_at_most(seconds: int, words: str) -> None:
    assert formats.duration(timedelta(seconds=seconds)).replace(HARD, " ") == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (45, "45 s"), (60, "1 min"), (872, "14 min"), (4_659, "1 h 17 min")]
)
def test_a_wait_has_no_seconds_from_a_minute_on(seconds: int, words: str) -> None:
    assert formats.waiting(timedelta(seconds=seconds)).replace(HARD, " ") == words


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=2), "just now"),
        (timedelta(seconds=41), "41 s ago"),
        (timedelta(minutes=7, seconds=30), "7 min ago"),
        (timedelta(hours=1, minutes=30), "1 h ago"),
        (timedelta(days=3), "3 d ago"),
        (timedelta(seconds=-41), "in 41 s"),
        (timedelta(days=20), "1 Nov"),
    ],
)
def test_ago_uses_the_largest_unit(passed: timedelta, words: str) -> None:
    with translation.override("en"):
        assert formats.ago(NOW - passed, now=NOW).replace(HARD, " ") == words


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Cleo Marín", "CM"),
        ("Hanneke de Wit", "HW"),
        ("Ana", "A"),
        ("+44 7700 900 018", ""),
        ("", ""),
        ("孙 悦", "孙悦"),
        ("ñu", "Ñ"),
    ],
)
def test_initials_are_letters_of_the_name(name: str, initials: str) -> None:
    assert formats.initials(name) == initials
