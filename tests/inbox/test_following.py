"""What happens to contacts is a fact of the inbox too."""

from contacts.actions import assign_contacts, merge_contacts
from contacts.selection import Selection
from inbox.models import Assignment, Conversation
from tests.factories import Cast
from tests.inbox.steps import later, some_write
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
