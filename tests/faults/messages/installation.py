"""The product as `bin/up` runs it: its supervisor starts again what falls. Processes are found in the supervisor's own record."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import psycopg2.extensions

from config import database
from config.embedded.programs import Identity, free_port, identity_of
from config.supervisor.running import DATABASE
from tests.faults.servers import NeverHappened, wait_for

ROOT = Path(__file__).resolve().parent.parent.parent.parent
# Words of its command line by which a process is told from the others.
WORDS = {
    "web": "granian",
    "realtime": "uvicorn",
    "worker": "worker@localhost",
    "sender": "sender@localhost",
    "mail": "watch_mailboxes",
    "beat": "--pidfile",
    "valkey": "valkey",
    "postgres": "postgres",
}


class Installation:
    """One `bin/up --no-demo` on 127.0.0.1, with its data in a temporary folder."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tertulia-faults-"))
        self.folder.chmod(0o711)  # as root, PostgreSQL runs as another account and must get through
        self.data = self.folder / "data"
        self.port = free_port()
        self.log = self.folder / "up.log"
        command = [
            sys.executable,
            "-m",
            "config.supervisor",
            "--port",
            str(self.port),
            "--data",
            str(self.data),
            "--no-demo",
        ]
        with self.log.open("wb") as out:
            environment = {**os.environ, "OUTSIDE_ALLOW": "127.0.0.1/32", "LOG_LEVEL": "WARNING"}
            self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
        try:
            wait_for(self._is_ready, "the installation", seconds=120, pause=0.2)
        except BaseException:
            self.stop()
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _is_ready(self) -> bool:
        if self._process.poll() is not None:
            raise NeverHappened(f"the installation ended: {self.last_words()}")
        return b"Ready: " in self.log.read_bytes()

    def environment(self) -> dict[str, str]:
        """Return what its processes have as their environment."""
        kept: dict[str, str] = json.loads((self.data / "environment.json").read_text(encoding="utf-8"))
        return kept

    def identity(self, name: str) -> Identity | None:
        """Return the process of a name, as it runs now; None while it waits to be started again."""
        try:
            record = json.loads((self.data / "running.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        for pid, started, _signal in record["children"]:
            identity = identity_of(pid)
            if identity.started == started and WORDS[name] in _command(pid).split("-m ")[-1]:
                return identity
        return None

    def database(self) -> psycopg2.extensions.connection:
        """Connect where no wall stands."""
        secrets = json.loads((self.data / "secrets.json").read_text(encoding="utf-8"))
        port = self.environment()["DATABASE_URL"].rpartition(":")[2].partition("/")[0]
        admin = f"postgresql://postgres:{secrets['postgres']}@127.0.0.1:{port}/postgres"
        connection = psycopg2.connect(database.address(admin, database=DATABASE), connect_timeout=5)
        connection.autocommit = True
        return connection

    def manage(self, *arguments: str) -> tuple[int, str]:
        """Run a command on it; return its status and what it said."""
        environment = {**os.environ, **self.environment(), "DJANGO_SETTINGS_MODULE": "config.settings"}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def restarts(self) -> int:
        """Count how often the supervisor started something again."""
        return self.log.read_bytes().count(b"it starts again in")

    def last_words(self) -> str:
        """Return the end of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-30:])

    def stop(self) -> None:
        """End it in order."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def children_of(pid: int) -> list[int]:
    """Return the processes that a process forked: a pool, or the workers of the web server."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(number) for number in listed.split()]


def state_of(pid: int) -> str:
    """Return the kernel's letter for a process: T when it is stopped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    except OSError:
        return ""


def has_ended(identity: Identity, *, seconds: float = 5.0) -> bool:
    """Wait until a process is gone; False when it stays."""
    until = time.monotonic() + seconds
    while identity.is_running():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
