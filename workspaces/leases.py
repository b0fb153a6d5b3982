"""Ends of a job that a worker holds by a lease, the same for every kind of job."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from workspaces.scope import workspace_scope


class LeaseLost(Exception):
    """Another worker holds the lease by now, or the job was ended: stop at once, without a word."""


class CannotGoOn(Exception):
    """The job cannot come to its end, whoever tries; `error_code` names the reason in its app's failure texts."""

    def __init__(self, error_code: str) -> None:
        super().__init__(error_code)
        self.error_code = error_code


@contextmanager
def held(
    workspace_id: int, *, fail: Callable[[str], object], give_back: Callable[[BaseException], object]
) -> Iterator[None]:
    """Work on a claimed job; `fail` and `give_back` run in a scope of their own.

    An exception gives the lease back, so that the next worker need not wait for it to lapse; a lost lease ends quietly.
    """
    try:
        yield
    except LeaseLost:
        return
    except CannotGoOn as end:
        with workspace_scope(workspace_id):
            fail(end.error_code)
    except BaseException as error:
        with workspace_scope(workspace_id):
            give_back(error)
        raise
