"""Bulk acts write what the one-row actions write, on what the actor may see, and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from typing import cast as typed
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts import actions
from contacts.actions import bulk
from contacts.errors import StageNotFound, TooManySelected, ValueRefused
from contacts.filters import parse_filter
from contacts.identifiers import Identifier
from contacts.inputs import ContactValues
from contacts.models import ContactTag
from contacts.models.contact import Source
from contacts.queries import stages, visible_contacts
from contacts.selection import MOST_CHOSEN, Selection
from tests.factories import NOON, Cast, everything_in
from workspaces.actors import Actor
from workspaces.errors import MemberNotFound, PermissionMissing
from workspaces.models import EventRecord
from workspaces.scope import workspace_scope

LATER = NOON + timedelta(hours=1)


def some_contacts(actor: Actor) -> list[int]:
    """Add five contacts that differ in name, tags, stage and assignee."""
    rows: list[tuple[dict[str, object], list[str]]] = [
        ({"first_name": "Ana", "last_name": "Núñez"}, ["vip", "Beta"]),
        ({"first_name": "Bo", "assignee_id": actor.user_id}, ["VIP"]),
        ({"phone": "+34600123403"}, []),
        ({"email": "dee@example.com"}, ["Press"]),
        ({"last_name": "Only"}, ["beta"]),
    ]
    found = [
        actions.add_contact(
            actor=actor, values=typed("ContactValues", values), tags=tags, source=Source.USER, at=NOON
        ).pk
        for values, tags in rows
    ]
    actions.set_stage(actor=actor, contact=Identifier.of(found[0]), name="customer", at=NOON)
    return found


def told(rows: dict[str, list[dict[str, Any]]], actor: Actor, ids: list[int], first_tag: int) -> dict[str, Any]:
    """Return what a workspace holds with ids that can be compared with another workspace's."""
    names = {contact_id: f"contact {number}" for number, contact_id in enumerate(ids)}

    def plain(table: str, row: dict[str, Any]) -> dict[str, Any]:
        row = {key: value for key, value in row.items() if key not in {"id", "workspace_id"}} | (
            {"id": names[row["id"]]} if table == "contacts_contact" else {}
        )
        for key in ("contact_id", "subject_id"):
            row[key] = names.get(row.get(key, 0), row.get(key))
        for key in ("user_id", "actor_id", "assignee_id"):
            if row.get(key) == actor.user_id:
                row[key] = "me"
        if row.get("tag_id"):
            row["tag_id"] -= first_tag
        if table == "workspaces_eventrecord":
            row["data"] = {
                key: [each - first_tag for each in value]
                if key in {"added", "removed"}
                else "me"
                if value == actor.user_id
                else value
                for key, value in row["data"].items()
            }
            if row["subject_kind"] != "contact":
                row["subject_id"] = "other"
        if row.get("stage_id"):
            row["stage_id"] = "a stage"
        if "stage_changed" in str(row.get("type")):
            row["data"] = {key: bool(value) for key, value in row["data"].items()}
        return row

    tables = ("contacts_contact", "contacts_contacttag", "contacts_contactlogentry", "workspaces_eventrecord")
    return {
        table: [
            plain(table, row)
            for row in rows[table]
            if table != "workspaces_eventrecord" or "contacts.contact" in row["type"]
        ]
        for table in tables
    }


ONE_AND_MANY: dict[str, tuple[Callable[[Actor, Identifier], object], Callable[[Actor, Selection], int], int]] = {
    "tag": (
        lambda actor, one: actions.tag_contact(actor=actor, contact=one, names=["Fresh", "VIP", "fresh"], at=LATER),
        lambda actor, many: actions.tag_contacts(
            actor=actor, selection=many, names=["Fresh", "VIP", "fresh"], at=LATER
        ),
        4,
    ),
    "untag": (
        lambda actor, one: actions.untag_contact(actor=actor, contact=one, names=["BETA", "vip", "unknown"], at=LATER),
        lambda actor, many: actions.untag_contacts(
            actor=actor, selection=many, names=["BETA", "vip", "unknown"], at=LATER
        ),
        2,
    ),
    "assign": (
        lambda actor, one: actions.assign_contact(actor=actor, contact=one, user_id=actor.user_id, at=LATER),
        lambda actor, many: actions.assign_contacts(actor=actor, selection=many, user_id=actor.user_id, at=LATER),
        3,
    ),
    "assign to nobody": (
        lambda actor, one: actions.assign_contact(actor=actor, contact=one, user_id=None, at=LATER),
        lambda actor, many: actions.assign_contacts(actor=actor, selection=many, user_id=None, at=LATER),
        1,
    ),
    "stage": (
        lambda actor, one: actions.set_stage(actor=actor, contact=one, name="CUSTOMER", at=LATER),
        lambda actor, many: actions.set_stage_of_contacts(actor=actor, selection=many, name="CUSTOMER", at=LATER),
        3,
    ),
    "no stage": (
        lambda actor, one: actions.set_stage(actor=actor, contact=one, name=None, at=LATER),
        lambda actor, many: actions.set_stage_of_contacts(actor=actor, selection=many, name=None, at=LATER),
        1,
    ),
    "delete": (
        lambda actor, one: actions.delete_contact(actor=actor, contact=one, at=LATER),
        lambda actor, many: actions.delete_contacts(actor=actor, selection=many, at=LATER),
        4,
    ),
}


