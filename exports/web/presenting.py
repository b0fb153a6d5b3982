"""What the pages show of exports, ready for templates that ask nothing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exports import queries
from exports.catalogue import DATASETS, Column, Dataset, Family, title_of
from exports.errors import FAILURE_TEXTS
from exports.models import Export, State
from exports.web.words import FAMILY_NAMES, STATES
from reports.definitions.ranges import earliest_day
from workspaces.web import formats


def families(*, chosen: str, workspace_id: int, own_fields: int) -> list[dict[str, object]]:
    """Return the data sets by family, each with its address and how many columns it has."""
    address = reverse("exports", args=[workspace_id])
    return [
        {
            "name": FAMILY_NAMES[family],
            "datasets": [
                {
                    "title": dataset.title,
                    "url": f"{address}?dataset={dataset.key}",
                    "columns": _column_count(dataset, own_fields),
                    "is_chosen": dataset.key == chosen,
                }
                for dataset in DATASETS.values()
                if dataset.family is family
            ],
        }
        for family in Family
    ]


def columns_of(dataset: Dataset, own: Sequence[Column], *, language: str) -> list[dict[str, object]]:
    """Return the columns of a data set as the page's table shows them, the workspace's own fields last."""
    return [
        {
            "number": number,
            "header": column.header_in(language),
            "example": column.example,
            "meaning": column.meaning,
        }
        for number, column in enumerate((*dataset.columns, *own), start=1)
    ]


def quick_ranges(address: str, *, today: date) -> list[dict[str, str]]:
    """Return links to ranges that people mean most, as the form's address with the days in it."""
    month = today.replace(day=1)
    last_month = (month - timedelta(days=1)).replace(day=1)
    spans = (
        (_("Last 7 days"), today - timedelta(days=6), today),
        (_("Last 30 days"), today - timedelta(days=29), today),
        (_("This month"), month, today),
        (_("Last month"), last_month, month - timedelta(days=1)),
        (_("The whole year"), earliest_day(today) + timedelta(days=1), today),
    )
    return [{"label": label, "url": f"{address}&first={first}&last={last}"} for label, first, last in spans]


def progress_card(row: Export, *, at: datetime) -> dict[str, Any]:
    """Return what the progress component shows of an export that waits or runs, or that has just ended."""
    progress = queries.progress_of(row, at=at)
    is_active = row.is_active
    states = {State.COMPLETED: "done", State.CANCELLED: "cancelled"}
    return {
        "id": "export-progress",
        "state": "running" if is_active else states.get(State(row.state), "failed"),
        "icon": "download",
        "title": f"{title_of(row.dataset)}, {range_of(row)}",
        "words": _words(row, progress) if is_active else ended_words(row),
        "value": progress.rows if progress.rows and progress.expected else None,
        "max": progress.expected or 1,
        "news_age": max(0, int((at - (row.progress_at or row.requested_at)).total_seconds())),
        "poll_url": _url(row, "export_progress") if is_active else "",
        "cancel_url": _url(row, "export_cancel"),
        "cancel_text": _("Cancel"),
    }


def ended_words(row: Export) -> str:
    """Say in one line how an export ended."""
    if row.state == State.COMPLETED:
        rows = ngettext("%(rows)s row", "%(rows)s rows", row.rows or 0) % {"rows": formats.number(row.rows or 0)}
        return f"{rows} · {formats.size(row.size_bytes)}"
    if row.state in {State.FAILED, State.DISCARDED}:
        return failure_text(row)
    return str(STATES[row.state].name)


def range_of(row: Export) -> str:
    """Return the range in words: days, the hour of a schedule, or that there is none."""
    if row.from_day is None or row.to_day is None or row.range_from is None or row.range_to is None:
        return _("as it stands")
    if row.range_to - row.range_from <= timedelta(hours=1):
        zone = ZoneInfo(row.time_zone)
        return f"{formats.moment(row.range_from.astimezone(zone))} – {formats.clock(row.range_to.astimezone(zone))}"
    if row.from_day == row.to_day:
        return formats.day(row.from_day)
    same_year = row.from_day.year == row.to_day.year
    return f"{formats.day(row.from_day, year=not same_year)} – {formats.day(row.to_day)}"


