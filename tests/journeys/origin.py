"""A web server and the worker of long jobs, as the product starts them, on the tests' database."""

import os
import subprocess
import time
import urllib.request
from dataclasses import replace
from pathlib import Path

from config.embedded.programs import Program, end_groups, free_port, identity_of, stop
from config.supervisor.services import services


class Origin:
    """Both programs, started when somebody asks. One process is enough for one browser, and where tests keep the processors
    busy, a worker that lets everybody go first would hardly get on.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._address = ""
        self._running: list[tuple[Program, subprocess.Popen[bytes]]] = []

    def start(self) -> str:
        """Return the address, where the web server answers; what runs already goes on."""
        if self._running:
            return self._address
        port = free_port()
        self._address = f"http://127.0.0.1:{port}"
        table = services(port=port, environment={**os.environ, "BASE_URL": self._address})
        for program in (one for one in table if one.name in {"web", "bulk"}):
            with (self._folder / f"{program.name}.log").open("ab") as log:
                self._running.append((program, _at_once(program).start(output=log)))
        self._wait_until_it_answers()
        return self._address

    def stop(self) -> None:
        """End both; a second call does nothing."""
        end_groups(((identity_of(process.pid), program.stop_signal) for program, process in self._running), seconds=8)
        while self._running:
            stop(*self._running.pop())

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"{self._address}/health/live", timeout=10):
                    return
            except OSError:
                assert time.monotonic() < until, "the web server did not start"
                time.sleep(0.1)


def _at_once(program: Program) -> Program:
    command = list(program.command)
    if "--workers" in command:
        command[command.index("--workers") + 1] = "1"
    return replace(program, command=tuple(command), niceness=0)
