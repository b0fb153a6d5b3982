"""The order in which xdist's workers do the tests, so that they begin with what takes long and end together.

Each worker's share begins with files of long tests, of which many wait more than they work; quick ones, which can be handed
over one by one to whoever is done first (`--dist worksteal`), come last.
"""

from collections.abc import Iterable
from itertools import islice

import pytest

LONG = ("slow", "browser")
SERVERS = ("origin",)  # fixtures that start servers once for a process, for tests of several files


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deal the tests; all workers come to the same order, as xdist asks."""
    workers = int(getattr(config, "workerinput", {}).get("workercount", 1))
    if workers > 1:
        items[:] = dealt(items, workers)


def dealt(items: Iterable[pytest.Item], workers: int) -> list[pytest.Item]:
    """Return the tests in as many equal shares as there are workers, one after the other, long tests first in each."""
    quick: list[pytest.Item] = []
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        is_long = any(item.get_closest_marker(name) for name in LONG)
        (files.setdefault(_company(item), []) if is_long else quick).append(item)
    left = len(quick) + sum(map(len, files.values()))
    dealing = list(files.values())
    rest, order = iter(quick), []
    for number in range(workers):
        size = left // (workers - number)  # as xdist divides them
        share = [item for file in dealing[number::workers] for item in file]
        share += islice(rest, max(0, size - len(share)))
        order += share
        left -= size
    return [*order, *rest]


def _company(item: pytest.Item) -> str:
    """Name what a long test stays together with: its file, or everybody who asks for the same servers."""
    asked: list[str] = getattr(item, "fixturenames", [])
    return next((name for name in SERVERS if name in asked), str(item.path))
