"""The file of contact attributes: what is known of those who wrote."""

from typing import Any

import pytest

from contacts.actions import add_contact_field, delete_contact, update_contact
from contacts.identifiers import Identifier
from inbox import actions
from tests.exports.shop import Shop, open_shop
from tests.factories import NOON, Cast, a_member
from tests.inbox.steps import a_channel, hears, later, says
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db

KEY = "contact_attributes"


def attributes(rows: list[dict[str, str]]) -> list[tuple[str, str, str, str]]:
    return [(row["attribute_id"], row["attribute_name"], row["attribute_value"], row["attribute_type"]) for row in rows]


def ids(shop: Shop, **asked: Any) -> set[str]:
    return {row["contact_profile_id"] for row in shop.file(KEY, **asked)}


def test_every_field_with_a_value_is_a_row(cast: Cast) -> None:
    shop = open_shop(cast)
    kinds = {
        "Customer number": "text",
        "Birthday": "date",
        "Wants news": "checkbox",
        "Score": "number",
        "Unused": "text",
    }
    fields = {name: add_contact_field(actor=cast.ada, name=name, kind=kind, at=NOON) for name, kind in kinds.items()}
    asked = hears(shop.ben, shop.line)
    given: dict[str, object] = {"Customer number": "=C-1", "Birthday": "1990-02-28", "Wants news": False, "Score": -2.5}
    update_contact(
        actor=cast.ada,
        contact=Identifier.of(asked.contact_id),
        values={"email": "cleo@example.com", "language": "es", "custom": {fields[n].slug: v for n, v in given.items()}},
        at=later(1),
    )
    rows = shop.file(KEY)
    assert attributes(rows) == [
        (str(fields["Customer number"].pk), "Customer number", "'=C-1", "CUSTOM"),
        (str(fields["Birthday"].pk), "Birthday", "1990-02-28", "CUSTOM"),
        (str(fields["Wants news"].pk), "Wants news", "false", "CUSTOM"),
        (str(fields["Score"].pk), "Score", "'-2.5", "CUSTOM"),
        ("9000000001", "First name", "Cleo", "DEFAULT"),
        ("9000000002", "Last name", "Marín", "DEFAULT"),
        ("9000000003", "Phone", "+34600123456", "DEFAULT"),
        ("9000000004", "Email", "cleo@example.com", "DEFAULT"),
        ("9000000005", "Country", "ES", "DEFAULT"),
        ("9000000006", "Language", "es", "DEFAULT"),
        ("9000000101", "Profile name", "Cleo Marín", "MEDIUM"),
    ]
    heads = {(row["contact_profile_id"], row["contact_primary_identifier"]) for row in rows}
    assert heads == {(str(asked.contact_id), "+34600123456")}
    assert {row["contact_secondary_identifier"] for row in rows} == {"Cleo Marín"}


def test_only_those_are_in_it_who_wrote_within_the_range_on_the_channels(cast: Cast) -> None:
    shop = open_shop(cast)
    other_line = a_channel(cast.ada, name="Other line")
    first = hears(shop.ben, shop.line, sender="+34600000001", at=later(1))
    second = hears(shop.ben, other_line, sender="+34600000002", at=later(2))
    says(shop.ben, first, at=later(3))
    one, two = str(first.contact_id), str(second.contact_id)
    assert ids(shop) == {one, two}
    assert (ids(shop, range_to=later(2)), ids(shop, range_from=later(2))) == ({one}, {two})
    assert ids(shop, filters={"channels": [other_line.pk]}) == {two}
    assert ids(shop, range_from=later(3)) == set()  # only an answer of ours


def test_the_identity_is_that_of_the_latest_message_of_the_range(cast: Cast) -> None:
    shop = open_shop(cast)
    first = hears(shop.ben, shop.line, at=later(1))
    second_line = a_channel(cast.ada, name="Second line")
    hears(shop.ben, second_line, "Two", sender="+34600999999", contact_id=first.contact_id, at=later(2))

    def identity(**asked: Any) -> set[str]:
        return {row["contact_primary_identifier"] for row in shop.file(KEY, **asked)}

    assert identity() == {"+34600999999"}
    assert identity(range_to=later(2)) == {"+34600123456"}
    assert identity(filters={"channels": [shop.line.pk]}) == {"+34600123456"}


def test_a_deleted_contact_has_no_attributes(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    delete_contact(actor=cast.ada, contact=Identifier.of(asked.contact_id), at=later(1))
    assert shop.file(KEY) == []


def test_whoever_sees_their_own_contacts_gets_no_others_and_no_other_workspace_does(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    _user, mia = a_member(cast.acme, email="mia@example.com", restrictions=("show_only_mine",))
    assert shop.file(KEY, mia) == []
    actions.assign_contact(actor=cast.ada, contact=Identifier.of(asked.contact_id), user_id=mia.user_id, at=NOON)
    assert {row["contact_profile_id"] for row in shop.file(KEY, mia)} == {str(asked.contact_id)}
    enter_workspace(cast.globex.pk)
    assert shop.file(KEY, cast.gus) == []
