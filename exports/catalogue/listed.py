from exports.catalogue.datasets import Dataset
from exports.catalogue.performance.active_contacts import ACTIVE_CONTACTS
from exports.catalogue.performance.agent_presence import AGENT_PRESENCE
from exports.catalogue.performance.agents import AGENTS
from exports.catalogue.performance.contact_attributes import CONTACT_ATTRIBUTES
from exports.catalogue.performance.message_details import MESSAGE_DETAILS
from exports.catalogue.performance.open_conversations import OPEN_CONVERSATIONS
from exports.catalogue.performance.resolved_conversations import RESOLVED_CONVERSATIONS
from exports.catalogue.performance.response_times import RESPONSE_TIMES
from exports.catalogue.performance.tags import TAGS
from exports.catalogue.performance.teams import TEAMS
from exports.catalogue.performance.topics import TOPICS
from exports.catalogue.performance.virtual_agents import VIRTUAL_AGENTS
from exports.catalogue.workspace.contacts import CONTACTS
from exports.catalogue.workspace.conversations import CONVERSATIONS
from exports.catalogue.workspace.failed_messages import FAILED_MESSAGES
from exports.catalogue.workspace.messages import MESSAGES
from exports.catalogue.workspace.users import USERS

_ALL = (
    CONTACTS,
    CONVERSATIONS,
    MESSAGES,
    FAILED_MESSAGES,
    USERS,
    RESOLVED_CONVERSATIONS,
    OPEN_CONVERSATIONS,
    MESSAGE_DETAILS,
    TEAMS,
    ACTIVE_CONTACTS,
    TOPICS,
    TAGS,
    AGENT_PRESENCE,
    AGENTS,
    RESPONSE_TIMES,
    VIRTUAL_AGENTS,
    CONTACT_ATTRIBUTES,
)

DATASETS: dict[str, Dataset] = {dataset.key: dataset for dataset in _ALL}


def title_of(key: str) -> str:
    """Return a data set's title in the active language; the key of one that this version does not know."""
    dataset = DATASETS.get(key)
    return str(dataset.title) if dataset is not None else key
