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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.embedded.programs import Identity, free_port, identity_of
from config.env import VARIABLES

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {variable.name for variable in VARIABLES}


class Up:
    """One running bin/up, everything below it, and what it has said so far."""

    def __init__(self, *, data: Path, port: int) -> None:
        self.port = port
        self.log = data.parent / f"up-{port}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command(data=data, port=port), cwd=ROOT, env=environment(), stdout=log)
        self.family: list[Identity] = []

    def wait_until_ready(self) -> None:
        until = time.monotonic() + 80
        while "\nReady: " not in f"\n{self.said()}":
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


def test_a_first_start_serves_and_sigterm_leaves_nobody(data: Path) -> None:
    with up(data) as first:
        assert first.health() == 200
        assert f"Ready: http://127.0.0.1:{first.port}\n" in first.said()
        for secret in ("secrets.json", "environment.json"):
            assert stat.S_IMODE((data / secret).stat().st_mode) == 0o600
        assert not (data / "demo.json").exists()
        first.process.send_signal(signal.SIGTERM)
        assert first.process.wait(20) == 0
        assert first.nobody_is_left()
    assert not (data / "running.json").exists()


def test_a_killed_supervisor_leaves_nobody_and_the_next_start_serves_soon(data: Path) -> None:
    with up(data) as killed:
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
            following.process.send_signal(signal.SIGINT)
            assert following.process.wait(20) == 0
            assert following.nobody_is_left()


def check_refusals(data: Path, running: Up) -> None:
    """A folder and a port in use get one sentence each, and nothing starts."""
    same_folder = refusal(data=data, port=free_port())
    assert same_folder == f"{data} is in use by another bin/up, process {running.process.pid}.\n"
    other = data.parent / "other"
    assert refusal(data=other, port=running.port).startswith(f"Port {running.port} is in use")
    assert sorted(path.name for path in other.iterdir()) == ["lock"]


def refusal(*, data: Path, port: int) -> str:
    answer = subprocess.run(
        command(data=data, port=port), cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert answer.stdout == ""
    return answer.stderr


def check_restart(running: Up) -> None:
    """A service that dies starts again."""
    record = json.loads((running.log.parent / "data" / "running.json").read_text(encoding="utf-8"))
    web = next(pid for pid, _, _ in record["children"] if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes())
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
