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
            _limit(f"{seconds}s")
            yield
            _limit("0")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise ListTooSlow(seconds=seconds) from None
        raise


def _limit(time: str) -> None:
    # For the transaction only; the savepoint takes it back when something fails.
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [time])
