"""The page of one contact: who sees it, editing in place, tags, merging, deleting, adding."""

from typing import Any

import pytest
from django.test import Client

from contacts import actions
from contacts.models import Contact, Tag
from contacts.models.contact import Source
from tests.factories import NOON, Cast, a_member, browser_of
from workspaces.actors import Actor
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


def a_contact(actor: Actor, *, tags: tuple[str, ...] = (), **values: Any) -> int:
    """Add a contact of which the test knows the values."""
    known: Any = {"first_name": "Cleo", "last_name": "Marín", **values}
    with workspace_scope(actor.workspace_id):
        return actions.add_contact(actor=actor, values=known, tags=tags, source=Source.USER, at=NOON).pk


def stored(actor: Actor, contact_id: int) -> Contact:
    with workspace_scope(actor.workspace_id):
        return Contact.objects.get(pk=contact_id)


def page_of(actor: Actor, contact_id: int, *rest: str) -> str:
    return "/".join((f"/w/{actor.workspace_id}/contacts/{contact_id}", *rest))


@pytest.fixture
def ada(cast: Cast) -> Client:
    return browser_of(cast.ada_user)


def test_a_member_sees_a_contact_with_its_values_and_activity(cast: Cast, ada: Client) -> None:
    contact_id = a_contact(cast.ada, phone="+34 600 12 34 56", country="ES", tags=("VIP",))
    page = ada.get(page_of(cast.ada, contact_id))
    assert page.status_code == 200
    for words in ("Cleo Marín", "+34 600 12 34 56", "Spain", "VIP", "added this contact", "2 Mar 2026"):
        assert words in page.content.decode()


def test_an_agent_opens_a_contact_and_not_the_list(cast: Cast) -> None:
    contact_id, ben = a_contact(cast.ada), browser_of(cast.ben_user)
    assert ben.get(page_of(cast.ada, contact_id)).status_code == 200
    assert ben.get(f"/w/{cast.acme.pk}/contacts").status_code == 403


def test_an_agent_with_own_contacts_only_does_not_find_those_of_others(cast: Cast) -> None:
    user, actor = a_member(cast.acme, email="own@example.com", restrictions=("show_only_mine",))
    theirs, other = a_contact(cast.ada, assignee_id=user.pk), a_contact(cast.ada)
    browser = browser_of(user)
    assert browser.get(page_of(actor, theirs)).status_code == 200
    assert browser.get(page_of(actor, other)).status_code == 404
    # Giving the contact away takes it out of sight, and that is no error.
    answer = browser.post(page_of(actor, theirs, "fields", "assignee", "save"), {"value": str(cast.ada_user.pk)})
    assert answer.status_code == 302
    assert stored(cast.ada, theirs).assignee_id == cast.ada_user.pk


def test_a_field_is_edited_in_place(cast: Cast, ada: Client) -> None:
    contact_id = a_contact(cast.ada)
    form = ada.get(page_of(cast.ada, contact_id, "fields", "email", "edit"), headers=HTMX)
    assert 'name="version" value="1"' in form.content.decode()
    saved = ada.post(
        page_of(cast.ada, contact_id, "fields", "email", "save"),
        {"value": "cleo@example.com", "version": "1", "before": ""},
        headers=HTMX,
    )
    assert saved.status_code == 200
    assert "cleo@example.com" in saved.content.decode()
    assert 'id="contact-activity"' in saved.content.decode()
    assert stored(cast.ada, contact_id).email == "cleo@example.com"


def test_a_value_that_is_refused_comes_back_with_its_words(cast: Cast, ada: Client) -> None:
    contact_id = a_contact(cast.ada, phone="+34 600 12 34 56")
    answer = ada.post(
        page_of(cast.ada, contact_id, "fields", "phone", "save"), {"value": "12", "version": "1"}, headers=HTMX
    )
    assert answer.status_code == 422
    assert 'value="12"' in answer.content.decode()
    assert "is not a phone number" in answer.content.decode()
    assert stored(cast.ada, contact_id).phone == "+34 600 12 34 56"


