"""The list of contacts: the filter in the address, columns, paging, and acts on a selection."""

import pytest
from django.http import QueryDict
from django.test import Client

from contacts import actions
from contacts.models import Contact, ContactTag
from contacts.models.contact import Source
from contacts.web.filter_form import Branch, Rule, act_on, address_of_tag, read_tree
from tests.factories import NOON, Cast, browser_of
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}
FORM = {**HTMX, "HX-Trigger": "list-form", "HX-Target": "contacts-result"}


@pytest.fixture
def people(cast: Cast) -> dict[str, int]:
    """Six contacts of Acme by first name: three in Spain, two of them VIP, one in Peru."""
    rows = (
        ("Ana", "ES", ("VIP",)),
        ("Bea", "ES", ("VIP", "B2B")),
        ("Caro", "ES", ()),
        ("Dora", "PE", ("B2B",)),
        ("Eva", "", ()),
        ("Fina", "", ()),
    )
    with workspace_scope(cast.acme.pk):
        return {
            name: actions.add_contact(
                actor=cast.ada,
                values={"first_name": name, "country": country, "email": f"{name.lower()}@example.com"},
                tags=tags,
                source=Source.USER,
                at=NOON,
            ).pk
            for name, country, tags in rows
        }


@pytest.fixture
def ada(cast: Cast) -> Client:
    return browser_of(cast.ada_user)


@pytest.fixture
def list_url(cast: Cast) -> str:
    return f"/w/{cast.acme.pk}/contacts"


def names_in(html: str, people: dict[str, int]) -> set[str]:
    return {name for name, contact_id in people.items() if f'/contacts/{contact_id}"' in html}


def test_an_empty_workspace_says_what_belongs_here(ada: Client, list_url: str) -> None:
    page = ada.get(list_url).content.decode()
    assert "No contacts yet" in page
    assert f'href="{list_url}/new"' in page


def test_the_list_shows_everybody_newest_first(ada: Client, list_url: str, people: dict[str, int]) -> None:
    page = ada.get(list_url).content.decode()
    assert names_in(page, people) == set(people)
    assert page.index("Fina") < page.index("Ana")
    assert "1–6 of 6" in page


def test_a_filter_lives_in_the_address(ada: Client, list_url: str, people: dict[str, int]) -> None:
    address = {
        "f.join": "all",
        "f.0.field": "countryCode",
        "f.0.op": "isEqualTo",
        "f.0.value": "ES",
        "f.1.join": "any",
        "f.1.0.field": "@tag",
        "f.1.0.op": "hasAnyOf",
        "f.1.0.value": ["B2B"],
        "f.1.1.field": "name",
        "f.1.1.op": "isEqualTo",
        "f.1.1.value": "Caro",
    }
    page = ada.get(list_url, address).content.decode()
    assert names_in(page, people) == {"Bea", "Caro"}
    assert "<b>2</b> of 6 contacts match" in page
    assert '<span class="count hot">3</span>' in page


def test_half_a_condition_and_a_wrong_value_are_left_out_and_told(
    ada: Client, list_url: str, people: dict[str, int]
) -> None:
    address = {
        "f.0.field": "createdAt",
        "f.0.op": "isTimestampAfter",
        "f.1.field": "createdAt",
        "f.1.op": "isTimestampAfter",
        "f.1.value": "soon",
    }
    page = ada.get(list_url, address).content.decode()
    assert names_in(page, people) == set(people)
    assert "does not fit" in page


def test_buttons_of_the_builder_work_without_scripts(ada: Client, list_url: str, people: dict[str, int]) -> None:
    answer = ada.get(list_url, {"f.0.field": "countryCode", "f.0.op": "exists", "do": "group:f"})
    assert answer.status_code == 302
    assert "f.1.join=any" in answer["Location"]
    answer = ada.get(list_url, {"f.join": "all", "f.0.field": "countryCode", "f.0.op": "exists", "do": "remove:f.0"})
    assert answer["Location"] == f"{list_url}?"
    assert len(people) == 6


def test_htmx_gets_the_table_and_the_builder_and_the_address(
    ada: Client, list_url: str, people: dict[str, int]
) -> None:
    condition = {"f.0.field": "countryCode", "f.0.op": "isEqualTo", "f.0.value": "PE"}
    answer = ada.get(list_url, condition, headers={**FORM, "X-Filter-Changed": "f.0.field"})
    html = answer.content.decode()
    assert names_in(html, people) == {"Dora"}
    assert "<html" not in html
    assert 'id="filter-tree" hx-swap-oob="true"' in html
    assert answer["HX-Replace-Url"] == f"{list_url}?f.join=all&f.0.field=countryCode&f.0.op=isEqualTo&f.0.value=PE"
    typed = ada.get(list_url, condition, headers={**FORM, "X-Filter-Changed": "f.0.value"}).content.decode()
    assert 'id="filter-tree"' not in typed  # what is being typed in stays as it is


def test_search_sort_size_and_pages(ada: Client, list_url: str, people: dict[str, int]) -> None:
    assert names_in(ada.get(list_url, {"q": "dor"}).content.decode(), people) == {"Dora"}
    by_name = ada.get(list_url, {"sort": "name"}).content.decode()
    assert 'aria-sort="ascending"' in by_name
    assert by_name.index("Ana") < by_name.index("Fina")
    assert "1–6 of 6" in ada.get(list_url, {"rows": "10"}).content.decode()
    nothing = ada.get(list_url, {"q": "zzzz"}).content.decode()
    assert "Nothing matches" in nothing
    assert ada.get(list_url, {"cursor": "damaged"}).status_code == 400


