"""The file of conversations: each column once, and which conversations are in it."""

import pytest

from contacts.identifiers import Identifier
from inbox import actions
from inbox.models import Status
from tests.exports.shop import Shop, open_shop
from tests.factories import NOON, Cast
from tests.inbox.rows import a_row, restricted_ben
from tests.inbox.steps import a_channel, hears, later, says
from workspaces.actions import delete_team
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db

KEY = "conversations"
OF_CLOSING = (
    "resolved_at",
    "conversation_category",
    "closing_note_summary",
    "closed_by",
    "resolution_time",
    "closed_by_source",
)


def ids(rows: list[dict[str, str]]) -> list[int]:
    return [int(row["conversation_id"]) for row in rows]


def a_day_of_one(shop: Shop) -> tuple[int, Identifier]:
    """Write, assign, answer twice and close, as the description of the files has it."""
    cast = shop.cast
    actions.add_closing_category(actor=cast.ada, name="Order status", at=NOON)
    asked = hears(shop.ben, shop.line, "Where is it?")
    cleo = Identifier.of(asked.contact_id)
    actions.assign_contact(actor=cast.ada, contact=cleo, user_id=shop.ben.user_id, at=later(1, 30))
    says(shop.ben, asked, "On its way", at=later(4, 10))
    hears(shop.ben, shop.line, "When?", at=later(10))
    says(shop.ben, asked, "On Tuesday", at=later(12, 30))
    actions.close_conversation(
        actor=shop.ben, contact=cleo, category="Order status", summary="=Tuesday, no refund", at=later(20)
    )
    return asked.conversation_id or 0, cleo


def test_every_column_of_a_closed_conversation(cast: Cast) -> None:
    shop = open_shop(cast)
    number, cleo = a_day_of_one(shop)
    actions.assign_contact(actor=cast.ada, contact=cleo, user_id=None, at=later(30))
    ben = str(shop.ben.user_id)
    assert shop.file(KEY, time_zone="America/Mexico_City") == [
        {
            "conversation_id": str(number),
            "started_at": "2026-03-02 06:00:00",
            "resolved_at": "2026-03-02 06:20:00",
            "contact_id": cleo.value,
            "assignee": ben,
            "number_of_outgoing_messages": "2",
            "number_of_incoming_messages": "2",
            "first_response_at": "2026-03-02 06:04:10",
            "conversation_category": "Order status",
            "closing_note_summary": "'=Tuesday, no refund",
            "closed_by": ben,
            "first_response_time": "0:04:10",
            "resolution_time": "0:20:00",
            "first_assignee": ben,
            "closed_by_source": "user",
            "closed_by_team": "Support",
            "opened_by_source": "contact",
            "opened_by_channel": str(shop.line.pk),
            "first_assigned_at": "2026-03-02 06:01:30",
            "first_response_by": ben,
            "last_assigned_at": "2026-03-02 06:01:30",
            "last_assignee": ben,
            "time_to_first_assignment": "0:01:30",
            "first_assignment_to_first_response_time": "0:02:40",
            "last_assignment_to_response_time": "0:02:40",
            "first_assignment_to_close_time": "0:18:30",
            "last_assignment_to_close_time": "0:18:30",
            "average_response_time": "0:03:20",
            "number_of_assignments": "1",
            "number_of_responses": "2",
        }
    ]


def test_an_open_conversation_says_nothing_of_closing_also_when_it_was_closed_before(cast: Cast) -> None:
    shop = open_shop(cast)
    _number, cleo = a_day_of_one(shop)
    actions.set_conversation_status(actor=shop.ben, contact=cleo, status=Status.NEW, at=later(30))
    actions.assign_contact(actor=cast.ada, contact=cleo, user_id=cast.ada.user_id, at=later(31))
    (row,) = shop.file(KEY)
    assert {row[key] for key in OF_CLOSING} == {""}
    assert (row["closed_by_team"], row["first_assignment_to_close_time"], row["last_assignment_to_close_time"]) == (
        "",
        "",
        "",
    )
    assert (row["assignee"], row["last_assignee"]) == (str(cast.ada.user_id),) * 2
    assert (row["last_assignment_to_response_time"], row["first_assignment_to_first_response_time"]) == ("", "0:02:40")


def test_a_response_before_the_first_assignment_has_no_time_from_it(cast: Cast) -> None:
    shop = open_shop(cast)
    a_row(cast.ada, "Zoë", first_response_at=later(1), first_assigned_at=later(2))
    (row,) = shop.file(KEY)
    assert (row["first_assignment_to_first_response_time"], row["time_to_first_assignment"]) == ("", "0:02:00")


def test_times_have_as_many_hours_as_they_need_and_round_halves_up(cast: Cast) -> None:
    shop = open_shop(cast)
    row = a_row(
        cast.ada,
        "Zoë",
        first_assigned_at=later(),
        first_response_at=later(60 * 100, 0.4995),
        first_response_by_id=shop.ben.user_id,
        response_count=2,
        response_ms=2 * 90_000 + 1_000,
        last_assigned_at=later(0, 0.5),
    )
    (cells,) = [each for each in shop.file(KEY) if each["conversation_id"] == str(row.pk)]
    assert cells["first_response_time"] == "100:00:00"
    assert cells["average_response_time"] == "0:01:31"
    assert cells["time_to_first_assignment"] == "0:00:00"


def test_a_deleted_team_keeps_its_name(cast: Cast) -> None:
    shop = open_shop(cast)
    a_day_of_one(shop)
    delete_team(actor=cast.ada, team_id=shop.team.pk, at=later(40))
    assert [row["closed_by_team"] for row in shop.file(KEY)] == ["Support"]


def test_only_those_opened_in_the_range_by_moment_then_id(cast: Cast) -> None:
    shop = open_shop(cast)
    rows = [a_row(cast.ada, name, minute=minute).pk for name, minute in (("b", 2), ("a", 1), ("c", 1), ("d", 3))]
    assert ids(shop.file(KEY)) == [rows[1], rows[2], rows[0], rows[3]]
    assert ids(shop.file(KEY, range_from=later(1), range_to=later(2))) == [rows[1], rows[2]]


def test_states_assignees_and_channels_narrow_it(cast: Cast) -> None:
    shop = open_shop(cast)
    number, _cleo = a_day_of_one(shop)
    other = a_channel(cast.ada, name="Other")
    second = hears(shop.ben, other, sender="+34600999999", at=later(1)).conversation_id
    assert ids(shop.file(KEY, filters={"conversation_states": ["closed"]})) == [number]
    assert ids(shop.file(KEY, filters={"conversation_states": ["open"]})) == [second]
    assert ids(shop.file(KEY, filters={"assignees": [0]})) == [second]
    assert ids(shop.file(KEY, filters={"assignees": [cast.ben_user.pk]})) == [number]
    assert ids(shop.file(KEY, filters={"channels": [other.pk]})) == [second]


def test_a_restricted_person_sees_their_contacts_and_another_workspace_nothing(cast: Cast) -> None:
    shop = open_shop(cast)
    number, _cleo = a_day_of_one(shop)
    hears(shop.ben, shop.line, sender="+34600999999", at=later(1))
    assert ids(shop.file(KEY, restricted_ben(cast, "show_only_mine"))) == [number]
    enter_workspace(cast.globex.pk)
    assert shop.file(KEY, cast.gus) == []
