"""What an act on many is about: never more than the person may see."""

from inbox.queries.narrowing import Listing, Only
from inbox.selection import ConversationSelection
from tests.factories import Cast
from tests.inbox.rows import a_row, restricted_ben
from workspaces.scope import workspace_scope


def test_chosen_rows_and_all_that_match(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        first, second = a_row(cast.ada, "One", unread_count=1), a_row(cast.ada, "Two")
        chosen = ConversationSelection(ids=(second.pk, 10**12))
        assert list(chosen.conversations(cast.ada)) == [second]
        matching = ConversationSelection(listing=Listing(only=Only.UNREAD))
        assert list(matching.conversations(cast.ada)) == [first]


def test_nobody_chooses_what_they_may_not_see(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        row = a_row(cast.ada, "Ada's", assignee_id=cast.ada_user.pk)
        ben = restricted_ben(cast, "show_only_mine")
        assert not ConversationSelection(ids=(row.pk,)).conversations(ben).exists()
        assert not ConversationSelection(listing=Listing()).conversations(ben).exists()


def test_another_workspace_is_out_of_reach(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        row = a_row(cast.ada, "Acme's")
    with workspace_scope(cast.globex.pk):
        assert not ConversationSelection(ids=(row.pk,)).conversations(cast.gus).exists()
