"""Adding, updating, assigning, deleting and merging contacts: rows, log and events, and every refusal."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from contacts import actions
from contacts.access import contact_for_reading
from contacts.errors import (
    ContactChanged,
    ContactExists,
    ContactNotFound,
    FieldUnknown,
    IdentifierAmbiguous,
    IdentifierNotValid,
    MergeWithItself,
    StageNotFound,
    ValueRefused,
)
from contacts.identifiers import Identifier
from contacts.inputs import ContactValues
from contacts.models import Contact, ContactLogEntry, ContactMerge
from contacts.models.contact import Source
from contacts.queries import contact_activity, contact_fields, stages
from tests.factories import NOON, Cast, everything_in
from workspaces.actors import Actor
from workspaces.errors import MemberNotFound, PermissionMissing
from workspaces.models import EventRecord
from workspaces.scope import workspace_scope

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def acme(cast: Cast) -> Any:
    with workspace_scope(cast.acme.pk):
        if not stages(cast.ada):
            actions.seed_contact_settings(actor=cast.ada, at=NOON)
        actions.add_contact_field(actor=cast.ada, name="Size", kind="number", at=NOON)
        yield cast


def added(actor: Actor, tags: Any = (), **given: Any) -> Contact:
    values: Any = given
    return actions.add_contact(actor=actor, values=values, tags=tags, source=Source.USER, at=NOON)


def events_of(contact_id: int) -> list[tuple[str, dict[str, object]]]:
    rows = EventRecord.objects.filter(subject_kind="contact", subject_id=contact_id).order_by("pk")
    return [(row.type.removeprefix("contacts.contact."), row.data) for row in rows]


def test_an_added_contact_has_its_keys_its_log_line_and_its_event(acme: Cast) -> None:
    contact = added(
        acme.ada,
        first_name=" Ana ",
        phone="+52 1 55 1234 5678",
        email="Ana@Example.com",
        language="Spanish",
        custom={"size": 5},
    )
    contact.refresh_from_db()
    assert (contact.first_name, contact.phone, contact.email) == ("Ana", "+52 1 55 1234 5678", "Ana@Example.com")
    assert (contact.email_key, contact.phone_match_key, contact.country) == ("ana@example.com", "+525512345678", "MX")
    assert (contact.language, contact.custom, contact.version) == ("es", {"size": 5}, 1)
    entry = ContactLogEntry.objects.get(contact_id=contact.pk)
    assert (entry.kind, entry.contact_name, entry.source, entry.user_id) == ("added", "Ana", "user", acme.ada_user.pk)
    assert events_of(contact.pk) == [("added", {"source": "user", "import_id": None})]


def test_adding_by_an_identifier_refuses_one_that_is_there(acme: Cast) -> None:
    first = added(acme.ada, phone="+5215512345678")
    again = Identifier.parse("phone:+52 55 1234 5678")
    with pytest.raises(ContactExists) as refusal:
        actions.add_contact(actor=acme.ada, values={}, identifier=again, source=Source.API, at=NOON)
    assert str(first.pk) in refusal.value.message
    with pytest.raises(IdentifierNotValid):
        actions.add_contact(actor=acme.ada, values={}, identifier=Identifier.of(5), source=Source.API, at=NOON)
    new = actions.add_contact(
        actor=acme.ada,
        values={"first_name": "Bo"},
        identifier=Identifier.parse("email:bo@example.com"),
        source=Source.API,
        at=NOON,
    )
    assert new.email == "bo@example.com"


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"first_name": "x" * 256}, ValueRefused, "first_name"),
        ({"last_name": "a\0b"}, ValueRefused, "last_name"),
        ({"first_name": "\ud800"}, ValueRefused, "first_name"),
        ({"phone": "12"}, ValueRefused, "phone"),
        ({"email": "ana@"}, ValueRefused, "email"),
        ({"language": "Klingon"}, ValueRefused, "language"),
        ({"country": "Atlantis"}, ValueRefused, "country"),
        ({"picture_url": "javascript:alert(1)"}, ValueRefused, "picture_url"),
        ({"custom": {"unknown": 1}}, FieldUnknown, "custom.unknown"),
        ({"stage_id": 10**9}, StageNotFound, "stage_id"),
        ({"assignee_id": 10**9}, MemberNotFound, "assignee_id"),
    ],
)
def test_a_refused_value_names_its_field_and_nothing_is_written(
    acme: Cast, values: ContactValues, refusal: type[Any], field: str
) -> None:
    contact = added(acme.ada, first_name="Ana")
    before = everything_in(acme.acme)
    calls: list[Callable[[], object]] = [
        lambda: actions.add_contact(actor=acme.ada, values=values, source=Source.USER, at=LATER),
        lambda: actions.update_contact(actor=acme.ada, contact=Identifier.of(contact.pk), values=values, at=LATER),
    ]
    for call in calls:
        with pytest.raises(refusal) as caught:
            call()
        assert caught.value.field == field
    assert everything_in(acme.acme) == before


def test_members_and_stages_of_another_workspace_are_refused(acme: Cast) -> None:
    contact = added(acme.ada, first_name="Ana")
    with pytest.raises(MemberNotFound):
        actions.assign_contact(actor=acme.ada, contact=Identifier.of(contact.pk), user_id=acme.gus_user.pk, at=LATER)


def test_an_update_tells_each_change_and_an_equal_one_nothing(acme: Cast) -> None:
    contact = added(acme.ada, first_name="Ana", custom={"size": 5})
    one = Identifier.of(contact.pk)
    after = actions.update_contact(
        actor=acme.ada,
        contact=one,
        values={
            "first_name": "Ana",
            "last_name": "Núñez",
            "email": "a@example.com",
            "custom": {"size": None},
            "assignee_id": acme.ben_user.pk,
        },
        at=LATER,
    )
    assert (after.version, after.updated_at, after.email_key, after.custom) == (2, LATER, "a@example.com", {})
    assert events_of(contact.pk)[1:] == [
        (
            "updated",
            {
                "changes": {"last_name": ["", "Núñez"], "email": ["", "a@example.com"], "custom.size": [5, None]},
                "source": "user",
                "import_id": None,
            },
        ),
        ("assignee_changed", {"old": None, "new": acme.ben_user.pk, "source": "user"}),
    ]
    before = everything_in(acme.acme)
    actions.update_contact(actor=acme.ada, contact=one, values={"last_name": " Núñez "}, at=LATER)
    assert everything_in(acme.acme) == before


def test_an_older_version_is_refused(acme: Cast) -> None:
    one = Identifier.of(added(acme.ada, first_name="Ana").pk)
    actions.update_contact(actor=acme.ada, contact=one, values={"first_name": "Anna"}, at=LATER, version=1)
    with pytest.raises(ContactChanged):
        actions.update_contact(actor=acme.ada, contact=one, values={"first_name": "Hanna"}, at=LATER, version=1)


def test_stages_by_name_in_any_case(acme: Cast) -> None:
    contact = added(acme.ada, first_name="Ana")
    one = Identifier.of(contact.pk)
    stage = actions.set_stage(actor=acme.ada, contact=one, name="CUSTOMER", at=LATER).stage
    assert stage is not None
    assert stage.name == "Customer"
    assert actions.set_stage(actor=acme.ada, contact=one, name=None, at=LATER).stage is None
    with pytest.raises(StageNotFound):
        actions.set_stage(actor=acme.ada, contact=one, name="Nirvana", at=LATER)
    assert [name for name, _data in events_of(contact.pk)] == ["added", "stage_changed", "stage_changed"]


def test_create_or_update(acme: Cast) -> None:
    email = Identifier.parse("email:ana@example.com")

    def act(**given: Any) -> tuple[Contact, bool]:
        values: Any = given
        return actions.create_or_update_contact(
            actor=acme.ada, contact=email, values=values, source=Source.API, at=LATER
        )

    first, is_new = act(first_name="Ana")
    assert (is_new, first.email) == (True, "ana@example.com")
    second, is_new = act(first_name="Anna")
    assert (is_new, second.pk, second.first_name) == (False, first.pk, "Anna")
    added(acme.ada, email="ANA@example.com")
    with pytest.raises(IdentifierAmbiguous) as refusal:
        act(first_name="Who")
    assert len(refusal.value.contact_ids) == 2
    with pytest.raises(ContactNotFound):
        actions.create_or_update_contact(
            actor=acme.ada, contact=Identifier.of(10**9), values={}, source=Source.API, at=LATER
        )


def test_a_deleted_contact_leaves_its_log_line_and_its_event(acme: Cast) -> None:
    contact = added(acme.ada, first_name="Ana", last_name="Núñez", tags=["vip"])
    one = Identifier.of(contact.pk)
    assert actions.delete_contact(actor=acme.ada, contact=one, at=LATER) == contact.pk
    assert not Contact.objects.filter(pk=contact.pk).exists()
    entry = ContactLogEntry.objects.get(contact_id=contact.pk, kind="deleted")
    assert (entry.contact_name, entry.source, entry.occurred_at) == ("Ana Núñez", "user", LATER)
    assert events_of(contact.pk)[-1] == ("deleted", {"source": "user"})
    with pytest.raises(ContactNotFound):
        actions.delete_contact(actor=acme.ada, contact=one, at=LATER)


def test_a_merge_keeps_the_primary_and_fills_its_gaps(acme: Cast) -> None:
    primary = added(acme.ada, first_name="Ana", email="ana@example.com", custom={"size": 1}, tags=["vip", "both"])
    secondary = added(
        acme.ada, first_name="Anita", last_name="Núñez", phone="+34600123456", custom={"size": 2}, tags=["both", "old"]
    )
    merged = actions.merge_contacts(
        actor=acme.ada, primary_id=primary.pk, secondary_id=secondary.pk, values={"language": "es"}, at=LATER
    )
    merged.refresh_from_db()
    assert (merged.pk, merged.name, merged.email, merged.phone_match_key) == (
        primary.pk, "Ana Núñez", "ana@example.com", "+34600123456",
    )  # fmt: skip
    assert (merged.language, merged.custom, merged.version) == ("es", {"size": 1}, 2)
    assert sorted(link.tag.name for link in merged.contact_tags.all()) == ["both", "old", "vip"]
    assert contact_for_reading(acme.ada, Identifier.of(secondary.pk)).pk == primary.pk
    snapshot = ContactMerge.objects.get(secondary_id=secondary.pk).snapshot
    assert (snapshot["first_name"], snapshot["phone"], snapshot["custom"], len(snapshot["tag_ids"])) == (
        "Anita", "+34600123456", {"size": 2}, 2,
    )  # fmt: skip
    assert (snapshot["primary"]["first_name"], snapshot["primary"]["phone"]) == ("Ana", "")
    entry = ContactLogEntry.objects.get(kind="merged")
    assert (entry.contact_id, entry.contact_name, entry.secondary_contact_id) == (primary.pk, "Ana Núñez", secondary.pk)
    kind, data = events_of(primary.pk)[-1]
    assert (kind, data["secondary_id"]) == ("merged", secondary.pk)
    assert contact_activity(acme.ada, primary.pk)[0].type == "contacts.contact.merged"


def test_a_merge_of_a_merge_is_followed_to_its_end(acme: Cast) -> None:
    first, second, third = (added(acme.ada, first_name=name).pk for name in ("A", "B", "C"))
    actions.merge_contacts(actor=acme.ada, primary_id=second, secondary_id=third, values={}, at=LATER)
    actions.merge_contacts(actor=acme.ada, primary_id=first, secondary_id=second, values={}, at=LATER)
    assert contact_for_reading(acme.ada, Identifier.of(third)).pk == first
    with pytest.raises(ContactNotFound):
        actions.merge_contacts(actor=acme.ada, primary_id=first, secondary_id=third, values={}, at=LATER)


def test_a_merge_refuses_itself_and_strangers(acme: Cast) -> None:
    contact = added(acme.ada, first_name="Ana")
    with pytest.raises(MergeWithItself):
        actions.merge_contacts(actor=acme.ada, primary_id=contact.pk, secondary_id=contact.pk, values={}, at=LATER)
    with pytest.raises(ContactNotFound):
        actions.merge_contacts(actor=acme.ada, primary_id=contact.pk, secondary_id=10**9, values={}, at=LATER)


def test_other_workspaces_are_as_if_they_were_not_there(acme: Cast) -> None:
    """The actor's workspace is the first wall: in Acme's own scope, Gus of Globex finds nothing of Acme's."""
    contact = added(acme.ada, first_name="Ana", email="ana@example.com")
    before = everything_in(acme.acme)
    for one in (Identifier.of(contact.pk), Identifier.parse("email:ana@example.com")):
        calls: list[Callable[[], object]] = [
            lambda: contact_for_reading(acme.gus, one),  # noqa: B023 - called at once
            lambda: actions.update_contact(actor=acme.gus, contact=one, values={"first_name": "X"}, at=LATER),  # noqa: B023
            lambda: actions.tag_contact(actor=acme.gus, contact=one, names=["x"], at=LATER),  # noqa: B023
            lambda: actions.delete_contact(actor=acme.gus, contact=one, at=LATER),  # noqa: B023
        ]
        for call in calls:
            with pytest.raises(ContactNotFound):
                call()
    assert everything_in(acme.acme) == before


def test_an_agent_reaches_only_what_the_restriction_leaves(acme: Cast) -> None:
    mine, other = added(acme.ada, assignee_id=acme.ben_user.pk), added(acme.ada, first_name="Other")
    ben = Actor.member(
        user_id=acme.ben_user.pk,
        workspace_id=acme.acme.pk,
        role="agent",
        restrictions=["show_only_mine", "restrict_contact_deletion"],
        team_id=None,
    )
    actions.update_contact(actor=ben, contact=Identifier.of(mine.pk), values={"first_name": "Mine"}, at=LATER)
    with pytest.raises(ContactNotFound):
        actions.update_contact(actor=ben, contact=Identifier.of(other.pk), values={"first_name": "Mine"}, at=LATER)
    with pytest.raises(PermissionMissing):
        actions.delete_contact(actor=ben, contact=Identifier.of(mine.pk), at=LATER)


def test_a_reading_token_writes_nothing(acme: Cast) -> None:
    robot = Actor.token(token_id=1, workspace_id=acme.acme.pk, scopes=["read"])
    with pytest.raises(PermissionMissing):
        added(robot, first_name="Ana")
    assert contact_fields(robot)[0].slug == "size"
