"""The file of active contacts: who exchanged messages on which network, and how many."""

import pytest

from contacts.actions import delete_contact, update_contact
from contacts.identifiers import Identifier
from inbox import actions
from tests.exports.shop import open_shop
from tests.factories import NOON, Cast, a_member
from tests.inbox.steps import a_channel, hears, later, says
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db

KEY = "active_contacts"


def test_every_column_of_a_contact_on_two_networks(cast: Cast) -> None:
    shop = open_shop(cast)
    first = hears(shop.ben, shop.line, at=later(1))
    cleo = Identifier.of(first.contact_id)
    says(shop.ben, first, at=later(2))
    actions.close_conversation(actor=shop.ben, contact=cleo, at=later(3))
    hears(shop.ben, shop.line, "Again", at=later(4))
    telegram = a_channel(cast.ada, name="Bot", kind="telegram")
    hears(shop.ben, telegram, "Here too", sender="+34600999999", contact_id=first.contact_id, at=later(5))
    update_contact(actor=cast.ada, contact=cleo, values={"first_name": "Clea"}, at=later(60))
    custom, other = shop.file(KEY)
    assert custom == {
        "contact_profile_id": str(first.contact_id),
        "medium": "custom_channel",
        "primary_identifier": "+34600123456",
        "secondary_identifier": "Cleo Marín",
        "created_at": "2026-03-02T12:01:00+00:00",
        "number_of_conversations": "2",
        "number_of_inbound_messages": "2",
        "number_of_outbound_messages": "1",
        "last_updated": "2026-03-02T13:00:00+00:00",
    }
    assert (other["medium"], other["primary_identifier"]) == ("telegram", "+34600999999")
    assert (other["number_of_conversations"], other["number_of_inbound_messages"]) == ("1", "1")


def test_only_the_ranges_messages_count(cast: Cast) -> None:
    shop = open_shop(cast)
    first = hears(shop.ben, shop.line, at=later(1))
    says(shop.ben, first, at=later(2))
    hears(shop.ben, shop.line, "Later", at=later(3))
    (row,) = shop.file(KEY, range_from=later(2), range_to=later(3))
    assert (row["created_at"], row["number_of_inbound_messages"], row["number_of_outbound_messages"]) == ("", "0", "1")
    assert shop.file(KEY, range_from=later(3, 1)) == []


def test_messages_on_channels_of_one_network_are_one_row_with_the_identity_used_last(cast: Cast) -> None:
    shop = open_shop(cast)
    first = hears(shop.ben, shop.line, at=later(1))
    second_line = a_channel(cast.ada, name="Second line")
    hears(shop.ben, second_line, "Two", sender="+34600999999", contact_id=first.contact_id, at=later(2))
    (row,) = shop.file(KEY)
    assert (row["primary_identifier"], row["number_of_inbound_messages"]) == ("+34600999999", "2")
    (row,) = shop.file(KEY, filters={"channels": [shop.line.pk]})
    assert (row["primary_identifier"], row["number_of_inbound_messages"]) == ("+34600999999", "1")


def test_a_deleted_contact_stays_with_its_numbers_alone(cast: Cast) -> None:
    shop = open_shop(cast)
    first = hears(shop.ben, shop.line, at=later(1))
    delete_contact(actor=cast.ada, contact=Identifier.of(first.contact_id), at=later(9))
    (row,) = shop.file(KEY)
    assert (row["contact_profile_id"], row["number_of_inbound_messages"]) == (str(first.contact_id), "1")
    assert (row["primary_identifier"], row["last_updated"]) == ("", "2026-03-02T12:09:00+00:00")


def test_one_that_was_taken_back_does_not_count(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    actions.take_back_message(actor=shop.ben, message_id=says(shop.ben, asked, at=later(1)).pk, at=later(1, 5))
    assert [row["number_of_outbound_messages"] for row in shop.file(KEY)] == ["0"]


def test_whoever_sees_their_own_contacts_gets_no_others_and_no_other_workspace_does(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    _user, mia = a_member(cast.acme, email="mia@example.com", restrictions=("show_only_mine",))
    assert shop.file(KEY, mia) == []
    actions.assign_contact(actor=cast.ada, contact=Identifier.of(asked.contact_id), user_id=mia.user_id, at=NOON)
    assert [row["contact_profile_id"] for row in shop.file(KEY, mia)] == [str(asked.contact_id)]
    enter_workspace(cast.globex.pk)
    assert shop.file(KEY, cast.gus) == []
