"""Bells that would ring a thousand times a second: one at once, and one more after a pause if more came meanwhile."""

import threading
import time
from datetime import timedelta

from django.db import transaction

from workspaces import jobs
from workspaces.jobs import Job

PAUSE = timedelta(milliseconds=250)


class Debounced:
    """Rings per process and channel. The last ring always comes after the last row, so that no row waits for the sweep."""

    def __init__(self, pause: timedelta = PAUSE) -> None:
        self._pause = pause.total_seconds()
        self._guard = threading.Lock()
        self._rung_at: dict[tuple[int, int], float] = {}
        self._waiting: set[tuple[int, int]] = set()

    def ring(self, *, workspace_id: int, channel_id: int) -> None:
        """Ring now, or once more when the pause is over; a process that ends before that leaves it to the sweep."""
        key = (workspace_id, channel_id)
        with self._guard:
            if key in self._waiting:
                return
            left = self._rung_at.get(key, 0.0) + self._pause - time.monotonic()
            if left > 0:
                self._waiting.add(key)
                timer = threading.Timer(left, self._ring_later, [key])
                timer.daemon = True
                timer.start()
                return
            self._rung_at[key] = time.monotonic()
        _ring(key)

    def _ring_later(self, key: tuple[int, int]) -> None:
        with self._guard:
            self._waiting.discard(key)
            self._rung_at[key] = time.monotonic()
        _ring(key)


def _ring(key: tuple[int, int]) -> None:
    jobs.ring(Job.TAKE_IN, workspace_id=key[0], channel_id=key[1])


INTAKE = Debounced()


def wake_intake(*, workspace_id: int, channel_id: int) -> None:
    """Ring for a channel's deliveries once the open transaction has committed."""
    transaction.on_commit(lambda: INTAKE.ring(workspace_id=workspace_id, channel_id=channel_id), robust=True)
