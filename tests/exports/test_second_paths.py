"""Ways that are seldom gone: rights that were lost since, secrets of another place, selections of nothing."""

import signal
import subprocess
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from pytest_django.fixtures import Settings

from exports.actions import (
    ScheduleForm,
    change_schedule,
    create_schedule,
    run_export,
    run_schedules,
    send_export,
    sweep_exports,
)
from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Family
from exports.destinations.sftp import Sftp
from exports.errors import Pausing
from exports.formats.parquet import to_parquet
from exports.models import Export, ExportSchedule, State
from tests.exports.steps import asked, clock, contacts, content, made, now
from tests.factories import NOON, Cast
from workspaces.actions import remove_member
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.models import Organization
from workspaces.scope import workspace_scope
from workspaces.sealing import unseal

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
SFTP = {"host": "127.0.0.1", "port": "", "username": "robot", "folder": "in", "host_key": "k"}
S3 = {"endpoint_url": "https://127.0.0.1", "region": "", "bucket": "files", "prefix": "", "access_key_id": "id"}


@pytest.fixture(autouse=True)
def _loopback(settings: Settings) -> None:
    settings.OUTSIDE_ALLOW = ["127.0.0.0/8"]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that left."""
    names: list[str] = []

    def send(_self: Sftp, outgoing: Any, _settings: object, _secrets: object) -> str:
        names.append(outgoing.name)
        return str(outgoing.name)

    monkeypatch.setattr(Sftp, "send", send)
    return names


def form(**choices: Any) -> ScheduleForm:
    given = {"destination": "sftp", "settings": SFTP, "secrets": {"password": "open sesame"}, **choices}
    return ScheduleForm(name="Hourly", dataset="contacts", every="hour", **given)


def scheduled(actor: Actor, **choices: Any) -> ExportSchedule:
    with workspace_scope(actor.workspace_id):
        return create_schedule(actor=actor, form=form(**choices), at=NOON)


def changed(actor: Actor, row: ExportSchedule, **choices: Any) -> ExportSchedule:
    with workspace_scope(actor.workspace_id):
        return change_schedule(actor=actor, schedule_id=row.pk, form=form(**choices), at=NOON)


def finished(cast: Cast, row: ExportSchedule) -> Export:
    """Let a schedule's first file be made, which then waits to be sent."""
    contacts(cast.ada, "Cleo")
    run_schedules(clock=clock(NOON + HOUR))
    with workspace_scope(cast.acme.pk):
        export = Export.objects.in_workspace(cast.acme.pk).get(schedule=row)
    run_export(workspace_id=cast.acme.pk, export_id=export.pk, clock=clock(NOON + HOUR))
    assert now(export).sending == "waiting"
    return export


def test_a_password_does_not_go_to_another_server_than_it_was_given_for(cast: Cast) -> None:
    row = scheduled(cast.ada)
    same = changed(cast.max, row, settings={**SFTP, "port": "22", "folder": "out"}, secrets={})
    assert unseal(same.sealed_secrets) == {"password": "open sesame"}
    for elsewhere in ({"host": "127.0.0.2"}, {"port": "2222"}):
        with pytest.raises(DomainError) as refused:
            changed(cast.max, row, settings={**SFTP, **elsewhere}, secrets={})
        assert refused.value.field == "password"
    there = changed(cast.max, row, settings={**SFTP, "host": "127.0.0.2"}, secrets={"private_key": "", "password": "x"})
    assert unseal(there.sealed_secrets) == {"password": "x"}


def test_nor_does_the_secret_of_a_bucket(cast: Cast) -> None:
    secrets = {"secret_access_key": "open sesame"}
    row = scheduled(cast.ada, destination="s3", settings=S3, secrets=secrets)
    assert unseal(changed(cast.max, row, destination="s3", settings=S3, secrets={}).sealed_secrets) == secrets
    elsewhere = {**S3, "endpoint_url": "https://127.0.0.2"}
    with pytest.raises(DomainError) as refused:
        changed(cast.max, row, destination="s3", settings=elsewhere, secrets={})
    assert refused.value.field == "secret_access_key"


def test_whoever_changes_a_schedule_answers_for_its_files(cast: Cast) -> None:
    """Otherwise files would go on to the place that somebody chose who may not export any more."""
    row = scheduled(cast.ada)
    changed(cast.max, row, settings={**SFTP, "host": "127.0.0.2"})
    with workspace_scope(cast.acme.pk):
        remove_member(actor=cast.ada, user_id=cast.max_user.pk, at=NOON)
    run_schedules(clock=clock(NOON + HOUR))
    with workspace_scope(cast.acme.pk):
        assert ExportSchedule.objects.in_workspace(cast.acme.pk).get().trouble == "exports.requester_not_allowed"
        assert not Export.objects.in_workspace(cast.acme.pk).exists()


