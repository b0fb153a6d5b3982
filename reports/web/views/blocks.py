"""One block of a report: a fragment of its page, and its table as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.access import block_of, open_reading, report_of, require_reports
from reports.engine.answers import State, answer
from reports.engine.happened import so_far
from reports.engine.tables import Table, table_of
from reports.web.files import csv_answer
from reports.web.state import PageState
from reports.web.tabling import Sort
from reports.web.views.pages import drawn_block
from workspaces.web.scoping import actor_of, opens_its_own_scopes


@require_safe
@opens_its_own_scopes
def report_block(request: HttpRequest, workspace_id: int, report: str, block: str) -> HttpResponse:
    """Show one block as a chart or, with `view=table`, as the table behind it."""
    actor = actor_of(request)
    require_reports(actor)
    found = report_of(report)
    chosen = block_of(found, block)
    state = PageState.of(request.GET, workspace_id=workspace_id, report=found)
    as_table = request.GET.get("view") == "table"
    if request.headers.get("Sec-Fetch-Dest") == "document":  # a tab of its own, or no scripts: the block in its page
        return redirect(state.page_url({"table": chosen.key} if as_table else None) + f"#block-{chosen.key}")
    drawn = drawn_block(
        actor,
        chosen,
        state,
        now=timezone.now(),
        as_table=as_table,
        sort=Sort(request.GET.get("sort", ""), is_rising=request.GET.get("rising") == "1"),
    )
    return render(request, "reports/block.html", {"drawn": drawn})


@require_safe
@opens_its_own_scopes
def report_block_csv(request: HttpRequest, workspace_id: int, report: str, block: str) -> HttpResponse:
    """Answer the block's table as CSV; a block that the filters do not apply to has no rows."""
    actor = actor_of(request)
    require_reports(actor)
    found = report_of(report)
    chosen = block_of(found, block)
    state = PageState.of(request.GET, workspace_id=workspace_id, report=found)
    now = timezone.now()
    with open_reading(actor, state.asked, now=now) as reading:
        shown = so_far(answer(chosen, reading), now=now)
        table = table_of(shown, reading) if shown.state is not State.NOT_APPLICABLE else Table((), [])
        return csv_answer(table, reading.period, name=f"{found.key}-{chosen.key}")
