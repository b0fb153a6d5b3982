"""The transaction in which a report reads: one snapshot, read-only, of one workspace, and no statement longer than allowed.

Reports never hold up the inbox: they take no locks that writers wait for, they use one core, and where the installation has
a replica that is not behind they read from it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2.errors
from django.conf import settings
from django.db import OperationalError, connections, transaction
from django.db.utils import InterfaceError

from reports.engine.replica import REPLICA, pass_over, readable
from reports.errors import ReportTooSlow

BEGIN = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
READ_ONLY = "SET TRANSACTION READ ONLY"
SETTINGS = """
SELECT set_config('tertulia.workspace_id', %s, true), set_config('statement_timeout', %s, true),
       set_config('work_mem', '64MB', true), set_config('max_parallel_workers_per_gather', '0', true),
       set_config('random_page_cost', '1.1', true)"""


@contextmanager
def report_scope(workspace_id: int) -> Iterator[str]:
    """Open the transaction and yield the name of its connection.

    Raises ReportTooSlow when a statement was stopped after REPORT_SECONDS, or when the replica went away or stopped it to
    go on itself: whoever asks again after `retry_after` reads from the primary.
    """
    using = readable()
    is_inside = connections[using].in_atomic_block  # of a test, whose rows are not committed
    try:
        with transaction.atomic(using=using, durable=True):
            with connections[using].cursor() as cursor:
                cursor.execute(READ_ONLY if is_inside else BEGIN)
                cursor.execute(SETTINGS, [str(workspace_id), str(int(settings.REPORT_SECONDS * 1000))])
            yield using
    except (OperationalError, InterfaceError) as error:
        if isinstance(error.__cause__, psycopg2.errors.QueryCanceled):
            raise ReportTooSlow(retry_after=60) from error
        if using == REPLICA:  # a conflict with what it has to replay, or its end
            pass_over(str(error).strip())
            raise ReportTooSlow(retry_after=1) from error
        raise
