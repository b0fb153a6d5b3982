"""Every report by its key, as the oracle expects it."""

from tests.reports.oracle.listed_people import LEADERBOARD, USERS
from tests.reports.oracle.measures import Measure
from tests.reports.oracle.wanted import (
    A_QUARTER,
    ASSIGNED,
    DAY,
    EACH_RESPONSE,
    EACH_RESPONSES,
    HOUR,
    MINUTE,
    NAMED,
    SECOND,
    WantedLog,
    WantedReport,
    about_mean,
    cards,
    heat,
    mean_of,
    parts,
    roster,
    trend,
)

OF_CONVERSATIONS = (
    "channels opened_sources closed_sources categories closed_users closed_teams first_assignees last_assignees"
    " first_responders contact_types contacts conversations"
)
RESPONDED = (30 * SECOND, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR)
RESOLVED = (HOUR, 4 * HOUR, 8 * HOUR, DAY, 3 * DAY, 7 * DAY)
ABOUT = (
    "opened_source opened_channel contact_type assignee first_responder first_response_time resolution_time category"
    " closed_source closed_by_user closed_by_team incoming_messages outgoing_messages"
)
OF_CONTACT = "timestamp contact_id contact_name source"


CONVERSATIONS = WantedReport(
    measures={
        "opened": Measure(kind="opened", log="opened"),
        "closed": Measure(kind="closed", log="closed"),
        "first_response_time": mean_of("closed", "", "first_response_time"),
        "resolution_time": mean_of("closed", "", "resolution_time"),
    },
    blocks={
        "overview": cards("opened", "closed"),
        "opened_against_closed": trend("opened", "closed"),
        "opened_trend": trend("opened", compares=True),
        "opened_by_hour": heat("opened"),
        "opened_by_channel": parts("opened_channel", "opened"),
        "opened_by_source": parts("opened_source", "opened"),
        "opened_by_contact_type": parts("contact_type", "opened"),
        "closed_trend": trend("closed", compares=True),
        "closed_by_hour": heat("closed"),
        "closed_by_category": parts("category", "closed"),
        "closed_by_channel": parts("opened_channel", "closed"),
        "closed_by_source": parts("closed_source", "closed"),
        "closed_by_user": parts("closed_by_user", "closed"),
        "closed_by_team": parts("closed_by_team", "closed"),
    },
    logs={
        "opened": WantedLog(kind="opened", columns=f"opened_at {NAMED} closed_at {ABOUT}"),
        "closed": WantedLog(kind="closed", columns=f"closed_at {NAMED} opened_at {ABOUT}"),
    },
    filters=OF_CONVERSATIONS,
)

_BY = ("closed_by_team", "opened_channel", "category", "opened_source")
_TO_RESPONSES = ("first_response_time", "first_assignment_to_first_response", "last_assignment_to_response")
RESPONSES = WantedReport(
    measures={
        **{name: mean_of("closed", "responses", name) for name in _TO_RESPONSES},
        "average_response_time": Measure(kind="closed", log="responses", sort="responses"),
        "number_of_responses": Measure(kind="closed", log="responses", sort="answers"),
        "each_response_time": EACH_RESPONSE,
    },
    blocks={
        "overview": cards("first_response_time", "first_assignment_to_first_response"),
        "overview_later": cards("last_assignment_to_response", "average_response_time"),
        "overview_number": cards("number_of_responses"),
        **about_mean("first_response_time", "first_responder", *_BY, edges=RESPONDED),
        **about_mean("first_assignment_to_first_response", "first_responder", *_BY, edges=RESPONDED),
        **about_mean("last_assignment_to_response", "last_assignee", *_BY, edges=RESPONDED),
        **about_mean("average_response_time", "opened_channel", "category", "opened_source"),
        "average_response_time_by_user": parts("user", "each_response_time", percentile_days=A_QUARTER),
        "average_response_time_by_team": parts("team", "each_response_time", percentile_days=A_QUARTER),
        **about_mean("number_of_responses", "last_assignee", *_BY),
    },
    logs={
        "responses": WantedLog(
            kind="closed",
            columns=f"closed_at {NAMED} opened_at opened_channel first_responder {' '.join(_TO_RESPONSES)} average_response_time"
            " number_of_responses first_assignee last_assignee category closed_by_user closed_by_team",
        ),
        "each_response": EACH_RESPONSES,
    },
    filters=OF_CONVERSATIONS,
)

_TO_CLOSE = ("resolution_time", "time_to_first_assignment", "first_assignment_to_close", "last_assignment_to_close")
_ALSO_BY = ("closed_by_team", "category", "opened_channel", "closed_source")
RESOLUTIONS = WantedReport(
    measures={name: mean_of("closed", "resolutions", name) for name in _TO_CLOSE},
    blocks={
        "overview": cards("resolution_time", "time_to_first_assignment"),
        "overview_to_close": cards("first_assignment_to_close", "last_assignment_to_close"),
        **about_mean("resolution_time", "closed_by_user", *_ALSO_BY, edges=RESOLVED),
        **about_mean("time_to_first_assignment", "first_assignee", *_ALSO_BY, edges=RESOLVED),
        **about_mean("first_assignment_to_close", "closed_by_user", *_ALSO_BY, edges=RESOLVED),
        **about_mean("last_assignment_to_close", "closed_by_user", *_ALSO_BY, edges=RESOLVED),
    },
    logs={
        "resolutions": WantedLog(
            kind="closed",
            columns=f"closed_at {NAMED} opened_at opened_channel {' '.join(_TO_CLOSE)} first_assignee last_assignee category"
            " closed_source closed_by_user closed_by_team",
        )
    },
    filters=OF_CONVERSATIONS,
)

