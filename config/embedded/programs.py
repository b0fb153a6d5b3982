"""Starting a process so that it cannot outlive us, and ending it by its identity, never by its name."""

import contextlib
import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None  # loaded here: not between fork and exec


class ProgramFailed(Exception):
    """Something outside of our code is missing or did not start; the text is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account that a program runs as, when it is not ours."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Program:
    """One process to run: its command, and how to end it."""

    name: str
    command: tuple[str, ...]
    stop_signal: signal.Signals = signal.SIGTERM
    start_seconds: float = 30.0
    stop_seconds: float = 5.0
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path("/")
    account: Account | None = None
    niceness: int = 0  # above 0: others go first when the processor is short

    def start(self, *, output: int | IO[bytes]) -> "subprocess.Popen[bytes]":
        """Start it in a session of its own, so that a Ctrl-C at the terminal reaches us only and we end things in order.

        Called from the main thread: Linux sends the parent-death signal when the *thread* that forked ends.
        """
        account = self.account
        privileges = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
        parent = os.getpid()

        def die_with_parent() -> None:
            os.nice(self.niceness)
            if _libc is not None:
                _libc.prctl(PR_SET_PDEATHSIG, int(self.stop_signal), 0, 0, 0)
                if os.getppid() != parent:  # it died before prctl
                    os._exit(1)

        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            env=dict(self.environment),
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - there is no other way to ask for the signal
            **privileges,
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """A process that we started, leader of its session: the pid alone could be somebody else's by now."""

    pid: int
    started: str

    def is_running(self) -> bool:
        """Whether this very process still runs."""
        return started_at(self.pid) == self.started

    def signal_group(self, number: signal.Signals) -> bool:
        """Send a signal to the process and its children; False when none is left."""
        if started_at(self.pid) not in {self.started, None}:
            return False  # the number belongs to somebody else now
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):
            return False
        return True

    def has_group(self) -> bool:
        """Whether the process or one of its children still runs."""
        return started_at(self.pid) in {self.started, None} and any(_runs(pid) for pid in _group(self.pid))


def identity_of(pid: int) -> Identity:
    """Return the identity of a process that runs or is not yet waited for."""
    return Identity(pid=pid, started=started_at(pid) or "")


def started_at(pid: int) -> str | None:
    """Return when a process started, in words that no later process with the same number has; None if there is none."""
    if sys.platform == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return (
            None if fields[0] == "Z" else f"{_boot_id()}:{fields[19]}"
        )  # Z: it has ended, nobody has waited for it yet
    answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def end_groups(programs: Iterable[tuple[Identity, signal.Signals]], *, seconds: float) -> None:
    """Ask processes and their children to end, wait, then kill what is left."""
    groups = [identity for identity, number in programs if identity.signal_group(number)]
    until = time.monotonic() + seconds
    while any(group.has_group() for group in groups) and time.monotonic() < until:
        time.sleep(0.05)
    finish_off(groups)


def finish_off(groups: Iterable[Identity]) -> None:
    """End what did not end when it was asked.

    PostgreSQL's backends lead groups of their own; SIGQUIT lets their parent end them before it goes.
    """
    left = [group for group in groups if group.has_group() and group.signal_group(signal.SIGQUIT)]
    until = time.monotonic() + 1
    while any(group.has_group() for group in left) and time.monotonic() < until:
        time.sleep(0.02)
    for group in left:
        group.signal_group(signal.SIGKILL)


class Server(Protocol):
    """A program that others connect to."""

    @property
    def program(self) -> Program:
        """How to start and end it."""

    def is_ready(self) -> bool:
        """Whether it answers."""


def wait_until_ready(
    server: Server, process: "subprocess.Popen[bytes]", *, pause: Callable[[float], object] = time.sleep
) -> None:
    """Return when a server that was just started answers; pause: what to do between two looks."""
    until = time.monotonic() + server.program.start_seconds
    while not server.is_ready():
        if process.poll() is not None:
            raise ProgramFailed(f"{server.program.name} ended while it started, with status {process.returncode}.")
        if time.monotonic() > until:
            raise ProgramFailed(
                f"{server.program.name} did not answer within {server.program.start_seconds:.0f} seconds."
            )
        pause(0.03)


def stop(program: Program, process: "subprocess.Popen[bytes]") -> None:
    """End a child of ours and its children, and wait for it."""
    identity = identity_of(process.pid)
    if process.poll() is None:
        identity.signal_group(program.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(program.stop_seconds)
    finish_off([identity])
    process.wait()


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def server_account() -> Account | None:
    """Return the account for PostgreSQL, which refuses to run as root; None: run as whoever we are."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise ProgramFailed(
            "PostgreSQL refuses to run as root and there is no account 'nobody' to run it as."
        ) from None
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _boot_id() -> str:
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""


def _group(leader: int) -> list[int]:
    if sys.platform != "linux":
        answer = subprocess.run(["pgrep", "-g", str(leader)], capture_output=True, text=True, check=False)
        return [int(pid) for pid in answer.stdout.split()]
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdecimal() and _group_of(int(entry.name)) == leader
    ]


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def _runs(pid: int) -> bool:
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0] != "Z"
        )
    except (FileNotFoundError, ProcessLookupError):
        return sys.platform != "linux"
