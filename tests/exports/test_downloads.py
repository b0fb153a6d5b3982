"""GET /v2/export/{id}/download: the whole file or a part of it, to whoever may have it, while it is kept."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage

from exports.actions import sweep_exports
from tests.exports.calling import Caller, finished, said, whole
from tests.exports.steps import clock
from tests.factories import NOON, Cast, a_token
from workspaces.models import EventRecord
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_cache", "noon")]


@pytest.fixture
def ada(cast: Cast) -> Caller:
    return Caller(a_token(cast.ada))


def test_a_download_is_the_file_with_its_checksum(cast: Cast, ada: Caller) -> None:
    row = finished(cast, ada)
    answer = ada.get(f"/{row.pk}/download")
    got = whole(answer)
    assert hashlib.sha256(got).hexdigest() == row.sha256
    assert len(got) == row.size_bytes == int(answer.headers["Content-Length"])
    assert answer.headers["Content-Type"] == "text/csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{row.file_name}"'
    assert answer.headers["ETag"] == f'"{row.sha256}"'
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "private, no-store"
    digest = base64.b64encode(hashlib.sha256(got).digest()).decode()
    assert answer.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    head = ada.client.head(f"/v2/export/{row.pk}/download")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["Content-Length"]) == row.size_bytes
    assert head.headers["ETag"] == answer.headers["ETag"]


def test_a_download_goes_on_where_it_broke_off(cast: Cast, ada: Caller) -> None:
    row = finished(cast, ada)
    size = row.size_bytes or 0
    first = ada.get(f"/{row.pk}/download", Range="bytes=0-99")
    assert (first.status_code, first.headers["Content-Range"]) == (206, f"bytes 0-99/{size}")
    rest = ada.get(f"/{row.pk}/download", Range="bytes=100-", If_Range=first.headers["ETag"])
    assert (rest.status_code, int(rest.headers["Content-Length"])) == (206, size - 100)
    assert hashlib.sha256(whole(first) + whole(rest)).hexdigest() == row.sha256
    assert whole(ada.get(f"/{row.pk}/download", Range="bytes=-2")) == b"\r\n"
    other = ada.get(f"/{row.pk}/download", Range="bytes=100-", If_Range='"another file"')
    assert (other.status_code, len(whole(other))) == (200, size)
    beyond = ada.get(f"/{row.pk}/download", Range=f"bytes={size}-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")
    assert whole(Caller(a_token(cast.max)).get(f"/{row.pk}/download", Range="bytes=1-"))
    with workspace_scope(cast.acme.pk):
        taken = EventRecord.objects.in_workspace(cast.acme.pk).filter(type="exports.export.downloaded")
        assert taken.values("actor_id").distinct().count() == taken.count() == 2  # a part alone counts, the next do not


def test_a_file_whose_time_is_over_is_gone(cast: Cast, ada: Caller, noon: Any) -> None:
    row = finished(cast, ada)
    week = NOON + timedelta(days=7)
    noon.move_to(week)
    for _ in range(2):
        answer = ada.get(f"/{row.pk}/download")
        assert said(answer) == (410, "exports.file_expired")
        sweep_exports(clock=clock(week))
    body = ada.get(f"/{row.pk}").json()
    assert (body["state"], body["download_url"], body["rows"]) == ("expired", None, 2)


def test_a_file_that_vanished_from_the_store_is_gone_too(cast: Cast, ada: Caller) -> None:
    row = finished(cast, ada)
    default_storage.delete(row.file_key)
    assert ada.get(f"/{row.pk}/download").status_code == 410
