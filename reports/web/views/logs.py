"""The logs of a report: its last part, a page of their own for the rows behind one figure, and a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.access import cut_of, log_of, open_reading, report_of, require_reports
from reports.engine.blocks import Breakdown, Cell, Log, Report, Roster, Spread
from reports.engine.facts import Naming
from reports.engine.names import contacts_that_are_there, names_of
from reports.engine.reading import Cut, Reading
from reports.engine.rows import MOST_ROWS, Rows, is_applicable, log_count, log_rows
from reports.engine.tables import Table, log_table
from reports.errors import FilterNotValid, RangeNotValid, ReportTooSlow
from reports.web import words
from reports.web.drawing import filter_names
from reports.web.files import csv_answer
from reports.web.state import PageState
from reports.web.tabling import NUMERIC
from reports.web.views.pages import export_url, page_context, refused
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.web import formats
from workspaces.web.scoping import actor_of, opens_its_own_scopes

ON_A_PAGE = 25
_DAY = timedelta(days=1)


@require_safe
@opens_its_own_scopes
def report_log(request: HttpRequest, workspace_id: int, report: str, log: str) -> HttpResponse:
    """Show a log's rows: to htmx the part of the report's page, else a page that says which rows they are."""
    actor = actor_of(request)
    require_reports(actor)
    found = report_of(report)
    chosen = log_of(found, log)
    is_part = bool(getattr(request, "htmx", False)) and request.GET.get("fragment") == "1"
    state = PageState.of(request.GET, workspace_id=workspace_id, report=found, log="" if is_part else chosen.key)
    now = timezone.now()
    try:
        cut = cut_of(found, chosen, state.cut)
        with open_reading(actor, state.asked, now=now) as reading:
            cut = within(cut, reading)
            context = {
                "report": found,
                "log": chosen,
                "is_part": is_part,
                "back_url": state.page_url(),
                "about": cut_words(found, cut, state.cut, reading),
                "all_rows_url": state.log_url(chosen.key) if cut is not None else "",
            }
            if not is_part:
                context |= page_context(reading, state, adding=request.GET.get("add", ""), now=now)
            context["export_url"] = export_url(found, reading, actor, dataset=chosen.dataset) if chosen.dataset else ""
    except (RangeNotValid, FilterNotValid) as refusal:
        if is_part:
            raise
        return refused(request, state, refusal)
    context |= _rows(chosen, state, actor, cut=cut, page=_page(request.GET.get("page", "")), is_part=is_part, now=now)
    return render(request, "reports/log.html" if is_part else "reports/log_page.html", context)


@require_safe
@opens_its_own_scopes
def report_log_csv(request: HttpRequest, workspace_id: int, report: str, log: str) -> HttpResponse:
    """Answer the log's latest 10,000 rows as CSV."""
    actor = actor_of(request)
    require_reports(actor)
    actor.require(Permission.DATA_EXPORT)  # rows that leave the product are an export, however they leave
    found = report_of(report)
    chosen = log_of(found, log)
    chosen = replace(chosen, columns=chosen.download or chosen.columns)
    state = PageState.of(request.GET, workspace_id=workspace_id, report=found)
    cut = cut_of(found, chosen, state.cut)
    with open_reading(actor, state.asked, now=timezone.now()) as reading:
        rows = log_rows(chosen, reading, cut=within(cut, reading)).rows if is_applicable(chosen, reading) else []
        table = log_table(chosen, rows, reading, keeps_codes=True)
        return csv_answer(table, reading.period, name=f"{found.key}-{chosen.key}")


def within(cut: Cut | None, reading: Reading) -> Cut | None:
    """Return the part that is looked into without its moments, where other days were chosen since."""
    if cut is None or cut.start is None or cut.end is None:
        return cut
    if cut.start < reading.period.end and cut.end > reading.period.start:
        return cut
    return replace(cut, start=None, end=None)


def _rows(
    log: Log, state: PageState, actor: Actor, *, cut: Cut | None, page: int, is_part: bool, now: datetime
) -> dict[str, Any]:
    """Return the rows of a page, read by themselves: where they take too long, the page says so and the rest of it stands."""
    try:
        with open_reading(actor, state.asked, now=now) as reading:
            return {
                **_rows_context(log, reading, state, cut=cut, page=page, is_part=is_part),
                "tabs": _tabs(state.report, reading, state, current=log) if cut is None else [],
            }
    except ReportTooSlow as refusal:
        again = state.log_url(log.key, {"fragment": "1"} if is_part else {}, keeps_cut=True)
        return {"unfit": (refusal.message, ""), "again_url": again}


