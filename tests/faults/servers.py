"""The servers and processes of one fault run, each in a process group of its own, all on 127.0.0.1 and all gone at its end."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

import psycopg2
import redis

from config import database
from config.embedded.postgres import KEPT_DATA, postgres_in
from config.embedded.programs import Program, Server, finish_off, free_port, identity_of, stop, wait_until_ready
from config.embedded.valkey import valkey_in
from tests.faults.pace import LEASE_SECONDS
from tests.faults.points import CLAIMS, FOLDER, reached_file

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = "tertulia_faults"
PATIENCE = 60.0  # seconds until something that should have happened has not


class NeverHappened(Exception):
    """What a case waits for did not come; the text says what."""


@dataclass(slots=True)
class Running:
    """A program with its process; `start` begins anew after it was ended."""

    program: Program
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    begins_at: int = 0  # the place in its log where the words of this process begin

    @property
    def is_running(self) -> bool:
        """Whether its process, as far as we know, lives."""
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        """The leader of its group."""
        if self.process is None:
            raise NeverHappened(f"{self.program.name} does not run")
        return self.process.pid

    def start(self) -> None:
        """Start it; its words go behind those of the ones before it."""
        with self.log.open("ab") as out:
            self.begins_at = out.tell()
            self.process = self.program.start(output=out)

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the process and its children."""
        identity_of(self.pid).signal_group(number)

    def kill(self) -> None:
        """End the whole group as a power cut would, and wait until it is gone."""
        process = self.process
        if process is not None:
            group = identity_of(process.pid)
            group.signal_group(signal.SIGKILL)
            process.wait()
            wait_for(lambda: not group.has_group(), f"the end of {self.program.name}")
            self.process = None

    def stop(self) -> None:
        """End it as a supervisor does: its signal, its grace, then by force."""
        if self.process is not None:
            stop(self.program, self.process)
            finish_off([identity_of(self.process.pid)])
            self.process = None

    def children(self) -> list[int]:
        """Return the processes that it forked: a worker's pool."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in listed.split()]

    def said(self, words: str) -> int:
        """Count what it said of these words since it was started."""
        with self.log.open("rb") as log:
            log.seek(self.begins_at)
            return log.read().count(words.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """What one kind of fault run needs: its start scripts, the threads of its web server, and words to its processes."""

    app: str = "tests.faults.quick"
    web: str = "tests.faults.web:application"
    web_threads: int = 2
    environment: Mapping[str, str] = field(default_factory=dict)


class House:
    """Everything that a fault run has running."""

    def __init__(self, furniture: Furniture) -> None:
        self._furniture = furniture
        self.folder = Path(tempfile.mkdtemp(prefix="tertulia-faults-"))
        self.folder.chmod(0o711)  # as root, PostgreSQL runs as another account and must get through
        self.points = self.folder / "points"
        self.files = self.folder / "files"
        for folder in (self.points, self.files):
            folder.mkdir()
        password = secrets.token_hex(16)
        # The options of an installation: a crash of the server must lose nothing that was committed.
        self._postgres = postgres_in(self.folder / "postgres", port=free_port(), password=password, options=KEPT_DATA)
        self._valkey = valkey_in(self.folder / "valkey", port=free_port(), password=password, keep=False)
        self.postgres = self._running(self._postgres.program)
        self.valkey = self._running(self._valkey.program)
        try:
            self.start_server(self.postgres, self._postgres)
            self.start_server(self.valkey, self._valkey)
            self._prepare(password)
        except BaseException:
            self.close()
            raise
        self.port = free_port()
        self.workers = [self._running(self._worker(name)) for name in ("first", "second")]
        self.beat, self.second_beat = (self._running(self._beat(name)) for name in ("beat", "second-beat"))
        self.web = self._running(
            self._program("web", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
                          "--no-ws", "--workers", "1", "--blocking-threads", str(furniture.web_threads), furniture.web)
        )  # fmt: skip

    @property
    def superuser(self) -> str:
        """The address at which no wall stands, to compare what is in the database."""
        return database.address(self._postgres.admin_url, database=NAME)

    def close(self) -> None:
        """End what runs and remove every file."""
        for name in ("web", "beat", "second_beat"):
            running = getattr(self, name, None)
            if running is not None:
                running.kill()
        for worker in getattr(self, "workers", []):
            worker.kill()
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_server(self, running: Running, server: "Server | None" = None) -> None:
        """Start PostgreSQL or Valkey and return when it answers."""
        server = server or (self._postgres if running is self.postgres else self._valkey)
        running.start()
        if running.process is not None:
            wait_until_ready(server, running.process)

    def shorten_idle_transactions(self, seconds: int = LEASE_SECONDS) -> None:
        """Let the server end the transaction of a process that stopped amid it after a lease, as all else is quicker here."""
        connection = psycopg2.connect(self.superuser)
        with connection, connection.cursor() as cursor:
            name = "idle_in_transaction_session_timeout"
            cursor.execute(f"ALTER ROLE tertulia_app IN DATABASE {NAME} SET {name} = '{seconds}s'")
        connection.close()

    def last_words(self) -> list[str]:
        """Return the ends of the workers' logs."""
        said = []
        for worker in self.workers:
            if worker.log.exists():
                lines = worker.log.read_text(encoding="utf-8", errors="replace").splitlines()
                said += [f"{worker.program.name}: {line}" for line in lines[-12:]]
        return said

    def crash_postgres(self) -> None:
        """End PostgreSQL at once, without a checkpoint, and start it: it recovers from its log."""
        self.restart_postgres(signal.SIGQUIT)  # immediate shutdown: every backend ends where it stands

    def restart_postgres(self, number: signal.Signals = signal.SIGINT) -> None:
        """End PostgreSQL, and start it; SIGINT is its fast shutdown, which ends every connection first."""
        if self.postgres.process is not None:
            self.postgres.process.send_signal(number)
            self.postgres.process.wait()
        self.start_server(self.postgres)

    def flush_valkey(self) -> None:
        """Forget every bell."""
        redis.Redis.from_url(self._valkey.url()).flushall()

    def bells(self, queue: str) -> int:
        """Count the bells that wait in a queue."""
        return int(redis.Redis.from_url(self._valkey.url()).llen(queue))  # type: ignore[arg-type]

    def serve(self) -> str:
        """Start the web server if it does not run; return its address when it answers."""
        address = f"http://127.0.0.1:{self.port}"
        if not self.web.is_running:
            self.web.start()

        def answers() -> bool:
            try:
                with urllib.request.urlopen(f"{address}/health/live", timeout=5) as reply:
                    return bool(reply.status == 200)
            except (URLError, OSError):
                return False

        wait_for(answers, "the web server")
        return address

    def arm(self, point: str) -> None:
        """Ask the next process that comes to the point to stop there."""
        (self.points / point).touch()

    def is_reached(self, point: str) -> bool:
        """Whether a process waits at the point."""
        return reached_file(self.points, point).exists()

    def await_point(self, point: str) -> None:
        """Return when a process waits at the point."""
        wait_for(lambda: self.is_reached(point), f"a process at the point {point!r}")

    def let_go(self, point: str) -> None:
        """Let the process that waits at the point go on."""
        reached_file(self.points, point).unlink(missing_ok=True)

    def disarm(self) -> None:
        """Take back every point that nobody came to, and let everybody go."""
        for entry in self.points.iterdir():
            if entry.name != CLAIMS:
                entry.unlink(missing_ok=True)

    def claims(self, import_id: int) -> list[str]:
        """Return the states in which workers got the import's lease, one entry each time."""
        claims = self.points / CLAIMS
        lines = claims.read_text(encoding="ascii").splitlines() if claims.exists() else []
        return [line.split()[1] for line in lines if line.split()[0] == str(import_id)]

    def _running(self, program: Program) -> Running:
        return Running(program=program, log=self.folder / f"{program.name}.log")

    def _beat(self, name: str) -> Program:
        return self._program(
            name, "celery", "--quiet", "--app", self._furniture.app, "beat", "--loglevel", "INFO",
            "--scheduler", "celery.beat:Scheduler", "--pidfile", "",
        )  # fmt: skip

    def _worker(self, name: str) -> Program:
        return self._program(
            f"{name}-worker", "celery", "--quiet", "--app", self._furniture.app, "worker", "--queues", "bulk,ingest",
            "--hostname", f"{name}@localhost", "--concurrency", "1", "--without-gossip", "--without-mingle",
            "--without-heartbeat", "--loglevel", "INFO",
        )  # fmt: skip

    def _program(self, name: str, tool: str, *arguments: str) -> Program:
        unsaid = "ignore:You're running the worker with superuser privileges"
        command = (sys.executable, "-W", unsaid, "-m", tool, *arguments)
        return Program(name=name, command=command, environment=dict(os.environ), folder=ROOT, stop_seconds=3)

    def _prepare(self, password: str) -> None:
        app_url, owner_url = database.prepare(
            admin_url=self._postgres.admin_url, database=NAME, owner_password=password, app_password=password
        )  # fmt: skip
        os.environ.update(
            {FOLDER: str(self.points), "PYTHONUNBUFFERED": "1", **self._furniture.environment},
            DJANGO_SETTINGS_MODULE="config.settings",
            SECRET_KEY="fault" * 10,
            BASE_URL="http://127.0.0.1",
            DATABASE_URL=app_url,
            REDIS_URL=self._valkey.url(),
            CACHE_URL=self._valkey.url(1),
            FILES_DIR=str(self.files),
            MAIL_DIR=str(self.folder / "mail"),
            LOG_LEVEL="INFO",
        )
        subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", "migrate", "--database", "owner", "--verbosity", "0",
             "--skip-checks"],
            env={**os.environ, "DATABASE_OWNER_URL": owner_url}, check=True, cwd=ROOT,
        )  # fmt: skip


def wait_for(is_so: Callable[[], bool], what: str, *, seconds: float = PATIENCE, pause: float = 0.02) -> None:
    """Return when it is so; raise NeverHappened when that takes too long."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise NeverHappened(f"waited {seconds:.0f} s for {what}")
        time.sleep(pause)
