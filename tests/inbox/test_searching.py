"""Search over messages: words, beginnings of words, no operators, and nothing that one may not see."""

import pytest

from inbox.queries.searching import messages_found, words_of
from tests.factories import Cast
from tests.inbox.rows import restricted_ben
from tests.inbox.steps import a_channel, hears, later
from workspaces.scope import workspace_scope


def test_all_words_count_and_the_last_may_be_a_beginning(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        hears(cast.ada, channel, "The charger has a UK plug")
        hears(cast.ada, channel, "¿Tenéis hueco para una revisión?", at=later(1))
        found = messages_found(cast.ada, "charger plu")
        assert [(each.before, each.hit, each.after) for each in found] == [("The ", "charger", " has a UK plug")]
        assert [each.hit for each in messages_found(cast.ada, "revision")] == ["revisión"]
        assert messages_found(cast.ada, "charger bicycle") == []
        assert messages_found(cast.ada, "char plug") == []


@pytest.mark.parametrize(
    "query", ["", "   ", "&", "| !", "a & | b", "(charger", "charger:*", "'charger'", "\\", "<->", "a:b:c"]
)
def test_signs_are_no_operators(cast: Cast, query: str) -> None:
    with workspace_scope(cast.acme.pk):
        hears(cast.ada, a_channel(cast.ada), "The charger")
        found = messages_found(cast.ada, query)
        assert bool(found) is ("charger" in query)


def test_words_are_few(cast: Cast) -> None:
    assert len(words_of("a b c d e f g h i j k")) == 8
    assert words_of("¡Niño & co!") == ["nino", "co"]


def test_what_one_may_not_see_is_not_found(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        hears(cast.ada, a_channel(cast.ada), "The charger")
        assert messages_found(restricted_ben(cast, "show_only_mine"), "charger") == []
    with workspace_scope(cast.globex.pk):
        assert messages_found(cast.gus, "charger") == []
