"""Every report by its key, in the order of the navigation."""

from reports.catalogue.contacts import CONTACTS
from reports.engine.blocks import Report

REPORTS: dict[str, Report] = {report.key: report for report in (CONTACTS,)}
