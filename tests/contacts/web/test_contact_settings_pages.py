"""Settings of contacts: custom fields, lifecycle stages, tags."""

import pytest
from django.test import Client

from contacts import actions
from contacts.models import Contact, ContactField, LifecycleStage, Tag
from contacts.models.contact import Source
from tests.factories import NOON, Cast, browser_of
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(cast: Cast) -> Client:
    return browser_of(cast.ada_user)


@pytest.fixture
def base(cast: Cast) -> str:
    return f"/w/{cast.acme.pk}/settings"


def test_roles(cast: Cast, base: str) -> None:
    for user, status in ((cast.ada_user, 200), (cast.max_user, 200), (cast.ben_user, 403)):
        for page in ("fields", "tags", "fields/new", "stages/new", "tags/new"):
            assert browser_of(user).get(f"{base}/{page}").status_code == status


def test_a_field_is_added_changed_moved_and_deleted(cast: Cast, ada: Client, base: str) -> None:
    answer = ada.post(
        f"{base}/fields/new", {"name": "Bike model", "kind": "list", "allowed_values": "Brisa\nOla\n"}, headers=HTMX
    )
    assert answer["HX-Redirect"] == f"{base}/fields"
    ada.post(f"{base}/fields/new", {"name": "Order", "kind": "text", "allowed_values": "ignored"})
    with workspace_scope(cast.acme.pk):
        field, order = ContactField.objects.order_by("position")
        assert (field.slug, field.allowed_values, order.allowed_values) == ("bike_model", ["Brisa", "Ola"], [])
        actions.add_contact(
            actor=cast.ada, values={"first_name": "Ana", "custom": {"bike_model": "Ola"}}, source=Source.USER, at=NOON
        )
    ada.post(f"{base}/fields/{field.pk}", {"name": "Model", "allowed_values": "Brisa", "description": ""})
    moved = ada.post(f"{base}/fields/{field.pk}/move", {"to": "1"}, headers=HTMX).content.decode()
    assert moved.index("Order") < moved.index("Model")
    question = ada.get(f"{base}/fields/{field.pk}/delete").content.decode()
    assert "Delete field and 1 value" in question
    assert ada.post(f"{base}/fields/{field.pk}/delete").status_code == 302
    with workspace_scope(cast.acme.pk):
        assert Contact.objects.get().custom == {}


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ({"kind": "text"}, "name"),
        ({"name": "Model", "kind": "list"}, "allowed_values"),
        ({"name": "Mail", "kind": "text", "slug": "email"}, "slug"),
        ({"name": "Taken", "kind": "text"}, "name"),
    ],
)
def test_a_field_that_breaks_a_rule_comes_back(
    cast: Cast, ada: Client, base: str, form: dict[str, str], name: str
) -> None:
    with workspace_scope(cast.acme.pk):
        actions.add_contact_field(actor=cast.ada, name="Taken", slug="other", kind="text", at=NOON)
    answer = ada.post(f"{base}/fields/new", form, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="id_{name}-error"' in answer.content.decode()


def test_a_manager_deletes_no_field(cast: Cast, base: str) -> None:
    with workspace_scope(cast.acme.pk):
        field = actions.add_contact_field(actor=cast.ada, name="Order", kind="text", at=NOON)
    browser = browser_of(cast.max_user)
    assert "Only an owner deletes fields." in browser.get(f"{base}/fields").content.decode()
    assert browser.post(f"{base}/fields/{field.pk}/delete").status_code == 403


def test_stages_are_added_renamed_moved_and_deleted(cast: Cast, ada: Client, base: str) -> None:
    for name in ("Prospect", "Regular"):
        ada.post(f"{base}/stages/new", {"name": name})
    assert ada.post(f"{base}/stages/new", {"name": "regular"}, headers=HTMX).status_code == 422
    with workspace_scope(cast.acme.pk):
        regular = LifecycleStage.objects.get(name="Regular")
    ada.post(f"{base}/stages/{regular.pk}", {"name": "Fan"})
    ada.post(f"{base}/stages/{regular.pk}/move", {"to": "0"})
    with workspace_scope(cast.acme.pk):
        assert LifecycleStage.objects.order_by("position").first() == regular
    assert "stay, and are in no stage" in ada.get(f"{base}/stages/{regular.pk}/delete").content.decode()
    ada.post(f"{base}/stages/{regular.pk}/delete")
    with workspace_scope(cast.acme.pk):
        assert not LifecycleStage.objects.filter(pk=regular.pk).exists()
    assert ada.get(f"{base}/stages/{regular.pk}").status_code == 404


def test_tags_are_added_changed_counted_and_deleted(cast: Cast, ada: Client, base: str) -> None:
    ada.post(f"{base}/tags/new", {"name": "VIP", "colour": "tag-purple", "emoji": "", "description": "Known well"})
    assert ada.post(f"{base}/tags/new", {"name": "vip", "colour": "tag-red"}, headers=HTMX).status_code == 422
    assert ada.post(f"{base}/tags/new", {"name": "Other", "colour": "pink"}, headers=HTMX).status_code == 422
    with workspace_scope(cast.acme.pk):
        tag = Tag.objects.get()
        actions.add_contact(actor=cast.ada, values={"first_name": "Ana"}, tags=["VIP"], source=Source.USER, at=NOON)
    page = ada.get(f"{base}/tags").content.decode()
    assert "Known well" in page
    assert f"/w/{cast.acme.pk}/contacts?f.join=all&amp;f.0.field=%40tag&amp;f.0.op=hasAnyOf&amp;f.0.value=VIP" in page
    ada.post(f"{base}/tags/{tag.pk}", {"name": "Gold", "colour": "tag-yellow"})
    assert "Take it off 1 contact" in ada.get(f"{base}/tags/{tag.pk}/delete").content.decode()
    ada.post(f"{base}/tags/{tag.pk}/delete")
    with workspace_scope(cast.acme.pk):
        assert not Tag.objects.exists()
        assert Contact.objects.count() == 1
