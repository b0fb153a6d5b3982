"""Figures of a conversation, of an alias `c` of conversations: the same for files, reports and the public API.

Lengths are milliseconds, empty where one of their moments is; docs/metrics.md says what the moments are.
"""

from reports.definitions.conditions import milliseconds

# Whose a conversation was when it was closed stays, wherever its contact goes afterwards.
ASSIGNEE = "CASE WHEN c.status = 'resolved' THEN c.closed_assignee_id ELSE c.assignee_id END"

FIRST_RESPONSE = milliseconds("c.opened_at", "c.first_response_at")
RESOLUTION = milliseconds("c.opened_at", "c.closed_at")
TO_FIRST_ASSIGNMENT = milliseconds("c.opened_at", "c.first_assigned_at")
FIRST_ASSIGNMENT_TO_RESPONSE = (
    "CASE WHEN c.first_response_at >= c.first_assigned_at THEN "
    f"{milliseconds('c.first_assigned_at', 'c.first_response_at')} END"
)
LAST_ASSIGNMENT_TO_RESPONSE = milliseconds("c.last_assigned_at", "c.response_after_assignment_at")
FIRST_ASSIGNMENT_TO_CLOSE = milliseconds("c.first_assigned_at", "c.closed_at")
LAST_ASSIGNMENT_TO_CLOSE = milliseconds("c.last_assigned_at", "c.closed_at")
AVERAGE_RESPONSE = "c.response_ms::float8 / nullif(c.response_count, 0)"
