"""The command line of `bin/up`."""

import argparse
import sys
from pathlib import Path

from config.embedded.programs import ProgramFailed
from config.supervisor.running import Order, Supervisor
from config.supervisor.services import ROOT


def main() -> int:
    """Run an installation until it is told to end; return the exit status."""
    parser = argparse.ArgumentParser(prog="bin/up", description="Runs Tertulia on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="port of the web pages and the API (8000)")
    parser.add_argument("--data", type=Path, default=ROOT / "var", help="folder that keeps everything (var)")
    parser.add_argument("--no-demo", action="store_true", help="do not make the demo workspaces on the first run")
    told = parser.parse_args()
    try:
        Supervisor(Order(port=told.port, data=told.data.resolve(), demo=not told.no_demo)).run()
    except ProgramFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
