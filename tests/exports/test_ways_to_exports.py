"""The help page, and how other pages lead to the form of exports."""

import json
from urllib.parse import parse_qs, urlsplit

from django.test import Client
from django.urls import reverse

from contacts.actions import add_contact
from contacts.models.contact import Source
from exports.catalogue import DATASETS
from tests.factories import NOON, Cast, browser_of
from tests.inbox.rows import a_row
from workspaces.scope import workspace_scope


def chosen_at(answer: object) -> tuple[str, object]:
    """Return where an answer leads to, and the selection that goes along."""
    where = urlsplit(answer["Location"])  # type: ignore[index]
    query = parse_qs(where.query)
    assert query["dataset"] == ["contacts"]
    return where.path, json.loads(query["contacts"][0]) if "contacts" in query else None


def a_contact(cast: Cast, name: str) -> int:
    with workspace_scope(cast.acme.pk):
        return add_contact(actor=cast.ada, values={"first_name": name}, source=Source.USER, at=NOON).pk


def test_the_help_page_explains_every_column(cast: Cast) -> None:
    ada = browser_of(cast.ada_user)
    page = ada.get(reverse("export_datasets", args=[cast.acme.pk])).content.decode()
    for dataset in DATASETS.values():
        assert f'id="{dataset.key}"' in page
    assert page.count('class="dataset-header"') == sum(len(dataset.columns) for dataset in DATASETS.values())


def test_ticked_contacts_become_a_selection(cast: Cast) -> None:
    ada = browser_of(cast.ada_user)
    first, second = a_contact(cast, "Cleo"), a_contact(cast, "Tomás")
    address = reverse("export_contacts", args=[cast.acme.pk])
    path, chosen = chosen_at(ada.post(address, {"chosen": [str(second), str(first)]}))
    assert path == reverse("exports", args=[cast.acme.pk])
    assert chosen == {"ids": [first, second]}
    assert chosen_at(ada.post(address, {"all_matching": "1", "q": "cleo"}))[1] == {"all": True, "search": "cleo"}
    assert chosen_at(ada.get(address, {"q": "tomás"}))[1] == {"all": True, "search": "tomás"}
    assert chosen_at(ada.get(address))[1] is None


def test_pages_offer_the_export_to_whoever_may(cast: Cast) -> None:
    a_contact(cast, "Cleo")
    ada: Client = browser_of(cast.ada_user)
    listed = ada.get(reverse("contacts", args=[cast.acme.pk])).content.decode()
    assert listed.count(reverse("export_contacts", args=[cast.acme.pk])) == 2
    users = ada.get(reverse("settings_users", args=[cast.acme.pk])).content.decode()
    assert f"{reverse('exports', args=[cast.acme.pk])}?dataset=users" in users


def test_a_conversations_address_leads_to_its_thread(cast: Cast) -> None:
    ada = browser_of(cast.ada_user)
    with workspace_scope(cast.acme.pk):
        row = a_row(cast.ada, "Cleo")
    answer = ada.get(f"/w/{cast.acme.pk}/c/{row.pk}")
    assert answer["Location"] == reverse("inbox_thread", args=[cast.acme.pk, row.contact_id])
    assert ada.get(f"/w/{cast.acme.pk}/c/{row.pk + 1}").status_code == 404
    gus = browser_of(cast.gus_user)
    assert gus.get(f"/w/{cast.globex.pk}/c/{row.pk}").status_code == 404
