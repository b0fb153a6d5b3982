"""Figures of a conversation, of an alias `c` of conversations: the same for files, reports and the public API.

Lengths are milliseconds, empty where one of their moments is; docs/metrics.md says what the moments are.
"""

from reports.definitions.conditions import milliseconds

# Whose a conversation was when it was closed stays, wherever its contact goes afterwards.
ASSIGNEE = "CASE WHEN c.status = 'resolved' THEN c.closed_assignee_id ELSE c.assignee_id END"

# Between which moments each time runs: files take the milliseconds, reports the working ones as well.
FIRST_RESPONSE_SPAN = ("c.opened_at", "c.first_response_at")
RESOLUTION_SPAN = ("c.opened_at", "c.closed_at")
TO_FIRST_ASSIGNMENT_SPAN = ("c.opened_at", "c.first_assigned_at")
FIRST_ASSIGNMENT_TO_RESPONSE_SPAN = ("c.first_assigned_at", "c.first_response_at")
LAST_ASSIGNMENT_TO_RESPONSE_SPAN = ("c.last_assigned_at", "c.response_after_assignment_at")
FIRST_ASSIGNMENT_TO_CLOSE_SPAN = ("c.first_assigned_at", "c.closed_at")
LAST_ASSIGNMENT_TO_CLOSE_SPAN = ("c.last_assigned_at", "c.closed_at")
WAS_ASSIGNED_FIRST = "c.first_response_at >= c.first_assigned_at"  # before the first response

FIRST_RESPONSE = milliseconds(*FIRST_RESPONSE_SPAN)
RESOLUTION = milliseconds(*RESOLUTION_SPAN)
TO_FIRST_ASSIGNMENT = milliseconds(*TO_FIRST_ASSIGNMENT_SPAN)
FIRST_ASSIGNMENT_TO_RESPONSE = (
    f"CASE WHEN {WAS_ASSIGNED_FIRST} THEN {milliseconds(*FIRST_ASSIGNMENT_TO_RESPONSE_SPAN)} END"
)
LAST_ASSIGNMENT_TO_RESPONSE = milliseconds(*LAST_ASSIGNMENT_TO_RESPONSE_SPAN)
FIRST_ASSIGNMENT_TO_CLOSE = milliseconds(*FIRST_ASSIGNMENT_TO_CLOSE_SPAN)
LAST_ASSIGNMENT_TO_CLOSE = milliseconds(*LAST_ASSIGNMENT_TO_CLOSE_SPAN)
AVERAGE_RESPONSE = "c.response_ms::float8 / nullif(c.response_count, 0)"
