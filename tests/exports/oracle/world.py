"""Facts, stories and the request together: names, networks and identities, and who may see what."""

from collections.abc import Iterator
from types import SimpleNamespace as Row

from tests.exports.oracle.asking import Asked
from tests.exports.oracle.facts import Facts
from tests.exports.oracle.stories import Story, in_order, stories_of
from tests.exports.oracle.writing import Writer, number

NETWORKS = ("whatsapp", "facebook", "instagram", "twitter", "line", "telegram", "viber", "wechat", "sms", "email")
MAILBOXES = ("gmail", "outlook", "other_email")
TEXT_MESSAGES = ("sms", "twilio", "vonage", "messagebird", "bird")


def network_of(kind: str) -> str:
    """Return the medium of a kind of channel."""
    if kind in {"web_chat", "custom_channel"}:
        return kind
    if kind.startswith(TEXT_MESSAGES):
        return "sms"
    if kind in MAILBOXES:
        return "email"
    return next(name for name in NETWORKS if kind.startswith(name))


class World:
    """A workspace as one request sees it."""

    def __init__(self, facts: Facts, asked: Asked, stories: dict[int, Story] | None = None) -> None:
        self.facts = facts
        self.asked = asked
        self.stories = stories if stories is not None else stories_of(facts)
        self.write = Writer(asked)
        self._links = [row for row in facts.links.values() if row.contact_id in facts.contacts]

    def sees(self, contact_id: int) -> bool:
        """Tell whether the viewer sees the contact; one that was deleted only by who sees all."""
        if self.asked.seen is None:
            return True
        contact = self.facts.contacts.get(contact_id)
        return contact is not None and contact.assignee_id in self.asked.seen

    def story_of(self, fact: Row) -> Story:
        """Return the conversation of a fact."""
        return self.stories[fact.conversation_id]

    def counts(self, conversation: Story) -> bool:
        """Tell whether what happened in a conversation counts: on a chosen channel, with a contact that is seen."""
        return self.sees(conversation.row.contact_id) and self.asked.allows("channels", conversation.channel_id)

    def messages(self) -> Iterator[Row]:
        """Yield the messages of the range, on chosen channels, of contacts that are seen, in order."""
        for message in in_order(self.facts.messages, "created_at"):
            is_asked_for = self.asked.covers(message.created_at) and self.asked.allows("channels", message.channel_id)
            if is_asked_for and self.sees(message.contact_id):
                yield message

    def medium(self, channel_id: int | None) -> str:
        """Return the network of a channel."""
        return "" if channel_id is None else network_of(self.facts.channels[channel_id].kind)

    def account(self, channel_id: int | None) -> str:
        """Return what a channel's account is called on its network; its own name where the network gives none."""
        if channel_id is None:
            return ""
        channel = self.facts.channels[channel_id]
        return str(channel.account or channel.name)

    def channel_cells(self, channel_id: int | None, *, prefix: str = "channel") -> dict[str, str]:
        """Write network, account and name of a channel."""
        shown = "" if channel_id is None else self.facts.channels[channel_id].name
        return {
            "medium": self.medium(channel_id),
            prefix: self.write.number_or_text(self.account(channel_id)),
            f"{prefix}_display_name": self.write.text(shown),
        }

    def identity(self, link: Row | None) -> tuple[str, str]:
        """Return the primary and the secondary identifier of an address."""
        if link is None:
            return "", ""
        if self.medium(link.channel_id) == "web_chat":  # an address of our own making says nothing to people
            return link.name or link.external_id, ""
        return link.external_id, "" if link.name == link.external_id else link.name

    def identity_cells(self, link: Row | None, *, prefix: str = "contact_") -> dict[str, str]:
        """Write both identifiers of an address."""
        primary, secondary = self.identity(link)
        return {
            f"{prefix}primary_identifier": self.write.number_or_text(primary),
            f"{prefix}secondary_identifier": self.write.number_or_text(secondary),
        }

    def link_on(self, contact_id: int, medium: str, *, channel_id: int | None = None) -> Row | None:
        """Return the address of a contact on a network: the one on the channel if there is one, the latest used first."""
        links = [row for row in self._links if row.contact_id == contact_id and self.medium(row.channel_id) == medium]
        links.sort(
            key=lambda row: (
                row.channel_id == channel_id,
                row.last_message_at is not None,
                row.last_message_at or row.created_at,
                row.id,
            )
        )
        return links[-1] if links else None

    def name_of(self, user_id: int) -> str:
        """Return a person's name now."""
        user = self.facts.users[user_id]
        return f"{user.first_name} {user.last_name}".strip() or str(user.email)

    def reference_of(self, user_id: int) -> str:
        """Return what the workspace calls a person, such as a staff number."""
        row = self.facts.members.get(user_id) or self.facts.former_members.get(user_id)
        return "" if row is None else str(row.reference)

    def person_cells(self, user_id: int | None, *, prefix: str) -> dict[str, str]:
        """Write id, name and reference of a person."""
        return {
            f"{prefix}_id": number(user_id),
            f"{prefix}_name": "" if user_id is None else self.write.text(self.name_of(user_id)),
            f"{prefix}_reference": "" if user_id is None else self.write.text(self.reference_of(user_id)),
        }

    def team_cells(self, team_id: int | None, *, prefix: str) -> dict[str, str]:
        """Write id and name of a team."""
        name = "" if team_id is None else self.facts.teams[team_id].name
        return {f"{prefix}_id": number(team_id), f"{prefix}_name": self.write.text(name)}

    def conversation_url(self, conversation_id: int | None) -> str:
        """Write the address of a conversation."""
        return "" if conversation_id is None else f"{self.asked.conversation_urls}{conversation_id}"
