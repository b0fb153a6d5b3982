"""What people and virtual agents did in a range: one CTE for each kind of event, and their totals by person or by team.

Files and reports count these rows, so that a figure has one definition. Every CTE of events holds only what lies in the range, on
the chosen channels, credited to the chosen agents and teams, and of contacts that whoever asked may see. What a message is goes by
the message's channel, everything else by the conversation's. docs/metrics.md says what the events are.
"""

from enum import StrEnum

from reports.definitions.conditions import among, exact_milliseconds, seen, within
from reports.definitions.filters import Filter

SCORES = (1, 2, 3, 4, 5)


class Credit(StrEnum):
    """Whom an event is credited to; the values are columns of every CTE of events."""

    USER = "user_id"
    TEAM = "team_id"


def _chosen(user_id: str, team_id: str) -> str:
    """Return the condition that an event is credited to one of the chosen agents and one of the chosen teams."""
    return f"{among(user_id, Filter.AGENTS)} AND {among(team_id, Filter.TEAMS)}"


def by_person(alias: str) -> str:
    """Return the condition that a message was written by a person in the inbox, and not taken back before it was sent."""
    return (
        f"({alias}.direction = 'outgoing' AND {alias}.sender_kind = 'user' AND {alias}.user_id IS NOT NULL"
        f" AND {alias}.status <> 'cancelled')"
    )


def _conversation_of(alias: str) -> str:
    """Return the join to the conversation of a fact, for its channel."""
    return f"LEFT JOIN inbox_conversation c ON c.workspace_id = %(workspace_id)s AND c.id = {alias}.conversation_id"


# Messages of people: `person_messages.id, conversation_id, contact_id, channel_id, user_id, team_id, at`, on every channel and of
# everybody: the first reply of a conversation is picked among all of them.
PERSON_MESSAGES = f"""person_messages AS (
    SELECT m.id, m.conversation_id, m.contact_id, m.channel_id, m.user_id, m.team_id, m.created_at AS at
      FROM inbox_message m
     WHERE m.workspace_id = %(workspace_id)s AND {within("m.created_at")} AND {by_person("m")} AND {seen("m.contact_id")}
)"""  # noqa: S608 - fixed text, values are parameters

# `replies`: the same of the chosen channels, agents and teams. Every message of a person counts, also where it answers nothing.
REPLIES = f"""replies AS (
    SELECT m.* FROM person_messages m
     WHERE {among("m.channel_id", Filter.CHANNELS)} AND {_chosen("m.user_id", "m.team_id")}
)"""  # noqa: S608 - fixed text, values are parameters

# Conversations whose first reply by a person is in the range: `first_replies.conversation_id, user_id, team_id, at, response_ms`.
FIRST_REPLIES = f"""first_replies AS (
    SELECT f.* FROM (
        SELECT DISTINCT ON (c.id) c.id AS conversation_id, c.channel_id, m.user_id, m.team_id, m.at,
               {exact_milliseconds("coalesce(c.first_handover_at, c.first_incoming_at)", "c.first_human_reply_at")} AS response_ms
          FROM person_messages m JOIN inbox_conversation c
            ON c.workspace_id = %(workspace_id)s AND c.id = m.conversation_id AND c.first_human_reply_at = m.at
         ORDER BY c.id, m.id
    ) f WHERE {among("f.channel_id", Filter.CHANNELS)} AND {_chosen("f.user_id", "f.team_id")}
)"""  # noqa: S608 - fixed text, values are parameters

# Lock sessions that ended: `locks.conversation_id, contact_id, channel_id, user_id, team_id, outcome, at, length_ms`.
LOCKS = f"""locks AS (
    SELECT l.conversation_id, l.contact_id, c.channel_id, l.user_id, l.team_id, l.outcome, l.ended_at AS at,
           round({exact_milliseconds("l.started_at", "l.ended_at")}) AS length_ms
      FROM inbox_locksession l {_conversation_of("l")}
     WHERE l.workspace_id = %(workspace_id)s AND {within("l.ended_at")} AND {among("c.channel_id", Filter.CHANNELS)}
       AND {_chosen("l.user_id", "l.team_id")} AND {seen("l.contact_id")}
)"""  # noqa: S608 - fixed text, values are parameters

