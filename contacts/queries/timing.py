from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg2.errors import QueryCanceled

from contacts.errors import ListTooSlow

LONGEST_SECONDS = 5


@contextmanager
def in_reasonable_time(seconds: int = LONGEST_SECONDS) -> Iterator[None]:
    """Let no statement in here run longer; raise ListTooSlow, with the transaction still usable.

    Whoever builds a filter that no index helps should lose a moment, and not the workers that everybody shares.
    """
    try:
        with transaction.atomic():
            before = _limit(f"{seconds}s")
            yield
            _limit(before)
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise ListTooSlow(seconds=seconds) from None
        raise


def _limit(time: str) -> str:
    """Set the limit for the transaction and return the one before; a savepoint takes it back when something fails."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT before, set_config('statement_timeout', %s, true)"
            " FROM (SELECT current_setting('statement_timeout') AS before OFFSET 0) AS now",
            [time],
        )
        return str(cursor.fetchall()[0][0])
