"""What the person at the terminal sees: our own lines plain, each process's lines behind its name."""

import os
import sys
import threading
from typing import IO

WIDTH = 8
COLOURS = {
    "web": 36,
    "realtime": 96,
    "worker": 33,
    "bulk": 92,
    "sender": 93,
    "beat": 35,
    "postgres": 34,
    "valkey": 31,
    "prepare": 32,
}
# Advice on the kernel's settings: right for a server under load, and it would be the first line that everybody sees.
UNSAID = (b"Memory overcommit must be enabled",)

_one_line_at_a_time = threading.Lock()


def say(text: str) -> None:
    """Print lines of our own."""
    _write(f"{text}\n")


def follow(name: str, stream: IO[bytes]) -> threading.Thread:
    """Print a process's lines behind its name until it closes its output."""
    thread = threading.Thread(target=_copy, args=(name, stream), name=f"lines of {name}", daemon=True)
    thread.start()
    return thread


def _copy(name: str, stream: IO[bytes]) -> None:
    label = f"{name:<{WIDTH}} | "
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        label = f"\x1b[{COLOURS.get(name, 37)}m{label}\x1b[0m"
    with stream:
        for line in stream:
            if any(words in line for words in UNSAID):
                continue
            _write(f"{label}{line.decode(errors='replace').rstrip()}\n")


def _write(text: str) -> None:
    with _one_line_at_a_time:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except (BrokenPipeError, ValueError, OSError):
            return  # nobody reads any more; the processes go on
