"""What follows from a result of sending, and which status replaces which: pure rules."""

from datetime import timedelta

import pytest

from inbox import ladder, outcomes
from inbox.channels.contract import Failure, Refusal
from inbox.outcomes import Attempt
from tests.factories import NOON


def attempt(number: int = 1, **facts: object) -> Attempt:
    values: dict[str, object] = {"number": number, "created_at": NOON, "ends_at": None, "repeats_safely": False}
    return Attempt(**{**values, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(("number", "seconds"), [(1, 1.0), (2, 4.0), (3, 15.0), (4, 60.0), (5, 300.0), (9, 300.0)])
def test_pauses_grow_and_vary_by_a_fifth(number: int, seconds: float) -> None:
    refusal = Refusal(failure=Failure.TEMPORARY)
    for chance, factor in ((0.0, 0.8), (0.5, 1.0), (1.0, 1.2)):
        step = outcomes.after(refusal, attempt(number), at=NOON, chance=iter([chance]).__next__)
        assert step.due_at == NOON + timedelta(seconds=seconds * factor)


def test_no_attempt_falls_behind_the_windows_end() -> None:
    refusal = Refusal(failure=Failure.TEMPORARY)
    assert outcomes.after(refusal, attempt(ends_at=NOON), at=NOON).becomes == "failed"


def test_nobody_makes_us_wait_for_more_than_an_hour() -> None:
    refusal = Refusal(failure=Failure.THROTTLED, retry_after_seconds=10.0**6)
    assert outcomes.after(refusal, attempt(), at=NOON).quiet_until == NOON + timedelta(hours=1)


LADDER = {
    "queued": "sending sent delivered read failed cancelled",
    "sending": "sent delivered read failed unknown",
    "sent": "delivered read failed",
    "delivered": "read",
    "read": "",
    "failed": "delivered read",
    "unknown": "sent delivered read",
    "cancelled": "",
    "received": "",
}


@pytest.mark.parametrize("old", LADDER)
def test_a_status_only_climbs(old: str) -> None:
    assert [new for new in LADDER if ladder.climbs(old, new)] == [new for new in LADDER if new in LADDER[old].split()]


def test_outside_what_is_not_decided_is_pending() -> None:
    assert [ladder.outside(status) for status in ("queued", "sending", "unknown", "sent", "failed")] == [
        "pending", "pending", "pending", "sent", "failed",
    ]  # fmt: skip
