"""Who was active, and what is known of those who wrote."""

from collections import defaultdict
from collections.abc import Iterator
from types import SimpleNamespace as Row

from tests.exports.oracle import writing
from tests.exports.oracle.asking import Cells
from tests.exports.oracle.world import World

# The ids of fields that no workspace makes: far above any of its own.
DEFAULT_FIELDS = {
    9_000_000_000 + number: name
    for number, name in enumerate(("First name", "Last name", "Phone", "Email", "Country", "Language"), start=1)
}
PROFILE_NAME = 9_000_000_101


def active_contacts(world: World) -> list[Cells]:
    """One row per contact and network with a message in the range."""
    found: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for message in world.messages():
        found[message.contact_id, world.medium(message.channel_id)].append(message)
    rows = []
    for contact_id, medium in sorted(found):
        messages = found[contact_id, medium]
        incoming = [each for each in messages if each.direction == "incoming"]
        contact = world.facts.contacts.get(contact_id)
        deleted = (
            each.deleted_at for each in world.facts.messages if each.contact_id == contact_id and each.deleted_at
        )
        rows.append(
            {
                "contact_profile_id": writing.number(contact_id),
                "medium": medium,
                **world.identity_cells(world.link_on(contact_id, medium), prefix=""),
                "created_at": world.write.moment(incoming[0].created_at if incoming else None),
                "number_of_conversations": writing.number(
                    len({each.conversation_id for each in messages if each.conversation_id is not None})
                ),
                "number_of_inbound_messages": writing.number(len(incoming)),
                "number_of_outbound_messages": writing.number(len(messages) - len(incoming)),
                "last_updated": world.write.moment(contact.updated_at if contact is not None else max(deleted)),
            }
        )
    return rows


def contact_attributes(world: World) -> list[Cells]:
    """One row per value of each contact who wrote in the range."""
    wrote: dict[int, Row] = {}
    for message in world.messages():
        if message.direction == "incoming" and message.contact_id in world.facts.contacts:
            wrote[message.contact_id] = message  # the latest at the end
    rows = []
    for contact_id in sorted(wrote):
        link = world.facts.links.get(wrote[contact_id].contact_channel_id or 0)
        for field_id, name, value, kind in sorted(_attributes(world, contact_id, link), key=lambda each: each[0]):
            rows.append(
                {
                    "contact_profile_id": writing.number(contact_id),
                    **world.identity_cells(link),
                    "attribute_id": writing.number(field_id),
                    "attribute_name": world.write.text(name),
                    "attribute_value": _written(world, value),
                    "attribute_type": kind,
                }
            )
    return rows


def _attributes(world: World, contact_id: int, link: Row | None) -> Iterator[tuple[int, str, object, str]]:
    """Yield id, name, value and kind of what is known of a contact."""
    contact = world.facts.contacts[contact_id]
    for field in world.facts.contact_fields:
        if contact.custom.get(field.slug) is not None:
            yield field.id, field.name, contact.custom[field.slug], "CUSTOM"
    values = (
        contact.first_name, contact.last_name, contact.phone_e164 or contact.phone, contact.email, contact.country,
        contact.language,
    )  # fmt: skip
    for (field_id, name), value in zip(DEFAULT_FIELDS.items(), values, strict=True):
        if value:
            yield field_id, name, value, "DEFAULT"
    if link is not None and link.name:
        yield PROFILE_NAME, "Profile name", link.name, "MEDIUM"


def _written(world: World, value: object) -> str:
    if isinstance(value, bool):
        return writing.flag(value)
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return world.write.number_or_text(text)
