"""What the pages call the parts of a schedule, and its runs as their log shows them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from exports.catalogue import title_of
from exports.errors import FAILURE_TEXTS
from exports.models import Export, ExportSchedule
from exports.web.presenting import line_of
from workspaces.web import formats

EVERY: list[tuple[str, str | Promise]] = [
    (ExportSchedule.Every.HOUR.value, gettext_lazy("Every hour")),
    (ExportSchedule.Every.DAY.value, gettext_lazy("Every day")),
    (ExportSchedule.Every.WEEK.value, gettext_lazy("Every week")),
]
WEEKDAYS: list[tuple[int, str | Promise]] = [
    (0, gettext_lazy("Monday")),
    (1, gettext_lazy("Tuesday")),
    (2, gettext_lazy("Wednesday")),
    (3, gettext_lazy("Thursday")),
    (4, gettext_lazy("Friday")),
    (5, gettext_lazy("Saturday")),
    (6, gettext_lazy("Sunday")),
]
WHERE_TO: list[tuple[str, str | Promise]] = [
    (ExportSchedule.Destination.HISTORY.value, gettext_lazy("To the history only, to be downloaded within 7 days")),
    (ExportSchedule.Destination.SFTP.value, gettext_lazy("To the history, and on to a server by SFTP")),
    (ExportSchedule.Destination.S3.value, gettext_lazy("To the history, and on to S3 or a store like it")),
]


def rhythm_of(row: ExportSchedule) -> str:
    """Say when a schedule runs: every hour, every day at 06:00, Mondays at 06:00."""
    if row.every == ExportSchedule.Every.HOUR:
        return _("Every hour")
    hour = f"{row.at_hour:02}:00"
    if row.every == ExportSchedule.Every.DAY:
        return _("Every day at %(hour)s") % {"hour": hour}
    day = str(dict(WEEKDAYS)[row.on_weekday])
    if (get_language() or "").startswith("es"):  # where names of days are written small in a sentence
        day = day.lower()
    return _("Every week, %(day)s at %(hour)s") % {"day": day, "hour": hour}


def place_of(row: ExportSchedule) -> str:
    """Say where the files go, in a few words; nothing of it is secret."""
    if row.destination == ExportSchedule.Destination.SFTP:
        return f"sftp://{row.settings.get('username', '')}@{row.settings.get('host', '')}"
    if row.destination == ExportSchedule.Destination.S3:
        prefix = row.settings.get("prefix", "")
        return f"s3://{row.settings.get('bucket', '')}{'/' + prefix if prefix else ''}"
    return _("History")


def schedule_line(row: ExportSchedule, last: Export | None, *, at: datetime) -> dict[str, Any]:
    """Return one schedule as the list shows it."""
    return {
        "row": row,
        "url": reverse("export_schedule", args=[row.workspace_id, row.pk]),
        "title": title_of(row.dataset),
        "rhythm": rhythm_of(row),
        "next": moment_in(row.next_at, row.time_zone) if row.is_on else "",
        "place": place_of(row),
        "trouble": trouble_of(row),
        "last": run_line(last, at=at) if last is not None else None,
    }


def trouble_of(row: ExportSchedule) -> str:
    """Say why a schedule was switched off by itself; empty when it was not."""
    return str(FAILURE_TEXTS.get(row.trouble, row.trouble)) if row.trouble else ""


def run_line(row: Export, *, at: datetime) -> dict[str, Any]:
    """Return one run: its export, and whether the file went on."""
    return {**line_of(row, at=at), "sending": _sending(row, at=at)}


def moment_in(moment: datetime, time_zone: str) -> str:
    """Return a moment in a schedule's own zone."""
    shown = moment.astimezone(ZoneInfo(time_zone))
    return f"{formats.day(shown.date())}, {shown:%H:%M}"


def _sending(row: Export, *, at: datetime) -> dict[str, object] | None:
    if row.sending == "done":
        when = formats.moment(row.sent_at) if row.sent_at else ""
        return {"kind": "good", "icon": "check", "name": _("Sent"), "more": row.sent_as, "when": when}
    if row.sending == "failed":
        return {"kind": "bad", "icon": "alert", "name": _("Not sent"), "more": row.send_error}
    if row.sending == "waiting":
        again = ""
        if row.send_error and row.send_at is not None and row.send_at > at:
            again = _("tried again at %(time)s") % {"time": formats.clock(row.send_at)}
        return {"kind": "info", "icon": "clock", "name": _("Being sent"), "more": row.send_error, "when": again}
    return None
