"""What the address of a report's page says, and addresses that say a little else: links keep the range and the filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from reports.access import asked_filters
from reports.engine.asking import Asked
from reports.engine.blocks import Report

RANGE = ("range", "from", "to", "frequency", "time")
CUT = ("metric", "cut_from", "cut_to", "weekday", "hour", "spread", "class", "of", "value")
LONGEST = 2_000  # of one value: fifty long ids


@dataclass(frozen=True, slots=True)
class PageState:
    """The parts of an address that a report knows; everything else is dropped."""

    workspace_id: int
    report: Report
    given: Mapping[str, Sequence[str]]
    log: str = ""  # the log whose page it is, if it is not the report's own

    @classmethod
    def of(cls, query: QueryDict, *, workspace_id: int, report: Report, log: str = "") -> "PageState":
        """Read a request's query."""
        known = (*RANGE, *CUT, *(name.value for name in report.filters))
        given = {
            name: [value.replace("\0", "")[:LONGEST] for value in query.getlist(name) if value.strip()]
            for name in known
            if query.getlist(name)
        }
        return cls(workspace_id, report, {name: values for name, values in given.items() if values}, log)

    @property
    def asked(self) -> Asked:
        """The question to the reports."""
        return Asked(
            preset=self.first("range"),
            first=self.first("from"),
            last=self.first("to"),
            frequency=self.first("frequency"),
            filters=asked_filters(self.report, self.given),
            in_working_hours=self.first("time") == "working",
        )

    @property
    def cut(self) -> dict[str, str]:
        """What of it somebody looks into."""
        return {name: self.first(name) for name in CUT if name in self.given}

    def first(self, name: str) -> str:
        """Return the first value of a name, or nothing."""
        return next(iter(self.given.get(name, ())), "")

    def query(self, changes: Mapping[str, object] | None = None, *, keeps_cut: bool = False) -> str:
        """Return the query with changes: None takes a name away, a list gives it several values."""
        values: dict[str, list[str]] = {
            name: list(texts) for name, texts in self.given.items() if keeps_cut or name not in CUT
        }
        for name, change in (changes or {}).items():
            if change is None:
                values.pop(name, None)
            else:
                values[name] = [str(one) for one in change] if isinstance(change, list | tuple) else [str(change)]
        text = urlencode([(name, value) for name, texts in values.items() for value in texts])
        return f"?{text}" if text else ""

    def here_url(self, changes: Mapping[str, object] | None = None) -> str:
        """Return the address of this page with changes: a log stays a log, with what of it somebody looks into."""
        return self.log_url(self.log, changes, keeps_cut=True) if self.log else self.page_url(changes)

    def page_url(self, changes: Mapping[str, object] | None = None) -> str:
        """Return the address of the report's page."""
        return reverse("report", args=[self.workspace_id, self.report.key]) + self.query(changes)

    def block_url(self, block: str, changes: Mapping[str, object] | None = None) -> str:
        """Return the address of one of its blocks."""
        return reverse("report_block", args=[self.workspace_id, self.report.key, block]) + self.query(changes)

    def block_csv_url(self, block: str) -> str:
        """Return the address of a block's table as a file."""
        return reverse("report_block_csv", args=[self.workspace_id, self.report.key, block]) + self.query()

    def log_url(self, log: str, changes: Mapping[str, object] | None = None, *, keeps_cut: bool = False) -> str:
        """Return the address of one of its logs."""
        address = reverse("report_log", args=[self.workspace_id, self.report.key, log])
        return address + self.query(changes, keeps_cut=keeps_cut)

    def log_csv_url(self, log: str) -> str:
        """Return the address of a log as a file."""
        return reverse("report_log_csv", args=[self.workspace_id, self.report.key, log]) + self.query(keeps_cut=True)
