"""The database from a process that never waits: each question runs in one of a few threads, with its own connection."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from django.db import close_old_connections

T = TypeVar("T")

_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="database")


async def in_thread(ask: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """Run a function that asks the database, and return its answer."""
    return await asyncio.get_running_loop().run_in_executor(_threads, partial(_with_a_line, ask, *arguments, **named))


def _with_a_line(ask: Callable[..., T], *arguments: Any, **named: Any) -> T:
    close_old_connections()
    try:
        return ask(*arguments, **named)
    finally:
        close_old_connections()
