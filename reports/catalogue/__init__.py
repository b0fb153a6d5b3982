"""Every report by its key, in the order of the navigation."""

from reports.catalogue.assignments import ASSIGNMENTS
from reports.catalogue.broadcasts import BROADCASTS
from reports.catalogue.contacts import CONTACTS
from reports.catalogue.conversations import CONVERSATIONS
from reports.catalogue.leaderboard import LEADERBOARD
from reports.catalogue.logs import logs_report
from reports.catalogue.messages import MESSAGES
from reports.catalogue.resolutions import RESOLUTIONS
from reports.catalogue.responses import RESPONSES
from reports.catalogue.users import USERS
from reports.engine.blocks import Report

WITH_FIGURES: tuple[Report, ...] = (
    CONVERSATIONS,
    RESPONSES,
    RESOLUTIONS,
    MESSAGES,
    CONTACTS,
    ASSIGNMENTS,
    LEADERBOARD,
    USERS,
    BROADCASTS,
)

REPORTS: dict[str, Report] = {report.key: report for report in (*WITH_FIGURES, logs_report(WITH_FIGURES))}
