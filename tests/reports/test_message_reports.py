"""The messages report: exact figures, each filter, tallies beside raw rows, and what is gone."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from contacts.actions import delete_contact
from contacts.identifiers import Identifier
from inbox import actions
from inbox.channels.contract import StatusReport
from inbox.models import Broadcast, Channel, Message
from reports.catalogue.messages import DELIVERED, FAILED, INCOMING, MESSAGES, OUTGOING
from reports.engine.answers import State
from reports.engine.asking import Asked
from reports.engine.reading import Cut
from reports.models import MessageTally
from reports.tallies.building import build_tallies
from reports.tallies.folding import fold_tallies
from tests.casting import the_cast
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, later, says
from tests.keeping import kept_in_a_file, one_of
from tests.reports.asking import answers_of, asked, figures_of, rows_of
from workspaces.actions import remove_member
from workspaces.actors import Actor
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db

DAY = "2026-03-02"


@dataclass(frozen=True, slots=True)
class Shop:
    """Acme at noon: Cleo and Dario wrote; Ben, Ada, a broadcast and a program answered Cleo."""

    cast: Cast
    line: Channel
    night: Channel
    sale: Broadcast
    cleo: Message
    dario: Message
    failed: Message

    def figures(self, question: Asked | None = None) -> dict[str, float | None]:
        return figures_of("messages", question or asked(DAY), actor=self.cast.ada, now=NOON)

    def parts(self, block: str, question: Asked | None = None) -> dict[object, float | None]:
        shown = answers_of("messages", question or asked(DAY), actor=self.cast.ada, now=NOON)[block]
        key = next(iter(shown.parts[0].figures))
        return {part.value: part.figures[key].value for part in shown.parts}


def told(actor: Actor, channel: Channel, message: Message, status: str, detail: str = "") -> None:
    """Let the network tell of a message."""
    actions.report_status(
        actor=Actor.system(workspace_id=actor.workspace_id),
        channel=channel,
        report=StatusReport(
            message_id=str(message.pk), status=status, occurred_at=later(30), detail=detail, is_ours=True
        ),
        at=later(30),
    )


def a_shop(cast: Cast) -> Shop:
    """Two come in, four go out: one is delivered, one failed, one was read, one waits; a fifth was taken back."""
    enter_workspace(cast.globex.pk)
    says(cast.gus, hears(cast.gus, a_channel(cast.gus)), "Not ours", at=later(1))
    enter_workspace(cast.acme.pk)
    line, night = a_channel(cast.ada), a_channel(cast.ada, name="Night line")
    sale = actions.add_broadcast(actor=cast.ada, name="Spring sale", at=later())
    cleo = hears(cast.ada, line)
    dario = hears(cast.ada, night, "Open?", sender="+34600999999", at=later(60))
    told(cast.ada, line, says(cast.ben, cleo, at=later(4)), "delivered")
    failed = says(cast.ada, cleo, "Take this", at=later(5))
    told(cast.ada, line, failed, "failed", "The number is not on WhatsApp.")
    told(cast.ada, line, says(cast.ada, cleo, "Sale", at=later(10), sender_kind="broadcast", sender_id=sale.pk), "read")
    says(Actor.system(workspace_id=cast.acme.pk), cleo, "By program", at=later(11), sender_kind="api")
    back = says(cast.ada, cleo, "Oops", at=later(12), hold=timedelta(minutes=1))
    actions.take_back_message(actor=cast.ada, message_id=back.pk, at=later(12))
    return Shop(cast, line, night, sale, cleo, dario, failed)


made = kept_in_a_file(lambda: a_shop(the_cast()))


@pytest.fixture
def shop(made: Shop, db: None) -> Shop:
    return one_of(made)


def test_cards_count_what_came_went_arrived_and_failed(shop: Shop) -> None:
    assert shop.figures() == {"incoming": 2, "outgoing": 4, "delivered": 2, "failed": 1}


def test_the_next_day_has_none_and_another_workspace_its_own(shop: Shop) -> None:
    cast = shop.cast
    nothing = figures_of("messages", asked("2026-03-03"), actor=cast.ada, now=NOON)
    assert nothing == {"incoming": 0, "outgoing": 0, "delivered": 0, "failed": 0}
    theirs = figures_of("messages", asked(DAY), actor=cast.gus, now=NOON)
    assert theirs == {"incoming": 1, "outgoing": 1, "delivered": 0, "failed": 0}


def test_each_filter_narrows_every_card(shop: Shop) -> None:
    ben, sale, night = shop.cast.ben.user_id, shop.sale.pk, shop.night.pk
    dario = shop.dario.contact_id
    assert shop.figures(asked(DAY, channels=night)) == {"incoming": 1, "outgoing": 0, "delivered": 0, "failed": 0}
    assert shop.figures(asked(DAY, sender_types=["user", "api"])) == {
        "incoming": 0,
        "outgoing": 3,
        "delivered": 1,
        "failed": 1,
    }
    assert shop.figures(asked(DAY, users=ben)) == {"incoming": 0, "outgoing": 1, "delivered": 1, "failed": 0}
    assert shop.figures(asked(DAY, users=shop.cast.ada.user_id)) == {
        "incoming": 0,
        "outgoing": 1,
        "delivered": 0,
        "failed": 1,
    }
    assert shop.figures(asked(DAY, broadcasts=sale)) == {"incoming": 0, "outgoing": 1, "delivered": 1, "failed": 0}
    assert shop.figures(asked(DAY, contacts=dario)) == {"incoming": 1, "outgoing": 0, "delivered": 0, "failed": 0}


def test_parts_by_channel_source_and_status(shop: Shop) -> None:
    assert shop.parts("incoming_by_channel") == {shop.line.pk: 1, shop.night.pk: 1}
    assert shop.parts("outgoing_by_channel") == {shop.line.pk: 4}
    assert shop.parts("outgoing_by_source") == {"user": 2, "broadcast": 1, "api": 1}
    assert shop.parts("outgoing_by_delivery") == {"delivered": 1, "failed": 1, "read": 1, "pending": 1}


def test_hours_stand_on_the_clock_of_the_zone(shop: Shop) -> None:
    question = asked(DAY)
    for zone, hour in (("UTC", 12), ("Asia/Kolkata", 17)):
        shown = answers_of("messages", question, actor=shop.cast.ada, now=NOON, zone=zone)
        assert shown["outgoing_hours"].heat[0][hour] == 4
        assert shown["incoming_hours"].heat[0][hour : hour + 2] == (1, 1)
        assert sum(map(sum, shown["incoming_hours"].heat)) == 2


def test_the_log_of_failed_messages_has_its_columns_and_the_error(shop: Shop) -> None:
    columns = [column.key for column in MESSAGES.logs_by_key["failed"].columns]
    assert columns == ["date_time", "sender", "contact_name", "channel", "type", "sub_type", "content", "error"]
    found = rows_of("messages", "failed", asked(DAY), actor=shop.cast.ada, now=NOON)
    assert found.rows == [
        (
            later(5),
            ["Ada Ferrer", "user"],
            "Cleo Marín",
            shop.line.pk,
            "message",
            None,
            "Take this",
            "The number is not on WhatsApp.",
        )
    ]


def test_a_failed_message_without_a_name_says_what_kind_of_sender_it_had(shop: Shop) -> None:
    message = Message.objects.in_workspace(shop.cast.acme.pk).get(text="By program")
    told(shop.cast.ada, shop.line, message, "failed", "Not allowed")
    found = rows_of("messages", "failed", asked(DAY, sender_types="api"), actor=shop.cast.ada, now=NOON)
    assert [row[1] for row in found.rows] == [[None, "api"]]


def test_a_failed_template_says_its_name_as_sub_type(shop: Shop) -> None:
    payload = {"template": {"name": "order_update", "language": "en"}}
    message = Message.objects.in_workspace(shop.cast.acme.pk).get(pk=shop.failed.pk)
    message.content_type, message.payload = "whatsapp_template", payload
    message.save(update_fields=["content_type", "payload"])
    found = rows_of("messages", "failed", asked(DAY), actor=shop.cast.ada, now=NOON)
    content = '{"text":"Take this","template":{"name":"order_update","language":"en"}}'
    assert [(row[4], row[5], sorted(row[6])) for row in found.rows] == [("template", "order_update", sorted(content))]


def test_the_log_of_messages_names_who_sent_each(shop: Shop) -> None:
    found = rows_of("messages", "messages", asked(DAY), actor=shop.cast.ada, now=NOON)
    assert [(row[0], row[4], row[5], row[6], row[9]) for row in found.rows] == [
        (later(60), "incoming", "contact", None, None),
        (later(11), "outgoing", "api", None, "pending"),
        (later(10), "outgoing", "broadcast", "Spring sale", "read"),
        (later(5), "outgoing", "user", "Ada Ferrer", "failed"),
        (later(4), "outgoing", "user", "Ben Tanaka", "delivered"),
        (later(0), "incoming", "contact", None, None),
    ]
    assert found.rows[-1][10] == shop.cleo.conversation_id


def test_the_rows_behind_a_figure_are_as_many_as_it_says(shop: Shop) -> None:
    for question in (
        asked(DAY),
        asked(DAY, channels=shop.line.pk),
        asked(DAY, users=shop.cast.ben.user_id),
    ):
        figures = figures_of("messages", question, actor=shop.cast.ada, now=NOON)
        for metric in (INCOMING, OUTGOING, DELIVERED, FAILED):
            cut = Cut(metric=metric)
            found = rows_of("messages", metric.log, question, actor=shop.cast.ada, now=NOON, cut=cut)
            assert (found.count, len(found.rows)) == (figures[metric.key], figures[metric.key])


def test_a_deleted_contact_and_a_former_member_stay_in_the_figures(shop: Shop) -> None:
    cast = shop.cast
    delete_contact(actor=cast.ada, contact=Identifier.of(shop.cleo.contact_id), at=later(90))
    remove_member(actor=cast.ada, user_id=cast.ben_user.pk, at=later(91))
    # What still waited to be sent has failed, as nobody is there any more.
    assert shop.figures() == {"incoming": 2, "outgoing": 4, "delivered": 2, "failed": 2}
    assert shop.figures(asked(DAY, users=cast.ben.user_id)) == {
        "incoming": 0,
        "outgoing": 1,
        "delivered": 1,
        "failed": 0,
    }
    assert shop.figures(asked(DAY, contacts=shop.cleo.contact_id))["incoming"] == 1
    found = rows_of("messages", "failed", asked(DAY), actor=cast.ada, now=NOON)
    assert [(row[1], row[2], row[6]) for row in found.rows] == [
        ([None, "api"], None, None),
        (["Ada Ferrer", "user"], None, None),
    ]


def test_tallies_answer_as_raw_rows_do(shop: Shop) -> None:
    """Every block, by every filter that a tally can answer; hours come from raw rows always."""
    cast = shop.cast
    first, last = "2026-02-20", "2026-03-05"
    questions = [
        asked(first, last),
        asked(first, last, channels=shop.line.pk),
        asked(first, last, users=cast.ben.user_id),
        asked(first, last, sender_types=["contact", "broadcast"]),
        asked(first, last, broadcasts=shop.sale.pk),
    ]
    raw = [answers_of("messages", question, actor=cast.ada, now=NOON) for question in questions]
    assert raw[0]["overview"].cards[1].figure.value == 4
    build_tallies(workspace_id=cast.acme.pk, at=later(60))
    fold_tallies(workspace_id=cast.acme.pk)
    enter_workspace(cast.acme.pk)
    assert [answers_of("messages", question, actor=cast.ada, now=NOON) for question in questions] == raw


def test_counts_are_read_from_tallies_where_they_are_built(shop: Shop) -> None:
    build_tallies(workspace_id=shop.cast.acme.pk, at=later(60))
    enter_workspace(shop.cast.acme.pk)
    MessageTally.objects.in_workspace(shop.cast.acme.pk).filter(status="failed").update(n=7)
    assert shop.figures() == {"incoming": 2, "outgoing": 10, "delivered": 2, "failed": 7}
    assert shop.figures(asked(DAY, contacts=shop.cleo.contact_id))["failed"] == 1


def test_a_source_that_nothing_came_from_says_so(shop: Shop) -> None:
    shown = answers_of("messages", asked(DAY, sender_types="zapier"), actor=shop.cast.ada, now=NOON)
    states = {key: answer.state for key, answer in shown.items() if key != "overview"}
    assert set(states.values()) == {State.NO_DATA}
