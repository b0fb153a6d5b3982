"""Health: `live` says that this process answers, `ready` that work will be done."""

import logging
from collections.abc import Callable
from datetime import timedelta

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from imports.queries import oldest_unclaimed_age

OLDEST_UNCLAIMED = timedelta(minutes=2)
logger = logging.getLogger(__name__)


def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "live"})


def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, broker, migrations and job rows are well, else 503 naming what is not."""
    checks = {name: _well(name, check) for name, check in CHECKS.items()}
    well = all(checks.values())
    answer = {
        "status": "ready" if well else "not ready",
        "checks": {name: "ok" if ok else "failed" for name, ok in checks.items()},
    }
    return JsonResponse(answer, status=200 if well else 503)


def _well(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the answer is that it is not ready
        logger.warning("health check failed: %s: %s", name, error.__class__.__name__)
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _broker() -> bool:
    client = redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        return bool(client.ping())
    finally:
        client.close()


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _jobs() -> bool:
    age = oldest_unclaimed_age(at=timezone.now())
    return age is None or age < OLDEST_UNCLAIMED


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "broker": _broker,
    "migrations": _migrations,
    "jobs": _jobs,
}
