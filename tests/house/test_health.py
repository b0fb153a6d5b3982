"""Health: live says that this process answers, ready that work will be done."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from imports.models import ContactImport, IdentifierField, Matching, Purpose, State
from tests.factories import Cast
from workspaces.scope import workspace_scope


def waiting_import(cast: Cast, *, since: timedelta) -> None:
    with workspace_scope(cast.acme.pk):
        ContactImport.objects.create(
            workspace_id=cast.acme.pk,
            state=State.VALIDATING,
            purpose=Purpose.ADD_NEW,
            identifier=IdentifierField.PHONE,
            matching=Matching.EXACT,
            file_name="x.csv",
            requested_at=timezone.now(),
            stage_started_at=timezone.now() - since,
        )


def test_live_asks_nobody(client: Client, django_assert_num_queries: DjangoAssertNumQueries, db: None) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


def test_ready_when_all_is_well(client: Client, cast: Cast) -> None:
    waiting_import(cast, since=timedelta(minutes=1))
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "checks": {"database": "ok", "broker": "ok", "migrations": "ok", "jobs": "ok"},
    }


def failed_checks(client: Client) -> set[str]:
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    return {name for name, state in answer.json()["checks"].items() if state == "failed"}


def test_not_ready_while_a_job_row_waits_for_two_minutes(client: Client, cast: Cast) -> None:
    waiting_import(cast, since=timedelta(minutes=2, seconds=1))
    assert failed_checks(client) == {"jobs"}


def test_not_ready_without_the_broker(client: Client, db: None, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    assert failed_checks(client) == {"broker"}


def test_not_ready_while_a_migration_is_missing(client: Client, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'contacts' AND name = '0002_listing'")
    assert failed_checks(client) == {"migrations"}
