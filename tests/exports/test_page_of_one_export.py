"""One export's page: what is known of it, how far it is, cancelling it, its file."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from exports.models import Export, State
from tests.exports.browsing import a_file, a_row, at, text_of, words_of
from tests.exports.calling import whole
from tests.exports.steps import asked, contacts, content, made, now
from tests.factories import NOON, Cast, browser_of
from workspaces.models import EventRecord
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_cache", "noon")]


@pytest.fixture
def ada(cast: Cast) -> Client:
    return browser_of(cast.ada_user)


def test_one_export_says_everything_that_is_known_of_it(cast: Cast, ada: Client) -> None:
    contacts(cast.ada, "Cleo", "José")
    row = made(cast.ada, for_excel=True, time_zone="Europe/Madrid")
    html = ada.get(at(cast, f"/{row.pk}")).content.decode()
    words = words_of(html)
    for part in (row.sha256, row.file_name, "Completed", "Europe/Madrid", "Ada Ferrer", "for Excel", "Kept until"):
        assert part in words, part
    assert at(cast, f"/{row.pk}/download") in html
    failed = a_row(cast.ada, state=State.FAILED, error_code="exports.too_many_rows_for_excel")
    assert "An Excel sheet holds 1,048,575 rows" in text_of(ada.get(at(cast, f"/{failed.pk}")))
    odd = a_row(cast.ada, state=State.FAILED, error_code="exports.never_heard_of")
    assert "Something went wrong on our side." in text_of(ada.get(at(cast, f"/{odd.pk}")))
    narrowed = a_row(cast.ada, dataset="messages", filters={"channels": [1, 2], "statuses": []})
    assert "2 chosen" in text_of(ada.get(at(cast, f"/{narrowed.pk}")))


def test_the_card_asks_again_while_it_runs_and_tells_the_page_at_the_end(cast: Cast, ada: Client) -> None:
    row = asked(cast.ada)
    url = at(cast, f"/{row.pk}/progress")
    waiting = ada.get(url)
    assert "Waiting for its turn" in text_of(waiting)
    assert (f'hx-get="{url}"' in waiting.content.decode(), "HX-Trigger-After-Swap" in waiting.headers) == (True, False)
    begun = NOON - timedelta(seconds=10)
    progress = {"expected_rows": 40_000, "progress_rows": 10_000, "progress_bytes": 2_000_000, "progress_at": NOON}
    with workspace_scope(cast.acme.pk):
        Export.objects.filter(pk=row.pk).update(state=State.RUNNING, started_at=begun, **progress)
    running = ada.get(url)
    words = "10,000 of about 40,000 rows · 1,000 a second · about 30 s left · 2.0 MB so far"
    assert words in text_of(running).replace("\xa0", " ").replace("1.9", "2.0")
    assert 'max="40000" value="10000"' in running.content.decode()
    with workspace_scope(cast.acme.pk):
        Export.objects.filter(pk=row.pk).update(state=State.CANCELLED)
    ended = ada.get(url)
    assert ended.headers["HX-Trigger-After-Swap"] == "export-ended"
    assert ("hx-get" in ended.content.decode(), "Cancelled" in text_of(ended)) == (False, True)
    done = a_file(cast.ada)
    assert "12,345 rows ·" in text_of(ada.get(at(cast, f"/{done.pk}/progress")))


def test_an_export_is_cancelled_once(cast: Cast, ada: Client) -> None:
    row = asked(cast.ada)
    assert ada.get(at(cast, f"/{row.pk}/cancel")).status_code == 405
    answer = ada.post(at(cast, f"/{row.pk}/cancel"), follow=True)
    assert "The export was cancelled." in text_of(answer)
    assert now(row).state == State.CANCELLED
    assert "This export had ended already." in text_of(ada.post(at(cast, f"/{row.pk}/cancel"), follow=True))


def test_a_download_is_the_whole_file_until_its_time_is_over(cast: Cast, ada: Client, noon: Any) -> None:
    contacts(cast.ada, "Cleo", "José")
    row = asked(cast.ada)
    url = at(cast, f"/{row.pk}/download")
    early = ada.get(url)
    assert (early.status_code, "No file yet" in text_of(early)) == (404, True)
    ada.post(at(cast, f"/{row.pk}/cancel"))
    row = made(cast.ada)
    url = at(cast, f"/{row.pk}/download")
    answer: Any = ada.get(url)
    got = whole(answer)
    assert got == content(row)
    assert (answer.status_code, hashlib.sha256(got).hexdigest()) == (200, row.sha256)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{row.file_name}"'
    part: Any = ada.get(url, headers={"Range": "bytes=-2"})
    assert (part.status_code, whole(part)) == (206, b"\r\n")
    with workspace_scope(cast.acme.pk):
        taken = EventRecord.objects.in_workspace(cast.acme.pk).filter(type="exports.export.downloaded")
        assert [event.actor_id for event in taken] == [cast.ada_user.pk]
    noon.move_to(NOON + timedelta(days=7))
    late = browser_of(cast.ada_user).get(url)
    assert (late.status_code, "This file is gone" in text_of(late)) == (410, True)


def test_an_export_of_another_workspace_does_not_exist(cast: Cast, ada: Client) -> None:
    foreign = a_file(cast.gus)
    for path in (f"/{foreign.pk}", f"/{foreign.pk}/progress", f"/{foreign.pk}/download", f"/{2**70}"):
        assert ada.get(at(cast, path)).status_code == 404, path
    assert ada.post(at(cast, f"/{foreign.pk}/cancel")).status_code == 404
    assert now(foreign).state == State.COMPLETED
