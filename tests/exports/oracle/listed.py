"""Every data set as the oracle computes it, by key."""

from collections.abc import Callable

from tests.exports.oracle import conversations, exchanged, labels, lists, messages, people
from tests.exports.oracle.asking import Cells
from tests.exports.oracle.world import World

ORACLE: dict[str, Callable[[World], list[Cells]]] = {
    "contacts": lists.contacts,
    "conversations": lists.conversations,
    "messages": messages.messages,
    "failed_messages": messages.failed_messages,
    "users": lists.users,
    "resolved_conversations": conversations.resolved_conversations,
    "open_conversations": conversations.open_conversations,
    "message_details": messages.message_details,
    "teams": people.teams,
    "active_contacts": exchanged.active_contacts,
    "topics": labels.topics,
    "tags": labels.tags,
    "agent_presence": people.agent_presence,
    "agents": people.agents,
    "response_times": conversations.response_times,
    "virtual_agents": labels.virtual_agents,
    "contact_attributes": exchanged.contact_attributes,
}