def _page(text: str) -> int:
    return min(int(text), MOST_ROWS // ON_A_PAGE - 1) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _tabs(report: Report, reading: Reading, state: PageState, *, current: Log) -> list[dict[str, object]]:
    return [
        {
            "key": log.key,
            "label": str(log.title),
            "url": state.log_url(log.key),
            "part_url": state.log_url(log.key, {"fragment": "1"}),
            "current": log is current,
            "count": _count_words(log_count(log, reading)) if is_applicable(log, reading) else "",
        }
        for log in report.logs
    ]


def _count_words(count: int) -> str:
    return formats.number(count) if count <= MOST_ROWS else f"{formats.number(MOST_ROWS)}+"


def _rows_context(
    log: Log, reading: Reading, state: PageState, *, cut: Cut | None, page: int, is_part: bool
) -> dict[str, Any]:
    """Return the rows of a page with the ways to the others, or which filters do not fit."""
    if not is_applicable(log, reading):
        unfit = reading.not_applicable(log.fact)
        return {
            "unfit": words.not_applicable(filter_names(unfit)),
            "without_url": state.here_url(dict.fromkeys(name.value for name in unfit)),
        }
    first = page * ON_A_PAGE
    found = log_rows(log, reading, cut=cut, first=first, most=ON_A_PAGE)
    if not found.rows:
        empty = {"unfit": words.no_data(filter_names(reading.filters))}
        without = state.here_url(dict.fromkeys(name.value for name in reading.filters)) if reading.filters else ""
        return {**empty, "without_url": without}
    part = {"fragment": "1"} if is_part else {}
    shown_until = min(found.count, MOST_ROWS)
    has_older = first + len(found.rows) < shown_until
    return {
        "heads": [(str(column.title), column.cell in NUMERIC) for column in log.columns],
        "rows": shown_rows(log, found.rows, log_table(log, found.rows, reading), reading),
        "pager": _pager_words(first, found),
        "newer_url": state.log_url(log.key, {**part, "page": page - 1}, keeps_cut=True) if page else "",
        "older_url": state.log_url(log.key, {**part, "page": page + 1}, keeps_cut=True) if has_older else "",
        "csv_url": state.log_csv_url(log.key) if reading.actor.may(Permission.DATA_EXPORT) else "",
        "is_truncated": found.is_truncated,
    }


def _pager_words(first: int, found: Rows) -> str:
    ends = {"first": formats.number(first + 1), "last": formats.number(first + len(found.rows))}
    if found.is_truncated:
        return _("%(first)s–%(last)s of the latest %(most)s") % {**ends, "most": formats.number(MOST_ROWS)}
    return _("%(first)s–%(last)s of %(count)s") % {**ends, "count": formats.number(found.count)}


def shown_rows(
    log: Log, raw: Sequence[tuple[Any, ...]], table: Table, reading: Reading
) -> list[list[tuple[str, str, bool]]]:
    """Return each row's cells as words, the address that they lead to, if any, and whether they are numbers."""
    workspace_id = reading.actor.workspace_id
    contact = next((number for number, column in enumerate(log.columns) if column.cell is Cell.CONTACT), None)
    ids = (row[contact] for row in raw) if contact is not None else ()
    there = contacts_that_are_there(ids, workspace_id=workspace_id, using=reading.using)
    lines = []
    for values, named in zip(raw, table.rows, strict=True):
        line = []
        for column, value, shown in zip(log.columns, values, named, strict=True):
            url = ""
            if column.cell is Cell.CONTACT_NAME and contact is not None and values[contact] in there:
                url = reverse("contact", args=[workspace_id, values[contact]])
            elif column.cell is Cell.CONVERSATION and value:
                url = reverse("inbox_conversation", args=[workspace_id, value])
            line.append((words.cell_words(column.cell, shown), url, column.cell in NUMERIC))
        lines.append(line)
    return lines


def cut_words(report: Report, cut: Cut | None, given: Mapping[str, str], reading: Reading) -> str:
    """Return in words which rows are shown: behind which figure, of which stretch of time, of which class."""
    if cut is None:
        return ""
    zone = reading.period.zone
    told = [str(cut.metric.title)] if cut.metric is not None else []
    if cut.start is not None and cut.end is not None:
        start, end = cut.start.astimezone(zone), cut.end.astimezone(zone)
        whole_days = (start.hour, start.minute, end.hour, end.minute) == (0, 0, 0, 0)
        if whole_days:
            told.append(words.range_words(start.date(), end.date() - _DAY))
        else:
            told.append(f"{formats.day(start.date())}, {start:%H:%M}–{end:%H:%M}")
    if cut.weekday is not None:
        told.append(words.weekday(cut.weekday % 7))
    if cut.hour is not None:
        told.append(f"{words.hour(cut.hour)}–{words.hour((cut.hour + 1) % 24)}")
    if isinstance(report.blocks.get(given.get("spread", "")), Spread) and (cut.at_least or cut.below):
        told.append(words.class_words(cut.at_least, cut.below))
    if cut.part:
        told.append(_part_words(report, cut, reading))
    return " · ".join(told)


def _part_words(report: Report, cut: Cut, reading: Reading) -> str:
    """Return whose or what part of a breakdown is looked into."""
    dimensions = [block.dimension for block in report.blocks.values() if isinstance(block, Breakdown | Roster)]
    dimension = next((dimension for dimension in dimensions if dimension.key == cut.part), None)
    if dimension is None or cut.value is None:
        return str(dimension.empty) if dimension else cut.part
    is_id = dimension.naming not in {Naming.WORDS, Naming.TEXT} and cut.value.isascii() and cut.value.isdigit()
    value = int(cut.value) if is_id else cut.value
    names = names_of(dimension.naming, [value], workspace_id=reading.actor.workspace_id, using=reading.using)
    return f"{dimension.title}: {names.get(value, cut.value)}"
