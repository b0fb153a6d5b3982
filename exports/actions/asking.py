"""Asking for a file: what is chosen is checked, the workspace's one place taken, a worker rung for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from contacts.models import ContactField
from contacts.selection import Selection
from exports.access import require_export
from exports.catalogue import DATASETS, Dataset, Filter, title_of
from exports.catalogue.filters import VALUES_OF, ids_of
from exports.errors import AlreadyRunning, Pausing, RequestNotValid
from exports.events import ExportRequested
from exports.models import Export, Format
from exports.queries import active_export, waiting_until, who_asked
from reports.definitions.ranges import Span, day_span, earliest_day
from workspaces import jobs
from workspaces.actions.checks import time_zone_name
from workspaces.actors import Actor, ActorKind
from workspaces.errors import DomainError
from workspaces.events import record
from workspaces.jobs import Job
from workspaces.models import Workspace

LONGEST = timedelta(minutes=15)
KEEP = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What is asked for. Days are whole ones of the zone, both included; a zone that is left out is the workspace's.

    contacts: `{"ids": […]}` or `{"all": true, "search"?, "filter"?, "excluded"?}`, for the data set of contacts only.
    """

    dataset: str
    from_day: date | None = None
    to_day: date | None = None
    time_zone: str = ""
    filters: Mapping[str, Sequence[object]] = field(default_factory=dict)
    header_language: str = "en"
    for_excel: bool = False
    format: str = Format.CSV.value
    is_gzipped: bool = False
    contacts: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRequest:
    """A request whose every choice is right."""

    dataset: Dataset
    time_zone: str
    filters: dict[str, list[int] | list[str]]
    span: Span | None


@transaction.atomic
def request_export(*, actor: Actor, request: ExportRequest, at: datetime) -> Export:
    """Ask for a file; a worker makes it. Raises AlreadyRunning, Pausing, PlanWithoutExport or RequestNotValid."""
    require_export(actor)
    checked = checked_request(actor, request, at=at)
    row = place_export(
        Export(
            workspace_id=actor.workspace_id,
            dataset=checked.dataset.key,
            from_day=request.from_day if checked.span else None,
            to_day=request.to_day if checked.span else None,
            range_from=checked.span.start if checked.span else None,
            range_to=checked.span.end if checked.span else None,
            time_zone=checked.time_zone,
            filters=checked.filters,
            chosen_contacts=dict(request.contacts) if request.contacts is not None else None,
            header_language=request.header_language,
            for_excel=request.for_excel and request.format == Format.CSV,
            format=request.format,
            is_gzipped=request.is_gzipped and request.format == Format.CSV,
            requested_by_id=actor.user_id,
            requested_token_id=actor.id if actor.kind is ActorKind.TOKEN else None,
        ),
        actor=actor,
        at=at,
    )
    record(ExportRequested(subject_id=row.pk, dataset=row.dataset), actor=actor, at=at)
    return row


def place_export(row: Export, *, actor: Actor, at: datetime) -> Export:
    """Take the workspace's one place for an export and ring; the constraint decides between two at the same moment."""
    row.requested_at = at
    row.deadline_at = at + LONGEST
    row.expires_at = at + KEEP
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _refuse_in_pause(row, at=at)  # once it has the place: nobody can begin a pause any more
    except IntegrityError:
        raise already_running(actor) from None
    jobs.wake(Job.RUN_EXPORT, workspace_id=row.workspace_id, export_id=row.pk)
    return row


def _refuse_in_pause(row: Export, *, at: datetime) -> None:
    paused_until = waiting_until(row.workspace_id, at=at)
    if paused_until is not None:
        refusal = Pausing(when=_shown(paused_until), retry_after=int((paused_until - at).total_seconds()) + 1)
        refusal.not_before = paused_until
        raise refusal


def checked_request(actor: Actor, request: ExportRequest, *, at: datetime) -> CheckedRequest:
    """Return the choices of a request, checked; raise RequestNotValid naming the one that is wrong."""
    dataset = DATASETS.get(request.dataset)
    if dataset is None:
        raise _wrong(
            "dataset",
            _("There is no data set “%(key)s”. Choose one of: %(keys)s."),
            key=request.dataset,
            keys=", ".join(DATASETS),
        )
    workspace = Workspace.objects.get(pk=actor.workspace_id)
    time_zone = request.time_zone or workspace.time_zone
    try:
        time_zone_name(time_zone)
    except DomainError:
        sentence = _("“%(zone)s” is not a time zone. Write one such as Europe/Madrid.")
        raise _wrong("timezone", sentence, zone=time_zone) from None
    if request.header_language not in {"en", "es"}:
        raise _wrong("headers", _("Headers are in English (en) or Spanish (es)."))
    if request.format not in Format.values:
        raise _wrong("format", _("Choose csv, xlsx or parquet."))
    _check_contacts(dataset, request, workspace)
    return CheckedRequest(
        dataset=dataset,
        time_zone=time_zone,
        filters=checked_filters(actor.workspace_id, dataset, request.filters),
        span=_checked_range(dataset, request, ZoneInfo(time_zone), at=at),
    )


