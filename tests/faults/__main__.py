"""The fault runs by name: `bin/faults [imports|messages|exports] [options]`; without a name all, one after the other."""

import subprocess
import sys

RUNS = {"imports": "tests.faults.run", "messages": "tests.faults.messages.run", "exports": "tests.faults.exports.run"}


def main() -> int:
    """Run what is named; options without a name are those of the import."""
    given = sys.argv[1:]
    if given[:1] in (["-h"], ["--help"]):
        print(__doc__)  # noqa: T201 - a command's words
        return 0
    chosen = [given.pop(0)] if given and given[0] in RUNS else ["imports"] if given else list(RUNS)
    # Each in a process of its own: Django reads its settings once.
    ended = [
        subprocess.run([sys.executable, "-P", "-m", RUNS[name], *given], check=False).returncode for name in chosen
    ]
    return 1 if any(ended) else 0


if __name__ == "__main__":
    raise SystemExit(main())