@pytest.mark.parametrize("act", ONE_AND_MANY)
def test_acme_one_by_one_and_globex_in_bulk_hold_the_same(
    cast: Cast, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 3)
    one_by_one, in_bulk, changed = ONE_AND_MANY[act]
    held = []
    for workspace, actor in ((cast.acme, cast.ada), (cast.globex, cast.gus)):
        with workspace_scope(workspace.pk):
            seed_stages(actor)
            ids = some_contacts(actor)
            first_tag = min(ContactTag.objects.values_list("tag_id", flat=True))
            chosen = ids[:4]
            if actor is cast.ada:
                for contact_id in chosen:
                    one_by_one(actor, Identifier.of(contact_id))
            else:
                assert in_bulk(actor, Selection.of(chosen)) == changed
            held.append(told(everything_in(workspace), actor, ids, first_tag))
    assert held[0] == held[1]


def seed_stages(actor: Actor) -> None:
    if not stages(actor):
        actions.seed_contact_settings(actor=actor, at=NOON)


@pytest.fixture
def acme(cast: Cast) -> Any:
    """Five contacts in each workspace; the scope is Acme's."""
    with workspace_scope(cast.globex.pk):
        seed_stages(cast.gus)
        some_contacts(cast.gus)
    with workspace_scope(cast.acme.pk):
        seed_stages(cast.ada)
        some_contacts(cast.ada)
        yield cast


def test_all_that_match_without_the_excluded(acme: Cast) -> None:
    tagged = parse_filter({"$and": [{"category": "contactTag", "operator": "exists"}]}, fields=[], zone=ZoneInfo("UTC"))
    ids = sorted(visible_contacts(acme.ada).values_list("pk", flat=True))
    chosen = Selection.matching(filter=tagged, excluded=[ids[0]])
    assert sorted(chosen.contacts(acme.ada).values_list("pk", flat=True)) == [ids[1], ids[3], ids[4]]
    assert actions.delete_contacts(actor=acme.ada, selection=chosen, at=LATER) == 3
    assert sorted(visible_contacts(acme.ada).values_list("pk", flat=True)) == [ids[0], ids[2]]
    assert Selection.matching(search="ana").contacts(acme.ada).count() == 1


def test_tagging_nobody_makes_no_tag(acme: Cast) -> None:
    before = everything_in(acme.acme)
    assert (
        actions.tag_contacts(actor=acme.ada, selection=Selection.matching(search="nobody"), names=["New"], at=LATER)
        == 0
    )
    assert everything_in(acme.acme) == before


def test_contacts_of_another_workspace_cannot_be_chosen(acme: Cast) -> None:
    ids = sorted(visible_contacts(acme.ada).values_list("pk", flat=True))
    every_id = (
        Selection.of(range(1, max(ids) + 1))
        if max(ids) <= MOST_CHOSEN
        else Selection.of(range(max(ids) - 900, max(ids) + 1))
    )
    assert actions.tag_contacts(actor=acme.ada, selection=every_id, names=["Mine"], at=LATER) == 5
    assert actions.assign_contacts(actor=acme.gus, selection=every_id, user_id=None, at=LATER) == 0


@pytest.mark.parametrize("walled_by", ["actor", "scope"])
def test_each_wall_alone_is_enough(acme: Cast, walled_by: str) -> None:
    everything = Selection.matching()
    if walled_by == "actor":
        assert actions.delete_contacts(actor=acme.gus, selection=everything, at=LATER) == 0
    else:
        assert actions.delete_contacts(actor=acme.ada, selection=everything, at=LATER) == 5


