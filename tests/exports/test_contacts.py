"""The file of contacts: each column once, the workspace's own fields, and which contacts are in it."""

import pytest

from contacts.actions import add_contact, add_contact_field, create_tag, delete_contact, set_stage, tag_contact
from contacts.identifiers import Identifier
from contacts.models import Contact
from contacts.models.contact import Source
from inbox import actions
from tests.exports.shop import Shop, open_shop
from tests.factories import NOON, Cast
from tests.inbox.rows import restricted_ben
from tests.inbox.steps import a_channel, hears, later
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db


def add(shop: Shop, **values: object) -> Contact:
    return add_contact(actor=shop.cast.ada, values=values, source=Source.USER, at=NOON)  # type: ignore[arg-type]


def ids(rows: list[dict[str, str]]) -> list[int]:
    return [int(row["contact_id"]) for row in rows]


def test_every_fixed_column(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line, at=later(1))
    cleo = Identifier.of(asked.contact_id)
    mail = a_channel(cast.ada, name="Mail; shop")
    actions.assign_contact(actor=cast.ada, contact=cleo, user_id=shop.ben.user_id, at=later(2))
    hears(shop.ben, mail, at=later(3))
    tag_contact(actor=cast.ada, contact=cleo, names=["vip", "Zebra; big"], at=later(4))
    set_stage(actor=cast.ada, contact=cleo, name=None, at=later(4))
    Contact.objects.in_workspace(cast.acme.pk).filter(pk=asked.contact_id).update(
        language="es", country="ES", email="=cleo@example.com"
    )
    (row,) = shop.file("contacts", time_zone="America/Mexico_City")
    assert row == {
        "contact_id": str(asked.contact_id),
        "first_name": "Cleo",
        "last_name": "Marín",
        "phone_number": "+34600123456",
        "email": "'=cleo@example.com",
        "country": "ES",
        "language": "es",
        "tags": "Zebra, big; vip",
        "status": "open",
        "lifecycle": "",
        "assignee": str(shop.ben.user_id),
        "last_interaction_time": "2026-03-02 06:03:00",
        "date_time_created": "2026-03-02 06:01:00",
        "channels": "Mail, shop; Shop line",
    }


def test_a_bare_contact_is_closed_and_empty_and_an_odd_phone_stands_as_given(cast: Cast) -> None:
    shop = open_shop(cast)
    contact = add(shop, first_name="Zoë")
    Contact.objects.in_workspace(cast.acme.pk).filter(pk=contact.pk).update(phone="+ring twice", phone_e164="")
    (row,) = shop.file("contacts")
    assert (row["phone_number"], row["status"], row["tags"], row["channels"]) == ("'+ring twice", "closed", "", "")
    assert (row["assignee"], row["last_interaction_time"]) == ("", "")


def test_the_workspaces_own_fields_follow_in_their_order(cast: Cast) -> None:
    shop = open_shop(cast)
    kinds = ("text", "list", "checkbox", "email", "number", "url", "date", "time")
    for kind in kinds:
        allowed = ["Alba", "Mar"] if kind == "list" else []
        add_contact_field(
            actor=cast.ada, name=f"The {kind}", slug=f"own_{kind}", kind=kind, allowed_values=allowed, at=NOON
        )
    custom = {
        "text": "-Two\nlines",
        "list": "Mar",
        "checkbox": False,
        "email": "a@example.com",
        "number": -1.5,
        "url": "https://example.com/ä",
        "date": "2026-03-02",
        "time": "08:30",
    }
    add(shop, first_name="Full", custom={f"own_{kind}": value for kind, value in custom.items()})
    add(shop, first_name="Empty")
    full, empty = shop.file("contacts")
    assert [key for key in full if key.startswith("field_")] == [f"field_own_{kind}" for kind in kinds]
    assert {kind: full[f"field_own_{kind}"] for kind in kinds} == {
        **custom,
        "text": "'-Two\nlines",
        "checkbox": "false",
        "number": "-1.5",
    }
    assert {empty[f"field_own_{kind}"] for kind in kinds} == {""}


def test_channels_states_tags_and_assignees_narrow_it(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    quiet = add(shop, first_name="Quiet", assignee_id=cast.ben_user.pk)
    tag = create_tag(actor=cast.ada, name="vip", at=NOON)
    tag_contact(actor=cast.ada, contact=Identifier.of(quiet.pk), names=["vip"], at=NOON)
    assert ids(shop.file("contacts")) == [asked.contact_id, quiet.pk]
    assert ids(shop.file("contacts", filters={"channels": [shop.line.pk]})) == [asked.contact_id]
    assert ids(shop.file("contacts", filters={"conversation_states": ["closed"]})) == [quiet.pk]
    assert ids(shop.file("contacts", filters={"contact_tags": [tag.pk]})) == [quiet.pk]
    assert ids(shop.file("contacts", filters={"assignees": [0]})) == [asked.contact_id]
    assert ids(shop.file("contacts", filters={"assignees": [cast.ben_user.pk]})) == [quiet.pk]


def test_deleted_ones_are_gone_and_others_not_seen(cast: Cast) -> None:
    shop = open_shop(cast)
    gone, mine = add(shop, first_name="Gone"), add(shop, first_name="Mine", assignee_id=cast.ben_user.pk)
    other = add(shop, first_name="Other")
    delete_contact(actor=cast.ada, contact=Identifier.of(gone.pk), at=later(1))
    assert ids(shop.file("contacts")) == [mine.pk, other.pk]
    assert ids(shop.file("contacts", restricted_ben(cast, "show_only_mine"))) == [mine.pk]
    enter_workspace(cast.globex.pk)
    assert shop.file("contacts", cast.gus) == []