def test_the_same_field_changed_meanwhile_is_told_and_another_is_not_in_the_way(cast: Cast, ada: Client) -> None:
    contact_id = a_contact(cast.ada)
    address = page_of(cast.ada, contact_id, "fields", "first_name", "save")
    ada.post(
        page_of(cast.ada, contact_id, "fields", "last_name", "save"),
        {"value": "Ruiz", "version": "1", "before": "Marín"},
    )
    answer = ada.post(address, {"value": "Clea", "version": "1", "before": "Cleo"}, headers=HTMX)
    assert answer.status_code == 200

    answer = ada.post(address, {"value": "Cora", "version": "1", "before": "Cleo"}, headers=HTMX)
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "Someone changed this contact meanwhile" in words
    assert "First name now reads “Clea”" in words
    assert 'value="Cora"' in words
    assert 'name="version" value="3"' in words  # saving once more is then deliberate
    assert stored(cast.ada, contact_id).first_name == "Clea"


def test_custom_fields_are_read_by_their_type(cast: Cast, ada: Client) -> None:
    contact_id = a_contact(cast.ada)
    with workspace_scope(cast.acme.pk):
        actions.add_contact_field(actor=cast.ada, name="Size", kind="number", at=NOON)
    address = page_of(cast.ada, contact_id, "fields", "custom.size", "save")
    assert ada.post(address, {"value": "large"}, headers=HTMX).status_code == 422
    assert ada.post(address, {"value": "58"}, headers=HTMX).status_code == 200
    assert stored(cast.ada, contact_id).custom == {"size": 58}


def test_fields_work_without_scripts(cast: Cast, ada: Client) -> None:
    contact_id = a_contact(cast.ada)
    form = ada.get(page_of(cast.ada, contact_id, "fields", "country", "edit"))
    assert form.status_code == 200
    assert "<h1" in form.content.decode()
    answer = ada.post(page_of(cast.ada, contact_id, "fields", "country", "save"), {"value": "PT", "version": "1"})
    assert (answer.status_code, answer["Location"]) == (302, page_of(cast.ada, contact_id))
    assert ada.get(page_of(cast.ada, contact_id, "fields", "nothing", "edit")).status_code == 404


def test_blocking_says_so(cast: Cast, ada: Client) -> None:
    contact_id = a_contact(cast.ada)
    ada.post(page_of(cast.ada, contact_id, "fields", "is_blocked", "save"), {"value": "true"})
    assert stored(cast.ada, contact_id).is_blocked
    assert "Unblock" in ada.get(page_of(cast.ada, contact_id)).content.decode()


def test_tags_are_added_made_and_removed(cast: Cast, ada: Client) -> None:
    contact_id = a_contact(cast.ada)
    address = page_of(cast.ada, contact_id, "tags")
    assert "Workshop" in ada.post(address, {"add": "Workshop"}, headers=HTMX).content.decode()
    answer = ada.post(address, {"remove": "workshop"}, headers=HTMX)
    assert 'aria-label="Remove Workshop"' not in answer.content.decode()
    assert ada.post(address, {"add": "x" * 256}, headers=HTMX).status_code == 422
    with workspace_scope(cast.acme.pk):
        assert list(Tag.objects.values_list("name", flat=True)) == ["Workshop"]


def test_activity_shows_a_page_and_the_way_to_older_lines(cast: Cast, ada: Client) -> None:
    contact_id = a_contact(cast.ada)
    address = page_of(cast.ada, contact_id, "fields", "first_name", "save")
    for number in range(25):
        ada.post(address, {"value": f"Cleo {number}"}, headers=HTMX)
    page = ada.get(page_of(cast.ada, contact_id)).content.decode()
    assert page.count("changed <b>First name</b>") == 20
    before = page.split("activity?before=")[1].split('"')[0]
    older = ada.get(page_of(cast.ada, contact_id, "activity"), {"before": before}, headers=HTMX).content.decode()
    assert older.count("changed <b>First name</b>") == 5
    assert "added this contact" in older
    assert "Show older" not in older


