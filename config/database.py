"""The three database roles and what each may do; the only statements that need a database administrator.

owner: migrates, owns every table. app: what Django runs as; owns nothing, and row-level security binds it. system: nobody
logs in as it; it owns the few SECURITY DEFINER functions that must see rows of every workspace.
"""

import os
import secrets
import sys
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class with a small name

OWNER, APP, SYSTEM = "tertulia_owner", "tertulia_app", "tertulia_system"
IDLE_IN_TRANSACTION = "60s"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin")

ROLES = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tertulia_system') THEN
        CREATE ROLE tertulia_system NOLOGIN BYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tertulia_owner') THEN
        CREATE ROLE tertulia_owner LOGIN NOINHERIT;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tertulia_app') THEN
        CREATE ROLE tertulia_app LOGIN;
    END IF;
    -- The owner hands functions over to the system role; that needs SET ROLE and nothing more.
    IF current_setting('server_version_num')::int >= 160000 THEN
        EXECUTE 'GRANT tertulia_system TO tertulia_owner WITH INHERIT FALSE, SET TRUE';
        EXECUTE format('GRANT tertulia_owner TO %I WITH SET TRUE', current_user);
    ELSE
        GRANT tertulia_system TO tertulia_owner;
        EXECUTE format('GRANT tertulia_owner TO %I', current_user);
    END IF;
END $$;
"""

# Run in the database itself. Default privileges cover the tables that migrations make later, the others those of earlier.
GRANTS = """
ALTER SCHEMA public OWNER TO tertulia_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO tertulia_app;
GRANT USAGE, CREATE ON SCHEMA public TO tertulia_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO tertulia_app, tertulia_system;
GRANT SELECT, USAGE ON ALL SEQUENCES IN SCHEMA public TO tertulia_app, tertulia_system;
ALTER DEFAULT PRIVILEGES FOR ROLE tertulia_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tertulia_app, tertulia_system;
ALTER DEFAULT PRIVILEGES FOR ROLE tertulia_owner IN SCHEMA public
    GRANT SELECT, USAGE ON SEQUENCES TO tertulia_app, tertulia_system;
"""


def prepare(*, admin_url: str, database: str, owner_password: str, app_password: str) -> tuple[str, str]:
    """Make roles, database, extensions and grants, or put them right; return the app's and the owner's address.

    admin_url: a superuser, or an account with CREATEROLE, CREATEDB and BYPASSRLS that may create the extensions.
    """
    with _connected(_elsewhere(admin_url)) as admin:
        _run(admin, ROLES)
        for role, password in ((OWNER, owner_password), (APP, app_password)):
            _run(admin, sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))
        name = sql.Identifier(database)
        if not _exists(admin, "SELECT FROM pg_database WHERE datname = %s", database):
            _run(
                admin,
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    name, sql.Identifier(OWNER)
                ),
            )
        _run(admin, sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, sql.Identifier(OWNER)))
        _run(admin, sql.SQL("ALTER DATABASE {} SET jit = off").format(name))
        # A process that is frozen amid a transaction holds its locks; after this the server takes them from it.
        _run(
            admin,
            sql.SQL("ALTER ROLE {} IN DATABASE {} SET idle_in_transaction_session_timeout = {}").format(
                sql.Identifier(APP), name, sql.Literal(IDLE_IN_TRANSACTION)
            ),
        )
        _run(admin, sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
        _run(admin, sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(name, sql.Identifier(APP)))
    with _connected(address(admin_url, database=database)) as admin:
        for extension in EXTENSIONS:
            _run(admin, sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public").format(sql.Identifier(extension)))
        _run(admin, GRANTS)
    return (
        address(admin_url, database=database, user=APP, password=app_password),
        address(admin_url, database=database, user=OWNER, password=owner_password),
    )


def clone(*, admin_url: str, template: str, database: str) -> None:
    """Make a database as a copy of another, which nobody may use meanwhile."""
    with _connected(_elsewhere(admin_url)) as admin:
        names = {
            "database": sql.Identifier(database),
            "template": sql.Identifier(template),
            "owner": sql.Identifier(OWNER),
        }
        _run(admin, sql.SQL("DROP DATABASE IF EXISTS {database} WITH (FORCE)").format(**names))
        _run(
            admin,
            sql.SQL("CREATE DATABASE {database} TEMPLATE {template} OWNER {owner} STRATEGY FILE_COPY").format(**names),
        )


def address(url: str, *, database: str, user: str | None = None, password: str | None = None) -> str:
    """Return a postgres:// address with another database, and another account where one is given."""
    parts = urlsplit(url)
    account, _, host = parts.netloc.rpartition("@")
    if user is not None:
        account = f"{quote(user, safe='')}:{quote(password or '', safe='')}"
    return urlunsplit(
        (parts.scheme, f"{account}@{host}" if account else host, f"/{quote(database, safe='')}", parts.query, "")
    )


def database_of(url: str) -> str:
    """Return the name of the database that an address names."""
    return unquote(urlsplit(url).path[1:])


class _connected:  # noqa: N801 - reads as a with statement
    """A connection without a transaction, as CREATE DATABASE asks, closed at the end."""

    def __init__(self, url: str) -> None:
        self._connection: Connection = psycopg2.connect(url, connect_timeout=10)
        self._connection.autocommit = True

    def __enter__(self) -> Connection:
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def _elsewhere(admin_url: str) -> str:
    """Return the administrator's address of the database that every server has: the named one may not exist yet."""
    return address(admin_url, database="postgres")


def _run(connection: Connection, statement: str | sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _exists(connection: Connection, question: str, *values: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone() is not None


def main(admin_url: str) -> None:
    """Prepare the database that an administrator's address names, and print the addresses to set."""
    name = database_of(admin_url)
    if not name:
        raise SystemExit("The address names no database: write it as postgres://admin:password@host:5432/tertulia")
    kept = [urlsplit(os.environ.get(variable, "")).password for variable in ("DATABASE_URL", "DATABASE_OWNER_URL")]
    app_password, owner_password = (unquote(password) if password else secrets.token_urlsafe(24) for password in kept)
    try:
        app_url, owner_url = prepare(
            admin_url=admin_url, database=name, owner_password=owner_password, app_password=app_password
        )
    except psycopg2.Error as error:
        raise SystemExit(f"The database could not be prepared: {str(error).strip()}") from None
    if all(kept):
        return  # whoever set the addresses knows them
    print(f"DATABASE_URL={app_url}\nDATABASE_OWNER_URL={owner_url}")  # noqa: T201 - that is what it is for


if __name__ == "__main__":
    main(sys.argv[1])
