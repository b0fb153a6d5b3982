"""Reports read from a real replica while it is fit, and from the primary the moment it is not."""

import json
import os
import runpy
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from reports.engine import replica
from reports.engine.scope import report_scope
from tests.plugin import HANDED_DOWN, ROOT
from tests.reports.streaming import Pair


def settings_of(url: str) -> dict[str, Any]:
    """Return the replica's connection as the product's settings make it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_REPLICA_URL", url)
        made: dict[str, Any] = runpy.run_path(str(ROOT / "config" / "settings.py"))["DATABASES"]
    return made["replica"]


@pytest.fixture(scope="module")
def pair(superuser_dsn: str) -> Iterator[Pair]:
    folder = Path(json.loads(os.environ[HANDED_DOWN])["folder"])
    t = time.time()
    servers = Pair(folder / f"streaming-{os.getpid()}", tables_of=superuser_dsn)
    print("start", time.time() - t)
    yield servers
    servers.stop()


def test_it(pair: Pair, django_db_blocker: DjangoDbBlocker) -> None:
    print(os.times())
    print(pair.replica.ask("select pg_is_in_recovery()"))
    print(pair.replica.ask("select count(*) from pg_class where relrowsecurity"))
    print(pair.replica.ask("select count(*) from django_migrations"))
    import psycopg2
    c = psycopg2.connect(pair.replica_url).cursor()
    c.execute("select system_identifier from pg_control_system()")
    print(c.fetchall())
    c.execute("select * from pg_stat_wal_receiver")
    print(c.fetchall())
    print(settings_of(pair.replica_url))
    assert 0
