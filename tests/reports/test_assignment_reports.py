"""The assignments report: every change of hands while a conversation is open, removals included."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from django.utils import timezone

from contacts.actions import assign_contact as assign_in_contacts
from contacts.actions import delete_contact
from contacts.identifiers import Identifier
from inbox import actions
from inbox.models import InboxSettings, Message
from reports.catalogue.assignments import ASSIGNMENTS, ASSIGNMENTS_MADE, GIVEN, REMOVALS
from reports.engine.answers import State
from reports.engine.asking import Asked
from reports.engine.reading import Cut
from tests.casting import the_cast
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, later, latest, says
from tests.keeping import kept_in_a_file, one_of
from tests.reports.asking import answers_of, asked, figures_of, rows_of
from workspaces.actions import remove_member
from workspaces.actors import Actor
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db

DAY = "2026-03-02"


@dataclass(frozen=True, slots=True)
class Desk:
    """Acme at noon: Cleo went from Max to Ben to nobody, Dario to Ada by his first reply."""

    cast: Cast
    cleo: Message
    dario: Message

    def figures(self, question: Asked | None = None) -> dict[str, float | None]:
        return figures_of("assignments", question or asked(DAY), actor=self.cast.ada, now=NOON)

    def parts(self, block: str) -> Mapping[object, float | None]:
        shown = answers_of("assignments", asked(DAY), actor=self.cast.ada, now=NOON)[block]
        return {part.value: part.figures["assignments"].value for part in shown.parts}


def a_desk(cast: Cast) -> Desk:
    """Five assignments: two by Ada, one by a program, one at a log-out, one by a reply; and one while nothing is open."""
    enter_workspace(cast.globex.pk)
    says(cast.gus, hears(cast.gus, a_channel(cast.gus)), at=later(1))
    enter_workspace(cast.acme.pk)
    InboxSettings.objects.update_or_create(workspace_id=cast.acme.pk, defaults={"unassign_at_logout": True})
    line = a_channel(cast.ada)
    cleo = hears(cast.ada, line)
    dario = hears(cast.ada, line, "Open?", sender="+34600999999")
    whom = Identifier.of(cleo.contact_id)
    actions.assign_contact(actor=cast.ada, contact=whom, user_id=cast.max.user_id, at=later(1))
    # The pages and the API of contacts assign as well.
    assign_in_contacts(actor=cast.ada, contact=whom, user_id=cast.ben.user_id, at=later(2))
    program = Actor.system(workspace_id=cast.acme.pk)
    actions.assign_contact(actor=program, contact=whom, user_id=cast.max.user_id, source="api", at=later(3))
    actions.member_left(actor=cast.max, at=later(4))
    says(cast.ada, dario, at=later(5))
    actions.close_conversation(actor=cast.ada, contact=Identifier.of(dario.contact_id), at=later(6))
    actions.assign_contact(
        actor=cast.ada, contact=Identifier.of(dario.contact_id), user_id=cast.ben.user_id, at=later(7)
    )
    return Desk(cast, cleo, dario)


made = kept_in_a_file(lambda: a_desk(the_cast()))


@pytest.fixture
def desk(made: Desk, db: None) -> Desk:
    return one_of(made)


def test_removals_count_and_a_change_without_an_open_conversation_does_not(desk: Desk) -> None:
    assert desk.figures() == {"assignments": 5, "given": 4, "removals": 1}
    theirs = figures_of("assignments", asked(DAY), actor=desk.cast.gus, now=NOON)
    assert theirs == {"assignments": 1, "given": 1, "removals": 0}


def test_parts_by_source_by_whom_and_to_whom(desk: Desk) -> None:
    cast = desk.cast
    assert desk.parts("by_source") == {"user": 3, "api": 1, "system": 1}
    assert desk.parts("by_assigned_to") == {cast.max.user_id: 2, cast.ben.user_id: 1, cast.ada.user_id: 1, None: 1}
    assert desk.parts("by_assigned_by") == {cast.ada.user_id: 3, None: 2}


def test_each_filter_narrows(desk: Desk) -> None:
    cast = desk.cast
    assert desk.figures(asked(DAY, assignment_sources="user")) == {"assignments": 3, "given": 3, "removals": 0}
    assert desk.figures(asked(DAY, assigned_to=0)) == {"assignments": 1, "given": 0, "removals": 1}
    assert desk.figures(asked(DAY, assigned_to=[0, cast.ben.user_id]))["assignments"] == 2
    assert desk.figures(asked(DAY, assigned_by=cast.ada.user_id))["assignments"] == 3
    assert desk.figures(asked(DAY, contacts=desk.dario.contact_id))["assignments"] == 1
    assert desk.figures(asked(DAY, conversations=latest(desk.cleo).pk))["assignments"] == 4
    shown = answers_of("assignments", asked(DAY, channels=desk.cleo.channel_id), actor=cast.ada, now=NOON)
    assert {answer.state for answer in shown.values()} == {State.NOT_APPLICABLE}


def test_the_log_has_exactly_its_columns_and_rows(desk: Desk) -> None:
    titles = [str(column.title) for column in ASSIGNMENTS.logs_by_key["assignments"].columns]
    assert titles == [
        "Timestamp", "Contact ID", "Contact name", "Source", "Assigned to", "Assigned by user", "Conversation ID"
    ]  # fmt: skip
    cast, cleo = desk.cast, desk.cleo
    found = rows_of("assignments", "assignments", asked(DAY), actor=cast.ada, now=NOON)
    assert found.rows[1] == (later(4), cleo.contact_id, "Cleo Marín", "system", None, None, cleo.conversation_id)
    ada, ben, max_id = cast.ada.user_id, cast.ben.user_id, cast.max.user_id
    assert [row[3:6] for row in found.rows] == [
        ("user", ada, ada),
        ("system", None, None),
        ("api", max_id, None),
        ("user", ben, ada),
        ("user", max_id, ada),
    ]


def test_the_rows_behind_a_figure_are_as_many_as_it_says(desk: Desk) -> None:
    for question in (asked(DAY), asked(DAY, assigned_by=desk.cast.ada.user_id), asked(DAY, assignment_sources="api")):
        figures = desk.figures(question)
        for metric in (ASSIGNMENTS_MADE, GIVEN, REMOVALS):
            found = rows_of("assignments", metric.log, question, actor=desk.cast.ada, now=NOON, cut=Cut(metric=metric))
            assert found.count == figures[metric.key]


def test_a_deleted_contact_and_a_former_member_stay_in_the_figures(desk: Desk) -> None:
    cast = desk.cast
    delete_contact(actor=cast.ada, contact=Identifier.of(desk.cleo.contact_id), at=timezone.now())
    remove_member(actor=cast.ada, user_id=cast.ben_user.pk, at=timezone.now())
    assert desk.figures() == {"assignments": 5, "given": 4, "removals": 1}
    assert desk.figures(asked(DAY, assigned_to=cast.ben.user_id))["given"] == 1
    found = rows_of("assignments", "assignments", asked(DAY), actor=cast.ada, now=NOON)
    assert [row[2] for row in found.rows] == ["Cleo Marín", None, None, None, None]
