"""Reports over a year of 5,000,000 events; see _reports.py. By itself because its name is that of an app."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent)]

from _reports import main  # noqa: E402 - found through the path above

main()
