"""Schedules: made, changed, switched and deleted by people; run by the sweep, each span once and in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils.translation import gettext as _

from exports.access import plan_includes_exports, require_export, schedule_for_update
from exports.actions.asking import checked_filters, place_export
from exports.calendar import covered, first_run
from exports.catalogue import DATASETS
from exports.destinations import destination_of
from exports.errors import AlreadyRunning, Pausing, RequestNotValid
from exports.events import ExportRequested, ScheduleChanged, ScheduleCreated, ScheduleDeleted
from exports.models import Export, ExportSchedule, Format
from workspaces.actions.checks import text_of, time_zone_name
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.jobs import Clock
from workspaces.permissions import Permission
from workspaces.queries import actor_now
from workspaces.scope import workspace_scope
from workspaces.sealing import NotUnsealable, seal, unseal
from workspaces.sweeps import each_apart

SCHEDULES_DUE = "SELECT workspace_id, schedule_id FROM export_schedules_due(%s)"
MOST_SCHEDULES = 50
# What was missed longer ago than this, while nothing ran, is not caught up with.
CATCHES_UP = timedelta(days=7)
# Settings that say where a destination is: what opens one place is not shown to another, which is given its own.
WHERE = ("host", "port", "endpoint_url")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleForm:
    """What a person chose. settings and secrets are the destination's; a secret that is left out stays as it is, at the same place."""

    name: str
    dataset: str
    every: str
    at_hour: int = 6
    on_weekday: int = 0
    time_zone: str = "UTC"
    filters: Mapping[str, Sequence[object]] = field(default_factory=dict)
    header_language: str = "en"
    for_excel: bool = False
    format: str = Format.CSV.value
    is_gzipped: bool = False
    destination: str = ExportSchedule.Destination.HISTORY.value
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def create_schedule(*, actor: Actor, form: ScheduleForm, at: datetime) -> ExportSchedule:
    """Make a schedule; its first file covers the span that ends next."""
    require_export(actor)
    if ExportSchedule.objects.in_workspace(actor.workspace_id).count() >= MOST_SCHEDULES:
        raise RequestNotValid(
            field="name", sentence=_("A workspace has at most %(most)s schedules.") % {"most": MOST_SCHEDULES}
        )
    row = ExportSchedule(workspace_id=actor.workspace_id, created_by_id=actor.user_id, created_at=at)
    _fill(row, form)
    row.next_at = first_run(row, after=at)
    row.save(force_insert=True)
    record(ScheduleCreated(subject_id=row.pk, dataset=row.dataset), actor=actor, at=at)
    return row


@transaction.atomic
def change_schedule(*, actor: Actor, schedule_id: int, form: ScheduleForm, at: datetime) -> ExportSchedule:
    """Change a schedule; when it runs next is worked out anew. Its files are made as the actor's, who chose where they go."""
    require_export(actor)
    row = schedule_for_update(actor, schedule_id)
    _fill(row, form)
    row.created_by_id = actor.user_id
    row.next_at = first_run(row, after=at)
    row.trouble = ""
    row.save()
    record(ScheduleChanged(subject_id=row.pk, dataset=row.dataset), actor=actor, at=at)
    return row


@transaction.atomic
def switch_schedule(*, actor: Actor, schedule_id: int, is_on: bool, at: datetime) -> ExportSchedule:
    """Switch a schedule on or off; what was missed while it was off is not caught up with. Its files are made as the actor's."""
    require_export(actor)
    row = schedule_for_update(actor, schedule_id)
    if row.is_on != is_on:
        row.is_on = is_on
        row.trouble = ""
        if is_on:
            row.next_at = first_run(row, after=at)
            row.created_by_id = actor.user_id
        row.save(update_fields=["is_on", "trouble", "next_at", "created_by"])
        record(ScheduleChanged(subject_id=row.pk, dataset=row.dataset), actor=actor, at=at)
    return row


@transaction.atomic
def delete_schedule(*, actor: Actor, schedule_id: int, at: datetime) -> None:
    """Delete a schedule; its files stay in the history."""
    row = schedule_for_update(actor, schedule_id)
    dataset = row.dataset
    row.delete()
    record(ScheduleDeleted(subject_id=schedule_id, dataset=dataset), actor=actor, at=at)


def run_schedules(*, clock: Clock) -> None:
    """Ask for the files of every schedule that is due, in any workspace; where the place is taken it is tried again later."""
    with connection.cursor() as cursor:
        cursor.execute(SCHEDULES_DUE, [clock()])
        due = cursor.fetchall()

    def run(workspace_id: int, schedule_id: int) -> None:
        with workspace_scope(workspace_id):
            _run(workspace_id, schedule_id, at=clock())

    each_apart(due, run, sweep="run_schedules")


