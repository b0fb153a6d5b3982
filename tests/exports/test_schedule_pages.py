"""Schedules on their pages: made, refused at the field, tried, switched, deleted; and no secret ever comes out."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from exports.actions.scheduling import secrets_of
from exports.destinations.sftp import fingerprint
from exports.models import Export, ExportSchedule, State
from tests.exports.sftp_server import PASSWORD, USER, SftpServer, sftp_server
from tests.factories import NOON, Cast, browser_of
from workspaces.scope import workspace_scope

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(cast: Cast) -> Client:
    return browser_of(cast.ada_user)


@pytest.fixture
def server(tmp_path: Path, settings: Settings) -> Iterator[SftpServer]:
    settings.OUTSIDE_ALLOW = ["127.0.0.1/32"]
    with sftp_server(tmp_path) as running:
        yield running


def at(cast: Cast, name: str, *more: int) -> str:
    return reverse(name, args=[cast.acme.pk, *more])


def chosen(**more: object) -> dict[str, Any]:
    return {
        "name": "Nightly messages",
        "dataset": "messages",
        "every": "day",
        "on_weekday": "0",
        "at_hour": "6",
        "time_zone": "Europe/Madrid",
        "header_language": "en",
        "format": "csv",
        "destination": "history",
        **more,
    }


def to_server(server: SftpServer, **more: object) -> dict[str, Any]:
    place = {"host": "127.0.0.1", "port": str(server.port), "username": USER, "password": PASSWORD, "folder": "in"}
    return chosen(destination="sftp", **{**place, "host_key": fingerprint(server.host_key), **more})


def schedules(cast: Cast) -> list[ExportSchedule]:
    with workspace_scope(cast.acme.pk):
        return list(ExportSchedule.objects.in_workspace(cast.acme.pk).order_by("pk"))


def a_run(cast: Cast, row: ExportSchedule, **values: object) -> Export:
    with workspace_scope(cast.acme.pk):
        return Export.objects.create(
            **{
                "workspace_id": cast.acme.pk,
                "state": State.FAILED,
                "dataset": "messages",
                "time_zone": "Europe/Madrid",
                "schedule": row,
                "requested_at": NOON,
                "deadline_at": NOON + timedelta(minutes=15),
                "expires_at": NOON + timedelta(days=7),
                "error_code": "exports.too_long",
                **values,
            }
        )


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_schedule_is_made_and_changed(cast: Cast, ada: Client) -> None:
    assert "No schedules yet" in text_of(ada.get(at(cast, "export_schedules")))
    form = text_of(ada.get(at(cast, "export_schedule_new")))
    assert "Make the schedule" in form
    assert ada.post(at(cast, "export_schedule_new"), chosen(flows=["incoming"])).status_code == 302
    [row] = schedules(cast)
    assert (row.dataset, row.every, row.filters, row.created_by_id) == (
        "messages", "day", {"flows": ["incoming"]}, cast.ada_user.pk,
    )  # fmt: skip
    listed = text_of(ada.get(at(cast, "export_schedules")))
    assert "Nightly messages" in listed
    assert "Every day at 06:00" in listed
    edit = at(cast, "export_schedule_edit", row.pk)
    assert re.search(r'value="incoming"[^>]* checked', text_of(ada.get(edit)))
    assert ada.post(edit, chosen(name="Weekly", every="week", on_weekday="4", format="parquet")).status_code == 302
    [row] = schedules(cast)
    assert (row.name, row.every, row.on_weekday, row.format, row.filters) == ("Weekly", "week", 4, "parquet", {})
    page = text_of(ada.get(at(cast, "export_schedule", row.pk)))
    assert "Every week, Friday at 06:00" in page
    assert "No runs yet" in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "id_name"),
        ({"time_zone": "Mars/Base"}, "id_time_zone"),
        ({"dataset": "secrets"}, "id_dataset"),
        ({"destination": "sftp"}, "id_host"),
        ({"destination": "sftp", "host": "x.example.com", "port": "huge"}, "id_port"),
        ({"destination": "s3", "bucket": ""}, "id_bucket"),
        ({"destination": "s3", "bucket": "files", "access_key_id": "A"}, "id_secret_access_key"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(cast: Cast, ada: Client, wrong: dict[str, str], field: str) -> None:
    answer = ada.post(at(cast, "export_schedule_new"), chosen(flows=["incoming"]) | wrong)
    page = text_of(answer)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    if "name" not in wrong:
        assert 'value="Nightly messages"' in page
    assert schedules(cast) == []


def test_another_data_set_brings_its_own_filters(cast: Cast, ada: Client) -> None:
    new = at(cast, "export_schedule_new")
    part = text_of(ada.post(new, chosen(dataset="users", do="dataset"), headers=HTMX))
    assert part.startswith('<div class="form" id="schedule-filters"')
    assert 'name="user_statuses"' in part
    assert 'name="flows"' not in part
    whole = text_of(ada.post(new, chosen(dataset="users", do="dataset")))
    assert 'value="Nightly messages"' in whole
    assert schedules(cast) == []


def test_trying_writes_a_file_and_finds_the_key(
    transactional_db: None, cast: Cast, ada: Client, server: SftpServer
) -> None:
    answer = ada.post(at(cast, "export_schedule_try"), to_server(server, host_key="", name=""), headers=HTMX)
    page = text_of(answer)
    assert answer.status_code == 200
    assert "It works" in page
    assert fingerprint(server.host_key) in page.replace("&#x2F;", "/")
    assert PASSWORD not in page
    assert server.written
    assert server.names() == []
    wrong = text_of(ada.post(at(cast, "export_schedule_try"), to_server(server, password="other"), headers=HTMX))
    assert "refused the user name, password or key" in wrong
    assert schedules(cast) == []


def test_without_scripts_a_trial_brings_the_whole_form_back(
    transactional_db: None, cast: Cast, ada: Client, server: SftpServer
) -> None:
    page = text_of(ada.post(at(cast, "export_schedule_try"), to_server(server, host_key="")))
    assert "It works" in page
    assert "Make the schedule" in page
    assert 'value="Nightly messages"' in page
    assert PASSWORD not in page


def test_a_server_whose_key_is_not_known_is_not_saved(cast: Cast, ada: Client, server: SftpServer) -> None:
    answer = ada.post(at(cast, "export_schedule_new"), to_server(server, host_key=""))
    assert answer.status_code == 422
    assert 'id="id_host_key-error"' in text_of(answer)
    assert PASSWORD not in text_of(answer)


def test_a_secret_is_kept_and_never_shown(cast: Cast, ada: Client, server: SftpServer) -> None:
    assert ada.post(at(cast, "export_schedule_new"), to_server(server)).status_code == 302
    [row] = schedules(cast)
    assert secrets_of(row) == {"password": PASSWORD}
    for name in ("export_schedule", "export_schedule_edit"):
        page = text_of(ada.get(at(cast, name, row.pk)))
        assert PASSWORD not in page
        assert row.sealed_secrets not in page
    edit = at(cast, "export_schedule_edit", row.pk)
    assert ada.post(edit, to_server(server, password="", name="Renamed")).status_code == 302
    [row] = schedules(cast)
    assert (row.name, secrets_of(row)) == ("Renamed", {"password": PASSWORD})


def test_a_stored_secret_is_not_sent_to_another_server(
    transactional_db: None, cast: Cast, ada: Client, server: SftpServer
) -> None:
    ada.post(at(cast, "export_schedule_new"), to_server(server))
    [row] = schedules(cast)
    elsewhere = to_server(server, password="", username="somebody", schedule=str(row.pk))
    tried = text_of(ada.post(at(cast, "export_schedule_try"), elsewhere, headers=HTMX))
    assert "Give a password or a private key" in tried
    saved = ada.post(at(cast, "export_schedule_edit", row.pk), elsewhere)
    assert saved.status_code == 422
    assert 'id="id_password-error"' in text_of(saved)
    same = to_server(server, password="", schedule=str(row.pk))
    assert "It works" in text_of(ada.post(at(cast, "export_schedule_try"), same, headers=HTMX))


def test_switching_says_when_it_runs_next(cast: Cast, ada: Client) -> None:
    ada.post(at(cast, "export_schedule_new"), chosen())
    [row] = schedules(cast)
    switch = at(cast, "export_schedule_switch", row.pk)
    assert "The schedule is off" in text_of(ada.post(switch, {"on": "0", "from": "list"}, follow=True))
    assert "switched off" in text_of(ada.get(at(cast, "export_schedules")))
    assert "It runs next on" in text_of(ada.post(switch, {"on": "1"}, follow=True))
    assert schedules(cast)[0].is_on


def test_deleting_asks_first(cast: Cast, ada: Client) -> None:
    ada.post(at(cast, "export_schedule_new"), chosen())
    [row] = schedules(cast)
    delete = at(cast, "export_schedule_delete", row.pk)
    assert "Delete the schedule “Nightly messages”?" in text_of(ada.get(delete))
    assert len(schedules(cast)) == 1
    assert ada.post(delete).status_code == 302
    assert schedules(cast) == []


def test_the_log_tells_of_runs_and_of_sending(cast: Cast, ada: Client) -> None:
    ada.post(at(cast, "export_schedule_new"), chosen())
    [row] = schedules(cast)
    with workspace_scope(cast.acme.pk):
        row.trouble, row.is_on = "exports.requester_not_allowed", False
        row.destination, row.settings = "s3", {"bucket": "files", "prefix": "daily"}
        row.save()
    done = {
        "state": State.COMPLETED, "rows": 12, "size_bytes": 34, "sha256": "a" * 64, "file_key": "k", "error_code": "",
        "finished_at": NOON,
    }  # fmt: skip
    a_run(cast, row)
    a_run(cast, row, **done, sending="done", sent_as="s3://files/daily/x.csv", sent_at=NOON)
    a_run(cast, row, **done, sending="failed", send_error="AccessDenied")
    page = text_of(ada.get(at(cast, "export_schedule", row.pk)))
    for words in (
        "s3://files/daily/x.csv",
        "AccessDenied",
        "Not sent",
        "longer than 15 minutes",
        "may no longer export",
    ):
        assert words in page
    listed = text_of(ada.get(at(cast, "export_schedules")))
    assert "may no longer export" in listed
    for _ in range(21):
        a_run(cast, row)
    assert "Older runs" in text_of(ada.get(at(cast, "export_schedule", row.pk)))
    assert "Newest runs" in text_of(ada.get(at(cast, "export_schedule", row.pk) + "?before=1"))


def test_an_agent_sees_none_of_it(cast: Cast) -> None:
    ben = browser_of(cast.ben_user)
    for name in ("export_schedules", "export_schedule_new", "export_datasets", "export_contacts"):
        assert ben.get(at(cast, name)).status_code == 403
