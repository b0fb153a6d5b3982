"""The broadcasts report: how many contacts each wrote to, and how far its messages came."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from contacts.actions import delete_contact
from contacts.identifiers import Identifier
from inbox import actions
from inbox.channels.contract import StatusReport
from inbox.models import Broadcast, Channel, Message
from reports.catalogue.broadcasts import ALL, RECIPIENTS
from reports.engine.asking import Asked
from reports.engine.reading import Cut
from reports.tallies.building import build_tallies
from tests.casting import the_cast
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, later, says
from tests.keeping import kept_in_a_file, one_of
from tests.reports.asking import answers_of, asked, figures_of, rows_of
from workspaces.actors import Actor
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db

DAY = "2026-03-02"
NONE = {"recipients": 0, "sent": 0, "delivered": 0, "read": 0, "failed": 0}
SPRING = {"recipients": 2, "sent": 2, "delivered": 1, "read": 1, "failed": 1}
NEWS = {"recipients": 1, "sent": 1, "delivered": 1, "read": 0, "failed": 0}


@dataclass(frozen=True, slots=True)
class Sales:
    """Spring sale wrote twice to Cleo and once to Dario, News once to Cleo; one more to Dario still waits."""

    cast: Cast
    line: Channel
    night: Channel
    spring: Broadcast
    news: Broadcast
    cleo: Message

    def figures(self, question: Asked | None = None) -> dict[str, float | None]:
        return figures_of("broadcasts", question or asked(DAY), actor=self.cast.ada, now=NOON)

    def rows(self, question: Asked | None = None) -> Mapping[object, Mapping[str, float | None]]:
        shown = answers_of("broadcasts", question or asked(DAY), actor=self.cast.ada, now=NOON)["by_broadcast"]
        return {part.value: {key: figure.value for key, figure in part.figures.items()} for part in shown.parts}


def sent(cast: Cast, heard: Message, broadcast: Broadcast, text: str, status: str = "") -> Message:
    """Write as a broadcast, and let the network tell of it."""
    system = Actor.system(workspace_id=cast.acme.pk)
    message = says(system, heard, text, at=later(10), sender_kind="broadcast", sender_id=broadcast.pk)
    if status:
        assert message.channel is not None
        word = StatusReport(
            message_id=str(message.pk), status=status, occurred_at=later(20), detail=status, is_ours=True
        )
        actions.report_status(actor=system, channel=message.channel, report=word, at=later(20))
    return message


def some_sales(cast: Cast) -> Sales:
    """Two broadcasts on two channels, beside an answer that is of none."""
    enter_workspace(cast.globex.pk)
    theirs = actions.add_broadcast(actor=cast.gus, name="Theirs", at=later())
    says(cast.gus, hears(cast.gus, a_channel(cast.gus)), at=later(1), sender_kind="broadcast", sender_id=theirs.pk)
    enter_workspace(cast.acme.pk)
    spring, news = (actions.add_broadcast(actor=cast.ada, name=name, at=later()) for name in ("Spring sale", "News"))
    line, night = a_channel(cast.ada), a_channel(cast.ada, name="Night line")
    cleo = hears(cast.ada, line)
    dario = hears(cast.ada, night, "Open?", sender="+34600999999")
    sent(cast, cleo, spring, "Sale", "read")
    sent(cast, cleo, spring, "Sale, last day", "failed")
    sent(cast, dario, spring, "Sale for you", "sent")
    sent(cast, dario, spring, "Sale, last day for you")
    sent(cast, cleo, news, "News", "delivered")
    says(cast.ben, cleo, at=later(11))
    return Sales(cast, line, night, spring, news, cleo)


made = kept_in_a_file(lambda: some_sales(the_cast()))


@pytest.fixture
def sales(made: Sales, db: None) -> Sales:
    return one_of(made)


def test_each_broadcast_has_its_figures_and_contacts_count_once_in_all(sales: Sales) -> None:
    assert sales.rows() == {sales.spring.pk: SPRING, sales.news.pk: NEWS}
    assert sales.figures() == {"recipients": 2, "sent": 3, "delivered": 2, "read": 1, "failed": 1}


def test_each_filter_narrows(sales: Sales) -> None:
    assert sales.figures(asked(DAY, broadcasts=sales.spring.pk)) == SPRING
    assert sales.figures(asked(DAY, channels=sales.night.pk)) == {**NONE, "recipients": 1, "sent": 1}
    assert sales.rows(asked(DAY, channels=sales.line.pk))[sales.spring.pk] == {
        **NONE, "recipients": 1, "sent": 1, "delivered": 1, "read": 1, "failed": 1
    }  # fmt: skip
    assert sales.figures(asked("2026-03-03")) == NONE


def test_parts_by_channel_count_what_waits_as_well(sales: Sales) -> None:
    shown = answers_of("broadcasts", asked(DAY), actor=sales.cast.ada, now=NOON)["messages_by_channel"]
    assert [(part.value, part.figures["broadcast_messages"].value) for part in shown.parts] == [
        (sales.line.pk, 3),
        (sales.night.pk, 2),
    ]
    assert shown.total.value == 5


def test_tallies_answer_as_raw_rows_do(sales: Sales) -> None:
    questions = [
        asked("2026-02-20", "2026-03-05"),
        asked("2026-02-20", "2026-03-05", channels=sales.line.pk),
        asked("2026-02-20", "2026-03-05", broadcasts=sales.news.pk),
    ]
    raw = [answers_of("broadcasts", question, actor=sales.cast.ada, now=NOON) for question in questions]
    build_tallies(workspace_id=sales.cast.acme.pk, at=later(60))
    enter_workspace(sales.cast.acme.pk)
    assert [answers_of("broadcasts", question, actor=sales.cast.ada, now=NOON) for question in questions] == raw


def test_the_log_names_the_broadcast_and_has_the_rows_of_every_figure(sales: Sales) -> None:
    found = rows_of("broadcasts", "messages", asked(DAY), actor=sales.cast.ada, now=NOON)
    assert [(row[1], row[3], row[8], row[9]) for row in found.rows] == [
        ("News", "Cleo Marín", "delivered", None),
        ("Spring sale", "Cleo Marín", "pending", None),
        ("Spring sale", "Cleo Marín", "sent", None),
        ("Spring sale", "Cleo Marín", "failed", "failed"),
        ("Spring sale", "Cleo Marín", "read", None),
    ]
    figures = sales.figures()
    for metric in ALL:
        if metric is not RECIPIENTS:
            cut = Cut(metric=metric)
            found = rows_of("broadcasts", metric.log, asked(DAY), actor=sales.cast.ada, now=NOON, cut=cut)
            assert found.count == figures[metric.key]


def test_a_deleted_contact_stays_a_recipient(sales: Sales) -> None:
    delete_contact(actor=sales.cast.ada, contact=Identifier.of(sales.cleo.contact_id), at=later(90))
    assert sales.figures() == {"recipients": 2, "sent": 3, "delivered": 2, "read": 1, "failed": 1}
