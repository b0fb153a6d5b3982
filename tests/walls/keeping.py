"""One world for all tests of a file: made in a transaction that stays open around each test's own, and then taken back."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.casting import the_cast
from tests.factories import Cast
from tests.walls.world import World, a_world

Kept = tuple[Cast, World]


@contextmanager
def kept_world(blocker: DjangoDbBlocker) -> Iterator[Kept]:
    """Keep a cast and its world for a fixture of a module; not for tests with real transactions."""
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined] # so that actions may open their scopes in it
    with blocker.unblock():
        around.__enter__()
    try:
        with blocker.unblock(), override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            cast = the_cast()
            kept = cast, a_world(cast)
        yield kept
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


def one_of(kept: Kept) -> Kept:
    """Return values of a test's own, which it may change."""
    return copy.deepcopy(kept)
