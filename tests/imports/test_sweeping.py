from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from imports.actions import cancel_import, commit_import, save_mapping, sweep_imports, validate_import, write_import
from imports.actions.mapping import ColumnChoice
from imports.errors import ResultExpired
from imports.models import ContactImport, State
from imports.queries import oldest_unclaimed_age, result_file
from tests.factories import Cast, everything_in
from tests.imports.steps import a_csv, clock, imported, now, reviewed, uploaded
from workspaces import jobs
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)

FILE = a_csv("Name,Phone", "Cleo,+34600123456", "Bad,1")
Bells = list[tuple[str, int]]


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> Bells:
    """Gather the bells that ring."""
    rung: Bells = []

    def ring(job: jobs.Job, *, workspace_id: int, **ids: int) -> None:
        if "import_id" in ids:
            rung.append((job.value, ids["import_id"]))

    monkeypatch.setattr(jobs, "ring", ring)
    return rung


def swept(**ahead: float) -> None:
    sweep_imports(clock=lambda: timezone.now() + timedelta(**ahead))


def to_be_checked(cast: Cast) -> ContactImport:
    row = uploaded(cast.ada, FILE)
    with workspace_scope(cast.acme.pk):
        columns = [ColumnChoice("Name", "first_name"), ColumnChoice("Phone", "phone")]
        return save_mapping(actor=cast.ada, import_id=row.pk, columns=columns, at=clock())


def test_work_that_waits_is_rung_again(cast: Cast, bells: Bells) -> None:
    row = to_be_checked(cast)
    bells.clear()
    swept()
    assert bells == []
    swept(seconds=11)
    assert bells == [("imports.validate", row.pk)]
    age = oldest_unclaimed_age(at=clock())
    assert age is not None
    assert timedelta(0) <= age < timedelta(seconds=30)
    validate_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    assert oldest_unclaimed_age(at=clock()) is None


def test_a_lapsed_lease_is_rung_and_three_attempts_are_enough(cast: Cast, bells: Bells) -> None:
    row = to_be_checked(cast)
    rows = ContactImport.objects.filter(pk=row.pk)
    with workspace_scope(cast.acme.pk):
        rows.update(attempt=1, lease_until=clock(), lease_token="00000000-0000-4000-8000-000000000000")
    bells.clear()
    swept(seconds=1)
    assert bells == [("imports.validate", row.pk)]
    with workspace_scope(cast.acme.pk):
        rows.update(attempt=3)
    swept(seconds=1)
    row = now(row)
    assert (row.state, row.error_code, row.lease_token) == (State.FAILED, "imports.attempts_spent", None)


@pytest.mark.parametrize("step", ["mapping", "review"])
def test_nobody_going_on_for_an_hour_ends_the_session(cast: Cast, step: str) -> None:
    row = reviewed(cast.ada, uploaded(cast.ada, FILE)) if step == "review" else uploaded(cast.ada, FILE)
    swept(minutes=59)
    assert now(row).is_active
    swept(minutes=61)
    row = now(row)
    assert (row.state, row.error_code) == (State.EXPIRED, "imports.session_expired")
    assert uploaded(cast.ada, FILE).is_active
    swept(minutes=62)
    row = now(row)
    assert (row.file_key, row.errors_key, row.has_staged_rows) == ("", "", False)


def test_results_are_kept_for_seven_days(cast: Cast) -> None:
    row = imported(cast.ada, FILE)
    keys = [row.file_key, row.errors_key, row.result_key]
    swept(days=6, hours=23)
    assert all(default_storage.exists(key) for key in keys)
    swept(days=7, seconds=1)
    assert not any(default_storage.exists(key) for key in keys)
    with workspace_scope(cast.acme.pk), pytest.raises(ResultExpired):
        result_file(cast.ada, row.pk, at=clock())
    assert now(row).state == State.COMPLETED


def test_a_sweep_of_nothing_changes_nothing(cast: Cast) -> None:
    imported(cast.ada, FILE)
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
    swept()
    with workspace_scope(cast.acme.pk):
        assert everything_in(cast.acme) == before


def test_a_commit_that_was_not_heard_is_rung_again_and_written(cast: Cast, bells: Bells) -> None:
    row = reviewed(cast.ada, uploaded(cast.ada, FILE))
    with workspace_scope(cast.acme.pk):
        commit_import(actor=cast.ada, import_id=row.pk, at=clock())
    bells.clear()
    swept(seconds=11)
    assert bells == [("imports.commit", row.pk)]
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    assert now(row).state == State.COMPLETED


def test_a_stopped_import_whose_upload_is_gone_is_not_asked_for_a_result_for_ever(
    cast: Cast, bells: Bells, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imports.actions.committing.CHUNK_ROWS", 1)
    file = a_csv("Name,Phone", "Cleo,+34600123456", "Dana,+34600123457")
    row = reviewed(cast.ada, uploaded(cast.ada, file))
    with workspace_scope(cast.acme.pk):
        commit_import(actor=cast.ada, import_id=row.pk, at=clock())

    def one_chunk_only(*_args: object, **_more: object) -> None:
        with workspace_scope(cast.acme.pk):
            cancel_import(actor=cast.ada, import_id=row.pk, at=clock())

    monkeypatch.setattr("imports.actions.committing.analyze_contacts", one_chunk_only)
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    default_storage.delete(now(row).file_key)
    bells.clear()
    swept(seconds=30)
    assert bells == [("imports.commit", row.pk)]
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    bells.clear()
    swept(seconds=60)
    assert bells == []
    assert (now(row).state, now(row).result_key) == (State.CANCELLED, "")
