"""Acts on many conversations at once: what fits is changed, too many are refused."""

import pytest

from inbox import actions
from inbox.errors import TooManyChosen
from inbox.models import Conversation, Status
from inbox.queries.narrowing import Listing
from inbox.selection import ConversationSelection
from tests.factories import Cast
from tests.inbox.steps import later, some_write
from workspaces.scope import workspace_scope


def test_acts_on_many_change_what_fits_and_say_how_many(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        ids = some_write(cast, 5)
        everything = ConversationSelection(listing=Listing())
        assert (
            actions.assign_conversations(actor=cast.ada, chosen=everything, user_id=cast.ben.user_id, at=later(20)) == 3
        )
        assert actions.tag_conversations(actor=cast.ada, chosen=everything, names=["Gold"], at=later(21)) == 5
        assert actions.close_conversations(actor=cast.ada, chosen=everything, summary="All done", at=later(22)) == 5
        row = Conversation.objects.in_workspace(cast.acme.pk).get(contact_id=ids[0])
        assert (row.status, row.closed_summary, row.first_resolved_in_bulk) == (Status.RESOLVED, "All done", True)
        assert actions.close_conversations(actor=cast.ada, chosen=everything, at=later(23)) == 0


def test_too_many_at_once_are_refused_and_nothing_changes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inbox.actions.bulk.MOST", 2)
    with workspace_scope(cast.acme.pk):
        some_write(cast, 3)
        with pytest.raises(TooManyChosen):
            actions.close_conversations(actor=cast.ada, chosen=ConversationSelection(listing=Listing()), at=later(20))
        assert Conversation.objects.in_workspace(cast.acme.pk).exclude(status=Status.RESOLVED).count() == 3