def checked_filters(
    workspace_id: int, dataset: Dataset, filters: Mapping[str, Sequence[object]]
) -> dict[str, list[int] | list[str]]:
    """Return the filters that are chosen; raise RequestNotValid for one that the data set lacks, or an unknown value."""
    kept: dict[str, list[int] | list[str]] = {}
    for name, chosen in filters.items():
        if not chosen:
            continue
        if name not in {each.value for each in dataset.filters}:
            sentence = _("“%(dataset)s” cannot be narrowed by “%(name)s”. It can by: %(names)s.")
            raise _wrong(name, sentence, dataset=dataset.key, name=name, names=", ".join(dataset.filters) or "–")
        kept[name] = _checked_values(workspace_id, dataset, Filter(name), chosen)
    return kept


def already_running(actor: Actor) -> AlreadyRunning:
    """Return the refusal that says which export holds the workspace's place, whose it is and since when."""
    running = active_export(actor.workspace_id)
    if running is None:  # it ended in this very moment
        return AlreadyRunning(who=_("somebody"), title="", since="")
    refusal = AlreadyRunning(
        who=who_asked(running) or _("somebody"), title=title_of(running.dataset), since=_shown(running.requested_at)
    )
    refusal.running_id = running.pk
    return refusal


def _checked_values(
    workspace_id: int, dataset: Dataset, name: Filter, chosen: Sequence[object]
) -> list[int] | list[str]:
    known = VALUES_OF.get(name)
    if known is not None:
        allowed = known(dataset)
        unknown = [value for value in chosen if value not in allowed]
        if unknown:
            sentence = _("“%(value)s” is not a choice. Choose among: %(values)s.")
            raise _wrong(name, sentence, value=unknown[0], values=", ".join(allowed))
        return [str(value) for value in dict.fromkeys(chosen)]
    ids = [value for value in chosen if isinstance(value, int) and not isinstance(value, bool)]
    if len(ids) != len(chosen):
        raise _wrong(name, _("Write ids, as whole numbers."))
    missing = sorted(set(ids) - ids_of(workspace_id, name, ids))
    if missing:
        raise _wrong(name, _("This workspace has nothing with the id %(id)s here."), id=missing[0])
    return list(dict.fromkeys(ids))


def _checked_range(dataset: Dataset, request: ExportRequest, zone: ZoneInfo, *, at: datetime) -> Span | None:
    if not dataset.needs_range:
        if request.from_day is not None or request.to_day is not None:
            raise _wrong("from", _("This data set takes no range: it shows what stands now. Leave the days out."))
        return None
    if request.from_day is None:
        raise _wrong("from", _("Choose the first day, as YYYY-MM-DD."))
    if request.to_day is None:
        raise _wrong("to", _("Choose the last day, as YYYY-MM-DD."))
    today = at.astimezone(zone).date()
    if request.from_day > request.to_day:
        raise _wrong("to", _("The last day is before the first. Choose a later one."))
    if request.to_day > today:
        raise _wrong("to", _("The last day is in the future. Choose one up to %(day)s."), day=today.isoformat())
    earliest = earliest_day(today)
    if request.from_day < earliest:
        raise _wrong("from", _("A range begins one year back at most: on %(day)s or later."), day=earliest.isoformat())
    span = day_span(request.from_day, request.to_day, zone)
    if span is None:
        raise _wrong("to", _("A range is one year long at most. Choose an earlier last day."))
    return span


def _check_contacts(dataset: Dataset, request: ExportRequest, workspace: Workspace) -> None:
    if request.contacts is None:
        return
    if dataset.key != "contacts":
        raise _wrong("contacts", _("Only the data set of contacts takes a selection of contacts."))
    try:
        selection_of(request.contacts, workspace)
    except DomainError as refusal:
        raise _wrong("contacts", "%(reason)s", reason=refusal.message) from None


def selection_of(contacts: Mapping[str, object], workspace: Workspace) -> Selection:
    """Read a selection of contacts as it was sent; raises what the reader of selections raises."""
    fields = list(ContactField.objects.in_workspace(workspace.pk))
    return Selection.from_json(
        contacts, fields=fields, zone=ZoneInfo(workspace.time_zone), default_country=workspace.default_country
    )


def _wrong(field_name: str, sentence: str, **facts: object) -> RequestNotValid:
    return RequestNotValid(field=field_name, sentence=sentence % facts)


def _shown(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