# Resolutions by anybody: `resolutions.id, conversation_id, channel_id, user_id, team_id, virtual_agent_id, at`; user_id is a person's
# and empty for programs. No agent or team is chosen here: of several, a conversation's latest counts, whosoever it is.
RESOLUTIONS = f"""resolutions AS (
    SELECT s.id, s.conversation_id, c.channel_id, CASE WHEN s.source = 'user' THEN s.user_id END AS user_id, s.team_id,
           s.virtual_agent_id, s.occurred_at AS at
      FROM inbox_statuschange s {_conversation_of("s")}
     WHERE s.workspace_id = %(workspace_id)s AND {within("s.occurred_at")} AND s.new = 'resolved'
       AND {among("c.channel_id", Filter.CHANNELS)} AND {seen("s.contact_id")}
)"""  # noqa: S608 - fixed text, values are parameters

# A conversation's latest resolution by a person: `resolves.conversation_id, user_id, team_id, at, has_reply`.
RESOLVES = f"""resolves AS (
    SELECT r.conversation_id, r.user_id, r.team_id, r.at,
           EXISTS (SELECT 1 FROM inbox_message m
                    WHERE m.workspace_id = %(workspace_id)s AND m.conversation_id = r.conversation_id
                      AND {by_person("m")} AND m.created_at <= r.at) AS has_reply
      FROM (SELECT DISTINCT ON (conversation_id) * FROM resolutions WHERE user_id IS NOT NULL
             ORDER BY conversation_id, at DESC, id DESC) r
     WHERE {_chosen("r.user_id", "r.team_id")}
)"""  # noqa: S608 - fixed text, values are parameters

# Conversations that a person resolved for the first time: `first_resolves.conversation_id, user_id, team_id, at, resolution_ms`;
# resolution_ms is empty where the contact had not written before.
FIRST_RESOLVES = f"""first_resolves AS (
    SELECT c.id AS conversation_id, c.channel_id, c.first_resolved_by_id AS user_id, c.first_resolved_team_id AS team_id,
           c.first_resolved_at AS at,
           CASE WHEN c.first_incoming_at <= c.first_resolved_at
                THEN {exact_milliseconds("c.first_incoming_at", "c.first_resolved_at")} END AS resolution_ms
      FROM inbox_conversation c
     WHERE c.workspace_id = %(workspace_id)s AND {within("c.first_resolved_at")} AND c.first_resolved_source = 'user'
       AND c.first_resolved_by_id IS NOT NULL AND {among("c.channel_id", Filter.CHANNELS)}
       AND {_chosen("c.first_resolved_by_id", "c.first_resolved_team_id")} AND {seen("c.contact_id")}
)"""  # noqa: S608 - fixed text, values are parameters

# Topics put on conversations: `topics_put.conversation_id, topic_id, channel_id, user_id, team_id, virtual_agent_id, at`.
TOPICS_PUT = f"""topics_put AS (
    SELECT t.conversation_id, t.topic_id, c.channel_id, t.applied_by_id AS user_id, t.applied_team_id AS team_id,
           t.virtual_agent_id, t.applied_at AS at
      FROM inbox_conversationtopic t {_conversation_of("t")}
     WHERE t.workspace_id = %(workspace_id)s AND {within("t.applied_at")} AND {among("c.channel_id", Filter.CHANNELS)}
       AND {_chosen("t.applied_by_id", "t.applied_team_id")} AND {seen("c.contact_id")}
)"""  # noqa: S608 - fixed text, values are parameters

# Tags put on messages: `tags_put.message_id, tag_id, contact_id, conversation_id, channel_id, user_id, team_id, virtual_agent_id, at`.
TAGS_PUT = f"""tags_put AS (
    SELECT g.message_id, g.tag_id, m.contact_id, m.conversation_id, m.channel_id, g.applied_by_id AS user_id,
           g.applied_team_id AS team_id, g.virtual_agent_id, g.applied_at AS at
      FROM inbox_messagetagging g JOIN inbox_message m ON m.workspace_id = %(workspace_id)s AND m.id = g.message_id
     WHERE g.workspace_id = %(workspace_id)s AND {within("g.applied_at")} AND m.status <> 'cancelled'
       AND {among("m.channel_id", Filter.CHANNELS)} AND {_chosen("g.applied_by_id", "g.applied_team_id")}
       AND {seen("m.contact_id")}
)"""  # noqa: S608 - fixed text, values are parameters

