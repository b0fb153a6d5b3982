"""The form of working hours: for each weekday a switch and rows of two times; the rules are the action's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workspaces.working_hours import (
    DAY_MINUTES,
    MOST_STRETCHES,
    QUARTER_MINUTES,
    WEEKDAYS,
    Stretch,
    WorkingHours,
    clock,
)

NAMES: dict[str, str | Promise] = {
    "monday": gettext_lazy("Monday"),
    "tuesday": gettext_lazy("Tuesday"),
    "wednesday": gettext_lazy("Wednesday"),
    "thursday": gettext_lazy("Thursday"),
    "friday": gettext_lazy("Friday"),
    "saturday": gettext_lazy("Saturday"),
    "sunday": gettext_lazy("Sunday"),
}
COPIED_TO = WEEKDAYS[1:5]
OFFERED = Stretch(9 * 60, 17 * 60)  # what a day shows that is switched on for the first time
WRITTEN = re.compile(r"(\d{1,2}):(\d{2})(?::00(?:\.0+)?)?")


Row = tuple[BoundField, BoundField]  # opening and closing time of one stretch


@dataclass(frozen=True, slots=True)
class Day:
    """A weekday as the page shows it. rows: the first, and those that hold something; more: the empty ones, folded away."""

    switch: BoundField
    rows: list[Row]
    more: list[Row]


class ClockField(forms.CharField):
    """A time of day in minutes, or None. Browsers cannot write 24:00: a day that closes at 00:00 closes at its end."""

    widget = forms.TextInput(attrs={"type": "time", "step": QUARTER_MINUTES * 60, "class": "input auto"})

    def __init__(self, *, label: str, ends: bool = False) -> None:
        super().__init__(label=label, required=False, max_length=12)
        self._ends = ends

    def clean(self, value: Any) -> int | None:
        """Return the minutes since midnight."""
        text = str(super().clean(value)).strip()
        if not text:
            return None
        written = WRITTEN.fullmatch(text)
        minutes = int(written[1]) * 60 + int(written[2]) if written and int(written[2]) < 60 else DAY_MINUTES + 1
        if minutes > DAY_MINUTES:
            raise forms.ValidationError(_("Write a time such as 09:00."))
        return DAY_MINUTES if self._ends and minutes == 0 else minutes


class WorkingHoursForm(forms.Form):
    """A week: switched-off days have no hours, and a week without any has no working hours at all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, name in NAMES.items():
            self.fields[day] = forms.BooleanField(label=str(name), required=False)
            for number in range(1, MOST_STRETCHES + 1):
                facts = {"day": name, "number": number}
                opens, closes = (
                    (_("%(day)s, opening time"), _("%(day)s, closing time"))
                    if number == 1
                    else (_("%(day)s, opening time %(number)s"), _("%(day)s, closing time %(number)s"))
                )
                self.fields[f"{day}_opens_{number}"] = ClockField(label=opens % facts)
                self.fields[f"{day}_closes_{number}"] = ClockField(label=closes % facts, ends=True)

    @staticmethod
    def values_of(hours: WorkingHours | None) -> dict[str, object]:
        """Return what the form shows first."""
        values: dict[str, object] = {}
        for number, day in enumerate(WEEKDAYS):
            stretches = hours.days[number] if hours else ()
            values |= {day: bool(stretches), **_times(day, stretches or (OFFERED,))}
        return values

    def copied(self) -> dict[str, object]:
        """Return what the form shows once Monday's hours stand in every weekday; nothing is saved by it."""
        typed = {name: self[name].value() for name in self.fields}
        for day in COPIED_TO:
            typed |= {
                name.replace("monday", day, 1): value for name, value in typed.items() if name.startswith("monday")
            }
        return typed

    def clean(self) -> dict[str, Any]:
        """See that each row has both of its times, and each day that is on a row."""
        for day in WEEKDAYS:
            if not self.cleaned_data.get(day):
                for name in self._names_of(day):  # what stands in a day that is off does not matter
                    self.errors.pop(name, None)
                continue
            for number in range(1, MOST_STRETCHES + 1):
                self._see_both(day, number)
            if not any(name in self.errors for name in self._names_of(day)) and not self._stretches(day):
                self.add_error(day, _("Write when it opens and closes, or switch the day off."))
        return self.cleaned_data

    def hours(self) -> WorkingHours | None:
        """Return what was typed; None when every day is off."""
        days = tuple(tuple(sorted(self._stretches(day))) if self.cleaned_data[day] else () for day in WEEKDAYS)
        return WorkingHours(days=days) if any(days) else None

    def days(self) -> Iterator[Day]:
        """Return the week as the page shows it."""
        for day in WEEKDAYS:
            rows: list[Row] = [
                (self[f"{day}_opens_{number}"], self[f"{day}_closes_{number}"])
                for number in range(1, MOST_STRETCHES + 1)
            ]
            filled = [row for row in rows if row is rows[0] or any(bound.value() for bound in row)]
            yield Day(switch=self[day], rows=filled, more=[row for row in rows if row not in filled])

    def _see_both(self, day: str, number: int) -> None:
        opens, closes = f"{day}_opens_{number}", f"{day}_closes_{number}"
        if opens in self.errors or closes in self.errors:
            return
        has_opening, has_closing = self.cleaned_data[opens] is not None, self.cleaned_data[closes] is not None
        if has_opening and not has_closing:
            self.add_error(closes, _("Write when it closes, or clear the time beside it."))
        if has_closing and not has_opening:
            self.add_error(opens, _("Write when it opens, or clear the time beside it."))

    def _stretches(self, day: str) -> list[Stretch]:
        typed = (
            (self.cleaned_data.get(f"{day}_opens_{number}"), self.cleaned_data.get(f"{day}_closes_{number}"))
            for number in range(1, MOST_STRETCHES + 1)
        )
        return [Stretch(opens, closes) for opens, closes in typed if opens is not None and closes is not None]

    @staticmethod
    def _names_of(day: str) -> list[str]:
        numbers = range(1, MOST_STRETCHES + 1)
        return [f"{day}_{end}_{number}" for number in numbers for end in ("opens", "closes")]


def _times(day: str, stretches: tuple[Stretch, ...]) -> dict[str, object]:
    """Return the values of a day's rows; the end of the day is 00:00, as browsers write it."""
    return {
        f"{day}_{end}_{number}": clock(minutes % DAY_MINUTES)
        for number, part in enumerate(stretches, start=1)
        for end, minutes in (("opens", part.opens), ("closes", part.closes))
    }