def test_a_file_stays_here_once_whoever_made_its_schedule_may_not_export(cast: Cast, sent: list[str]) -> None:
    row = finished(cast, scheduled(cast.max))
    with workspace_scope(cast.acme.pk):
        remove_member(actor=cast.ada, user_id=cast.max_user.pk, at=NOON + HOUR)
    send_export(workspace_id=cast.acme.pk, export_id=row.pk, clock=clock(NOON + HOUR))
    assert (now(row).sending, now(row).send_error) == (
        "failed",
        "Whoever asked for this export may no longer export data.",
    )
    assert sent == []


def test_or_once_the_plan_has_no_exports(cast: Cast, sent: list[str]) -> None:
    row = finished(cast, scheduled(cast.max))
    Organization.objects.update(may_export_data=False)
    send_export(workspace_id=cast.acme.pk, export_id=row.pk, clock=clock(NOON + HOUR))
    assert (now(row).sending, now(row).send_error) == (
        "failed",
        "The plan of this organisation does not include data exports.",
    )
    assert sent == []


def test_a_selection_that_nothing_matches_makes_an_empty_file(cast: Cast) -> None:
    contacts(cast.ada, "Cleo")
    nothing: tuple[dict[str, object], ...] = ({"ids": []}, {"all": True, "search": "x" * 5000})
    for chosen in nothing:
        row = made(cast.ada, contacts=chosen)
        assert (row.state, row.rows) == (State.COMPLETED, 0)
        assert content(row).count(b"\r\n") == 1


def test_this_machines_own_zone_has_no_name(cast: Cast) -> None:
    """PostgreSQL does not know it, and files of two machines would differ."""
    with pytest.raises(DomainError) as refused:
        asked(cast.ada, time_zone="localtime")
    assert refused.value.field == "timezone"


def test_a_pause_that_begins_in_the_moment_of_a_request_holds(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    late = asked(cast.max)
    at = late.deadline_at
    real = Export.save

    def discard() -> None:
        try:
            sweep_exports(clock=clock(at))
        finally:
            connection.close()

    def save(row: Export, **options: Any) -> None:
        """Let the sweep discard the other one after whoever asks has looked for it."""
        sweep = Thread(target=discard)
        sweep.start()
        sweep.join()
        real(row, **options)

    monkeypatch.setattr(Export, "save", save)
    with pytest.raises(Pausing):
        asked(cast.ada, at=at)
    assert now(late).state == State.DISCARDED
    with workspace_scope(cast.acme.pk):
        assert Export.objects.in_workspace(cast.acme.pk).count() == 1


def test_a_store_that_kills_whoever_sends_is_given_up_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is slow beyond a task's time never comes to an answer, and must not keep workers for seven days."""
    row = finished(cast, scheduled(cast.max))
    tries = []

    def send(*_args: object) -> str:
        tries.append(1)
        raise RuntimeError

    monkeypatch.setattr(Sftp, "send", send)
    at = NOON + HOUR
    for _ in range(8):
        with suppress(RuntimeError):
            send_export(workspace_id=cast.acme.pk, export_id=row.pk, clock=clock(at))
        at += timedelta(minutes=15)
    assert (len(tries), now(row).sending) == (6, "failed")
    assert now(row).send_error == "Sending was tried 6 times and did not come to its end."


def test_a_worker_that_is_stopped_takes_its_process_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The task's time is over in the middle of waiting, and not where the export looks whether it may go on."""
    source = tmp_path / "rows.csv"
    source.write_text("Name\nCleo\n")
    started = []

    def communicate(process: subprocess.Popen[str], given: str, **_options: object) -> None:
        started.append(process)
        assert process.stdin is not None
        process.stdin.write(given)
        process.stdin.close()
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(subprocess.Popen, "communicate", communicate)
    name = Column(key="name", header="Name", header_es="Nombre", kind=Kind.STRING, sql="name", meaning="A name.")
    with pytest.raises(SoftTimeLimitExceeded):
        to_parquet(source, tmp_path / "rows.parquet", columns=[name], family=Family.PERFORMANCE, check=lambda: None)
    assert [process.returncode for process in started] == [-signal.SIGKILL]
