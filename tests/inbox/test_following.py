"""What happens to contacts is a fact of the inbox too."""

from contacts.actions import assign_contacts, delete_contact, merge_contacts
from contacts.identifiers import Identifier
from contacts.selection import Selection
from inbox import actions
from inbox.models import Assignment, Conversation
from tests.factories import Cast
from tests.inbox.steps import a_channel, hears, later, some_write
from tests.inbox.test_figures import assert_proven
from workspaces.scope import workspace_scope


def test_an_assignment_on_the_contacts_pages_is_a_fact_of_the_inbox_too(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        ids = some_write(cast, 2)
        assign_contacts(actor=cast.ada, selection=Selection.of(ids), user_id=cast.max.user_id, at=later(30))
        rows = (
            Assignment.objects.in_workspace(cast.acme.pk)
            .order_by("id")
            .values_list("contact_id", "old_user_id", "new_user_id")
        )
        assert list(rows)[1:] == [(ids[0], None, cast.max.user_id), (ids[1], cast.ben.user_id, cast.max.user_id)]
        assert_proven(cast.acme.pk)
        merge_contacts(actor=cast.ada, primary_id=ids[0], secondary_id=ids[1], values={}, at=later(31))
        merged = Conversation.objects.in_workspace(cast.acme.pk).filter(contact_id=ids[0]).order_by("pk")
        assert [(row.status, row.is_latest) for row in merged] == [("new", True), ("resolved", False)]
        assert_proven(cast.acme.pk)


def returning(cast: Cast) -> list[bool]:
    """Return of each conversation, in their order, whether its contact had an earlier one."""
    rows = Conversation.objects.in_workspace(cast.acme.pk).order_by("pk")
    return list(rows.values_list("is_returning", flat=True))


def test_of_all_conversations_of_a_contact_only_the_first_is_that_of_a_new_one(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        people = []
        for minute, sender in enumerate(("+34600000001", "+34600000002", "+34600000001", "+34600000002")):
            message = hears(cast.ada, channel, sender=sender, at=later(minute))
            people.append(Identifier.of(message.contact_id))
            actions.close_conversation(actor=cast.ada, contact=people[-1], at=later(minute, 30))
        assert returning(cast) == [False, False, True, True]
        one, other = int(people[0].value), int(people[1].value)
        merge_contacts(actor=cast.ada, primary_id=other, secondary_id=one, values={}, at=later(31))
        assert returning(cast) == [False, True, True, True]
        assert_proven(cast.acme.pk)
        delete_contact(actor=cast.ada, contact=people[1], at=later(32))
        assert returning(cast) == [False, True, True, True]
        hears(cast.ada, channel, sender="+34600000001", at=later(33))
        assert returning(cast) == [False, True, True, True, False]
        assert_proven(cast.acme.pk)
