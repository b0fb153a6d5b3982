"""A primary with the product's tables and a replica that streams from it: two servers of their own, apart from the tests' one."""

import os
import runpy
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - a class with a small name

from config import database
from config.embedded.postgres import THROW_AWAY_DATA, Postgres, postgres_in
from config.embedded.programs import free_port, stop, wait_until_ready
from reports.engine.replica import REPLICA
from tests.plugin import ROOT

NAME, PASSWORD = "streaming", "streaming"
OPTIONS = {
    **THROW_AWAY_DATA,
    "shared_buffers": "32MB",
    "synchronous_commit": "on",  # what is acknowledged is on its way to the replica
    "wal_level": "replica",
    "max_wal_senders": "4",
    "wal_retrieve_retry_interval": "100ms",
}


class Server:
    """One server that can be stopped and started again, and asked as the superuser."""

    def __init__(self, folder: Path) -> None:
        self.postgres: Postgres = postgres_in(folder, port=free_port(), password=PASSWORD, options=OPTIONS)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the product's database as the superuser."""
        return database.address(self.postgres.admin_url, database=NAME)

    def start(self) -> None:
        self._process = self.postgres.program.start(output=subprocess.DEVNULL)
        wait_until_ready(self.postgres, self._process)

    def stop(self) -> None:
        """End it, and every connection to it; a second call does nothing."""
        if self._process:
            stop(self.postgres.program, self._process)
        self._process = None

    def ask(self, statement: str, *values: object) -> Any:
        """Run one statement in a session of its own and return the first value of its answer."""
        with self._session() as cursor:
            cursor.execute(statement, values)
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    def set(self, name: str, value: str) -> None:
        """Change a setting of the running server."""
        self.ask(f"ALTER SYSTEM SET {name} = %s", value)
        self.ask("SELECT pg_reload_conf()")

    @contextmanager
    def _session(self) -> Iterator[Cursor]:
        line = psycopg2.connect(self.url, connect_timeout=5)
        line.autocommit = True
        try:
            yield line.cursor()
        finally:
            line.close()


class Pair:
    """The primary, and the replica that streams from it."""

    def __init__(self, folder: Path, *, tables_of: str) -> None:
        """tables_of: the superuser's address of the database whose tables the primary is given."""
        self._folder = folder
        self.primary = Server(folder / "primary")
        self.primary.start()
        self._admin_url = self.primary.postgres.admin_url
        self.app_url, _ = database.prepare(
            admin_url=self._admin_url, database=NAME, owner_password=PASSWORD, app_password=PASSWORD
        )
        binaries = self.primary.postgres.binaries
        tables = subprocess.run([str(binaries / "pg_dump"), tables_of], check=True, capture_output=True).stdout
        filling = [
            str(binaries / "psql"),
            "-X",
            "-q",
            "-1",
            "-v",
            "ON_ERROR_STOP=1",
            "-o",
            os.devnull,
            self.primary.url,
        ]
        subprocess.run(filling, check=True, input=tables)
        self.replica = self._copy()

    def stop(self) -> None:
        """End both servers and remove their data."""
        self.replica.stop()
        self.primary.stop()
        shutil.rmtree(self._folder)

    def replace_replica(self) -> None:
        """Give the primary a new replica in place of the one that it had."""
        self.replica.stop()
        shutil.rmtree(self._folder / "replica")
        self.replica = self._copy()

    def catch_up(self) -> None:
        """Wait until all that is written now is on the replica."""
        self.wait_for(
            "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", self.primary.ask("SELECT pg_current_wal_lsn()::text")
        )

    def wait_for(self, question: str, *values: object) -> None:
        """Wait until the replica says yes."""
        until = time.monotonic() + 10
        while not self.replica.ask(question, *values):
            assert time.monotonic() < until, question
            time.sleep(0.02)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Keep the replica where it is, while all that is written still reaches it."""
        self.replica.ask("SELECT pg_wal_replay_pause()")
        self.wait_for("SELECT pg_get_wal_replay_pause_state() = 'paused'")
        try:
            yield
        finally:
            self.replica.ask("SELECT pg_wal_replay_resume()")

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """Let nothing reach the replica."""
        source = self.replica.ask("SHOW primary_conninfo")
        self.replica.set("primary_conninfo", "")
        self.wait_for("SELECT NOT EXISTS (SELECT FROM pg_stat_wal_receiver)")
        try:
            yield
        finally:
            self.replica.set("primary_conninfo", source)

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Let the replica stop at once whatever holds it up, and prepare a row for `conflict`."""
        self.primary.ask("INSERT INTO workspaces_organization (name, created_at) VALUES ('Gone', now())")
        self.catch_up()
        self.replica.set("max_standby_streaming_delay", "0")
        try:
            yield
        finally:
            self.replica.set("max_standby_streaming_delay", "30s")

    def conflict(self) -> None:
        """Remove a row on the primary that a snapshot on the replica still sees."""
        self.primary.ask("DELETE FROM workspaces_organization WHERE name = 'Gone'")
        self.primary.ask("VACUUM workspaces_organization")

    def _copy(self) -> Server:
        folder = self._folder / "replica"
        account = self.primary.postgres.account
        privileges = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, account.uid, account.gid)
        subprocess.run(  # type: ignore[call-overload]
            [
                *(self.primary.postgres.binaries / "pg_basebackup", "-d", self._admin_url, "-D", folder),
                *("-R", "-X", "stream", "-c", "fast", "--no-sync", "--no-manifest"),
            ],
            check=True,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            **privileges,
        )
        replica = Server(folder)
        replica.start()
        return replica


@contextmanager
def connected(pair: Pair) -> Iterator[None]:
    """Let Django write to the primary and know the replica, with the connections that the product's settings make."""
    kept = connections.settings[DEFAULT_DB_ALIAS]
    _connect(DEFAULT_DB_ALIAS, made_of("DATABASE_URL", pair.app_url, DEFAULT_DB_ALIAS))
    connect_replica(pair.app_url, port=pair.replica.postgres.port)
    try:
        yield
    finally:
        _connect(DEFAULT_DB_ALIAS, kept)
        _disconnect(REPLICA)
        del connections.settings[REPLICA]


def connect_replica(url: str, *, port: int) -> None:
    """Let Django know a replica by an address, at a port of 127.0.0.1."""
    server, _, name = url.rpartition("/")
    url = f"{server.rpartition(':')[0]}:{port}/{name}"
    _connect(REPLICA, made_of("DATABASE_REPLICA_URL", url, REPLICA))


def made_of(variable: str, url: str, alias: str) -> dict[str, Any]:
    """Return what the product's settings make of an address."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(variable, url)
        made: dict[str, dict[str, Any]] = runpy.run_path(str(ROOT / "config" / "settings.py"))["DATABASES"]
    configured: dict[str, dict[str, Any]] = connections.configure_settings({DEFAULT_DB_ALIAS: {}, alias: made[alias]})
    return configured[alias]


def _connect(alias: str, settings: dict[str, Any]) -> None:
    _disconnect(alias)
    connections.settings[alias] = settings


def _disconnect(alias: str) -> None:
    if alias in connections:
        connections[alias].close()
        del connections[alias]
