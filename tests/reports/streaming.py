"""A primary with the product's tables and a replica that streams from it: two servers of their own, apart from the tests' one."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class with a small name

from config import database
from config.embedded.postgres import THROW_AWAY_DATA, Postgres, postgres_in
from config.embedded.programs import free_port, stop, wait_until_ready

NAME, PASSWORD = "streaming", "streaming"
SHARED = {
    **THROW_AWAY_DATA,
    "shared_buffers": "32MB",
    "synchronous_commit": "on",  # an acknowledged write is on its way to the replica
    "wal_level": "replica",
    "max_wal_senders": "4",
}
QUICK = {"wal_receiver_status_interval": "1s", "wal_retrieve_retry_interval": "100ms"}


class Server:
    """One server that can be stopped and started again, and asked as the superuser."""

    def __init__(self, folder: Path, *, port: int, **options: str) -> None:
        self.postgres: Postgres = postgres_in(folder, port=port, password=PASSWORD, options={**SHARED, **options})
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the product's database as the superuser."""
        return database.address(self.postgres.admin_url, database=NAME)

    def start(self) -> None:
        program = self.postgres.program
        self._process = program.start(output=subprocess.DEVNULL)
        wait_until_ready(self.postgres, self._process)

    def stop(self) -> None:
        if self._process:
            stop(self.postgres.program, self._process)
        self._process = None

    def ask(self, statement: str, *values: object) -> object:
        """Run one statement in a session of its own and return the first value of its answer."""
        with self.session() as cursor:
            cursor.execute(statement, values)
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    @contextmanager
    def session(self) -> Iterator[psycopg2.extensions.cursor]:
        line: Connection = psycopg2.connect(self.url, connect_timeout=5)
        line.autocommit = True
        try:
            yield line.cursor()
        finally:
            line.close()


class Pair:
    """The primary, and the replica that streams from it."""

    def __init__(self, folder: Path, *, tables_of: str) -> None:
        """tables_of: the superuser's address of the database whose tables the primary is given."""
        self.primary = Server(folder / "primary", port=free_port())
        self.primary.start()
        self.app_url, _ = database.prepare(
            admin_url=self.primary.postgres.admin_url, database=NAME, owner_password=PASSWORD, app_password=PASSWORD
        )
        binaries = self.primary.postgres.binaries
        dump = subprocess.run(
            [binaries / "pg_dump", "--no-sync", tables_of], check=True, capture_output=True, env=os.environ
        )
        subprocess.run(
            [binaries / "psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, self.primary.url],
            input=dump.stdout,
            check=True,
            env=os.environ,
        )
        self.replica = self._copied(folder / "replica")
        self.replica.start()

    @property
    def replica_url(self) -> str:
        """The replica's address as the app role."""
        return self.app_url.replace(f":{self.primary.postgres.port}/", f":{self.replica.postgres.port}/")

    def stop(self) -> None:
        """End both servers."""
        for server in (self.replica, self.primary):
            server.stop()

    def _copied(self, folder: Path) -> Server:
        account = self.primary.postgres.account
        privileges = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
        command = [
            *(self.primary.postgres.binaries / "pg_basebackup", "-d", self.primary.postgres.admin_url),
            *("-D", folder, "-R", "-X", "stream", "-c", "fast", "--no-sync", "--no-manifest"),
        ]
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, account.uid, account.gid)
        subprocess.run(command, check=True, cwd="/", env={"PATH": os.defpath, "LC_ALL": "C"}, **privileges)  # type: ignore[call-overload]
        return Server(folder, port=free_port(), hot_standby="on", **QUICK)