# Surveys that were answered: `surveys.conversation_id, channel_id, user_id, team_id, score, at`.
SURVEYS = f"""surveys AS (
    SELECT s.conversation_id, c.channel_id, s.user_id, s.team_id, s.score, s.answered_at AS at
      FROM inbox_survey s {_conversation_of("s")}
     WHERE s.workspace_id = %(workspace_id)s AND {within("s.answered_at")} AND {among("c.channel_id", Filter.CHANNELS)}
       AND {_chosen("s.user_id", "s.team_id")} AND {seen("s.contact_id")}
)"""  # noqa: S608 - fixed text, values are parameters

# An interval belongs to a range that it shares a moment with; one that runs reaches to the moment of the export.
PRESENT_UNTIL = "coalesce(p.ended_at, %(export_at)s)"
PRESENT_IN_RANGE = f"""p.workspace_id = %(workspace_id)s AND p.started_at < %(range_to)s
       AND ({PRESENT_UNTIL} > %(range_from)s OR p.started_at >= %(range_from)s)
       AND {_chosen("p.user_id", "p.team_id")}"""

# Presence, cut to the range: `presences.user_id, team_id, kind, from_at, length_ms`. It is on no channel.
PRESENCES = f"""presences AS (
    SELECT p.user_id, p.team_id, p.kind, greatest(p.started_at, %(range_from)s) AS from_at,
           greatest({exact_milliseconds("greatest(p.started_at, %(range_from)s)", f"least({PRESENT_UNTIL}, %(range_to)s)")}, 0) AS length_ms
      FROM workspaces_presenceinterval p
     WHERE {PRESENT_IN_RANGE}
)"""  # noqa: S608 - fixed text, values are parameters

# The CTEs above in an order in which each finds what it reads.
EVENTS = (PERSON_MESSAGES, REPLIES, LOCKS, RESOLUTIONS, RESOLVES, TOPICS_PUT, TAGS_PUT, SURVEYS)
TOTALS = ("reply_totals", "lock_totals", "resolve_totals", "topic_totals", "tag_totals", "survey_totals")
AVERAGES = ("first_reply_totals", "first_resolve_totals")

# Twice the same aggregate is computed once: its condition looks into the messages of every conversation.
_WITH_REPLY = "count(*) FILTER (WHERE has_reply)"
_HANDLED = "count(DISTINCT conversation_id) FILTER (WHERE outcome = 'handle') AS handled"


def totals(credit: Credit) -> tuple[str, ...]:
    """Return CTEs that sum EVENTS up by person or by team: each has `credited` and the figures named in it."""
    scores = ", ".join(f"count(*) FILTER (WHERE score = {score}) AS score_{score}" for score in SCORES)
    return (
        _total("reply_totals", credit, "count(*) AS replies, count(DISTINCT contact_id) AS contacts_helped", "replies"),
        _total("lock_totals", credit, f"{_lock_sums()}, {_HANDLED}", "locks"),
        _total(
            "resolve_totals",
            credit,
            f"{_WITH_REPLY} AS with_reply, count(*) - {_WITH_REPLY} AS without_reply",
            "resolves",
        ),
        _total("topic_totals", credit, "count(*) AS topics_added", "topics_put"),
        _total("tag_totals", credit, "count(*) AS tags_added", "tags_put"),
        _total("survey_totals", credit, scores, "surveys"),
    )


def averages(credit: Credit) -> tuple[str, ...]:
    """Return CTEs of mean first response and resolution times; they need FIRST_REPLIES and FIRST_RESOLVES."""
    return (
        _total("first_reply_totals", credit, "avg(response_ms) AS average_ms", "first_replies"),
        _total("first_resolve_totals", credit, "avg(resolution_ms) AS average_ms", "first_resolves"),
    )


def _lock_sums() -> str:
    return ", ".join(
        f"coalesce(sum(length_ms) FILTER (WHERE outcome = '{outcome}'), 0) AS {outcome}_ms"
        for outcome in ("handle", "no_reply", "cherry_picking")
    )


def _total(name: str, credit: Credit, figures: str, events: str) -> str:
    return (
        f"{name} AS (SELECT {credit.value} AS credited, {figures} FROM {events}"  # noqa: S608 - fixed text
        f" WHERE {credit.value} IS NOT NULL GROUP BY 1)"
    )


def joined(names: tuple[str, ...], credited: str) -> str:
    """Return LEFT JOINs of totals to whom they are credited."""
    return "\n".join(f"  LEFT JOIN {name} ON {name}.credited = {credited}" for name in names)
