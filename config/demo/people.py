import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from config.demo.names import Origin
from contacts.emails import email_key
from contacts.inputs import phone_columns
from contacts.models import Contact, ContactLogEntry, ContactTag
from contacts.models.contact import Source
from contacts.phones import country_of
from workspaces.models import EventRecord

HISTORY = timedelta(days=182)
SOURCES = ((Source.USER, 22), (Source.API, 33), (Source.INCOMING_MESSAGE, 45))
BATCH = 1000
DOMAINS = ("example.com", "example.org", "example.net")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a workspace's demo contacts hang on: its origins by weight and the ids of its people, stages and tags."""

    workspace_id: int
    origins: tuple[tuple[Origin, int], ...]
    user_ids: list[int]
    stage_ids: list[int]
    tag_ids: list[int]
    custom: tuple[tuple[str, tuple[object, ...]], ...]  # slug and the values to draw from


def add_people(ground: Ground, *, count: int, random: Random, until: datetime) -> None:
    """Add demo contacts with tags, log lines and events, spread over the half-year before `until`."""
    moments = sorted(until - HISTORY * random.random() ** 1.3 for _ in range(count))
    drawn = [_person(ground, random, at) for at in moments]
    contacts = Contact.objects.bulk_create(drawn, batch_size=BATCH)
    EventRecord.objects.bulk_create((_event(contact) for contact in contacts), batch_size=BATCH)
    ContactLogEntry.objects.bulk_create((_log_line(contact, ground, random) for contact in contacts), batch_size=BATCH)
    ContactTag.objects.bulk_create(_tags(contacts, ground, random), batch_size=BATCH)


def _person(ground: Ground, random: Random, at: datetime) -> Contact:
    origin = random.choices([origin for origin, _ in ground.origins], [weight for _, weight in ground.origins])[0]
    first, last = random.choice(origin.first_names), random.choice(origin.last_names)
    if random.random() < 0.04:
        first = last = ""  # people who only ever sent a message
    columns: dict[str, object] = {"phone": "", "phone_e164": "", "phone_match_key": ""}
    if random.random() < 0.86 or not first:
        pattern = random.choice(origin.phones)
        number = "".join(str(random.randrange(10)) if sign == "#" else sign for sign in pattern)
        columns = phone_columns(number, default_country=origin.country)
    email = _email(first, last, random) if first and random.random() < 0.78 else ""
    return Contact(
        workspace_id=ground.workspace_id,
        first_name=first,
        last_name=last,
        email=email,
        email_key=email_key(email),
        language=origin.language if random.random() < 0.9 else "en",
        country=country_of(str(columns["phone_e164"])) or origin.country,
        stage_id=random.choice([None, *ground.stage_ids]),
        assignee_id=random.choice([None, None, None, *ground.user_ids]),
        custom=_custom(ground, origin, random),
        source=random.choices([source.value for source, _ in SOURCES], [weight for _, weight in SOURCES])[0],
        created_at=at,
        updated_at=at,
        **columns,
    )


def _email(first: str, last: str, random: Random) -> str:
    letters = unicodedata.normalize(
        "NFKD", f"{first}.{last}".lower().replace("ß", "ss").replace("ł", "l").replace("ø", "o")
    )
    plain = "".join(sign for sign in letters if sign.isascii() and (sign.isalnum() or sign == "."))
    stem = plain.strip(".") or f"person.{random.randrange(10_000)}."
    return f"{stem}{random.randrange(1, 999)}@{random.choice(DOMAINS)}"


def _custom(ground: Ground, origin: Origin, random: Random) -> dict[str, object]:
    values: dict[str, object] = {}
    for slug, choices in ground.custom:
        if random.random() < 0.65:
            values[slug] = random.choice(choices or origin.towns)
    return values


def _event(contact: Contact) -> EventRecord:
    return EventRecord(
        workspace_id=contact.workspace_id,
        type="contacts.contact.added",
        occurred_at=contact.created_at,
        actor_kind="system",
        subject_kind="contact",
        subject_id=contact.pk,
        data={"source": contact.source, "import_id": None},
    )


def _log_line(contact: Contact, ground: Ground, random: Random) -> ContactLogEntry:
    return ContactLogEntry(
        workspace_id=contact.workspace_id,
        kind=ContactLogEntry.Kind.ADDED,
        contact_id=contact.pk,
        contact_name=contact.name,
        source=contact.source,
        user_id=random.choice(ground.user_ids) if contact.source == Source.USER else None,
        occurred_at=contact.created_at,
    )


def _tags(contacts: list[Contact], ground: Ground, random: Random) -> Iterator[ContactTag]:
    for contact in contacts:
        for tag_id in sorted(random.sample(ground.tag_ids, random.choices((0, 1, 2, 3), (40, 35, 18, 7))[0])):
            yield ContactTag(
                workspace_id=contact.workspace_id,
                contact_id=contact.pk,
                tag_id=tag_id,
                source=Source.SYSTEM.value,
                created_at=contact.created_at,
            )
