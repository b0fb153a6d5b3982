"""Gives the tests servers and databases of their own, before Django reads its settings.

Named in pyproject's `addopts`, because pytest-django reads the settings before any conftest.py. The first process starts
PostgreSQL and Valkey in a temporary folder; xdist's workers find their addresses in the environment.
"""

import json
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import pytest

from config import database
from config.embedded.postgres import THROW_AWAY_DATA, postgres_in
from config.embedded.programs import Program, free_port, identity_of, started_at, stop, wait_until_ready
from config.embedded.valkey import valkey_in
from config.env import VARIABLES

HANDED_DOWN = "TERTULIA_TEST_SERVERS"
TEMPLATE = "tertulia_template"
ROOT = Path(__file__).resolve().parent.parent


class Servers:
    """The two servers of one test run, in a folder that goes with them."""

    def __init__(self) -> None:
        _sweep()
        self.folder = Path(tempfile.mkdtemp(prefix="tertulia-test-"))
        self.folder.chmod(0o711)  # as root, PostgreSQL runs as another account and must get through
        mine = identity_of(os.getpid())
        (self.folder / "run-by").write_text(json.dumps([mine.pid, mine.started]), encoding="utf-8")
        self._running: list[tuple[Program, subprocess.Popen[bytes]]] = []
        self._migrating: subprocess.Popen[str] | None = None
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def migrate(self) -> None:
        """Begin to migrate the template; whoever needs it waits for it, and says why when it fails."""
        from tests import migrating  # noqa: PLC0415 - it imports us

        self._migrating = migrating.start(json.loads(os.environ[HANDED_DOWN]))

    def stop(self) -> None:
        """End both servers and remove the folder; a second call does nothing."""
        if self._migrating:
            self._migrating.kill()
            self._migrating.communicate()
        while self._running:
            stop(*self._running.pop())
        shutil.rmtree(self.folder, ignore_errors=True)
        os.environ.pop(HANDED_DOWN, None)

    def _start(self) -> None:
        password = secrets.token_hex(16)
        postgres = postgres_in(self.folder / "postgres", port=free_port(), password=password, options=THROW_AWAY_DATA)
        valkey = valkey_in(self.folder / "valkey", port=free_port(), password=password, keep=False)
        postgres_process, valkey_process = self._run(postgres.program), self._run(valkey.program)
        wait_until_ready(postgres, postgres_process)
        wait_until_ready(valkey, valkey_process)
        app_url, owner_url = database.prepare(
            admin_url=postgres.admin_url, database=TEMPLATE, owner_password=password, app_password=password
        )
        os.environ[HANDED_DOWN] = json.dumps(
            {
                "folder": str(self.folder),
                "admin_url": postgres.admin_url,
                "app_url": app_url,
                "owner_url": owner_url,
                "redis_url": valkey.url().removesuffix("/0"),
            }
        )

    def _run(self, program: Program) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{program.name}.log").open("wb") as log:
            process = program.start(output=log)
        self._running.append((program, process))
        return process


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run take its time: see `is_long` in tests/conftest.py."""
    parser.addoption(
        "--long", action="store_true", help="random walks in their full length, products with all their parts"
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Set the environment before pytest-django, whose own hook is not a wrapper and so comes later, loads the settings."""
    if HANDED_DOWN in os.environ:
        _set_environment(json.loads(os.environ[HANDED_DOWN]))
        return (yield)
    servers = Servers()
    early_config.add_cleanup(servers.stop)
    _set_environment(json.loads(os.environ[HANDED_DOWN]))
    if getattr(early_config.known_args_namespace, "numprocesses", None):
        servers.migrate()  # while the workers start and collect
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Register our fixtures after pytest-django's, so that they win."""
    # They import Django, whose settings are only now complete.
    from tests import browsers, databases, lighter, order  # noqa: PLC0415

    config.pluginmanager.register(databases, "tertulia-databases")
    config.pluginmanager.register(browsers, "tertulia-browsers")
    config.pluginmanager.register(lighter, "tertulia-lighter")
    config.pluginmanager.register(order, "tertulia-order")


def _set_environment(servers: dict[str, str]) -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    number = int(worker.removeprefix("gw")) + 1 if worker else 0
    name = f"tertulia_{worker or 'main'}"
    mine = Path(servers["folder"]) / name
    for variable in VARIABLES:
        os.environ.pop(variable.name, None)  # a developer's own settings must not steer the tests
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        SECRET_KEY="test-" * 10,
        BASE_URL="http://127.0.0.1",
        DATABASE_URL=database.address(servers["app_url"], database=name),
        DATABASE_OWNER_URL=database.address(servers["owner_url"], database=name),
        REDIS_URL=f"{servers['redis_url']}/{2 * number}",
        CACHE_URL=f"{servers['redis_url']}/{2 * number + 1}",
        FILES_DIR=str(mine / "files"),
        MAIL_DIR=str(mine / "mail"),
        REALTIME_URL="none",  # `tests.realtime` gives sockets to the tests that want them
    )


def _sweep() -> None:
    """Remove the folders of runs that were killed; their servers died with them."""
    for folder in Path(tempfile.gettempdir()).glob("tertulia-test-*"):
        with suppress(OSError, ValueError):
            pid, started = json.loads((folder / "run-by").read_text(encoding="utf-8"))
            if folder.stat().st_uid == os.geteuid() and started_at(pid) != started:
                shutil.rmtree(folder, ignore_errors=True)