_FATES = ("delivered", "failed")
MESSAGES = WantedReport(
    measures={
        "incoming": Measure(kind="messages", log="messages", word="incoming"),
        "outgoing": Measure(kind="messages", log="messages", word="outgoing"),
        "delivered": Measure(kind="messages", log="messages", word="delivered"),
        "failed": Measure(kind="messages", log="failed", word="failed"),
    },
    blocks={
        "overview": cards("incoming", "outgoing", *_FATES),
        "overview_trend": trend("incoming", "outgoing"),
        "incoming_by_channel": parts("channel", "incoming"),
        "outgoing_by_channel": parts("channel", "outgoing", *_FATES),
        "outgoing_by_source": parts("sender_type", "outgoing"),
        "outgoing_by_source_bars": parts("sender_type", "outgoing", *_FATES),
        "outgoing_by_delivery": parts("delivery", "outgoing"),
        "delivered_trend": trend("delivered", compares=True),
        "failed_trend": trend("failed", compares=True),
        "incoming_hours": heat("incoming"),
        "outgoing_hours": heat("outgoing"),
    },
    logs={
        "messages": WantedLog(
            kind="messages",
            columns="date_time contact_id contact_name channel direction source sender type sub_type status conversation_id",
        ),
        "failed": WantedLog(
            kind="failed",
            columns="date_time sender=sender_and_kind contact_name channel type sub_type content error",
        ),
    },
    filters="channels sender_types users broadcasts contacts",
)

CONTACTS = WantedReport(
    measures={name: Measure(kind=name, log=name) for name in ("added", "connected", "deleted", "merged")},
    blocks={
        "overview": cards("added", "connected", "deleted", "merged"),
        "overview_trend": trend("added", "deleted", "merged"),
        "added_by_source": parts("source", "added"),
        "added_by_source_bars": parts("source", "added"),
        "added_trend": trend("added", compares=True),
        "connected_by_channel": parts("channel", "connected"),
        "connected_by_channel_bars": parts("channel", "connected"),
        "connected_by_source": parts("source", "connected"),
        "connected_trend": trend("connected", compares=True),
    },
    logs={
        "added": WantedLog(kind="added", columns=f"{OF_CONTACT} user"),
        "connected": WantedLog(kind="connected", columns=f"{OF_CONTACT} user channel"),
        "deleted": WantedLog(kind="deleted", columns=OF_CONTACT),
        "merged": WantedLog(kind="merged", columns=f"{OF_CONTACT} user"),
    },
    filters="channels users sources contacts",
)

ASSIGNMENTS = WantedReport(
    measures={
        "assignments": Measure(kind="assignments", log="assignments"),
        "given": Measure(kind="assignments", log="assignments", word="given"),
        "removals": Measure(kind="assignments", log="assignments", word="removal"),
    },
    blocks={
        "overview": cards("assignments", "given", "removals"),
        "overview_trend": trend("given", "removals"),
        "assignments_trend": trend("assignments", compares=True),
        "by_source": parts("assignment_source", "assignments"),
        "by_source_bars": parts("assignment_source", "assignments", "given", "removals"),
        "by_assigned_to": parts("assigned_to", "assignments"),
        "by_assigned_by": parts("assigned_by", "assignments", "given", "removals"),
    },
    logs={"assignments": WantedLog(kind="assignments", columns=ASSIGNED)},
    filters="assignment_sources assigned_to assigned_by contacts conversations",
)

_REACHED = ("recipients", "sent", "delivered", "read", "failed")
BROADCASTS = WantedReport(
    measures={
        "recipients": Measure(kind="broadcast", log="messages", sort="distinct"),
        "broadcast_messages": Measure(kind="broadcast", log="messages"),
        **{name: Measure(kind="broadcast", log="messages", word=name) for name in _REACHED[1:]},
    },
    blocks={
        "overview": cards(*_REACHED),
        "overview_trend": trend("sent", "failed"),
        "by_broadcast": roster("broadcast", *_REACHED),
        "recipients_by_broadcast": parts("broadcast", "recipients"),
        "messages_by_channel": parts("channel", "broadcast_messages"),
    },
    logs={
        "messages": WantedLog(
            kind="broadcast",
            columns="date_time broadcast contact_id contact_name channel type sub_type content status error conversation_id",
        )
    },
    filters="broadcasts channels",
)

WITH_FIGURES = {
    "conversations": CONVERSATIONS,
    "responses": RESPONSES,
    "resolutions": RESOLUTIONS,
    "messages": MESSAGES,
    "contacts": CONTACTS,
    "assignments": ASSIGNMENTS,
    "leaderboard": LEADERBOARD,
    "users": USERS,
    "broadcasts": BROADCASTS,
}
# The tab of all logs, each once: the users' report has the leaderboard's, and those have one of the responses'.
LOGS = WantedReport(
    measures={},
    blocks={},
    logs={
        f"{key}_{name}": log
        for key, report in WITH_FIGURES.items()
        if key != "users"
        for name, log in report.logs.items()
        if (key, name) != ("leaderboard", "each_response")
    },
    filters="channels users contacts conversations",
)
WANTED = {**WITH_FIGURES, "logs": LOGS}
