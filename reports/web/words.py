"""How ranges, buckets and the cells of tables read: on pages in the reader's language, in files as a program takes them."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from contacts.values import guard
from reports.engine.blocks import Cell
from reports.engine.periods import Bucket, Frequency, Period, Preset
from workspaces.web import formats

UNKNOWN = formats.UNKNOWN
PRESETS = {
    Preset.TODAY: gettext_lazy("Today"),
    Preset.YESTERDAY: gettext_lazy("Yesterday"),
    Preset.LAST_7: gettext_lazy("Last 7 days"),
    Preset.LAST_14: gettext_lazy("Last 14 days"),
    Preset.LAST_30: gettext_lazy("Last 30 days"),
    Preset.THIS_MONTH: gettext_lazy("This month"),
    Preset.LAST_MONTH: gettext_lazy("Last month"),
}
FREQUENCIES = {
    Frequency.HOUR: gettext_lazy("Hour"),
    Frequency.DAY: gettext_lazy("Day"),
    Frequency.WEEK: gettext_lazy("Week"),
    Frequency.MONTH: gettext_lazy("Month"),
}
PER = {
    Frequency.HOUR: gettext_lazy("per hour"),
    Frequency.DAY: gettext_lazy("per day"),
    Frequency.WEEK: gettext_lazy("per week"),
    Frequency.MONTH: gettext_lazy("per month"),
}


def range_words(first: date, last: date, *, year: bool = True) -> str:
    """1–31 Oct 2026; 23 Oct – 21 Nov; one day by itself."""
    if first == last:
        return formats.day(first, year=year)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{formats.day(last, year=year)}"
    return f"{formats.day(first, year=year and first.year != last.year)} – {formats.day(last, year=year)}"


def period_words(period: Period, *, preset: str, today: date) -> str:
    """Last 30 days: 23 Oct – 21 Nov; a range of one's own by its days alone."""
    days = range_words(
        period.first, period.last, year=period.first.year != today.year or period.last.year != today.year
    )
    known = PRESETS.get(Preset(preset)) if preset in set(Preset) else None
    return f"{known}: {days}" if known else days


def bucket_labels(period: Period) -> list[str]:
    """Return what stands under the axis; where hours are those of several days, the day under its first one."""
    if period.frequency is Frequency.MONTH:
        return [_small(date_format(bucket.day, "M Y", use_l10n=False)) for bucket in period.buckets]
    if period.frequency is Frequency.HOUR and period.days == 1:
        return [bucket.start.astimezone(period.zone).strftime("%H:%M") for bucket in period.buckets]
    days = [bucket.day for bucket in period.buckets]
    return [
        "" if day == before else formats.day(day, year=False)
        for day, before in zip(days, [None, *days[:-1]], strict=True)
    ]


def bucket_title(bucket: Bucket, frequency: Frequency, zone: ZoneInfo) -> str:
    """Return what a tooltip is headed by."""
    if frequency is Frequency.HOUR:
        start, end = bucket.start.astimezone(zone), bucket.end.astimezone(zone)
        return f"{long_day(bucket.day)}, {start:%H:%M}–{end:%H:%M}"
    if frequency is Frequency.DAY:
        return long_day(bucket.day)
    return range_words(bucket.day, bucket.last_day)


def bucket_words(bucket: Bucket, frequency: Frequency, zone: ZoneInfo) -> str:
    """Return what stands in the row of a table: 21 Nov 2026; 21 Nov 2026, 09:00–10:00; 16–22 Nov 2026."""
    if frequency is Frequency.HOUR:
        start, end = bucket.start.astimezone(zone), bucket.end.astimezone(zone)
        return f"{formats.day(bucket.day)}, {start:%H:%M}–{end:%H:%M}"
    return range_words(bucket.day, bucket.last_day)


def long_day(day: date) -> str:
    """Monday 9 November; Lunes 9 de noviembre."""
    pattern = r"l j \d\e F" if (get_language() or "en").startswith("es") else "l j F"
    words = _small(date_format(day, pattern, use_l10n=False))
    return words[0].upper() + words[1:]  # it heads a tooltip


def _small(words: str) -> str:
    return words.replace(".", "").lower() if (get_language() or "en").startswith("es") else words.replace(".", "")


def weekday(number: int) -> str:
    """Return a weekday's name; 0 is Monday."""
    return str(WEEKDAYS[number]).capitalize()


def hour(number: int) -> str:
    """09:00."""
    return f"{number:02}:00"


def length(milliseconds: float | None) -> str:
    """Return a length of time in words; less than a second is none."""
    return UNKNOWN if milliseconds is None else formats.duration((milliseconds + 500) // 1000)


def quantity(value: float | None) -> str:
    """Return a count, or an average with one decimal."""
    if value is None:
        return UNKNOWN
    return formats.number(int(value)) if float(value).is_integer() else formats.number(value, decimals=1)


def class_words(at_least: float | None, below: float | None) -> str:
    """< 30 s, 30 s – 2 min, > 1 h."""
    if not at_least:
        return f"< {length(below)}"
    if below is None:
        return f"> {length(at_least)}"
    return f"{length(at_least)} – {length(below)}"


def cell_words(cell: Cell, value: Any) -> str:  # noqa: PLR0911 - whatever a column holds; one line per kind
    """Return a cell as a page shows it, in the zone that is active."""
    if cell is Cell.FIGURE:
        return cell_words(*value)
    if value is None or value == "":
        return UNKNOWN if cell in {Cell.NUMBER, Cell.MILLISECONDS, Cell.SHARE} else ""
    if cell is Cell.MOMENT:
        return formats.moment(value, seconds=True)
    if cell is Cell.DAY:
        return formats.day(value)
    if cell is Cell.NUMBER:
        return quantity(value)
    if cell is Cell.MILLISECONDS:
        return length(value)
    if cell is Cell.SHARE:
        return formats.share(value, 1)
    if cell is Cell.WEEKDAY:
        return weekday(value)
    return hour(value) if cell is Cell.HOUR else str(value)


def cell_text(cell: Cell, value: Any, zone: ZoneInfo) -> str:  # noqa: PLR0911 - the same
    """Return a cell as a CSV file holds it: plain numbers, H:MM:SS, moments of the report's zone; texts keep no formula."""
    if cell is Cell.FIGURE:
        return cell_text(value[0], value[1], zone)
    if value is None:
        return ""
    if cell is Cell.MOMENT:
        moment: datetime = value
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    if cell is Cell.MILLISECONDS:
        seconds = int((value + 500) // 1000)
        return f"{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"
    if cell is Cell.SHARE:
        return f"{value:.4f}"
    if cell is Cell.NUMBER:
        return str(int(value)) if float(value).is_integer() else f"{value:.2f}"
    if cell is Cell.WEEKDAY:
        return weekday(value)
    if cell is Cell.HOUR:
        return hour(value)
    return str(value) if isinstance(value, int | date) else guard(str(value))


def no_data(names: str) -> tuple[str, str]:
    """Return title and sentence for a block without rows; names: of the chosen filters, empty for none."""
    if names:
        return (
            _("The chosen filters have no applicable data."),
            _("Nothing of this kind happened in the period with what is chosen for: %(filters)s.") % {"filters": names},
        )
    return _("There is no data in this period."), _("Nothing of this kind happened. Choose other days to see more.")


def not_applicable(names: str) -> tuple[str, str]:
    """Return title and sentence for a block that cannot use a chosen filter."""
    return (
        _("The chosen filters are not applicable here."),
        _("This is not counted by: %(filters)s.") % {"filters": names},
    )