def history(rows: Sequence[Export], *, at: datetime) -> list[dict[str, object]]:
    """Return the lines of the history."""
    return [line_of(row, at=at) for row in rows]


def line_of(row: Export, *, at: datetime) -> dict[str, object]:
    """Return one export as the history and its own page show it."""
    is_ready = row.state == State.COMPLETED and row.expires_at > at
    state = State.EXPIRED if row.state == State.COMPLETED and not is_ready else row.state
    return {
        "row": row,
        "url": _url(row, "export"),
        "title": title_of(row.dataset),
        "range": range_of(row),
        "who": queries.who_asked(row) or _("Somebody who has left"),
        "look": STATES[state],
        "is_ready": is_ready,
        "download_url": _url(row, "export_download"),
        "again_url": again_url(row),
        "why": failure_text(row) if row.state in {State.FAILED, State.DISCARDED} else "",
        "again_text": _("Choose a shorter range")
        if row.state == State.DISCARDED
        else _("Try again")
        if row.state == State.FAILED
        else _("Ask again"),
    }


def again_url(row: Export) -> str:
    """Return the address of the form with an export's choices in it."""
    return f"{reverse('exports', args=[row.workspace_id])}?{urlencode({'again': row.pk})}"


def failure_text(row: Export) -> str:
    """Say why an export failed."""
    return str(FAILURE_TEXTS.get(row.error_code, FAILURE_TEXTS["exports.unexpected"]))


def why_waiting(workspace_id: int, *, at: datetime) -> str:
    """Say why nobody can ask for an export now, and until when; empty when anybody can."""
    running = queries.active_export(workspace_id)
    if running is not None:
        left = queries.progress_of(running, at=at).seconds_left
        words = _("One export at a time: %(title)s is being made, asked for by %(who)s.") % {
            "title": title_of(running.dataset),
            "who": queries.who_asked(running) or _("somebody"),
        }
        if left is None:
            return words
        ends = _("It ends in about %(time)s.") % {"time": formats.duration(max(1, left))}
        return f"{words} {ends}"
    until = queries.waiting_until(workspace_id, at=at)
    if until is None:
        return ""
    return _("An export took longer than 15 minutes and was discarded. The next one can be asked for at %(time)s.") % {
        "time": formats.clock(until)
    }


def _words(row: Export, progress: queries.Progress) -> str:
    if row.state == State.QUEUED:
        return _("Waiting for its turn")
    if not progress.rows:
        return _("The rows are being looked up")
    if progress.expected:
        words = _("%(rows)s of about %(expected)s rows") % {
            "rows": formats.number(progress.rows),
            "expected": formats.number(progress.expected),
        }
    else:
        words = ngettext("%(rows)s row", "%(rows)s rows", progress.rows) % {"rows": formats.number(progress.rows)}
    parts = [words]
    if progress.rows_per_second is not None:
        parts.append(_("%(rate)s a second") % {"rate": formats.number(progress.rows_per_second)})
    if progress.seconds_left is not None:
        parts.append(_("about %(time)s left") % {"time": formats.duration(max(1, progress.seconds_left))})
    if progress.bytes:
        parts.append(_("%(size)s so far") % {"size": formats.size(progress.bytes)})
    return " · ".join(parts)


def _column_count(dataset: Dataset, own_fields: int) -> str:
    fixed = formats.number(len(dataset.columns))
    return f"{fixed} + {own_fields}" if dataset.dynamic_columns is not None and own_fields else fixed


def _url(row: Export, name: str) -> str:
    return reverse(name, args=[row.workspace_id, row.pk])
