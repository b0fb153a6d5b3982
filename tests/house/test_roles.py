"""What each database role may do, asked of PostgreSQL itself."""

from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import psycopg2.errors
import pytest
from django.db import connection

from config import database

NAME = "roles_of_a_stranger"


@pytest.fixture(scope="module")
def urls(superuser_dsn: str) -> Iterator[tuple[str, str]]:
    """Give the app's and the owner's address of a second database, prepared twice, as a repair would."""
    password = urlsplit(superuser_dsn).password or ""  # the test server's roles share it; other tests log in with it
    for _ in range(2):
        addresses = database.prepare(
            admin_url=superuser_dsn, database=NAME, owner_password=password, app_password=password
        )
    yield addresses
    run(superuser_dsn, f"DROP DATABASE {NAME} WITH (FORCE)")


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def test_no_role_that_logs_in_is_above_the_policies(urls: tuple[str, str]) -> None:
    roles = run(
        urls[0],
        "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
        " WHERE rolname LIKE 'tertulia%' ORDER BY rolname",
    )
    assert roles == [
        ("tertulia_app", True, False, False, False, False),
        ("tertulia_owner", True, False, False, False, False),
        ("tertulia_system", False, False, True, False, False),
    ]


def test_a_transaction_that_its_process_forgot_ends(urls: tuple[str, str]) -> None:
    app, owner = urls
    assert run(app, "SHOW idle_in_transaction_session_timeout") == [("1min",)]
    assert run(owner, "SHOW idle_in_transaction_session_timeout") == [("0",)]  # a migration may take its time


def test_the_app_owns_nothing_and_makes_nothing(urls: tuple[str, str]) -> None:
    app, owner = urls
    run(owner, "CREATE TABLE IF NOT EXISTS things (id int GENERATED ALWAYS AS IDENTITY, name text)")
    run(app, "INSERT INTO things (name) VALUES ('one')")
    run(app, "UPDATE things SET name = 'two'")
    assert run(app, "SELECT name FROM things") == [("two",)]
    run(app, "DELETE FROM things")
    for forbidden in (
        "CREATE TABLE mine (id int)",
        "ALTER TABLE things DISABLE ROW LEVEL SECURITY",
        "TRUNCATE things",
        "DROP TABLE things",
        "SET ROLE tertulia_system",
        "SET ROLE tertulia_owner",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            run(app, forbidden)


def test_the_owner_hands_functions_to_the_system_role_and_has_none_of_its_powers(urls: tuple[str, str]) -> None:
    app, owner = urls
    run(owner, "CREATE TABLE IF NOT EXISTS walled (id int)")
    run(owner, "INSERT INTO walled VALUES (1)")
    run(owner, "ALTER TABLE walled ENABLE ROW LEVEL SECURITY")
    run(owner, "ALTER TABLE walled FORCE ROW LEVEL SECURITY")
    assert run(owner, "SELECT * FROM walled") == []
    assert run(app, "SELECT * FROM walled") == []
    run(
        owner,
        "CREATE OR REPLACE FUNCTION count_all() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
        " SET search_path = public, pg_temp AS 'SELECT count(*) FROM walled'",
    )
    run(owner, "ALTER FUNCTION count_all() OWNER TO tertulia_system")
    assert run(app, "SELECT count_all()") == [(1,)]


def test_extensions_are_there(urls: tuple[str, str]) -> None:
    names = {row[0] for row in run(urls[0], "SELECT extname FROM pg_extension")}
    assert set(database.EXTENSIONS) <= names


def test_a_stranger_may_not_connect(urls: tuple[str, str], superuser_dsn: str) -> None:
    run(superuser_dsn, "DROP ROLE IF EXISTS stranger")
    run(superuser_dsn, "CREATE ROLE stranger LOGIN PASSWORD 'x'")
    with pytest.raises(psycopg2.OperationalError, match="permission denied"):
        run(database.address(urls[0], database=NAME, user="stranger", password="x"), "SELECT 1")
    run(superuser_dsn, "DROP ROLE stranger")


@pytest.mark.django_db
def test_the_tests_themselves_run_as_the_app() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('is_superuser')")
        assert cursor.fetchone() == ("tertulia_app", "off")
