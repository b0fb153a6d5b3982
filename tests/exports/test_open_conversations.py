"""The file of open conversations: what is new or pending now, whatever it was before."""

import pytest

from contacts.identifiers import Identifier
from exports.catalogue import DATASETS
from inbox import actions
from inbox.models import Status
from tests.exports.shop import Shop, open_shop
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, later, says
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db

KEY = "open_conversations"
OF_RESOLUTION = ("resolved_by", "resolved_at", "resolved_agent_id", "resolved_agent_name", "resolution_time")


def three(shop: Shop) -> list[int]:
    """Let three write: one waits, one is answered, one is closed; return their conversations."""
    asked = [hears(shop.ben, shop.line, sender=f"+3460000000{place}", at=later(place)) for place in range(3)]
    says(shop.ben, asked[1], at=later(5))
    actions.close_conversation(actor=shop.ben, contact=Identifier.of(asked[2].contact_id), at=later(6))
    return [message.conversation_id or 0 for message in asked]


def test_new_and_pending_ones_are_in_it_by_their_opening(cast: Cast) -> None:
    shop = open_shop(cast)
    waiting, answered, _closed = three(shop)
    rows = shop.file(KEY, range_from=None, range_to=None)
    found = [(int(row["conversation_id"]), row["current_status"], row["first_response_time"]) for row in rows]
    assert found == [(waiting, "NEW", ""), (answered, "PENDING", "240")]
    assert {row[key] for row in rows for key in OF_RESOLUTION} == {""}


def test_filters_take_status_and_channel(cast: Cast) -> None:
    shop = open_shop(cast)
    waiting, answered, _closed = three(shop)
    other = hears(shop.ben, a_channel(cast.ada, name="Other line"), sender="+34600000009", at=later(9))

    def found(**filters: list[int] | list[str]) -> list[int]:
        return [int(row["conversation_id"]) for row in shop.file(KEY, filters=filters)]

    assert found() == [waiting, answered, other.conversation_id]
    assert (found(statuses=["PENDING"]), found(statuses=["NEW"])) == ([answered], [waiting, other.conversation_id])
    assert found(channels=[shop.line.pk], statuses=["NEW", "PENDING"]) == [waiting, answered]


def test_one_that_was_opened_again_tells_of_its_first_resolution(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    cleo = Identifier.of(asked.contact_id)
    actions.close_conversation(actor=shop.ben, contact=cleo, at=later(10))
    actions.set_conversation_status(actor=cast.max, contact=cleo, status=Status.PENDING, at=later(20))
    (row,) = shop.file(KEY)
    assert [row[key] for key in OF_RESOLUTION] == [
        "AGENT", "2026-03-02T12:10:00+00:00", str(shop.ben.user_id), "Ben Tanaka", "600",
    ]  # fmt: skip
    assert (row["last_status_change_agent_name"], row["resolved_agent_reference"]) == ("Max Marín", "E-041")


def test_it_has_the_columns_of_resolved_ones_but_their_notes_and_surveys() -> None:
    resolved = [column.header for column in DATASETS["resolved_conversations"].columns]
    missing = [
        "Resolve Reason", "Resolve Comment", "Resolve Trigger", "CSAT Score", "CSAT Completed Status",
        "CSAT Follow-up Question", "CSAT Follow-up Answer",
    ]  # fmt: skip
    assert [header for header in resolved if header not in missing] == [c.header for c in DATASETS[KEY].columns]


def test_another_workspaces_conversations_are_not_in_it(cast: Cast) -> None:
    shop = open_shop(cast)
    three(shop)
    enter_workspace(cast.globex.pk)
    assert shop.file(KEY, cast.gus, export_at=NOON) == []
