"""How values become cells: docs/EXPORTS.md, "Writing values", once more in Python."""

import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from tests.exports.oracle.asking import Asked

LEADS = ("=", "+", "-", "@", "\t", "\r")
SECOND = timedelta(seconds=1)


def whole_number(text: str) -> bool:
    """Tell whether a text is a whole number in E.164 form."""
    return re.fullmatch(r"\+[1-9][0-9]{1,14}", text) is not None


def seconds_of(length: timedelta) -> int:
    """Return whole seconds, halves up."""
    return (length + SECOND / 2) // SECOND


def mean(lengths: Iterable[timedelta | None]) -> timedelta | None:
    """Return the mean of those that are there, to the microsecond; None of none."""
    found = [length for length in lengths if length is not None]
    return sum(found, timedelta(0)) / len(found) if found else None


def between(start: datetime | None, end: datetime | None) -> timedelta | None:
    """Return the time from one moment to a later one; None where one is missing or they are the wrong way round."""
    return end - start if start is not None and end is not None and end >= start else None


def two_decimals(value: Decimal) -> str:
    """Return a decimal number with two decimals, halves up."""
    return str(value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def number(value: int | None) -> str:
    """Write an id or a whole number."""
    return "" if value is None else str(value)


def flag(value: bool) -> str:  # noqa: FBT001 - the value is all there is
    """Write yes or no."""
    return "true" if value else "false"


def seconds(length: timedelta | None) -> str:
    """Write a length as whole seconds."""
    return "" if length is None else str(seconds_of(length))


def hms(length: timedelta | None) -> str:
    """Write a length as H:MM:SS."""
    if length is None:
        return ""
    minutes, rest = divmod(seconds_of(length), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def ids(values: Iterable[int]) -> str:
    """Write a list of ids."""
    return "; ".join(str(value) for value in values)


def compact(payload: object) -> str:
    """Write a stored payload: no spaces, and keys in the order in which PostgreSQL keeps them, by length and then bytes."""
    return json.dumps(_sorted(payload), ensure_ascii=False, separators=(",", ":"))


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return {key: _sorted(value[key]) for key in keys}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


class Writer:
    """Writes what depends on the request: zone and guard."""

    def __init__(self, asked: Asked) -> None:
        self._zone = asked.zone
        self._is_guarded = asked.is_guarded

    def plain_moment(self, moment: datetime | None) -> str:
        """Write a moment as the workspace family has it."""
        return "" if moment is None else f"{moment.astimezone(self._zone):%Y-%m-%d %H:%M:%S}"

    def moment(self, moment: datetime | None) -> str:
        """Write a moment with its offset, as the performance family has it."""
        if moment is None:
            return ""
        local = moment.astimezone(self._zone)
        offset = local.utcoffset() or timedelta(0)
        minutes = abs(offset) // timedelta(minutes=1)
        sign = "-" if offset < timedelta(0) else "+"
        return f"{local:%Y-%m-%dT%H:%M:%S}{sign}{minutes // 60:02}:{minutes % 60:02}"

    def text(self, value: str | None) -> str:
        """Write a text; one that a spreadsheet would compute gets an apostrophe."""
        if not value:
            return ""
        return f"'{value}" if self._is_guarded and value.startswith(LEADS) else value

    def number_or_text(self, value: str | None) -> str:
        """Write a text that may be a telephone number: a whole one stays as it is."""
        return value if value and whole_number(value) else self.text(value)

    def texts(self, values: Iterable[str]) -> str:
        """Write a list of texts."""
        return self.text("; ".join(value.replace(";", ",") for value in values))
