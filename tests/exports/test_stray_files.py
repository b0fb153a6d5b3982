"""Published files that no row names go once nobody can be about to name them, and nothing else does."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from exports.actions import delete_stray_exports
from exports.files import spool_path
from tests.exports.steps import asked, clock, made
from tests.factories import Cast

pytestmark = pytest.mark.django_db(transaction=True)

OLD = timedelta(hours=2)


def stored(cast: Cast, export_id: int, name: str, *, age: timedelta) -> Path:
    """Store a file of an export, so long ago."""
    key = default_storage.save(f"ws/{cast.acme.pk}/exports/{export_id}/{name}", ContentFile(b"rows"))
    return aged(key, age)


def aged(key: str, age: timedelta) -> Path:
    path = Path(default_storage.path(key))
    moment = (timezone.now() - age).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_a_file_that_no_row_names_is_deleted_after_an_hour(cast: Cast) -> None:
    row = made(cast.ada)
    named = aged(row.file_key, OLD)
    strays = [
        stored(cast, row.pk, "0" * 32 + ".csv", age=OLD),  # a worker died when it had lost its lease
        stored(cast, row.pk, f".{'1' * 32}.csv.aaaa.tmp", age=OLD),  # or while it was storing
        stored(cast, 999_999, "2" * 32 + ".csv", age=OLD),  # its workspace's rows are gone
    ]
    fresh = stored(cast, row.pk, "3" * 32 + ".csv", age=timedelta(minutes=50))
    delete_stray_exports(clock=clock(timezone.now()))
    assert [path.exists() for path in strays] == [False, False, False]
    assert named.exists()
    assert fresh.exists()


def test_files_of_an_export_under_way_are_let_be(cast: Cast) -> None:
    row = asked(cast.ada)
    file = stored(cast, row.pk, "4" * 32 + ".csv", age=OLD)
    delete_stray_exports(clock=clock(timezone.now()))
    assert file.exists()


def test_the_spool_of_the_machine_that_makes_files_is_swept_too(cast: Cast) -> None:
    path = spool_path(export_id=1, token=uuid4())
    for age, is_there in ((timedelta(minutes=50), True), (OLD, False)):
        path.write_bytes(b"rows")
        moment = (timezone.now() - age).timestamp()
        os.utime(path, (moment, moment))
        delete_stray_exports(clock=clock(timezone.now()))
        assert path.exists() is is_there
