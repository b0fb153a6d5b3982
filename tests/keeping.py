"""What all tests of a file stand on: made once, in a transaction that stays open around each test's own, and then taken back."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

Made = TypeVar("Made")
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@contextmanager
def kept(blocker: DjangoDbBlocker, make: Callable[[], Made]) -> Iterator[Made]:
    """Keep what `make` writes and returns, for a fixture of a module; not for files with real transactions."""
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined] # so that actions may open their scopes in it
    with blocker.unblock():
        around.__enter__()
    try:
        with blocker.unblock(), override_settings(PASSWORD_HASHERS=QUICK):
            made = make()
        yield made
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


def kept_in_a_file(make: Callable[[], Made]) -> Any:
    """Return the fixture of a module that keeps what `make` writes and returns; `one_of` gives each test its own values."""

    @pytest.fixture(scope="module")
    def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Made]:
        with kept(django_db_blocker, make) as kept_here:
            yield kept_here

    return made


def one_of(made: Made) -> Made:
    """Return values of a test's own, which it may change."""
    return copy.deepcopy(made)
