"""/v2/report…: figures, series, tables and logs as JSON."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from reports.access import asked_filters, cut_of, log_of, open_reading, report_of, require_reports
from reports.api import serializers as wire
from reports.api.shapes import log_body, report_body
from reports.catalogue import REPORTS
from reports.definitions.filters import Filter
from reports.engine.answers import answer
from reports.engine.asking import Asked
from reports.engine.blocks import Report
from reports.engine.filters import SPECS
from reports.engine.happened import so_far
from reports.engine.periods import Frequency, Preset
from reports.engine.rows import is_applicable, log_rows
from reports.engine.tables import log_table
from reports.errors import FilterNotValid
from workspaces.api.base import ApiView
from workspaces.api.schema import documented

TAG = "report"
DAY = {"type": "string", "format": "date"}
QUESTION = [
    OpenApiParameter("from", DAY, description="First day, included."),
    OpenApiParameter("to", DAY, description="Last day, included."),
    OpenApiParameter(
        "range",
        str,
        enum=list(Preset),
        description="Days by name, instead of from and to; the last 30 days when absent.",
    ),
    OpenApiParameter("timezone", str, description="The zone whose days these are; the workspace's when absent."),
    OpenApiParameter("frequency", str, enum=list(Frequency), description="How long the points of series are."),
    OpenApiParameter("time", str, enum=["working"], description="Count times in working hours, where they are set."),
    *(
        OpenApiParameter(name.value, str, description=f"{SPECS[name].title}: one or several, with commas.")
        for name in Filter
        if name in SPECS
    ),
]

# What an address may say; the filters of other reports are refused with a word of their own.
ONE_OF = {
    "range": [each.value for each in Preset],
    "frequency": [each.value for each in Frequency],
    "time": ["working"],
}
KNOWN = {"from", "to", "timezone", "metric", *ONE_OF, *(name.value for name in SPECS)}


def asked_by(request: Request, report: Report) -> Asked:
    """Return what a request asks of a report; a filter that the report does not have is refused by name."""
    given = request.query_params
    known = set(report.filters)
    unknown = next((name for name in given if name not in KNOWN), None)
    if unknown is not None:
        raise FilterNotValid(field=unknown, sentence=_("There is no parameter “%(name)s”.") % {"name": unknown})
    for name, values in ONE_OF.items():
        if given.get(name) and given[name] not in values:
            sentence = _("“%(value)s” is none of: %(values)s.") % {"value": given[name], "values": ", ".join(values)}
            raise FilterNotValid(field=name, sentence=sentence)
    strange = next((name for name in SPECS if name not in known and given.get(name.value)), None)
    if strange is not None:
        sentence = _("This report cannot be narrowed by %(filter)s.") % {"filter": strange.value}
        raise FilterNotValid(field=strange.value, sentence=sentence)
    return Asked(
        preset=given.get("range", ""),
        first=given.get("from", ""),
        last=given.get("to", ""),
        frequency=given.get("frequency", ""),
        filters=asked_filters(report, _lists(request)),
        in_working_hours=given.get("time") == "working",
    )


def _lists(request: Request) -> dict[str, Sequence[str]]:
    return {name: request.query_params.getlist(name) for name in request.query_params}


class Reports(ApiView):
    @documented("listReports", "List the reports with their filters and logs", response=wire.ReportsBody, tag=TAG)
    def get(self, request: Request) -> Response:
        require_reports(self.actor)
        items = [
            {
                "key": report.key,
                "title": str(report.title),
                "filters": [name.value for name in report.filters],
                "logs": [{"key": log.key, "title": str(log.title)} for log in report.logs],
            }
            for report in REPORTS.values()
        ]
        return Response({"items": items})


class OneReport(ApiView):
    """Reads in a transaction of its own, which never holds up the inbox."""

    opens_its_own_scopes = True

    @documented(
        "getReport", "Get a report's figures, series and tables", response=wire.ReportBody, errors=(400, 404),
        parameters=QUESTION, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, report: str) -> Response:
        require_reports(self.actor)
        found = report_of(report)
        asked = asked_by(request, found)
        zone = request.query_params.get("timezone", "")
        now = timezone.now()
        with open_reading(self.actor, asked, now=now, time_zone=zone) as reading:
            answers = [so_far(answer(block, reading), now=now) for block in found.blocks.values()]
            return Response(report_body(found, answers, reading))


class ReportLog(ApiView):
    """The same for the rows of a log."""

    opens_its_own_scopes = True

    @documented(
        "getReportLog", "Get the rows of a report's log, the latest first, 10,000 at most", response=wire.LogBody,
        errors=(400, 404), parameters=[*QUESTION, OpenApiParameter("metric", str, description="The rows behind it only.")],
        tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, report: str, log: str) -> Response:
        require_reports(self.actor)
        found = report_of(report)
        chosen = log_of(found, log)
        asked = asked_by(request, found)
        cut = cut_of(found, chosen, request.query_params.dict())
        zone = request.query_params.get("timezone", "")
        with open_reading(self.actor, asked, now=timezone.now(), time_zone=zone) as reading:
            if not is_applicable(chosen, reading):
                unfit = reading.not_applicable(chosen.fact)[0]
                sentence = _("The rows of this log cannot be narrowed by %(filter)s.") % {"filter": unfit.value}
                raise FilterNotValid(field=unfit.value, sentence=sentence)
            rows = log_rows(chosen, reading, cut=cut)
            return Response(log_body(chosen, rows, log_table(chosen, rows.rows, reading), reading))
