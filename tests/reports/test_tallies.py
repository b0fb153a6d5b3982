"""Tallies are what the raw rows say, after whatever is written and at every moment between two folds."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db.models import Model
from pytest_django.fixtures import Settings

from contacts.actions import delete_contact, delete_contacts, merge_contacts
from contacts.identifiers import Identifier
from contacts.models import ContactLogEntry
from contacts.selection import Selection
from inbox import actions
from inbox.models import Channel, Message
from reports.models import ContactTallyDelta
from reports.tallies.facts import CONTACT_LOG, MESSAGES
from reports.tallies.folding import fold_tallies
from tests.factories import NOON, Cast, actor_in
from tests.imports.steps import a_csv, imported
from tests.imports.undo_steps import undone
from tests.inbox.house import House, report
from tests.inbox.steps import a_channel, hears, later, says
from tests.reports.tallying import (
    a_contact,
    assert_exact,
    built_everywhere,
    folded_exactly,
    read,
    some_lines,
    tally_rows,
    waiting,
)
from tests.workspaces.sinks import a_sink
from workspaces.actions import change_member, create_team, delete_team
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = a_csv("Name,Phone", "Cleo,+34600123456", "Ada,+34600123457", "Bo,+34600123458")


@pytest.fixture
def built(cast: Cast) -> Cast:
    return built_everywhere(cast)


@pytest.fixture
def house(built: Cast, settings: Settings) -> Iterator[House]:
    settings.OUTSIDE_ALLOW = ["127.0.0.1"]
    with a_sink() as sink:
        sink.body = b'{"mId": "w1"}'
        yield House(built, sink)


def test_what_happens_to_contacts_is_tallied(built: Cast) -> None:
    with workspace_scope(built.acme.pk):
        ids = [a_contact(built, name) for name in ("Ana", "Bea", "Cleo", "Dee", "Eve")]
    folded_exactly(built)
    with workspace_scope(built.acme.pk):
        merge_contacts(actor=built.ada, primary_id=ids[0], secondary_id=ids[1], values={}, at=later(1))
        delete_contact(actor=built.ada, contact=Identifier.of(ids[2]), at=later(2))
    assert_exact(built.acme)
    with workspace_scope(built.acme.pk):
        assert delete_contacts(actor=built.ada, selection=Selection.matching(), at=later(3)) == 3
    folded_exactly(built)
    day, user, ada = date(2026, 3, 2), "user", built.ada.user_id
    assert tally_rows(CONTACT_LOG, built.acme) == [
        (day, "added", user, 0, ada, 5),
        (day, "deleted", user, 0, ada, 4),
        (day, "merged", user, 0, ada, 1),
    ]


def test_an_import_and_its_undoing_are_tallied_with_few_deltas(built: Cast) -> None:
    row = imported(built.ada, PEOPLE)
    assert (row.imported, waiting(built.acme)) == (3, 1)
    folded_exactly(built)
    undone(built.ada, row)
    assert waiting(built.acme) == 1
    folded_exactly(built)
    assert [(kind, n) for _, kind, *_, n in tally_rows(CONTACT_LOG, built.acme)] == [("added", 3), ("deleted", 3)]


def test_a_message_that_comes_in_is_tallied_with_contact_and_connection(built: Cast) -> None:
    with workspace_scope(built.acme.pk):
        channel = a_channel(built.ada)
        hears(built.ada, channel)
        hears(built.ada, channel, "Once more", at=later(1))
    folded_exactly(built)
    day = date(2026, 3, 2)
    assert tally_rows(MESSAGES, built.acme) == [(day, "incoming", "", "contact", channel.pk, 0, 0, 0, 2)]
    assert [row[1:] for row in tally_rows(CONTACT_LOG, built.acme)] == [
        ("added", "incoming_message", 0, 0, 1),
        ("connected", "incoming_message", channel.pk, 0, 1),
    ]


def test_a_message_is_tallied_with_the_team_that_its_writer_was_of_then(built: Cast) -> None:
    ada, ben_id, max_id = built.ada, built.ben_user.pk, built.max_user.pk
    with workspace_scope(built.acme.pk):
        support = create_team(actor=ada, name="Support", member_ids=[ben_id], at=NOON)
        sales = create_team(actor=ada, name="Sales", member_ids=[max_id], at=NOON)
        channel = a_channel(ada)
        asked = hears(ada, channel)
    ben, max_ = actor_in(built.acme, built.ben_user), actor_in(built.acme, built.max_user)
    with workspace_scope(built.acme.pk):
        says(ben, asked)
        says(ben, asked, "Once more", at=later(1))
        says(max_, asked, "From Sales", at=later(2))
        says(ada, asked, "Of no team", at=later(3))
        change_member(actor=ada, user_id=ben_id, role="agent", restrictions=(), team_id=sales.pk, at=later(4))
    fold_tallies(workspace_id=built.acme.pk)
    ben = actor_in(built.acme, built.ben_user)
    with workspace_scope(built.acme.pk):
        says(ben, asked, "From Sales now", at=later(5))
        delete_team(actor=ada, team_id=support.pk, at=later(6))
        says(ada, asked, "Of no team still", at=later(7))
        found = read(MESSAGES, built.acme.pk, "UTC")
        assert {team: n for (*_, user, team, _), n in found.items() if user == ada.user_id} == {None: 2}
    folded_exactly(built)
    key = (date(2026, 3, 2), "outgoing", "pending", "user", channel.pk)
    assert {row for row in tally_rows(MESSAGES, built.acme) if row[1] == "outgoing"} == {
        (*key, ada.user_id, 0, 0, 2),
        (*key, ben_id, support.pk, 0, 2),
        (*key, ben_id, sales.pk, 0, 1),
        (*key, max_id, sales.pk, 0, 1),
    }


def test_a_message_is_counted_under_the_status_that_it_has_now(built: Cast, house: House) -> None:
    def statuses() -> dict[str, int]:
        with workspace_scope(built.acme.pk):
            found = read(MESSAGES, built.acme.pk, "UTC")
        return {status: n for (_, direction, status, *_), n in found.items() if direction == "outgoing"}

    [message] = house.writes("Hi Cleo")
    assert statuses() == {"pending": 1}
    fold_tallies(workspace_id=built.acme.pk)
    house.sends(message)
    assert statuses() == {"sent": 1}
    for status in ("delivered", "read", "delivered"):
        report(house, status)
    assert statuses() == {"read": 1}
    folded_exactly(built)
    house.sink.status, house.sink.body = 400, b'{"error": {"message": "No such person"}}'
    [other] = house.writes("Are you there?")
    house.sends(other)
    assert statuses() == {"read": 1, "failed": 1}
    folded_exactly(built)


def test_steps_that_nobody_outside_sees_leave_no_delta(built: Cast, house: House) -> None:
    [message] = house.writes("Hi Cleo")
    before = waiting(built.acme)
    for status in ("sending", "unknown", "queued"):
        house.change(Message, status=status, attempts=2, text="Hello Cleo", provider_at=later(9))
    with workspace_scope(built.acme.pk):
        ContactLogEntry.objects.in_workspace(built.acme.pk).update(contact_name="Nobody")
    assert waiting(built.acme) == before
    house.change(Message, sender_kind="api")
    assert waiting(built.acme) == before + 4  # two messages went from one key to another
    assert house.now(message).sender_kind == "api"
    assert_exact(built.acme)


def test_a_message_that_was_taken_back_counts_nowhere(built: Cast) -> None:
    with workspace_scope(built.acme.pk):
        heard = hears(built.ada, a_channel(built.ada))
        message = says(built.ada, heard, hold=timedelta(seconds=30))
        actions.take_back_message(actor=built.ada, message_id=message.pk, at=later(seconds=5))
        assert read(MESSAGES, built.acme.pk, "UTC").total() == 1
    folded_exactly(built)
    assert [row[1] for row in tally_rows(MESSAGES, built.acme)] == ["incoming"]


def test_messages_of_a_deleted_contact_stay_counted_and_its_unsent_ones_fail(built: Cast) -> None:
    with workspace_scope(built.acme.pk):
        heard = hears(built.ada, a_channel(built.ada))
        says(built.ada, heard)
        delete_contact(actor=built.ada, contact=Identifier.of(heard.contact_id), at=later(1))
    folded_exactly(built)
    assert [(row[1], row[2], row[-1]) for row in tally_rows(MESSAGES, built.acme)] == [
        ("incoming", "", 1),
        ("outgoing", "failed", 1),
    ]


def test_a_changed_line_or_message_moves_to_its_new_place(built: Cast) -> None:
    with workspace_scope(built.acme.pk):
        heard = hears(built.ada, a_channel(built.ada))
        other = a_channel(built.ada, name="Other line")
        says(built.ada, heard)
    fold_tallies(workspace_id=built.acme.pk)
    with workspace_scope(built.acme.pk):
        messages = Message.objects.in_workspace(built.acme.pk)
        messages.update(created_at=NOON + timedelta(days=3), channel_id=other.pk, user_id=None, sender_id=77)
        lines = ContactLogEntry.objects.in_workspace(built.acme.pk)
        lines.update(occurred_at=NOON - timedelta(days=3), user_id=5)
    folded_exactly(built)
    with workspace_scope(built.acme.pk):
        messages.filter(direction="outgoing").update(status="cancelled")
        lines.filter(kind="connected").update(channel_id=None, kind="merged", source="api")
    folded_exactly(built)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Message, {"created_at": NOON + timedelta(minutes=15)}),
        (Message, {"direction": "outgoing"}),
        (Message, {"status": "failed", "direction": "outgoing"}),
        (Message, {"status": "cancelled"}),
        (Message, {"sender_kind": "bot"}),
        (Message, {"channel_id": None}),
        (Message, {"user_id": 5}),
        (Message, {"team_id": 5}),
        (Message, {"sender_id": 5}),
        (ContactLogEntry, {"occurred_at": NOON + timedelta(minutes=15)}),
        (ContactLogEntry, {"kind": "merged"}),
        (ContactLogEntry, {"source": "api"}),
        (ContactLogEntry, {"channel_id": 5}),
        (ContactLogEntry, {"user_id": 5}),
    ],
)
def test_each_column_moves_a_row_by_itself(built: Cast, model: type[Model], change: dict[str, object]) -> None:
    with workspace_scope(built.acme.pk):
        hears(built.ada, a_channel(built.ada))
    fold_tallies(workspace_id=built.acme.pk)
    with workspace_scope(built.acme.pk):
        model._default_manager.filter(workspace_id=built.acme.pk).update(**change)
    folded_exactly(built)


def test_deleted_rows_are_taken_away_and_rows_of_nothing_vanish(built: Cast) -> None:
    with workspace_scope(built.acme.pk):
        heard = hears(built.ada, a_channel(built.ada))
        says(built.ada, heard)
    folded_exactly(built)
    with workspace_scope(built.acme.pk):
        Message.objects.in_workspace(built.acme.pk).delete()
        ContactLogEntry.objects.in_workspace(built.acme.pk).delete()
        Channel.objects.in_workspace(built.acme.pk).delete()
    folded_exactly(built)
    assert tally_rows(MESSAGES, built.acme) == tally_rows(CONTACT_LOG, built.acme) == []


def test_a_thousand_lines_of_one_statement_are_one_delta_each_quarter_hour_and_kind(built: Cast) -> None:
    with workspace_scope(built.acme.pk):
        some_lines(built.acme.pk, *(NOON + timedelta(seconds=place) for place in range(1000)))
        rows = ContactTallyDelta.objects.in_workspace(built.acme.pk).order_by("slot").values_list("slot", "n")
        assert list(rows) == [(NOON, 900), (NOON + timedelta(minutes=15), 100)]
