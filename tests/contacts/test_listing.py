"""The list of contacts: pages in both directions in every order, search, visibility, counts."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.actions import add_contact, assign_contact
from contacts.errors import ListTooSlow
from contacts.filters import Filter, parse_filter
from contacts.identifiers import Identifier
from contacts.models import Contact
from contacts.models.contact import Source
from contacts.queries import Sort, contact_rows, contacts_page, count_contacts, find_contacts, visible_contacts
from contacts.queries.paging import Cursor
from contacts.queries.timing import in_reasonable_time
from tests.casting import the_cast
from tests.factories import NOON, Cast
from tests.keeping import kept_in_a_file, one_of
from workspaces.actors import Actor
from workspaces.errors import PermissionMissing, ValueNotValid
from workspaces.scope import workspace_scope

NAMES = ["Émile", "ada", "Zoë", "Bo", "Émile", "Ðan", "ana", "Ana", "", "", "Žofia"]


def both() -> Cast:
    """Eleven contacts in Acme: two share a name, two have none; and one of the same name in Globex."""
    cast = the_cast()
    with workspace_scope(cast.globex.pk):
        add_contact(
            actor=cast.gus, values={"first_name": "Ana", "email": "globex@example.com"}, source=Source.USER, at=NOON
        )
    with workspace_scope(cast.acme.pk):
        for number, name in enumerate(NAMES):
            a_contact(
                cast.ada,
                first_name=name,
                last_name="Perez" if name else "",
                email=f"p{number % 7}@example.com" if number % 3 else "",
                phone=f"+3460012340{number}" if not name else "",
                tags=["vip", "Beta"] if number % 2 else [],
            )
    return cast


made = kept_in_a_file(both)


@pytest.fixture
def acme(made: Cast, db: None) -> Iterator[Cast]:
    """Stand in Acme, with its eleven contacts."""
    with workspace_scope(made.acme.pk):
        yield one_of(made)


def a_contact(actor: Actor, tags: Any = (), **given: Any) -> Contact:
    values: Any = given
    return add_contact(actor=actor, values=values, tags=tags, source=Source.USER, at=NOON)


def tagged(name: str) -> Filter:
    found = parse_filter(
        {"$and": [{"category": "contactTag", "operator": "hasAnyOf", "value": [name]}]}, fields=[], zone=ZoneInfo("UTC")
    )
    assert found is not None
    return found


def expected_order(sort: Sort) -> list[int]:
    rows = list(visible_contacts(Actor.system(workspace_id=Contact.objects.values_list("workspace_id", flat=True)[0])))
    down = sort in {Sort.NEWEST, Sort.NAME_DESC, Sort.EMAIL_DESC}
    if sort in {Sort.NAME, Sort.NAME_DESC}:
        rows.sort(key=lambda row: (row.name_key, row.pk), reverse=down)
    elif sort in {Sort.EMAIL, Sort.EMAIL_DESC}:
        rows.sort(key=lambda row: (row.email_key, row.pk), reverse=down)
        rows.sort(key=lambda row: row.email_key == "")
    else:
        rows.sort(key=lambda row: row.pk, reverse=down)
    return [row.pk for row in rows]


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("limit", [1, 3, 4, 10, 11, 50])
def test_pages_forward_and_back_show_every_row_once(acme: Cast, sort: Sort, limit: int) -> None:
    expected = expected_order(sort)
    page = contacts_page(acme.ada, sort=sort, limit=limit)
    assert page.previous_cursor == ""
    pages, seen = [page], 0
    while True:
        ids = [row.id for row in page.rows]
        assert ids == expected[seen : seen + limit]
        assert page.first_number == seen + 1
        seen += len(ids)
        if not page.next_cursor:
            break
        page = contacts_page(acme.ada, sort=sort, limit=limit, cursor=page.next_cursor)
        pages.append(page)
    assert seen == len(expected)
    for earlier in pages[-2::-1]:
        page = contacts_page(acme.ada, sort=sort, limit=limit, cursor=page.previous_cursor)
        assert page.rows == earlier.rows
        assert page.first_number == earlier.first_number
        assert bool(page.previous_cursor) == bool(earlier.previous_cursor)
        assert page.next_cursor


def test_rows_added_meanwhile_neither_repeat_nor_hide_a_row(acme: Cast) -> None:
    expected = expected_order(Sort.NAME)
    first = contacts_page(acme.ada, sort=Sort.NAME, limit=4)
    a_contact(acme.ada, first_name="Aaron")
    Contact.objects.filter(pk=first.rows[-1].id).delete()  # even the row that the cursor names
    rest = contacts_page(acme.ada, sort=Sort.NAME, limit=50, cursor=first.next_cursor)
    assert [row.id for row in rest.rows] == expected[4:]


def test_a_row_is_ready_to_show(acme: Cast) -> None:
    contact = a_contact(acme.ada, first_name="Ida", email="ida@example.com", tags=["vip", "Beta"])
    assign_contact(actor=acme.ada, contact=Identifier.of(contact.pk), user_id=acme.ben_user.pk, at=NOON)
    row = contacts_page(acme.ada).rows[0]
    assert (row.name, row.email, row.assignee, row.assignee_id) == (
        "Ida",
        "ida@example.com",
        "Ben Tanaka",
        acme.ben_user.pk,
    )
    assert [tag.name for tag in row.tags] == ["Beta", "vip"]
    assert row.tags[0].colour == "tag-grey"
    nameless = contacts_page(acme.ada, search="+34600123408").rows
    assert [row.name for row in nameless] == ["+34600123408"]


def test_the_number_of_statements_does_not_grow_with_the_page(acme: Cast) -> None:
    with CaptureQueriesContext(connection) as few:
        contacts_page(acme.ada, limit=1)
    with CaptureQueriesContext(connection) as many:
        contacts_page(acme.ada, limit=100)
    assert len(few) == len(many) <= 7


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("émile", {0, 4}),
        ("EMILE per", {0, 4}),
        ("zo", {2, 10}),
        ("ofia", {10}),
        ("perez", {0, 1, 2, 3, 4, 5, 6, 7, 10}),
        ("p4@exam", {4}),
        ("600123408", {8}),
        ("600 12 34-08", {8}),
        ("0034 600 123 408", {8}),
        ("%", set()),
        ("p_rez", set()),
        ("\\", set()),
        ("ana perez\0", set()),
        ("\ud800", set()),
        ("x" * 300, set()),
        ("globex", set()),
        ("   ", set(range(11))),
    ],
)
def test_search_by_part_of_name_email_and_phone(acme: Cast, text: str, found: set[int]) -> None:
    ids = sorted(visible_contacts(acme.ada).values_list("pk", flat=True))
    expected = sorted((ids[number] for number in found), reverse=True)
    assert [row.id for row in contacts_page(acme.ada, search=text, limit=50).rows] == expected
    assert count_contacts(acme.ada, search=text) == (len(expected), False)
    walked: list[int] = []
    page = contacts_page(acme.ada, search=text, limit=2)
    while True:
        walked += [row.id for row in page.rows]
        if not page.next_cursor:
            break
        page = contacts_page(acme.ada, search=text, limit=2, cursor=page.next_cursor)
    assert walked == expected
    if page.previous_cursor:
        back = contacts_page(acme.ada, search=text, limit=2, cursor=page.previous_cursor)
        assert [row.id for row in back.rows] == expected[
            len(expected) - len(page.rows) - 2 : len(expected) - len(page.rows)
        ]


def test_search_by_id(acme: Cast) -> None:
    contact_id = visible_contacts(acme.ada).order_by("pk").values_list("pk", flat=True)[3]
    assert [row.id for row in contacts_page(acme.ada, search=f"id:{contact_id}").rows] == [contact_id]
    assert [row.id for row in contacts_page(acme.ada, search=f"#{contact_id}").rows] == [contact_id]
    assert contacts_page(acme.ada, search="id:999999999999999999").rows == []


def test_search_within_a_filter(acme: Cast) -> None:
    ids = sorted(visible_contacts(acme.ada).values_list("pk", flat=True))
    found = contacts_page(acme.ada, search="perez", filter=tagged("VIP"), limit=2)
    assert [row.id for row in found.rows] == [ids[7], ids[5]]
    rest = contacts_page(acme.ada, search="perez", filter=tagged("VIP"), limit=2, cursor=found.next_cursor)
    assert [row.id for row in rest.rows] == [ids[3], ids[1]]
    assert rest.next_cursor == ""
    assert count_contacts(acme.ada, search="perez", filter=tagged("VIP")).number == 4
    assert count_contacts(acme.ada, filter=tagged("VIP")).number == 5
    assert contacts_page(acme.ada, filter=tagged("nothing")).rows == []


def test_counting_stops(acme: Cast) -> None:
    assert count_contacts(acme.ada, most=11) == (11, False)
    assert count_contacts(acme.ada, most=10) == (10, True)
    assert count_contacts(acme.ada, search="perez", most=5) == (5, True)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "!!!!",
        "é",
        "W10",
        "bnVsbA",
        "WzEsMCwwLCJ4Il0",
        "WzEsOSwwLDVd",
        "WzEsMCwwLC01XQ",
        "WzEsMCwwLHRydWVd",
        "W1tbW1tb" * 200,
    ],
)
def test_a_damaged_cursor_is_refused(acme: Cast, text: str) -> None:
    with pytest.raises(ValueNotValid):
        contacts_page(acme.ada, cursor=text)


def test_a_cursor_of_another_order_is_refused(acme: Cast) -> None:
    by_name = contacts_page(acme.ada, sort=Sort.NAME, limit=1).next_cursor
    with pytest.raises(ValueNotValid):
        contacts_page(acme.ada, cursor=by_name)
    with pytest.raises(ValueNotValid):
        contacts_page(acme.ada, sort=Sort.NAME, cursor=str(Cursor(True, 0, ("a\0", 1), 0)))


def test_model_rows_for_programs_page_by_id(acme: Cast) -> None:
    ids = sorted(visible_contacts(acme.ada).values_list("pk", flat=True), reverse=True)
    first = contact_rows(acme.ada, limit=4)
    assert ([row.pk for row in first.rows], first.has_next, first.has_previous) == (ids[:4], True, False)
    second = contact_rows(acme.ada, limit=4, after_id=ids[3])
    assert ([row.pk for row in second.rows], second.has_next, second.has_previous) == (ids[4:8], True, True)
    last = contact_rows(acme.ada, limit=4, after_id=ids[7])
    assert ([row.pk for row in last.rows], last.has_next, last.has_previous) == (ids[8:], False, True)
    back = contact_rows(acme.ada, limit=4, before_id=ids[8])
    assert ([row.pk for row in back.rows], back.has_next, back.has_previous) == (ids[4:8], True, True)
    start = contact_rows(acme.ada, limit=4, before_id=ids[4])
    assert ([row.pk for row in start.rows], start.has_next, start.has_previous) == (ids[:4], True, False)
    oldest = contact_rows(acme.ada, limit=4, newest_first=False, after_id=ids[-1])
    assert [row.pk for row in oldest.rows] == ids[::-1][1:5]
    found = contact_rows(acme.ada, limit=2, newest_first=False, search="perez")
    assert [row.pk for row in found.rows] == ids[::-1][:2]
    assert sorted(link.tag.name for link in first.rows[1].contact_tags.all()) == ["Beta", "vip"]


def test_the_module_is_not_for_agents_but_finding_is(acme: Cast) -> None:
    for call in (contacts_page, count_contacts):
        with pytest.raises(PermissionMissing):
            call(acme.ben)  # type: ignore[operator]
    with pytest.raises(PermissionMissing):
        contact_rows(acme.ben, limit=10)
    assert [row.first_name for row in find_contacts(acme.ben, "zoe")] == ["Zoë"]
    assert len(find_contacts(acme.ben, "perez", most=3)) == 3
    assert find_contacts(acme.ben, " ") == []


def test_finding_keeps_to_what_a_restricted_agent_sees(acme: Cast) -> None:
    zoe = visible_contacts(acme.ada).get(first_name="Zoë")
    emile = visible_contacts(acme.ada).filter(first_name="Émile")[0]
    Contact.objects.filter(pk=zoe.pk).update(assignee_id=acme.ben_user.pk)
    Contact.objects.filter(pk=emile.pk).update(assignee_id=acme.max_user.pk)
    mine_only = Actor.member(
        user_id=acme.ben_user.pk, workspace_id=acme.acme.pk, role="agent", restrictions=["show_only_mine"], team_id=None
    )
    assert [row.first_name for row in find_contacts(mine_only, "perez")] == ["Zoë"]


def test_each_wall_alone_keeps_other_workspaces_out(acme: Cast) -> None:
    """Gus in Acme's scope sees nothing; nor does the search door answer for another tenant than the transaction's."""
    assert contacts_page(acme.gus).rows == []
    assert contacts_page(acme.gus, search="ana").rows == []
    assert find_contacts(acme.gus, "ana") == []
    assert count_contacts(acme.gus, search="ana").number == 0


def test_a_statement_that_takes_too_long_is_ended_with_a_sentence(acme: Cast) -> None:
    with connection.cursor() as cursor, pytest.raises(ListTooSlow) as refusal, in_reasonable_time(1):
        cursor.execute("SELECT pg_sleep(3)")
    assert refusal.value.status == 503
    assert "Narrow" in refusal.value.message
    assert contacts_page(acme.ada).rows, "the transaction is still of use"
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
