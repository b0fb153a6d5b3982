#!/usr/bin/env python3
"""How quick an import is: ours against raw COPY into the same indexed tables, and against django-import-export.

    bench/import.py [--rows 200000] [--rounds 5] [--chunk 10000] [--slice 20000]

Starts a PostgreSQL of its own in a temporary folder. Machines drift, so the ways are measured in turns, each on a fresh copy of
the database, and only ratios within one run mean something. django-import-export is measured on a slice and scaled per row.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bin"))

from _bootstrap import run_in_venv  # type: ignore[import-not-found]  # noqa: E402 - it is in bin/

if __name__ == "__main__":
    run_in_venv(str(ROOT / "bench" / "_import.py"), *sys.argv[1:], kind="dev")
