"""The supervisor's children: started, announced to the reaper, started again when they end, stopped."""

import contextlib
import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from config.embedded.programs import Identity, Program, end_groups, finish_off, identity_of, started_at
from config.supervisor.services import ROOT
from config.supervisor.terminal import follow, say

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_SECONDS = 60  # whoever ran this long starts again at once


@dataclass(slots=True)
class Child:
    """A program and the process that runs it now."""

    program: Program
    is_server: bool
    process: "subprocess.Popen[bytes]"
    identity: Identity
    began: float
    falls: int = 0
    again_at: float | None = None


class Children:
    """All processes under us. Used from the main thread only, see Program.start."""

    def __init__(self, *, record: Path) -> None:
        self._record = record
        self._children: dict[str, Child] = {}
        self._reaper = subprocess.Popen(
            [sys.executable, "-m", "config.supervisor.reaper"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            start_new_session=True,
        )
        self._write_record()

    def start(self, program: Program, *, is_server: bool = False) -> "subprocess.Popen[bytes]":
        """Start a program and keep it running."""
        falls = self._children[program.name].falls if program.name in self._children else 0
        process = program.start(output=subprocess.PIPE)
        child = Child(
            program=program,
            is_server=is_server,
            process=process,
            identity=identity_of(process.pid),
            began=time.monotonic(),
            falls=falls,
        )
        self._children[program.name] = child
        self._tell(
            event="started",
            pid=process.pid,
            started=child.identity.started,
            signal=int(program.stop_signal),
            is_server=is_server,
        )
        self._write_record()
        if process.stdout:
            follow(program.name, process.stdout)
        return process

    def run(self, program: Program) -> "subprocess.Popen[bytes]":
        """Start a program that ends by itself."""
        process = self.start(program)
        del self._children[program.name]
        return process

    def look_after(self) -> float | None:
        """Start again what ended; return after how many seconds to look again, None: when a child ends."""
        for child in list(self._children.values()):
            if child.again_at is None and child.process.poll() is not None:
                self._fell(child)
            if child.again_at is not None and time.monotonic() >= child.again_at:
                self.start(child.program, is_server=child.is_server)
        pauses = [child.again_at - time.monotonic() for child in self._children.values() if child.again_at is not None]
        return max(0.01, min(pauses)) if pauses else None

    def falls(self, name: str) -> int:
        """Return how often a program has ended by itself, short after its start."""
        return self._children[name].falls

    def stop(self) -> None:
        """End the services, all at once, then the servers that they use."""
        for servers in (False, True):
            group = [
                child for child in self._children.values() if child.is_server == servers and child.again_at is None
            ]
            asked = time.monotonic()
            for child in group:
                child.identity.signal_group(child.program.stop_signal)
            for child in group:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, asked + child.program.stop_seconds - time.monotonic()))
                self._bury(child)

    def hurry(self) -> None:
        """End the services now; may be called by a signal's handler while stop() waits."""
        for child in self._children.values():
            if not child.is_server and child.again_at is None:
                child.identity.signal_group(signal.SIGKILL)

    def dismiss_reaper(self) -> None:
        """Tell the reaper that nothing is left."""
        self._tell(event="done")
        if self._reaper.stdin:
            with contextlib.suppress(OSError):
                self._reaper.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._reaper.wait(5)
        self._record.unlink(missing_ok=True)

    def _fell(self, child: Child) -> None:
        self._bury(child)
        steady = time.monotonic() - child.began > STEADY_SECONDS
        child.falls = 0 if steady else child.falls + 1
        pause = 0.0 if steady else min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (child.falls - 1))
        child.again_at = time.monotonic() + pause
        say(
            f"{child.program.name} ended with status {child.process.returncode}; it starts again in {pause:.1f} seconds."
        )

    def _bury(self, child: Child) -> None:
        """End what is left of a child's group, so that its successor finds port and queue free."""
        finish_off([child.identity])
        child.process.wait()
        self._tell(event="ended", pid=child.identity.pid)

    def _tell(self, **message: object) -> None:
        if self._reaper.stdin:
            with contextlib.suppress(OSError):
                self._reaper.stdin.write(json.dumps(message).encode() + b"\n")
                self._reaper.stdin.flush()

    def _write_record(self) -> None:
        """Keep who runs, for the next start on this data folder, should the reaper be killed with us."""
        entries = [
            (child.identity.pid, child.identity.started, int(child.program.stop_signal))
            for child in self._children.values()
        ]
        reaper = identity_of(self._reaper.pid)
        half = self._record.with_suffix(".new")
        half.write_text(json.dumps({"reaper": [reaper.pid, reaper.started], "children": entries}), encoding="utf-8")
        half.replace(self._record)


def end_leftovers(record: Path) -> None:
    """Wait for the reaper of a killed supervisor, then end what it did not: each process by number and start time."""
    try:
        left = json.loads(record.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return
    until = time.monotonic() + 20
    reaper = Identity(*left["reaper"])
    while reaper.is_running() and time.monotonic() < until:
        time.sleep(0.05)
    for pid, started, number in left["children"]:
        if started_at(pid) == started:
            end_groups([(Identity(pid=pid, started=started), signal.Signals(number))], seconds=10)
    record.unlink(missing_ok=True)
