import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection

from imports import files
from imports.actions.leases import PLANNING_LEASE, Lease, claimed
from imports.actions.plan_sql import plan_sql
from imports.actions.planning import Plan, make_plan
from imports.actions.products import errors_text, product_of
from imports.actions.staging import forget_staged, rules_of, stage_rows
from imports.actions.starting import SESSION
from imports.models import ContactImport, State
from workspaces.jobs import Clock
from workspaces.leases import LeaseLost
from workspaces.scope import workspace_scope

ERROR_TITLES = ("Error",)

ANALYZE_STAGED = "SELECT imports_analyze()"
ROWS_WITH_ERRORS = """
SELECT row_no, errors FROM imports_plannedrow WHERE import_id = %(import_id)s AND verdict = 'e' ORDER BY row_no"""


def validate_import(*, workspace_id: int, import_id: int, clock: Clock) -> None:
    """Check every row of an import's file and work out what it would do; afterwards the review is ready.

    Writes nothing but the plan. Done again from the start when a worker died.
    """
    with claimed(workspace_id=workspace_id, import_id=import_id, state=State.VALIDATING, clock=clock) as lease:
        if lease is None:
            return
        if lease.former is not None:
            files.forget(errors_key(lease, lease.former))
        with workspace_scope(workspace_id):
            lease.renew(at=clock(), progress_done=0, has_staged_rows=True)
            forget_staged(import_id)
            row = ContactImport.objects.in_workspace(workspace_id).get(pk=import_id)
        began = clock()
        fill_staging(row, lease, clock=clock)
        plan = _planned(row, lease, clock=clock)
        key = _keep_error_file(row, lease, plan, clock=clock)
        try:
            with workspace_scope(workspace_id):
                _show_review(lease, plan, key, began=began, at=clock())
        except LeaseLost:
            files.forget(key)
            raise
        files.forget(row.errors_key)  # of a review before this one


def fill_staging(row: ContactImport, lease: Lease, *, clock: Clock) -> None:
    """Read the file into the staging tables, a scope for each batch, and let the planner know what stands there."""
    with workspace_scope(row.workspace_id):
        rules = rules_of(row)

    def checkpoint(done: int, write: Any) -> None:
        with workspace_scope(row.workspace_id):
            at = clock()
            progress: dict[str, Any] = {}
            if lease.state is State.VALIDATING:
                progress = {"progress_done": done, "progress_at": at}
            lease.renew(at=at, **progress)
            write()

    stage_rows(row, rules, checkpoint)
    with connection.cursor() as cursor:
        cursor.execute(ANALYZE_STAGED)


def errors_key(lease: Lease, token: Any) -> str:
    """Return the key of the error file that the holder of a token makes."""
    return files.product_key(workspace_id=lease.workspace_id, import_id=lease.import_id, token=token, product="errors")


def _planned(row: ContactImport, lease: Lease, *, clock: Clock) -> Plan:
    with workspace_scope(row.workspace_id):
        lease.renew(at=clock(), lease=PLANNING_LEASE)
    with workspace_scope(row.workspace_id):
        plan = make_plan(row, plan_sql(row))
        lease.renew(at=clock())
    return plan


def _keep_error_file(row: ContactImport, lease: Lease, plan: Plan, *, clock: Clock) -> str:
    """Make the file of the rows with errors; return its key, empty when there are none."""
    if not plan.with_errors:
        return ""
    with workspace_scope(row.workspace_id), connection.cursor() as cursor:
        cursor.execute(ROWS_WITH_ERRORS, {"import_id": row.pk})
        errors: dict[int, str] = dict(cursor.fetchall())
    header = row.header

    def cells_of(number: int) -> tuple[str, ...] | None:
        found = errors.get(number)
        return None if found is None else (errors_text(json.loads(found), header),)

    def beat() -> None:
        with workspace_scope(row.workspace_id):
            lease.renew(at=clock())

    key = errors_key(lease, lease.token)
    with product_of(row, ERROR_TITLES, cells_of, beat) as product:
        files.keep(key, product)
    return key


def _show_review(lease: Lease, plan: Plan, key: str, *, began: datetime, at: datetime) -> None:
    lease.finish(
        state=State.REVIEW,
        attempt=0,
        error_code="",
        errors_key=key,
        stage_started_at=at,
        review_seconds=(at - began).total_seconds(),
        review_ready_at=at,
        review_expires_at=at + SESSION,
        **asdict(plan),
    )
