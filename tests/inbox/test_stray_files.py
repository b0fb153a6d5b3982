"""Bytes without a row: deleted once nobody can be about to write it, and nothing else is."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from inbox import actions
from inbox.file_store import store_bytes
from tests.factories import NOON, Cast
from workspaces.files import LocalFiles, new_key
from workspaces.models import Workspace

PDF = b"%PDF-1.7\n" + b"0" * 200


pytestmark = pytest.mark.usefixtures("own_folder")


def stray(space: Workspace, *, kind: str = "files", hours: float, name: str = "") -> Path:
    """Store bytes without a row, so many hours ago."""
    key = new_key(workspace_id=space.pk, kind=kind, ending="pdf")
    default_storage.save(key, ContentFile(PDF))
    path = Path(default_storage.path(key))
    if name:
        path = path.rename(path.with_name(name))
    aged(path, hours=hours)
    return path


def aged(path: Path, *, hours: float) -> None:
    moment = (timezone.now() - timedelta(hours=hours)).timestamp()
    os.utime(path, (moment, moment))


def kept(space: Workspace) -> Path:
    """Store a file with its row, two days ago."""
    row = store_bytes(workspace_id=space.pk, name="a.pdf", data=PDF, at=NOON)
    path = Path(default_storage.path(row.key))
    aged(path, hours=48)
    return path


def test_what_has_no_row_for_a_day_goes_and_everything_else_stays(cast: Cast) -> None:
    gone = [stray(cast.acme, hours=25), stray(cast.globex, hours=25)]
    gone.append(stray(cast.acme, hours=25, name=".half.pdf.1234.tmp"))
    stays = [kept(cast.acme), kept(cast.globex), stray(cast.acme, hours=23), stray(cast.acme, kind="imports", hours=48)]
    actions.delete_stray_files(clock=timezone.now)
    assert [path.exists() for path in gone] == [False, False, False]
    assert [path.exists() for path in stays] == [True, True, True, True]


def test_a_workspace_that_is_no_more_leaves_no_files(cast: Cast) -> None:
    gone = Workspace(pk=cast.globex.pk + 1000)
    path = stray(gone, hours=25)
    actions.delete_stray_files(clock=timezone.now)
    assert not path.exists()


def test_a_file_that_cannot_be_deleted_keeps_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = sorted([stray(cast.acme, hours=25), stray(cast.acme, hours=25)])

    def ask(self: LocalFiles, name: str) -> datetime:
        if name.endswith(first.name):
            raise PermissionError(name)
        return told(self, name)

    told = LocalFiles.get_modified_time
    monkeypatch.setattr(LocalFiles, "get_modified_time", ask)
    actions.delete_stray_files(clock=timezone.now)
    assert (first.exists(), second.exists()) == (True, False)
    assert first.name in caplog.text


@pytest.mark.usefixtures("db")
def test_without_any_file_there_is_nothing_to_do() -> None:
    actions.delete_stray_files(clock=timezone.now)
