"""Servers of a measurement's own, with the options of an installation, and the environment that Django reads."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from config import database
from config.embedded.postgres import KEPT_DATA, postgres_in
from config.embedded.programs import free_port, stop, wait_until_ready
from config.embedded.valkey import valkey_in

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE, NAME = "tertulia_template", "tertulia_bench"


@dataclass(frozen=True, slots=True)
class Bench:
    """Where things are; `superuser` reaches the database that is measured."""

    folder: Path
    admin_url: str
    app_url: str
    owner_url: str

    @property
    def superuser(self) -> str:
        return database.address(self.admin_url, database=NAME)

    def fresh(self, template: str = TEMPLATE, name: str = NAME) -> None:
        """Make the measured database anew, as a copy."""
        database.clone(admin_url=self.admin_url, template=template, database=name)

    def vacuum(self) -> None:
        """Leave the measured database as autovacuum keeps one, so that no turn meets it at work."""
        connection = psycopg2.connect(self.superuser)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        connection.close()

    def migrate(self, name: str) -> None:
        """Bring a database up to the code."""
        urls = {
            "DATABASE_URL": database.address(self.app_url, database=name),
            "DATABASE_OWNER_URL": database.address(self.owner_url, database=name),
        }
        words = ["migrate", "--database", "owner", "--verbosity", "0", "--skip-checks"]
        command = [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), *words]
        subprocess.run(command, env={**os.environ, **urls}, check=True, cwd=ROOT)


@contextmanager
def bench_server(kept: Path | None = None) -> Iterator[Bench]:
    """Run a PostgreSQL for the time of the block, its database migrated. Django is not set up yet; the caller does that.

    kept: a folder that stays afterwards and is taken again next time; a temporary one without it.
    """
    folder = kept or Path(tempfile.mkdtemp(prefix="tertulia-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    password = _password_in(folder)
    postgres = postgres_in(folder / "postgres", port=free_port(), password=password, options=KEPT_DATA)
    with (folder / "postgres.log").open("wb") as log:
        process = postgres.program.start(output=log)
    try:
        wait_until_ready(postgres, process)
        admin = postgres.admin_url
        app, owner = database.prepare(
            admin_url=admin, database=TEMPLATE, owner_password=password, app_password=password
        )
        os.environ.update(
            DJANGO_SETTINGS_MODULE="config.settings",
            SECRET_KEY="bench" * 10,
            BASE_URL="http://127.0.0.1",
            DATABASE_URL=database.address(app, database=NAME),
            REDIS_URL="redis://127.0.0.1:9/0",
            FILES_DIR=str(folder / "files"),
            MAIL_DIR=str(folder / "mail"),
        )
        bench = Bench(folder=folder, admin_url=admin, app_url=app, owner_url=owner)
        bench.migrate(TEMPLATE)
        yield bench
    finally:
        stop(postgres.program, process)
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def _password_in(folder: Path) -> str:
    """Return the password of the server in a folder; a new folder gets one."""
    secret = folder / "password.txt"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_hex(16), encoding="ascii")
    return secret.read_text(encoding="ascii")


@contextmanager
def bench_cache(bench: Bench) -> Iterator[str]:
    """Run a Valkey for the time of the block, and let Django know; yield its address."""
    valkey = valkey_in(bench.folder / "valkey", port=free_port(), password=secrets.token_hex(16), keep=False)
    with (bench.folder / "valkey.log").open("wb") as log:
        process = valkey.program.start(output=log)
    try:
        wait_until_ready(valkey, process)
        os.environ["REDIS_URL"] = valkey.url()
        yield valkey.url()
    finally:
        stop(valkey.program, process)
