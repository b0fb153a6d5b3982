"""Emptying the database after a test with real transactions: only the tables that hold something, in two short statements.

Django's own flush truncates every table and makes its permissions again, which takes longer than most tests do.
"""

import psycopg2
from django.test import TransactionTestCase
from psycopg2 import sql

# What migrations write, and nobody changes.
KEPT = ("django_migrations", "django_content_type", "auth_permission")
TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL (%s)"
)
LARGE = 1024 * 1024  # bytes of a table from which truncating it is quicker
# Without foreign keys and triggers: all that refers to a row goes with it. Whoever holds a row is a test's left-over thread.
OPTIONS = "-c session_replication_role=replica -c lock_timeout=20s"


class Emptier:
    """Empties one database as the superuser, whom no policy binds."""

    def __init__(self, superuser_dsn: str) -> None:
        self._dsn = superuser_dsn
        self._connection: psycopg2.extensions.connection | None = None
        self._question: sql.Composable = sql.SQL("")

    def empty(self) -> None:
        """Delete every row of every table but of those that are kept."""
        try:
            self._empty()
        except psycopg2.OperationalError:  # a test may have ended our line: once more, with a new one
            self.close()
            self._empty()

    def close(self) -> None:
        """Let go of the database."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _empty(self) -> None:
        connection = self._connection or self._connect()
        with connection.cursor() as cursor:
            cursor.execute(self._question)
            full = cursor.fetchall()
            if full:
                cursor.execute(sql.SQL(";").join(_emptying(table, size) for table, size in full))

    def _connect(self) -> psycopg2.extensions.connection:
        self._connection = connection = psycopg2.connect(self._dsn, options=OPTIONS)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(TABLES, (list(KEPT),))
            questions = [
                sql.SQL("SELECT {}, pg_relation_size({}) WHERE EXISTS (SELECT FROM {})").format(
                    sql.Literal(table), sql.Literal(f'public."{table}"'), sql.Identifier("public", table)
                )
                for (table,) in cursor.fetchall()
            ]
        self._question = sql.SQL(" UNION ALL ").join(questions)
        return connection


def _emptying(table: str, size: int) -> sql.Composable:
    statement = "TRUNCATE {} CASCADE" if size > LARGE else "DELETE FROM {}"
    return sql.SQL(statement).format(sql.Identifier("public", table))


def empty_quickly(superuser_dsn: str) -> Emptier:
    """Let every test with real transactions be followed by ours; give what must be closed at the end."""
    emptier = Emptier(superuser_dsn)

    def tear_down(case: TransactionTestCase) -> None:
        emptier.empty()

    TransactionTestCase._fixture_teardown = tear_down  # type: ignore[attr-defined]
    return emptier
