"""Ends what a killed supervisor leaves behind.

It runs in a session of its own and reads the supervisor's pipe: a line of JSON for each process that started or was waited
for. The end of the pipe without the word "done" before it means that the supervisor is gone, so its processes must go too.
"""

import json
import signal
import sys
from collections.abc import Iterable

from config.embedded.programs import Identity, end_groups

SERVICES_SECONDS, SERVERS_SECONDS = 4, 10
Entry = tuple[Identity, signal.Signals]


def read(lines: Iterable[str]) -> dict[bool, dict[int, Entry]] | None:
    """Return the processes that still run when the pipe ends, servers (True) apart from services; None after "done"."""
    running: dict[bool, dict[int, Entry]] = {False: {}, True: {}}
    for line in lines:
        message = json.loads(line)
        if message["event"] == "done":
            return None
        pid = message["pid"]
        if message["event"] == "started":
            entry = (Identity(pid=pid, started=message["started"]), signal.Signals(message["signal"]))
            running[message["is_server"]][pid] = entry
        else:
            for group in running.values():
                group.pop(pid, None)
    return running


def main() -> None:
    """Wait for the end of the pipe, then end the processes: services first, as they use the servers."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    running = read(sys.stdin)
    if running:
        end_groups(running[False].values(), seconds=SERVICES_SECONDS)
        end_groups(running[True].values(), seconds=SERVERS_SECONDS)


if __name__ == "__main__":
    main()
