"""The command palette finds conversations by their contact and messages by their words, each as far as one may see it."""

import re

import pytest
from django.test import Client

from contacts.identifiers import Identifier
from inbox import actions
from tests.factories import NOON, Cast, a_member, actor_in, browser_of
from tests.inbox.steps import CLEO, a_channel, hears
from workspaces.models import Membership
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)


def groups(client: Client, workspace_id: int, query: str) -> dict[str, list[tuple[str, str]]]:
    """Return address and words of each thing found, by the name of its group."""
    page = client.get(f"/w/{workspace_id}/search", {"q": query}, headers={"HX-Request": "true"}).content.decode()
    found: dict[str, list[tuple[str, str]]] = {}
    for part in page.split('<p class="cap">')[1:]:
        items = re.findall(r'<a class="it" href="([^"]*)">(.*?)</a>', part, re.DOTALL)
        words = [(url, re.sub(r"<[^>]*>", "", text).strip()) for url, text in items]
        found[part.partition("<")[0]] = words
    return found


@pytest.fixture
def asked(cast: Cast) -> int:
    """Let Cleo ask for a charger; return her id."""
    with workspace_scope(cast.acme.pk):
        return hears(cast.ada, a_channel(cast.ada), "Has the charger a UK plug?", sender=CLEO).contact_id


def test_a_contact_with_a_thread_is_found_with_it(cast: Cast, asked: int) -> None:
    found = groups(browser_of(cast.ben_user), cast.acme.pk, "cleo")
    assert [url for url, _text in found["Contacts"]] == [f"/w/{cast.acme.pk}/contacts/{asked}"]
    [(url, text)] = found["Conversations"]
    assert url == f"/w/{cast.acme.pk}/inbox/c/{asked}"
    assert text == "Cleo Marín Has the charger a UK plug?"
    assert "Messages" not in found


def test_a_message_is_found_by_its_words_and_leads_to_its_thread(cast: Cast, asked: int) -> None:
    found = groups(browser_of(cast.ben_user), cast.acme.pk, "charger pl")
    assert found["Messages"] == [(f"/w/{cast.acme.pk}/inbox/c/{asked}", "Cleo Marín Has the charger a UK plug?")]
    assert not {"Contacts", "Conversations"} & set(found)


@pytest.mark.usefixtures("asked")
def test_what_one_may_not_see_is_not_found(cast: Cast) -> None:
    user, _actor = a_member(cast.acme, email="own@example.com", restrictions=("show_only_mine",))
    for query in ("cleo", "charger"):
        assert not {"Contacts", "Conversations", "Messages"} & set(groups(browser_of(user), cast.acme.pk, query))
        assert groups(browser_of(cast.gus_user), cast.globex.pk, query) == {}


def test_a_restricted_person_finds_what_is_theirs(cast: Cast, asked: int) -> None:
    Membership.objects.filter(user=cast.ben_user).update(restrictions=["show_only_mine"])
    ben = actor_in(cast.acme, cast.ben_user)
    with workspace_scope(cast.acme.pk):
        actions.assign_contact(actor=cast.ada, contact=Identifier.of(asked), user_id=ben.user_id, at=NOON)
    assert len(groups(browser_of(cast.ben_user), cast.acme.pk, "cleo")["Conversations"]) == 1
    assert len(groups(browser_of(cast.ben_user), cast.acme.pk, "charger")["Messages"]) == 1


@pytest.mark.usefixtures("asked")
def test_without_a_query_nothing_of_the_inbox_is_asked_for(cast: Cast) -> None:
    assert set(groups(browser_of(cast.ben_user), cast.acme.pk, "")) == {"Pages"}
