"""Every channel that this product knows: its kind, and its connector. Nobody else asks for a channel by name."""

from collections.abc import Mapping
from typing import Protocol

from inbox.channels import custom, web_chat
from inbox.channels.contract import Abilities, Connector
from inbox.channels.email import connector as email

CONNECTORS: dict[str, Connector] = {
    custom.CONNECTOR.kind: custom.CONNECTOR,
    email.CONNECTOR.kind: email.CONNECTOR,
    web_chat.CONNECTOR.kind: web_chat.CONNECTOR,
}


class OneChannel(Protocol):
    """What the registry reads of a channel: `inbox.models.Channel` has it."""

    kind: str
    settings: Mapping[str, object]


def connector_of(kind: str) -> Connector:
    """Return the connector of a kind of channel; raise KeyError for one that is not installed."""
    return CONNECTORS[kind]


def abilities_of(channel: OneChannel) -> Abilities:
    """Return what one channel can do, its own settings taken into account."""
    connector = CONNECTORS[channel.kind]
    tuned = getattr(connector, "abilities_with", None)  # a channel whose owner may set what it can do
    return connector.abilities if tuned is None else tuned(channel.settings)
