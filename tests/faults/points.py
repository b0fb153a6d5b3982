"""Points at which a process of the product stops when the fault run asks for it, so that a fault hits where it is meant to.

The product knows nothing of them: the start scripts of the fault run (`quick`, `web`) wrap functions of the product from outside.
To stop a process, the run makes a file of the point's name; the first process that comes there renames it to `<point>.reached`
and waits until that is gone. So of several processes one stops, and once.
"""

import functools
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER = "TERTULIA_FAULT_POINTS"  # names the folder of the files
CLAIMS = "claims"  # in it: a line for each lease that a worker got


def pass_point(name: str) -> None:
    """Stop here if the run asked for it."""
    asked = Path(os.environ[FOLDER]) / name
    reached = reached_file(asked.parent, name)
    try:
        asked.rename(reached)
    except FileNotFoundError:
        return
    while reached.exists():
        time.sleep(0.01)


def reached_file(folder: Path, name: str) -> Path:
    """Return the file that says: somebody waits at the point."""
    return folder / f"{name}.reached"


def note_claim(line: str) -> None:
    """Keep a line about a lease; one write, so that lines of several processes do not mix."""
    with suppress(OSError), (Path(os.environ[FOLDER]) / CLAIMS).open("a", encoding="ascii") as out:
        out.write(f"{line}\n")


def stop_before(owner: Any, function: str, point: str) -> None:
    """Let a function of a module, reached by name, pass a point first."""
    _wrap(owner, function, before=lambda _given: point)


def stop_after(owner: Any, function: str, point: str | Callable[[dict[str, Any]], str]) -> None:
    """Let a function pass a point when its work is done; the point's name may depend on its keyword arguments."""
    _wrap(owner, function, after=point if callable(point) else lambda _given: point)


def _wrap(
    owner: Any,
    function: str,
    *,
    before: Callable[[dict[str, Any]], str] | None = None,
    after: Callable[[dict[str, Any]], str] | None = None,
) -> None:
    real = getattr(owner, function)

    @functools.wraps(real)
    def wrapped(*given: Any, **named: Any) -> Any:
        if before is not None:
            pass_point(before(named))
        answer = real(*given, **named)
        if after is not None:
            pass_point(after(named))
        return answer

    setattr(owner, function, wrapped)
