"""A rich history in one workspace, made through the real actions: every corner that a figure can have."""

from collections.abc import Callable

from tests.exports.history.afterwards import afterwards
from tests.exports.history.edges import edges
from tests.exports.history.ground import History, a_ground
from tests.exports.history.neighbours import neighbours
from tests.exports.history.programs import programs
from tests.exports.history.sent import sent
from tests.exports.history.threads import threads

__all__ = ["History", "a_history"]


def a_history(before: Callable[[History], None] | None = None) -> History:
    """Make it all; the workspace's scope stays open. Nothing is committed. before: makes what happened earlier."""
    history = a_ground()
    neighbours(history)
    history.enter()
    if before is not None:
        before(history)
    threads(history)
    programs(history)
    edges(history)
    sent(history)
    afterwards(history)
    return history