def _run(workspace_id: int, schedule_id: int, *, at: datetime) -> None:
    rows = ExportSchedule.objects.in_workspace(workspace_id).select_for_update(of=("self",), skip_locked=True)
    row = rows.filter(pk=schedule_id, is_on=True, next_at__lte=at).first()
    if row is None:
        return
    maker = actor_now(workspace_id, user_id=row.created_by_id, token_id=None, at=at)
    trouble = _trouble_of(maker, workspace_id)
    if trouble:
        row.is_on = False
        row.trouble = trouble
        row.save(update_fields=["is_on", "trouble"])
        off = ScheduleChanged(subject_id=row.pk, dataset=row.dataset)
        record(off, actor=Actor.system(workspace_id=workspace_id), at=at)
        return
    if row.next_at < at - CATCHES_UP:
        row.next_at = first_run(row, after=at - CATCHES_UP)
    try:
        with transaction.atomic():
            export = place_export(_export_of(row), actor=Actor.system(workspace_id=workspace_id), at=at)
    except (AlreadyRunning, Pausing):
        return
    row.next_at = first_run(row, after=row.next_at)
    row.save(update_fields=["next_at"])
    event = ExportRequested(subject_id=export.pk, dataset=export.dataset, schedule_id=row.pk)
    record(event, actor=Actor.system(workspace_id=workspace_id), at=at)


def _trouble_of(maker: Actor | None, workspace_id: int) -> str:
    """Return why a schedule cannot go on, as one of `exports.errors.FAILURE_TEXTS`; empty when it can."""
    if maker is None or not maker.may(Permission.DATA_EXPORT):
        return "exports.requester_not_allowed"
    return "" if plan_includes_exports(workspace_id) else "exports.plan"


def _export_of(row: ExportSchedule) -> Export:
    span = covered(row, at=row.next_at) if DATASETS[row.dataset].needs_range else None
    zone = ZoneInfo(row.time_zone)
    return Export(
        workspace_id=row.workspace_id,
        dataset=row.dataset,
        from_day=span.start.astimezone(zone).date() if span else None,
        to_day=(span.end - timedelta(microseconds=1)).astimezone(zone).date() if span else None,
        range_from=span.start if span else None,
        range_to=span.end if span else None,
        time_zone=row.time_zone,
        filters=row.filters,
        header_language=row.header_language,
        for_excel=row.for_excel,
        format=row.format,
        is_gzipped=row.is_gzipped,
        schedule=row,
        requested_by_id=row.created_by_id,
    )


def _fill(row: ExportSchedule, form: ScheduleForm) -> None:
    dataset = DATASETS.get(form.dataset)
    if dataset is None:
        raise RequestNotValid(field="dataset", sentence=_("Choose a data set."))
    if form.every not in ExportSchedule.Every.values:
        raise RequestNotValid(field="every", sentence=_("Choose hourly, daily or weekly."))
    if not 0 <= form.at_hour <= 23 or not 0 <= form.on_weekday <= 6:
        raise RequestNotValid(field="at_hour", sentence=_("Choose an hour of the day and a day of the week."))
    if form.format not in Format.values:
        raise RequestNotValid(field="format", sentence=_("Choose csv, xlsx or parquet."))
    if form.header_language not in {"en", "es"}:
        raise RequestNotValid(field="headers", sentence=_("Headers are in English (en) or Spanish (es)."))
    row.name = text_of(form.name, field="name", most=80)
    row.dataset = dataset.key
    row.every = form.every
    row.at_hour = form.at_hour
    row.on_weekday = form.on_weekday
    row.time_zone = time_zone_name(form.time_zone)
    row.filters = checked_filters(row.workspace_id, dataset, form.filters)
    row.header_language = form.header_language
    row.format = form.format
    row.for_excel = form.for_excel and form.format == Format.CSV
    row.is_gzipped = form.is_gzipped and form.format == Format.CSV
    _fill_destination(row, form)


def _fill_destination(row: ExportSchedule, form: ScheduleForm) -> None:
    if form.destination not in ExportSchedule.Destination.values:
        raise RequestNotValid(field="destination", sentence=_("Choose where the files go."))
    is_same = row.destination == form.destination
    row.destination = form.destination
    destination = destination_of(form.destination)
    if destination is None:
        row.settings, row.sealed_secrets = {}, ""
        return
    kept = secrets_of(row) if is_same else {}
    given = {name: value for name, value in form.secrets.items() if value}
    secrets = {**kept, **given}
    settings = destination.checked(form.settings, secrets)
    if any(settings.get(name) != row.settings.get(name) for name in WHERE):
        secrets = given
        settings = destination.checked(form.settings, secrets)
    row.settings = settings
    row.sealed_secrets = seal({name: secrets[name] for name in destination.secrets if secrets.get(name)})


def secrets_of(row: ExportSchedule) -> dict[str, str]:
    """Return the destination's secrets; none where no key of this installation opens them, so that they can be entered again."""
    if not row.sealed_secrets:
        return {}
    try:
        return unseal(row.sealed_secrets)
    except NotUnsealable:
        return {}
