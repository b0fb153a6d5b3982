"""Whether reports may read from the replica now: it answers, it is a copy of our database, walls hold there, and it is not behind.

How far behind is never asked of the replica alone: one that has lost its primary knows of nothing that it lacks.
"""

import logging
import time

import django.db
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

REPLICA = "replica"
PASSED_OVER_SECONDS = 5.0  # in this process; a server that is away costs its connect timeout this often and no more
# A replica that has a commit of long ago and not all that is written: the primary may have been idle until just now, or
# writes something long that is not committed yet. Whoever keeps up gets there within these looks.
LOOKS, PAUSE_SECONDS = 4, 0.025

PRIMARY = (
    "SELECT pg_current_wal_flush_lsn()::text, clock_timestamp(), (SELECT system_identifier FROM pg_control_system())"
)
# The moments of both commits and question are the primary's clock.
STANDING = """
SELECT pg_is_in_recovery(),
       (SELECT system_identifier FROM pg_control_system()) = %(system)s,
       (SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = current_user),
       coalesce(pg_last_wal_replay_lsn() >= %(position)s::pg_lsn, false)
           OR coalesce(pg_last_xact_replay_timestamp() >= %(now)s - %(lag)s * interval '1 second', false)"""

logger = logging.getLogger(__name__)
_passed_over_until = 0.0  # of time.monotonic(); 0 while nothing speaks against the replica


def readable() -> str:
    """Return the connection to read from: the replica's, or default where there is none that is fit.

    Inside a transaction of default it is default: what was written there stands nowhere else.
    """
    global _passed_over_until  # noqa: PLW0603 - what this process knows of the one replica
    now = time.monotonic()
    if REPLICA not in connections or connections[DEFAULT_DB_ALIAS].in_atomic_block or now < _passed_over_until:
        return DEFAULT_DB_ALIAS
    if _passed_over_until:  # one thread looks whether it is back, and the others do not wait for that
        _passed_over_until = now + PASSED_OVER_SECONDS
    try:
        fault = _fault()
    except django.db.Error as error:
        fault = str(error).strip()
    if fault:
        pass_over(fault)
        return DEFAULT_DB_ALIAS
    if _passed_over_until:
        logger.info("reports read from the replica again")
        _passed_over_until = 0.0
    return REPLICA


def pass_over(fault: str) -> None:
    """Let this process's reports read from default for a few seconds."""
    global _passed_over_until  # noqa: PLW0603 - as above
    connections[REPLICA].close()
    if not _passed_over_until:
        logger.warning("reports do not read from the replica: %s", fault)
    _passed_over_until = time.monotonic() + PASSED_OVER_SECONDS


def _fault() -> str:
    """Return what speaks against the replica now, or nothing. Both questions are statements outside any transaction."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(PRIMARY)
        position, now, system = cursor.fetchone()
    known = {"position": position, "now": now, "system": system, "lag": settings.REPLICA_LAG_SECONDS}
    for look in range(LOOKS):
        time.sleep(PAUSE_SECONDS if look else 0)
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(STANDING, known)
            is_replica, is_ours, is_walled, is_fresh = cursor.fetchone()
        if not is_replica:
            return "it is no replica any more"
        if not is_ours:
            return "it copies another server than that of DATABASE_URL"
        if not is_walled:
            return "its role could see past the tenant walls; use the app role"
        if is_fresh:
            return ""
    return f"it is more than {settings.REPLICA_LAG_SECONDS} s behind"