def test_merging_takes_the_chosen_values_and_the_old_id_leads_on(cast: Cast, ada: Client) -> None:
    primary = a_contact(cast.ada, phone="+34 600 12 34 56", tags=("VIP",))
    secondary = a_contact(cast.ada, first_name="C.", phone="+34600123456", email="c@example.com", tags=("Old",))
    assert "Same phone" in ada.get(page_of(cast.ada, primary)).content.decode()
    review = ada.get(page_of(cast.ada, primary, "merge", str(secondary)))
    assert review.status_code == 200
    answer = ada.post(
        page_of(cast.ada, primary, "merge", str(secondary)),
        {"keep.first_name": "secondary", "keep.email": "secondary", "keep.phone": "primary"},
    )
    assert answer["Location"] == page_of(cast.ada, primary)
    row = stored(cast.ada, primary)
    assert (row.first_name, row.email, row.phone) == ("C.", "c@example.com", "+34 600 12 34 56")
    assert ada.get(page_of(cast.ada, secondary))["Location"] == page_of(cast.ada, primary)
    assert "Old" in ada.get(page_of(cast.ada, primary)).content.decode()
    assert ada.get(page_of(cast.ada, primary, "merge", str(primary))).status_code == 400


def test_the_other_contact_is_found_by_search(cast: Cast, ada: Client) -> None:
    first, _second = a_contact(cast.ada), a_contact(cast.ada, first_name="Zacarías")
    found = ada.get(page_of(cast.ada, first, "merge"), {"q": "zaca"}, headers=HTMX)
    assert "Zacarías" in found.content.decode()


def test_deleting_asks_first(cast: Cast, ada: Client) -> None:
    contact_id = a_contact(cast.ada)
    question = ada.get(page_of(cast.ada, contact_id, "delete"))
    assert "Delete Cleo Marín?" in question.content.decode()
    assert ada.post(page_of(cast.ada, contact_id, "delete"))["Location"] == f"/w/{cast.acme.pk}/contacts"
    assert ada.get(page_of(cast.ada, contact_id)).status_code == 404


def test_a_known_phone_warns_once_and_does_not_forbid(cast: Cast, ada: Client) -> None:
    known = a_contact(cast.ada, phone="+34 600 12 34 56")
    address, values = (
        f"/w/{cast.acme.pk}/contacts/new",
        {"first_name": "Clea", "phone": "+34600123456", "tags": ["VIP", "New"]},
    )
    warned = ada.post(address, values, headers=HTMX)
    assert warned.status_code == 422
    assert f'href="{page_of(cast.ada, known)}"' in warned.content.decode()
    assert 'value="Clea"' in warned.content.decode()
    added = ada.post(address, {**values, "seen": str(known)}, headers=HTMX)
    assert added["HX-Redirect"].startswith(f"/w/{cast.acme.pk}/contacts/")
    with workspace_scope(cast.acme.pk):
        assert Contact.objects.count() == 2
        assert set(Tag.objects.values_list("name", flat=True)) == {"VIP", "New"}


def test_a_contact_without_anything_and_one_with_a_wrong_value_come_back(cast: Cast, ada: Client) -> None:
    address = f"/w/{cast.acme.pk}/contacts/new"
    assert ada.get(address).status_code == 200
    assert ada.post(address, {}).status_code == 422
    answer = ada.post(address, {"first_name": "Cleo", "email": "no address"})
    assert answer.status_code == 422
    assert 'id="id_email-error"' in answer.content.decode()


def test_search_finds_contacts_and_pages(cast: Cast, ada: Client) -> None:
    a_contact(cast.ada, email="cleo@example.com")
    found = ada.get(f"/w/{cast.acme.pk}/search", {"q": "cleo"}, headers=HTMX).content.decode()
    assert "Cleo Marín" in found
    pages = ada.get(f"/w/{cast.acme.pk}/search", {"q": "field"}).content.decode()
    assert "Contact fields" in pages
    assert "Nothing matches" in ada.get(f"/w/{cast.acme.pk}/search", {"q": "zzzz"}, headers=HTMX).content.decode()