def test_bulk_acts_are_not_for_agents(acme: Cast) -> None:
    everything = Selection.matching()
    calls: list[Callable[[], object]] = [
        lambda: actions.tag_contacts(actor=acme.ben, selection=everything, names=["x"], at=LATER),
        lambda: actions.untag_contacts(actor=acme.ben, selection=everything, names=["x"], at=LATER),
        lambda: actions.assign_contacts(actor=acme.ben, selection=everything, user_id=None, at=LATER),
        lambda: actions.set_stage_of_contacts(actor=acme.ben, selection=everything, name=None, at=LATER),
        lambda: actions.delete_contacts(actor=acme.ben, selection=everything, at=LATER),
    ]
    for call in calls:
        with pytest.raises(PermissionMissing):
            call()


def test_deleting_needs_its_own_right(acme: Cast) -> None:
    careful = Actor.member(
        user_id=acme.max_user.pk,
        workspace_id=acme.acme.pk,
        role="manager",
        restrictions=["restrict_contact_deletion"],
        team_id=None,
    )
    with pytest.raises(PermissionMissing):
        actions.delete_contacts(actor=careful, selection=Selection.matching(), at=LATER)
    assert actions.tag_contacts(actor=careful, selection=Selection.matching(), names=["x"], at=LATER) == 5


def test_refusals_change_nothing(acme: Cast) -> None:
    everything = Selection.matching()
    before = everything_in(acme.acme)
    with pytest.raises(MemberNotFound):
        actions.assign_contacts(actor=acme.ada, selection=everything, user_id=acme.gus_user.pk, at=LATER)
    with pytest.raises(StageNotFound):
        actions.set_stage_of_contacts(actor=acme.ada, selection=everything, name="Nirvana", at=LATER)
    with pytest.raises(ValueRefused):
        actions.tag_contacts(actor=acme.ada, selection=everything, names=["x" * 256], at=LATER)
    assert everything_in(acme.acme) == before


def test_a_selection_from_outside() -> None:
    assert Selection.of(["3", 1, "3"]).ids == (1, 3)
    for bad in (["x"], [0], [-1], [True], [2**63], ["9" * 30], [None], ["٣"]):
        with pytest.raises(ValueRefused):
            Selection.of(bad)
    with pytest.raises(TooManySelected):
        Selection.of(range(1, MOST_CHOSEN + 2))
    assert len(Selection.of(range(1, MOST_CHOSEN + 1)).ids) == MOST_CHOSEN
    with pytest.raises(TooManySelected):
        Selection.of([*range(1, MOST_CHOSEN + 1), 5, 5, MOST_CHOSEN + 1])
    form = Selection.from_form(ids=["4"], is_all=False, search="x")
    assert form == Selection(ids=(4,))
    form = Selection.from_form(ids=["4"], is_all=True, search="x", excluded=["7"])
    assert (form.is_all, form.search, form.ids, form.excluded) == (True, "x", (), (7,))
    read = Selection.from_json(
        {"all": True, "search": "x", "filter": {}, "excluded": [1]}, fields=[], zone=ZoneInfo("UTC")
    )
    assert read == Selection.matching(search="x", excluded=[1])
    assert Selection.from_json({"ids": [5]}, fields=[], zone=ZoneInfo("UTC")) == Selection.of([5])
    bodies: list[object] = [
        None,
        [],
        {},
        {"all": "yes"},
        {"all": True, "search": 5},
        {"all": True, "excluded": "x"},
        {"ids": {}},
    ]
    for body in bodies:
        with pytest.raises(ValueRefused):
            Selection.from_json(body, fields=[], zone=ZoneInfo("UTC"))


def test_the_number_of_statements_does_not_grow(acme: Cast) -> None:
    with CaptureQueriesContext(connection) as five:
        actions.tag_contacts(actor=acme.ada, selection=Selection.matching(), names=["vip"], at=LATER)
    for _each in range(20):
        actions.add_contact(actor=acme.ada, values=ContactValues(first_name="More"), source=Source.USER, at=NOON)
    with CaptureQueriesContext(connection) as many:
        actions.tag_contacts(actor=acme.ada, selection=Selection.matching(), names=["vip"], at=LATER)
    assert len(many) == len(five)
    assert EventRecord.objects.filter(type="contacts.contact.tags_changed", occurred_at=LATER).count() == 23
