"""What follows from a result of sending. Pure; docs/CHANNELS.md has the table."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox.channels.contract import Failure, Receipt, Refusal

PAUSES = (1.0, 4.0, 15.0, 60.0, 300.0)  # seconds; the last one repeats
JITTER = 0.2
TRIES_FOR = timedelta(hours=24)
WAITS_AT_MOST = timedelta(hours=1)  # when the other side tells us to wait, whatever it asks for
WITHOUT_RETRY_AFTER = timedelta(seconds=15)

SENT, QUEUED, FAILED, UNKNOWN, HELD = "sent", "queued", "failed", "unknown", "held"


@dataclass(frozen=True, slots=True)
class Next:
    """What becomes of a message: `becomes`, again at `due_at` when queued, and what else its result says."""

    becomes: str
    code: str = ""
    text: str = ""
    due_at: datetime | None = None
    quiet_until: datetime | None = None  # the whole channel waits
    breaks_channel: bool = False
    marks_address: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is known of a message at the moment of its result; `ends_at` is the end of the channel's window, if it has one."""

    number: int  # 1 for the first
    created_at: datetime
    ends_at: datetime | None
    repeats_safely: bool


def after(
    result: Receipt | Refusal, attempt: Attempt, *, at: datetime, chance: Callable[[], float] = random.random
) -> Next:
    """Return what follows: sent, queued again, held, failed, or unknown, which nothing sends again by itself."""
    if isinstance(result, Receipt):
        return Next(becomes=result.status)
    code, text = result.code or result.failure.value, result.text
    match result.failure:
        case Failure.PERMANENT:
            return Next(FAILED, code, text)
        case Failure.UNREACHABLE:
            return Next(FAILED, code, text, marks_address=True)
        case Failure.REAUTHORISE:
            return Next(HELD, code, text, breaks_channel=True)
        case Failure.UNKNOWN if not attempt.repeats_safely:
            return Next(UNKNOWN, code, text)
        case Failure.THROTTLED:
            wait = _asked(result) or WITHOUT_RETRY_AFTER
            return _again(code, text, attempt, due_at=at + wait, quiet_until=at + wait)
        case _:
            wait = max(_pause(attempt.number, chance), _asked(result) or timedelta(0))
            return _again(code, text, attempt, due_at=at + wait)


def gives_up_at(attempt: Attempt) -> datetime:
    """Return the moment after which a message is not sent any more: a day after it was written, or the window's end."""
    last = attempt.created_at + TRIES_FOR
    return last if attempt.ends_at is None else min(last, attempt.ends_at)


def _again(code: str, text: str, attempt: Attempt, *, due_at: datetime, quiet_until: datetime | None = None) -> Next:
    # A message that was held for days still has its five quick attempts once the channel is mended.
    is_over = due_at > gives_up_at(attempt) and (attempt.ends_at is not None or attempt.number > len(PAUSES))
    if is_over:
        return Next(FAILED, code, text, quiet_until=quiet_until)
    return Next(QUEUED, code, text, due_at=due_at, quiet_until=quiet_until)


def _asked(result: Refusal) -> timedelta | None:
    if result.retry_after_seconds is None:
        return None
    return min(max(timedelta(seconds=result.retry_after_seconds), timedelta(seconds=1)), WAITS_AT_MOST)


def _pause(number: int, chance: Callable[[], float]) -> timedelta:
    seconds = PAUSES[min(number, len(PAUSES)) - 1]
    return timedelta(seconds=seconds * (1 + JITTER * (2 * chance() - 1)))
