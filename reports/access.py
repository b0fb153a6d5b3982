"""The doors: who may read reports, and what an address asks becomes a reading in the one transaction that answers it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from reports.catalogue import REPORTS
from reports.definitions.filters import Filter
from reports.engine.asking import Asked, reading_of
from reports.engine.blocks import Block, Log, Report, Spread, metrics_of
from reports.engine.facts import Metric
from reports.engine.reading import Cut, Reading
from reports.engine.scope import report_scope
from reports.errors import FilterNotValid, ReportNotFound
from workspaces.actions.checks import time_zone_name
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.models import Workspace
from workspaces.permissions import Permission
from workspaces.working_hours import WorkingHours


def require_reports(actor: Actor) -> None:
    """Raise PermissionMissing unless the actor may read the figures of everybody."""
    actor.require(Permission.REPORT_READ)


@contextmanager
def open_reading(actor: Actor, asked: Asked, *, now: datetime, time_zone: str = "") -> Iterator[Reading]:
    """Yield the reading that an address asks for; what it reads is one snapshot.

    time_zone: the workspace's when empty. Raises PermissionMissing, RangeNotValid, FilterNotValid; ReportTooSlow at its end.
    """
    require_reports(actor)
    with report_scope(actor.workspace_id) as using:
        workspace = Workspace.objects.using(using).get(pk=actor.workspace_id)
        hours = None if workspace.working_hours is None else WorkingHours.of(workspace.working_hours)
        own = ZoneInfo(workspace.time_zone)
        zone = _zone(time_zone) if time_zone else own
        yield reading_of(asked, actor=actor, using=using, zone=zone, hours=hours, hours_zone=own, now=now)


def _zone(name: str) -> ZoneInfo:
    try:
        time_zone_name(name)
    except DomainError:
        sentence = _("“%(zone)s” is not a time zone. Write one such as Europe/Madrid.") % {"zone": name}
        raise FilterNotValid(field="timezone", sentence=sentence) from None
    return ZoneInfo(name)


def report_of(key: str) -> Report:
    """Return a report; raise ReportNotFound."""
    report = REPORTS.get(key)
    if report is None:
        raise ReportNotFound(key=key)
    return report


def block_of(report: Report, key: str) -> Block:
    """Return a report's block; raise ReportNotFound."""
    block = report.blocks.get(key)
    if block is None:
        raise ReportNotFound(key=key)
    return block


def log_of(report: Report, key: str) -> Log:
    """Return a report's log; raise ReportNotFound."""
    log = report.logs_by_key.get(key)
    if log is None:
        raise ReportNotFound(key=key)
    return log


def metrics_by_key(report: Report) -> Mapping[str, Metric]:
    """Return every metric of a report."""
    return {metric.key: metric for block in report.blocks.values() for metric in metrics_of(block)}


def asked_filters(report: Report, given: Mapping[str, Sequence[str]]) -> dict[Filter, Sequence[str]]:
    """Return what an address says about the filters that a report has."""
    return {name: given[name.value] for name in report.filters if any(given.get(name.value, ()))}


def cut_of(report: Report, log: Log, given: Mapping[str, str]) -> Cut | None:
    """Return the part that an address looks into, None for the whole: `metric`, `cut_from` and `cut_to` (seconds since 1970),
    `weekday` (0 is Monday) and `hour`, `spread` (a block) and `class` (its number), `of` (a dimension) and `value` (left out: none). Raises FilterNotValid.
    """
    numbers = {name: _whole(given, name) for name in ("cut_from", "cut_to", "weekday", "hour", "class")}
    metric = metrics_by_key(report).get(given.get("metric", ""))
    edges: tuple[float | None, ...] = ()
    spread = report.blocks.get(given.get("spread", ""))
    if isinstance(spread, Spread):
        metric, edges = spread.metric, (None, *spread.edges, None)
    if metric is None and given.get("metric"):
        raise FilterNotValid(
            field="metric", sentence=_("This report has no figure “%(key)s”.") % {"key": given["metric"]}
        )
    if metric is not None and metric.fact.key != log.fact.key:
        metric = None
    part = given.get("of", "")
    if part and part not in log.fact.dimensions:
        raise FilterNotValid(field="of", sentence=_("The rows of this log have no “%(key)s”.") % {"key": part})
    number = numbers["class"]
    at_least, below = (
        (edges[number], edges[number + 1]) if number is not None and number + 1 < len(edges) else (None, None)
    )
    start, end = _moment(numbers["cut_from"]), _moment(numbers["cut_to"])
    if (metric, start, end, numbers["weekday"], numbers["hour"], part) == (None, None, None, None, None, ""):
        return None
    return Cut(
        start=start,
        end=end,
        weekday=numbers["weekday"],
        hour=numbers["hour"],
        metric=metric,
        part=part,
        value=given.get("value"),
        at_least=at_least,
        below=below,
    )


def _whole(given: Mapping[str, str], name: str) -> int | None:
    text = given.get(name, "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 11:
        raise FilterNotValid(field=name, sentence=_("“%(value)s” is not a whole number.") % {"value": text})
    return int(text)


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=ZoneInfo("UTC"))
