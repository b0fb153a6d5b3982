"""A report's page: the bar of range and filters at once, every block by itself."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contacts.queries.listing import LONGEST_SEARCH, find_contacts
from reports.access import open_reading, report_of, require_reports
from reports.catalogue import REPORTS
from reports.engine.answers import answer
from reports.engine.blocks import Block, Report, Section
from reports.engine.filters import SPECS
from reports.engine.happened import so_far
from reports.engine.periods import today_in
from reports.engine.reading import Reading
from reports.engine.rows import is_applicable
from reports.errors import FilterNotValid, RangeNotValid, ReportTooSlow
from reports.web.drawing import Drawn, draw, kind_of, place_of
from reports.web.filterbar import filter_bar
from reports.web.state import PageState
from reports.web.tabling import UNSORTED, Sort
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.queries import LARGEST_ID
from workspaces.web.scoping import actor_of, opens_its_own_scopes

FOUND = 20


@require_safe
def reports(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Go to the first report."""
    require_reports(actor_of(request))
    return redirect("report", workspace_id, next(iter(REPORTS)))


@require_safe
@opens_its_own_scopes
def report_page(request: HttpRequest, workspace_id: int, report: str) -> HttpResponse:
    """Show a report; `whole` answers every block in the page itself, for printing and for browsers without scripts."""
    actor = actor_of(request)
    require_reports(actor)
    found = report_of(report)
    state = PageState.of(request.GET, workspace_id=workspace_id, report=found)
    now = timezone.now()
    try:
        with open_reading(actor, state.asked, now=now) as reading:
            context = page_context(reading, state, adding=request.GET.get("add", ""), now=now)
            log = next((log for log in found.logs if is_applicable(log, reading)), next(iter(found.logs), None))
    except (RangeNotValid, FilterNotValid) as refusal:
        return refused(request, state, refusal)
    is_whole = bool(request.GET.get("whole"))
    tables = frozenset(request.GET.getlist("table"))
    drawn = (
        {key: drawn_block(actor, block, state, now=now, as_table=key in tables) for key, block in found.blocks.items()}
        if is_whole
        else {}
    )
    context |= {
        "sections": [
            {"section": section, "groups": _groups(section, state, drawn, tables)} for section in found.sections
        ],
        "first_log_url": state.log_url(log.key) if log else "",
        "is_whole": is_whole,
        "whole_url": state.page_url({"whole": "1"}),
        "parts_url": state.page_url(),
    }
    return render(request, "reports/report.html", context)


def refused(request: HttpRequest, state: PageState, refusal: RangeNotValid | FilterNotValid) -> HttpResponse:
    """Say which value of the address is wrong and what would be right, with a way to the page without it."""
    field = refusal.field or ""
    labels = {"from": _("First day"), "to": _("Last day")} | {name.value: spec.title for name, spec in SPECS.items()}
    context = {
        "report": state.report,
        "field": labels.get(field, field),
        "message": refusal.message,
        "without_url": state.here_url(dict.fromkeys(("from", "to") if field in {"from", "to"} else (field,))),
    }
    return render(request, "reports/refused.html", context, status=refusal.status)


def drawn_block(
    actor: Actor, block: Block, state: PageState, *, now: datetime, as_table: bool = False, sort: Sort = UNSORTED
) -> Drawn:
    """Return a block ready to print, read by itself: one that takes too long says so and leaves the others alone."""
    try:
        with open_reading(actor, state.asked, now=now) as reading:
            return draw(so_far(answer(block, reading), now=now), reading, state, as_table=as_table, sort=sort)
    except ReportTooSlow as refusal:
        return Drawn(
            key=block.key,
            title=str(block.title) or str(state.report.title),
            kind=kind_of(block),
            shape=getattr(block, "shape", ""),
            state="too_slow",
            chart_url=state.block_url(block.key),
            unfit_text=refusal.message,
        )


def _groups(
    section: Section, state: PageState, drawn: Mapping[str, Drawn], tables: Collection[str]
) -> list[dict[str, object]]:
    """Return the blocks of a section in order; cards that follow each other share their lines, as do blocks of half the width."""
    groups: list[dict[str, object]] = []
    for place, blocks in groupby(section.blocks, key=place_of):
        items = [
            {
                "block": block,
                "kind": kind_of(block),
                "url": state.block_url(block.key, {"view": "table"} if block.key in tables else None),
                "drawn": drawn.get(block.key),
            }
            for block in blocks
        ]
        groups.append({"place": place, "items": items})
    return groups


def page_context(reading: Reading, state: PageState, *, adding: str, now: datetime) -> dict[str, object]:
    """Return what the head of a report's pages prints. Runs inside `report_scope`."""
    actor = reading.actor
    return {
        "report": state.report,
        "bar": filter_bar(reading, state, adding=adding, today=today_in(reading.period.zone, now=now)),
        "now": now,
        "export_url": export_url(state.report, reading, actor, dataset=""),
        "works_in_hours": reading.working is not None,
        "hours_set": reading.has_working_hours,
    }


def export_url(report: Report, reading: Reading, actor: Actor, *, dataset: str) -> str:
    """Return where all the rows behind a report can be asked for; nothing for those who may not export."""
    chosen = dataset or next((log.dataset for log in report.logs if log.dataset), "")
    if not chosen or not actor.may(Permission.DATA_EXPORT):
        return ""
    period = reading.period
    named = {
        "dataset": chosen,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "time_zone": period.zone.key,
        # The form takes those that the data set has.
        **{name.value: ",".join(map(str, values)) for name, values in reading.filters.items()},
    }
    return f"{reverse('exports', args=[actor.workspace_id])}?{urlencode(named)}"


@require_safe
def report_contacts(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Answer the options of a filter by contact: found by name, phone, e-mail or id."""
    del workspace_id
    actor = actor_of(request)
    require_reports(actor)
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    found = find_contacts(actor, query, most=FOUND) if query else []
    number = int(query) if query.isascii() and query.isdigit() and int(query) <= LARGEST_ID else None
    if number is not None:
        found = [*find_contacts(actor, f"#{number}", most=1), *(row for row in found if row.id != number)]
    # A contact that is gone is part of past figures: its id can be chosen without a name.
    gone = number if number is not None and all(row.id != number for row in found) else None
    return render(request, "reports/contact_options.html", {"found": found, "gone": gone})
