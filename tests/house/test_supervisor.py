"""`bin/up` as a person uses it: start, stop in every way, start again."""

import http.client
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from config.embedded.programs import Identity, free_port, identity_of
from config.env import VARIABLES

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {variable.name for variable in VARIABLES}
# Everything that migrations make, in words.
STRUCTURE = """
SELECT 'column' AS kind, attrelid::regclass::text, attname, format('%s %s %s %s %s %s', attnum, atttypid::regtype, atttypmod, attnotnull, attidentity,
       (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum))
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid AND relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
 WHERE attnum > 0 AND NOT attisdropped
UNION ALL SELECT 'table', relname, relowner::regrole::text, format('%s %s %s %s', relkind, relpersistence, relrowsecurity, relacl)
  FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'policy', tablename, policyname, format('%s %s %s %s', cmd, roles, qual, with_check) FROM pg_policies
UNION ALL SELECT 'function', proname, proowner::regrole::text, format('%s %s', proacl, pg_get_functiondef(oid))
  FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
UNION ALL SELECT 'migration', app, name, '' FROM django_migrations
"""


class Up:
    """One running bin/up, everything below it, and what it has said so far."""

    def __init__(self, *, data: Path, port: int) -> None:
        self.port = port
        self.log = data.parent / f"up-{port}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command(data=data, port=port), cwd=ROOT, env=environment(), stdout=log)
        self.family: list[Identity] = []

    def wait_until_ready(self) -> None:
        self.wait_until(lambda: "\nReady: " in f"\n{self.said()}")

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        until = time.monotonic() + 80
        while not is_so():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.1)
        self.family = [identity_of(pid) for pid in descendants(self.process.pid)]

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def health(self) -> int:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/health/ready")
            return line.getresponse().status
        except OSError:
            return 0
        finally:
            line.close()

    def nobody_is_left(self) -> bool:
        until = time.monotonic() + 15
        while any(member.is_running() for member in self.family) and time.monotonic() < until:
            time.sleep(0.05)
        return not any(member.is_running() for member in self.family)


def command(*, data: Path, port: int) -> list[str]:
    return [sys.executable, "-m", "config.supervisor", "--port", str(port), "--data", str(data), "--no-demo"]


def environment() -> dict[str, str]:
    """Return this process's environment without the settings that point at the tests' own servers."""
    return {name: value for name, value in os.environ.items() if name not in SETTINGS}


def descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = int(
                    (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
                )
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for one in found:
        found.extend(parents.get(one, []))
    return found


@contextmanager
def up(data: Path) -> Iterator[Up]:
    running = Up(data=data, port=free_port())
    try:
        running.wait_until_ready()
        yield running
    finally:
        if running.process.poll() is None:
            running.process.terminate()
        running.process.wait(30)


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """Give one data folder for all tests here, as the first start on a new one takes longer."""
    folder = Path(tempfile.mkdtemp(prefix="tertulia-up-"))
    folder.chmod(0o711)
    yield folder / "data"
    shutil.rmtree(folder)


def test_a_house_is_killed_serves_soon_again_and_leaves_nobody_when_it_is_told_to_end(
    data: Path, owner_dsn: str
) -> None:
    """One house in one test, as a first start on a new folder takes long."""
    with up(data) as killed:
        check_first_start(data, killed)
        theirs = json.loads((data / "environment.json").read_text(encoding="utf-8"))
        assert structure_of(theirs["DATABASE_URL"]) == structure_of(owner_dsn)  # tests migrate in a quicker way
        assert len(killed.family) > 8
        killed.process.kill()
        killed.process.wait()
        began = time.monotonic()
        with up(data) as following:  # at once: it waits for the dying itself
            assert following.health() == 200
            assert killed.nobody_is_left()
            assert time.monotonic() - began < 60
            check_refusals(data, following)
            check_restart(following)
            check_end(data, following, signal.SIGTERM)
    hasty = Up(data=data, port=free_port())
    hasty.wait_until(lambda: len(children_of(data)) > 6)
    check_end(data, hasty, signal.SIGINT)
    assert "Ready" not in hasty.said()


def check_first_start(data: Path, first: Up) -> None:
    """It answers at its address, keeps its secrets to itself, and makes no demo where none was wanted."""
    assert first.health() == 200
    assert f"Ready: http://127.0.0.1:{first.port}\n" in first.said()
    for secret in ("secrets.json", "environment.json"):
        assert stat.S_IMODE((data / secret).stat().st_mode) == 0o600
    assert not (data / "demo.json").exists()


def structure_of(dsn: str) -> dict[tuple[str, str, str], str]:
    """Return what stands in a database besides rows: kind, table and name, and the rest of it."""
    connection = psycopg2.connect(dsn)
    try:
        with connection.cursor() as cursor:
            cursor.execute(STRUCTURE)
            return {(kind, table, name): rest for kind, table, name, rest in cursor}
    finally:
        connection.close()


def check_end(data: Path, running: Up, number: signal.Signals) -> None:
    """A signal ends it in order, ready or not."""
    running.process.send_signal(number)
    assert running.process.wait(20) == 0
    assert running.nobody_is_left()
    assert "\nStopping\n" in f"\n{running.said()}"
    assert not (data / "running.json").exists()


def check_refusals(data: Path, running: Up) -> None:
    """A folder and a port in use get one sentence each, and nothing starts."""
    same_folder = refusal(data=data, port=free_port())
    assert same_folder == f"{data} is in use by another bin/up, process {running.process.pid}.\n"
    other = data.parent / "other"
    assert refusal(data=other, port=running.port).startswith(f"Port {running.port} is in use")
    assert sorted(path.name for path in other.iterdir()) == ["lock"]


def children_of(data: Path) -> list[int]:
    """Return the processes that the supervisor has started and noted; none while it has noted nothing."""
    try:
        record = json.loads((data / "running.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [pid for pid, _, _ in record["children"]]


def refusal(*, data: Path, port: int) -> str:
    answer = subprocess.run(
        command(data=data, port=port), cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert answer.stdout == ""
    return answer.stderr


def check_restart(running: Up) -> None:
    """A service that dies starts again."""
    children = children_of(running.log.parent / "data")
    web = next(pid for pid in children if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(web, signal.SIGKILL)
    until = time.monotonic() + 20
    while "web ended with status -9" not in running.said() and time.monotonic() < until:
        time.sleep(0.05)
    while running.health() != 200 and time.monotonic() < until:
        time.sleep(0.1)
    assert running.health() == 200
    running.family = [identity_of(pid) for pid in descendants(running.process.pid)]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"DATABASE_URL": "postgres://a:b@127.0.0.1:9/c"}, "without DATABASE_OWNER_URL"),
        ({"DATABASE_OWNER_URL": "postgres://a:b@127.0.0.1:9/c"}, "without DATABASE_URL"),
        (dict.fromkeys(("DATABASE_URL", "DATABASE_OWNER_URL"), "postgres://a:b@127.0.0.1:9/c"), "cannot be used: "),
        ({"PG_BIN": "/nowhere"}, "PG_BIN is /nowhere"),
        ({"VALKEY_SERVER": "/nowhere"}, "VALKEY_SERVER is /nowhere"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is 'LOUD'"),
    ],
)
def test_a_missing_piece_is_one_sentence(given: dict[str, str], words: str, data: Path) -> None:
    answer = subprocess.run(
        command(data=data.parent / "missing", port=free_port()),
        cwd=ROOT,
        env={**environment(), **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr + answer.stdout


def test_a_port_in_use_by_a_stranger_is_one_sentence(data: Path) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        assert refusal(data=data.parent / "busy", port=port) == (
            f"Port {port} is in use by another program; choose another with --port.\n"
        )
