"""The reports about people, as the oracle expects them."""

from tests.reports.oracle.measures import Measure
from tests.reports.oracle.wanted import (
    ASSIGNED,
    EACH_RESPONSE,
    EACH_RESPONSES,
    NAMED,
    WantedLog,
    WantedReport,
    cards,
    mean_of,
    ranks,
    roster,
)

_COUNTS = ("assigned", "closed", "contacts_closed", "messages_sent", "comments")
_TIMES = {
    "first_response_time": mean_of("first_responses", "first_responses", "first_response_time"),
    "first_assignment_to_first_response": mean_of(
        "first_responses", "first_responses", "first_assignment_to_first_response"
    ),
    "average_response_time": EACH_RESPONSE,
    "resolution_time": mean_of("closed_by_people", "closed", "resolution_time"),
    "first_assignment_to_close": mean_of("closed_by_people", "closed", "first_assignment_to_close"),
    "last_assignment_to_close": mean_of("closed_by_people", "closed", "last_assignment_to_close"),
}
_OF_PEOPLE = {
    "assigned": Measure(kind="assigned", log="assigned"),
    "closed": Measure(kind="closed_by_people", log="closed"),
    "contacts_closed": Measure(kind="closed_by_people", log="closed", sort="distinct"),
    "messages_sent": Measure(kind="person", log="messages"),
    "comments": Measure(kind="comments", log="comments"),
    **_TIMES,
}
_LOGS_OF_PEOPLE = {
    "assigned": WantedLog(kind="assigned", columns=ASSIGNED),
    "closed": WantedLog(
        kind="closed_by_people",
        columns=f"closed_at {NAMED} closed_by_user closed_by_team opened_at category resolution_time first_assignment_to_close"
        " last_assignment_to_close",
    ),
    "first_responses": WantedLog(
        kind="first_responses",
        columns=f"closed_at {NAMED} first_responder opened_at first_response_time first_assignment_to_first_response",
    ),
    "each_response": EACH_RESPONSES,
    "messages": WantedLog(
        kind="person",
        columns="date_time user team contact_id contact_name channel type sub_type status conversation_id",
    ),
    "comments": WantedLog(kind="comments", columns="date_time user contact_id contact_name conversation_id"),
}
_RANKED = {
    "users": ("assigned", "closed", "contacts_closed", "messages_sent", "comments"),
    "teams": ("assigned", "closed", "contacts_closed", "messages_sent"),
}
LEADERBOARD = WantedReport(
    measures=_OF_PEOPLE,
    blocks={
        f"{who}_by_{metric}": ranks(who[:-1], metric, is_fastest_first=metric in _TIMES)
        for who, counts in _RANKED.items()
        for metric in (*counts, *_TIMES)
    },
    logs=_LOGS_OF_PEOPLE,
    filters="users teams",
)
USERS = WantedReport(
    measures=_OF_PEOPLE,
    blocks={
        "overview": cards(*_COUNTS),
        "by_user": roster("user", *_COUNTS, *_TIMES),
    },
    logs=_LOGS_OF_PEOPLE,
    filters="users teams",
)
