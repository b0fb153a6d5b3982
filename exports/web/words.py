"""What the pages call states, families, filters and formats."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exports.catalogue import Family, Filter
from exports.models import Format, State


class Look(NamedTuple):
    """How a state reads in a list: the badge's kind, its words and its symbol."""

    kind: str
    name: str | Promise
    icon: str


STATES: dict[str, Look] = {
    State.QUEUED: Look("info", _("Waiting"), "clock"),
    State.RUNNING: Look("info", _("Running"), "refresh"),
    State.COMPLETED: Look("good", _("Completed"), "check"),
    State.FAILED: Look("bad", _("Failed"), "alert"),
    State.DISCARDED: Look("warn", _("Discarded after 15 min"), "clock"),
    State.CANCELLED: Look("plain", _("Cancelled"), "x"),
    State.EXPIRED: Look("plain", _("Expired"), "file"),
}
FAMILY_NAMES = {Family.WORKSPACE: _("Workspace"), Family.PERFORMANCE: _("Performance")}
FILTER_NAMES = {
    Filter.CHANNELS: _("Channels"),
    Filter.CONVERSATION_STATES: _("Conversation"),
    Filter.STATUSES: _("Status"),
    Filter.ASSIGNEES: _("Assigned to"),
    Filter.CONTACT_TAGS: _("Contact tags"),
    Filter.FLOWS: _("Direction"),
    Filter.SENDER_TYPES: _("Senders"),
    Filter.MESSAGE_STATUSES: _("Delivery"),
    Filter.BROADCASTS: _("Broadcasts"),
    Filter.USER_STATUSES: _("Membership"),
    Filter.TEAMS: _("Teams"),
    Filter.AGENTS: _("Agents"),
}
FORMATS = (
    (Format.CSV.value, _("CSV")),
    (Format.XLSX.value, _("Excel sheet (.xlsx)")),
    (Format.PARQUET.value, _("Parquet, for analysts")),
)
