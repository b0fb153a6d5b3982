"""The product's Celery app for the fault run: smaller chunks, shorter leases, a sweep each second, and points to stop at.

Started as `celery --app tests.faults.quick worker`. All that differs from an installation is on this page.
"""

# ruff: noqa: E402 - leases are shortened before modules take them over
import logging
import os
from datetime import timedelta
from typing import Any

import django
from celery.schedules import schedule
from celery.signals import task_postrun

from config.celery import app

django.setup()

from tests.faults.pace import CHUNK_ROWS, ENDED, LEASE_SECONDS
from workspaces import jobs

rows = int(os.environ[CHUNK_ROWS])
jobs.LEASE = timedelta(seconds=LEASE_SECONDS)

from imports import files
from imports.actions import committing, leases, products, staging, validating
from tests.faults.points import note_claim, pass_point, stop_after, stop_before

committing.CHUNK_ROWS = staging.BATCH_ROWS = rows
products.ROWS_BETWEEN_BEATS = rows
validating.PLANNING_LEASE = committing.PLANNING_LEASE = timedelta(seconds=2 * LEASE_SECONDS)  # type: ignore[attr-defined]

app.conf.beat_schedule = {
    "imports.sweep": {
        "task": "imports.sweep",
        "schedule": schedule(timedelta(seconds=1)),
        "options": {"queue": "ingest", "expires": 5},
    }
}


@task_postrun.connect
def tell_end(sender: Any = None, **_facts: object) -> None:
    """Say in the worker's log that a task has ended, well or badly."""
    logging.getLogger(__name__).info("%s %s", ENDED, sender.name)


_claim = leases._claim
_stage_rows = staging.stage_rows
_product_of = products.product_of


def claim(workspace_id: int, import_id: int, state: Any, **named: Any) -> Any:
    """Note who got a lease."""
    lease = _claim(workspace_id, import_id, state, **named)
    if lease is not None:
        note_claim(f"{import_id} {state} {os.getpid()}")
    return lease


def stage_rows(row: Any, rules: Any, checkpoint: Any) -> None:
    """Stop behind a batch; batches count from 1."""

    def then_stop(done: int, write: Any) -> None:
        checkpoint(done, write)
        pass_point(f"staged-{-(-done // rows)}")

    _stage_rows(row, rules, then_stop)


leases._claim = claim
validating.stage_rows = stage_rows  # type: ignore[attr-defined]
stop_before(validating, "fill_staging", "validating")
stop_after(validating, "make_plan", "planned")  # its transaction is open
stop_after(validating, "_keep_error_file", "errors-kept")
stop_after(committing, "write_chunk", lambda given: f"chunk-{-(-given['first_row'] // rows)}")  # likewise open
stop_after(committing, "analyze_contacts", "between-chunks")
stop_before(committing, "make_plan", "planning-again")
stop_before(committing, "keep_result", "before-result")
stop_before(files, "keep", "publishing")  # the file is written, and not yet under its name
stop_before(os, "fsync", "half-published")  # its bytes lie under a temporary name
stop_after(committing, "keep_result", "result-kept")
stop_after(committing, "_complete", "completing")  # its transaction is open
stop_after(committing, "forget_staged", "forgotten")
