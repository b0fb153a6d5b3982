"""The database fixtures: one database for each test process, copied from a template that is migrated once a run."""

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from config import database
from tests.emptying import empty_quickly
from tests.migrating import start
from tests.plugin import HANDED_DOWN, TEMPLATE


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replace pytest-django's own: tests run as the app's role, which cannot create a database or a table."""
    servers = json.loads(os.environ[HANDED_DOWN])
    name = str(settings.DATABASES["default"]["NAME"])
    migrating = start(servers)
    said, _ = migrating.communicate()
    if migrating.returncode:
        pytest.exit(f"The migrations failed:\n{said}", returncode=1)
    with (Path(servers["folder"]) / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        database.clone(admin_url=servers["admin_url"], template=TEMPLATE, database=name)
    with django_db_blocker.unblock():
        for connection in connections.all():
            connection.close()
    emptier = empty_quickly(database.address(servers["admin_url"], database=name))
    yield
    emptier.close()


@pytest.fixture(scope="session")
def owner_dsn(django_db_setup: None) -> str:
    """Return the address of this process's database as the role that owns its tables."""
    return os.environ["DATABASE_OWNER_URL"]


@pytest.fixture(scope="session")
def superuser_dsn(owner_dsn: str) -> str:
    """Return the address of this process's database as the superuser, whom no policy binds."""
    admin_url = json.loads(os.environ[HANDED_DOWN])["admin_url"]
    return database.address(admin_url, database=database.database_of(owner_dsn))


@pytest.fixture(scope="session")
def template_dsn() -> str:
    """Return the address of the migrated template as the superuser; a test may clone it and must not connect to it."""
    return database.address(json.loads(os.environ[HANDED_DOWN])["admin_url"], database=TEMPLATE)
