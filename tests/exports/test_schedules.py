"""Schedules: made and changed by people, run by the sweep: each span once, in order, or not yet."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as installation

from exports.actions import (
    ScheduleForm,
    change_schedule,
    create_schedule,
    delete_schedule,
    run_export,
    run_schedules,
    switch_schedule,
)
from exports.errors import PlanWithoutExport, RequestNotValid
from exports.models import Export, ExportSchedule, State
from tests.exports.steps import asked, clock, content, now
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears
from workspaces.actions import remove_member
from workspaces.actors import Actor
from workspaces.errors import DomainError, PermissionMissing
from workspaces.models import EventRecord, Notification, Organization
from workspaces.scope import workspace_scope
from workspaces.sealing import unseal

pytestmark = pytest.mark.django_db(transaction=True)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SFTP = {"host": "8.8.8.8", "port": "22", "username": "robot", "folder": "in", "host_key": ""}


def form(**choices: Any) -> ScheduleForm:
    return ScheduleForm(**{"name": "Hourly messages", "dataset": "messages", "every": "hour", **choices})


def scheduled(actor: Actor, *, at: datetime = NOON, **choices: Any) -> ExportSchedule:
    with workspace_scope(actor.workspace_id):
        return create_schedule(actor=actor, form=form(**choices), at=at)


def as_it_is(row: ExportSchedule) -> ExportSchedule:
    with workspace_scope(row.workspace_id):
        return ExportSchedule.objects.in_workspace(row.workspace_id).get(pk=row.pk)


def files_of(row: ExportSchedule) -> list[Export]:
    """Return what a schedule has asked for, in the order in which it did."""
    with workspace_scope(row.workspace_id):
        return list(Export.objects.in_workspace(row.workspace_id).filter(schedule=row).order_by("pk"))


def swept(moment: datetime) -> None:
    run_schedules(clock=clock(moment))


def make(row: Export, at: datetime) -> Export:
    run_export(workspace_id=row.workspace_id, export_id=row.pk, clock=clock(at))
    return now(row)


def test_each_span_is_asked_for_once_and_in_order(cast: Cast) -> None:
    row = scheduled(cast.ada)
    assert row.next_at == NOON + HOUR
    swept(NOON + HOUR - timedelta(seconds=1))
    assert files_of(row) == []
    swept(NOON + HOUR)
    swept(NOON + HOUR)
    (first,) = files_of(row)
    assert (first.range_from, first.range_to) == (NOON, NOON + HOUR)
    assert (first.requested_by_id, first.requested_at) == (cast.ada_user.pk, NOON + HOUR)
    # Two hours pass, while the first file holds the place: both are caught up with, one after the other.
    late = NOON + 3 * HOUR
    swept(late)
    assert len(files_of(row)) == 1
    assert as_it_is(row).next_at == NOON + 2 * HOUR
    for expected in (2, 3, 3):
        newest = files_of(row)[-1]
        if newest.state == State.QUEUED:
            assert make(newest, newest.requested_at).state == State.COMPLETED
        swept(late)
        assert len(files_of(row)) == expected
    spans = [(each.range_from, each.range_to) for each in files_of(row)]
    assert spans == [(NOON + hour * HOUR, NOON + (hour + 1) * HOUR) for hour in range(3)]
    assert as_it_is(row).next_at == NOON + 4 * HOUR
    with workspace_scope(cast.acme.pk):
        events = EventRecord.objects.in_workspace(cast.acme.pk).filter(type="exports.export.requested")
        assert [event.data["schedule_id"] for event in events] == [row.pk] * 3
        assert not Notification.objects.in_workspace(cast.acme.pk).exists()  # not 24 a day


def test_it_waits_while_somebody_elses_export_or_a_pause_holds_the_place(cast: Cast) -> None:
    row = scheduled(cast.ada)
    taken = asked(cast.max, at=NOON + HOUR)
    swept(NOON + HOUR)
    assert files_of(row) == []
    with workspace_scope(cast.acme.pk):
        Export.objects.in_workspace(cast.acme.pk).filter(pk=taken.pk).update(
            state=State.DISCARDED, finished_at=NOON + HOUR, not_before=NOON + HOUR + timedelta(minutes=30)
        )
    swept(NOON + HOUR + timedelta(minutes=29))
    assert files_of(row) == []
    swept(NOON + HOUR + timedelta(minutes=30))
    assert [each.range_from for each in files_of(row)] == [NOON]


def test_what_was_missed_is_caught_up_with_for_seven_days(cast: Cast) -> None:
    row = scheduled(cast.ada, every="day", at_hour=6)
    assert row.next_at == datetime(2026, 3, 3, 6, tzinfo=UTC)
    swept(NOON + 30 * DAY)
    (first,) = files_of(row)
    assert first.from_day is not None
    assert first.from_day.isoformat() == first.to_day.isoformat() == "2026-03-25"  # type: ignore[union-attr]
    assert as_it_is(row).next_at == datetime(2026, 3, 27, 6, tzinfo=UTC)


def test_a_file_of_what_stands_now_has_no_range(cast: Cast) -> None:
    row = scheduled(cast.ada, dataset="contacts")
    swept(NOON + HOUR)
    (first,) = files_of(row)
    assert (first.from_day, first.range_from) == (None, None)


def test_whoever_made_it_must_still_be_allowed(cast: Cast) -> None:
    row = scheduled(cast.max)
    with workspace_scope(cast.acme.pk):
        remove_member(actor=cast.ada, user_id=cast.max_user.pk, at=NOON)
    swept(NOON + HOUR)
    off = as_it_is(row)
    assert (off.is_on, off.trouble, files_of(row)) == (False, "exports.requester_not_allowed", [])
    with workspace_scope(cast.acme.pk):
        switched = switch_schedule(actor=cast.ada, schedule_id=row.pk, is_on=True, at=NOON + 5 * HOUR)
    # From now on it is Ada's, and what was missed meanwhile stays missed.
    assert (switched.created_by_id, switched.trouble) == (cast.ada_user.pk, "")
    assert switched.next_at == NOON + 6 * HOUR


def test_without_the_plan_it_is_switched_off_and_none_can_be_made(cast: Cast) -> None:
    row = scheduled(cast.ada)
    Organization.objects.update(may_export_data=False)
    swept(NOON + HOUR)
    assert (as_it_is(row).is_on, as_it_is(row).trouble) == (False, "exports.plan")
    with pytest.raises(PlanWithoutExport):
        scheduled(cast.ada)


def test_its_files_hold_no_words_of_messages(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        hears(cast.ada, a_channel(cast.ada), "a secret word", at=NOON + timedelta(minutes=5))
    row = scheduled(cast.ada, dataset="message_details")
    swept(NOON + HOUR)
    (first,) = files_of(row)
    done = make(first, NOON + HOUR)
    assert (done.state, done.rows) == (State.COMPLETED, 1)
    assert b"a secret word" not in content(done)
    day = {"from_day": NOON.date(), "to_day": NOON.date()}
    by_hand = make(asked(cast.ada, dataset="message_details", at=NOON + HOUR, **day), NOON + HOUR)
    assert b"a secret word" in content(by_hand)


@pytest.mark.parametrize(
    ("field", "choices"),
    [
        ("name", {"name": " "}),
        ("dataset", {"dataset": "nothing"}),
        ("every", {"every": "minute"}),
        ("at_hour", {"at_hour": 24}),
        ("at_hour", {"on_weekday": 7}),
        ("time_zone", {"time_zone": "Mars/Base"}),
        ("format", {"format": "pdf"}),
        ("headers", {"header_language": "fr"}),
        ("flows", {"filters": {"flows": ["sideways"]}}),
        ("teams", {"filters": {"teams": [1]}}),
        ("destination", {"destination": "ftp"}),
        ("host", {"destination": "sftp", "settings": {**SFTP, "host": ""}, "secrets": {"password": "x"}}),
        ("host", {"destination": "sftp", "settings": {**SFTP, "host": "127.0.0.1"}, "secrets": {"password": "x"}}),
        ("host", {"destination": "sftp", "settings": {**SFTP, "port": "25"}, "secrets": {"password": "x"}}),
        ("port", {"destination": "sftp", "settings": {**SFTP, "port": "70000"}, "secrets": {"password": "x"}}),
        ("username", {"destination": "sftp", "settings": {**SFTP, "username": ""}, "secrets": {"password": "x"}}),
        ("password", {"destination": "sftp", "settings": SFTP}),
        ("private_key", {"destination": "sftp", "settings": SFTP, "secrets": {"private_key": "no key"}}),
        ("bucket", {"destination": "s3", "settings": {"bucket": "A"}}),
        ("access_key_id", {"destination": "s3", "settings": {"bucket": "files"}}),
        ("secret_access_key", {"destination": "s3", "settings": {"bucket": "files", "access_key_id": "a"}}),
        (
            "region",
            {
                "destination": "s3",
                "settings": {"bucket": "files", "access_key_id": "a"},
                "secrets": {"secret_access_key": "b"},
            },
        ),
        (
            "endpoint_url",
            {
                "destination": "s3",
                "settings": {"bucket": "files", "access_key_id": "a", "endpoint_url": "http://127.0.0.1:9000"},
                "secrets": {"secret_access_key": "b"},
            },
        ),
    ],
)
def test_a_wrong_choice_is_named_and_nothing_is_kept(cast: Cast, field: str, choices: dict[str, Any]) -> None:
    with pytest.raises(DomainError) as refused:
        scheduled(cast.ada, **choices)
    assert refused.value.field == field
    with workspace_scope(cast.acme.pk):
        assert not ExportSchedule.objects.in_workspace(cast.acme.pk).exists()


def test_secrets_are_sealed_and_stay_where_they_are_left_blank(cast: Cast) -> None:
    choices: dict[str, Any] = {"destination": "sftp", "settings": SFTP}
    row = scheduled(cast.ada, **choices, secrets={"password": "open sesame"})
    assert "open sesame" not in row.sealed_secrets + str(row.settings)
    assert unseal(row.sealed_secrets) == {"password": "open sesame"}

    def changed(**more: Any) -> ExportSchedule:
        with workspace_scope(cast.acme.pk):
            return change_schedule(actor=cast.ada, schedule_id=row.pk, form=form(**{**choices, **more}), at=NOON)

    assert unseal(changed(secrets={"password": ""}).sealed_secrets) == {"password": "open sesame"}
    assert unseal(changed(secrets={"password": "new"}).sealed_secrets) == {"password": "new"}
    assert changed(destination="history").sealed_secrets == ""
    with pytest.raises(DomainError, match="password"):  # what was there is forgotten
        changed()


def test_changing_and_deleting_stand_in_the_event_log_and_files_stay(cast: Cast) -> None:
    row = scheduled(cast.ada)
    swept(NOON + HOUR)
    (first,) = files_of(row)
    with workspace_scope(cast.acme.pk):
        daily = change_schedule(
            actor=cast.max, schedule_id=row.pk, form=form(every="day", at_hour=7), at=NOON + 2 * HOUR
        )
        assert daily.next_at == datetime(2026, 3, 3, 7, tzinfo=UTC)
        switch_schedule(actor=cast.max, schedule_id=row.pk, is_on=False, at=NOON)
        delete_schedule(actor=cast.max, schedule_id=row.pk, at=NOON)
        events = EventRecord.objects.in_workspace(cast.acme.pk).filter(subject_kind="export_schedule").order_by("pk")
        changed = "exports.schedule.changed"
        assert [event.type for event in events] == [
            "exports.schedule.created", changed, changed, "exports.schedule.deleted",
        ]  # fmt: skip
    assert now(first).schedule_id is None
    assert make(first, NOON + HOUR).state == State.COMPLETED


def test_only_who_may_export_makes_schedules_and_only_of_their_workspace(cast: Cast) -> None:
    with pytest.raises(PermissionMissing):
        scheduled(cast.ben)
    row = scheduled(cast.ada)
    for act in (
        lambda: delete_schedule(actor=cast.gus, schedule_id=row.pk, at=NOON),
        lambda: switch_schedule(actor=cast.gus, schedule_id=row.pk, is_on=False, at=NOON),
        lambda: change_schedule(actor=cast.gus, schedule_id=row.pk, form=form(), at=NOON),
    ):
        with workspace_scope(cast.globex.pk), pytest.raises(DomainError) as refused:
            act()
        assert refused.value.kind == "not_found"
    assert as_it_is(row).is_on


def test_a_workspace_has_fifty_at_most(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        ExportSchedule.objects.bulk_create(
            ExportSchedule(
                workspace_id=cast.acme.pk, name="x", dataset="contacts", every="day", next_at=NOON, created_at=NOON
            )
            for _ in range(50)
        )
    with pytest.raises(RequestNotValid, match="50"):
        scheduled(cast.ada)


def test_the_sweeps_are_wired() -> None:
    for name in ("exports.sweep", "exports.run_schedules"):
        assert installation.CELERY_BEAT_SCHEDULE[name]["task"] == name
