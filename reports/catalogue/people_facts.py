"""Work as it is credited to people and their teams: for the reports of users and the leaderboard.

Only people count, no bots. A person is an id that stays when they leave. A team is the person's team of that moment, where a row
keeps it; comments keep none, and so they are not applicable to teams.
"""

from dataclasses import replace

from reports.catalogue import assignments, conversation_facts, message_facts
from reports.definitions.figures import by_person
from reports.definitions.filters import Filter
from reports.engine.facts import Fact


def _credited(fact: Fact, *, key: str, condition: str, user: str, team: str) -> Fact:
    """Return a fact whose rows are somebody's."""
    return replace(
        fact,
        key=key,
        condition=condition,
        filters={**fact.filters, Filter.USERS: user, Filter.TEAMS: team},
        dimensions={**fact.dimensions, "user": user, "team": team},
    )


# Assignments to somebody.
ASSIGNED = _credited(
    assignments.FACT,
    key="people_assigned",
    condition=f"{assignments.FACT.condition} AND {assignments.TO_SOMEBODY}",
    user="a.new_user_id",
    team="a.new_team_id",
)
# Conversations that a person closed.
CLOSED = _credited(
    conversation_facts.CLOSED,
    key="people_closed",
    condition="c.closed_by_source = 'user' AND c.closed_by_id IS NOT NULL",
    user="c.closed_by_id",
    team="c.closed_by_team_id",
)
# Closed conversations with a response, of whoever gave the first.
FIRST_RESPONDED = _credited(
    conversation_facts.CLOSED,
    key="people_first_responses",
    condition="c.first_response_by_id IS NOT NULL",
    user="c.first_response_by_id",
    team="c.first_response_team_id",
)
# Every response in closed conversations, of whoever gave it. A response keeps the moment of its conversation's closing; where
# nothing else of the conversation is asked for, PostgreSQL leaves the join out.
_OF_CLOSED = _credited(
    conversation_facts.CLOSED, key="people_responses", condition="", user="r.user_id", team="r.team_id"
)
RESPONSES = replace(
    _OF_CLOSED,
    source="inbox_response r LEFT JOIN inbox_conversation c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id",
    workspace="r.workspace_id",
    id="r.id",
    moment="r.closed_at",
    same_moment="c.closed_at",
    contact="r.contact_id",
    is_covered=False,
    filters={**_OF_CLOSED.filters, Filter.CONTACTS: "r.contact_id", Filter.CONVERSATIONS: "r.conversation_id"},
)
# Messages that a person wrote in the inbox.
MESSAGES = _credited(
    message_facts.FACT, key="people_messages", condition=by_person("m"), user="m.user_id", team="m.team_id"
)
COMMENTS = Fact(
    key="people_comments",
    source="inbox_comment n",
    workspace="n.workspace_id",
    id="n.id",
    moment="n.created_at",
    contact="n.contact_id",
    condition="n.author_id IS NOT NULL",
    filters={
        Filter.USERS: "n.author_id",
        Filter.CONTACTS: "n.contact_id",
        Filter.CONVERSATIONS: "n.conversation_id",
    },
    dimensions={"user": "n.author_id"},
)
