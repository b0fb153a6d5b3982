"""Bells: the row says what is due, a bell only hurries a worker. A silent broker is shrugged off; the sweep hears it."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from celery import current_app
from django.db import connection, transaction

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 3
RING_AGAIN_AFTER = timedelta(seconds=10)
QUIET_AFTER_FAILURE_SECONDS = 5.0


class Job(StrEnum):
    """Every job by name; its worker is a task of the same name."""

    VALIDATE_IMPORT = "imports.validate"
    COMMIT_IMPORT = "imports.commit"
    UNDO_IMPORT = "imports.undo"
    RUN_EXPORT = "exports.run"
    SEND_EXPORT = "exports.send"
    MAIL_NOTIFICATION = "workspaces.mail"
    TAKE_IN = "inbox.take_in"
    DELIVER_MESSAGE = "inbox.deliver"
    FETCH_ATTACHMENT = "inbox.fetch"
    DELIVER_HOOK = "workspaces.deliver_hook"


class OpenTransaction(RuntimeError):
    """Something outside was about to be reached while a transaction was open."""


_silent_until = 0.0


def wake(job: Job, *, workspace_id: int, after: timedelta = timedelta(0), **ids: int) -> None:
    """Ring for a job once the open transaction has committed; `after` some seconds at most, as the sweep knows of later ones."""
    transaction.on_commit(lambda: ring(job, workspace_id=workspace_id, after=after, **ids), robust=True)


def ring(job: Job, *, workspace_id: int, after: timedelta = timedelta(0), **ids: int) -> None:
    """Ring now. A broker that does not answer is logged, then left alone for some seconds: the sweep rings again."""
    global _silent_until  # noqa: PLW0603 - one memory per process of a broker that is down
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task(
            job.value,
            kwargs={"workspace_id": workspace_id, **ids},
            countdown=after.total_seconds() or None,
            ignore_result=True,
            retry=False,
        )
    except Exception:  # noqa: BLE001 - kombu raises many kinds; the row is safe, and the sweep delivers
        _silent_until = time.monotonic() + QUIET_AFTER_FAILURE_SECONDS
        logger.warning("bell not heard: job=%s workspace=%s", job.value, workspace_id)


def assert_no_open_transaction() -> None:
    """Raise when a transaction is open: networks, files and mail are reached outside of one."""
    blocks = connection.atomic_blocks
    if any(not getattr(block, "_from_testcase", False) for block in blocks):  # a test's own frame is no scope
        raise OpenTransaction