def test_pages_follow_one_another(cast: Cast, ada: Client, list_url: str, people: dict[str, int]) -> None:
    with workspace_scope(cast.acme.pk):
        for number in range(6):
            actions.add_contact(actor=cast.ada, values={"first_name": f"More {number}"}, source=Source.USER, at=NOON)
    first = ada.get(list_url, {"rows": "10"}).content.decode()
    assert "1–10 of 12" in first
    older = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = ada.get(older).content.decode()
    assert "11–12 of 12" in second
    assert names_in(second, people) == {"Ana", "Bea"}


def test_columns_are_chosen_for_this_person(ada: Client, list_url: str, people: dict[str, int]) -> None:
    answer = ada.post(f"{list_url}/columns", {"column": ["country", "nonsense"], "next": f"{list_url}?rows=10"})
    assert answer["Location"] == f"{list_url}?rows=10"
    page = ada.get(list_url).content.decode()
    assert "Peru" in page
    assert "ana@example.com" not in page
    assert ada.post(f"{list_url}/columns", {"next": "https://elsewhere.example/"})["Location"] == list_url
    assert people


def test_a_bulk_act_asks_and_then_says_its_number(
    cast: Cast, ada: Client, list_url: str, people: dict[str, int]
) -> None:
    chosen = [str(people["Ana"]), str(people["Eva"])]
    question = ada.post(f"{list_url}/bulk", {"act": "assign", "chosen": chosen}, headers=HTMX).content.decode()
    assert "Assign 2 contacts" in question
    done = ada.post(
        f"{list_url}/bulk",
        {"act": "assign", "chosen": chosen, "value": str(cast.max_user.pk), "sure": "1", "next": f"{list_url}?rows=10"},
        headers=HTMX,
    )
    assert done["HX-Redirect"] == f"{list_url}?rows=10"
    assert "2 contacts are assigned to Max Marín." in ada.get(list_url).content.decode()
    with workspace_scope(cast.acme.pk):
        assert Contact.objects.filter(assignee=cast.max_user).count() == 2


def test_a_bulk_act_on_all_that_match_takes_the_filter_along(
    cast: Cast, ada: Client, list_url: str, people: dict[str, int]
) -> None:
    narrowing = {
        "all_matching": "1",
        "f.join": "all",
        "f.0.field": "countryCode",
        "f.0.op": "isEqualTo",
        "f.0.value": "ES",
    }
    question = ada.post(f"{list_url}/bulk", {"act": "tag", **narrowing}).content.decode()
    assert "Tag 3 contacts" in question
    assert ada.post(f"{list_url}/bulk", {"act": "tag", **narrowing, "sure": "1"}).status_code == 422
    ada.post(f"{list_url}/bulk", {"act": "tag", **narrowing, "sure": "1", "value": ["Spring"]})
    with workspace_scope(cast.acme.pk):
        tagged = ContactTag.objects.filter(tag__name="Spring").values_list("contact_id", flat=True)
        assert set(tagged) == {people["Ana"], people["Bea"], people["Caro"]}


def test_deleting_many_wants_the_number_typed(cast: Cast, ada: Client, list_url: str) -> None:
    with workspace_scope(cast.acme.pk):
        for number in range(101):
            actions.add_contact(actor=cast.ada, values={"first_name": str(number)}, source=Source.USER, at=NOON)
    form = {"act": "delete", "all_matching": "1", "sure": "1"}
    assert "Type 101 to go on" in ada.post(f"{list_url}/bulk", {"act": "delete", "all_matching": "1"}).content.decode()
    assert ada.post(f"{list_url}/bulk", {**form, "value": "100"}).status_code == 422
    assert ada.post(f"{list_url}/bulk", {**form, "value": "101"}).status_code == 302
    with workspace_scope(cast.acme.pk):
        assert Contact.objects.count() == 0


def test_agents_neither_list_nor_act_on_many(cast: Cast, list_url: str, people: dict[str, int]) -> None:
    ben = browser_of(cast.ben_user)
    assert ben.get(list_url).status_code == 403
    assert ben.post(f"{list_url}/bulk", {"act": "tag", "chosen": str(people["Ana"])}).status_code == 403


def test_the_tree_reads_what_it_writes() -> None:
    tree = Branch("any", [Rule("name", "isEqualTo", ["Ana"]), Branch("all", [Rule("@tag", "hasAnyOf", ["a", "b"])])])
    data = QueryDict(mutable=True)
    for name, value in tree.params():
        data.appendlist(name, value)
    assert read_tree(data) == tree
    assert read_tree(QueryDict(address_of_tag("VIP & more"))).parts == [Rule("@tag", "hasAnyOf", ["VIP & more"])]


@pytest.mark.parametrize(
    "address", ["f.99.99.99.99.99.99.field=name", "f.join=%00&f.0.op=x", "do=remove:f.7&f.x=1", "f.0.value=a"]
)
def test_a_senseless_address_is_read_all_the_same(
    ada: Client, list_url: str, people: dict[str, int], address: str
) -> None:
    assert ada.get(f"{list_url}?{address}", follow=True).status_code == 200
    assert people


def test_changing_the_field_forgets_the_values_and_removing_the_last_condition_the_group() -> None:
    changed = read_tree(QueryDict("f.0.field=name&f.0.was=createdAt&f.0.op=isTimestampAfter&f.0.value=2026-01-01"))
    assert changed.parts == [Rule("name")]
    tree = Branch("all", [Branch("any", [Rule("name")])])
    assert act_on(tree, "remove:f.0.0").parts == []
