"""Tags, contact fields and lifecycle stages: what stays unique, what goes with what, and every refusal."""

from datetime import timedelta
from typing import Any

import pytest

from contacts import actions
from contacts.actions.fields import MOST_FIELDS
from contacts.errors import FieldNotFound, StageNotFound, TagNotFound, ValueRefused
from contacts.identifiers import Identifier
from contacts.models import Contact, ContactField, ContactTag, LifecycleStage, Tag
from contacts.models.contact import Source
from contacts.queries import contact_fields, field_usage, stages, tag_counts, tags
from tests.factories import NOON, Cast, everything_in
from workspaces.actors import Actor
from workspaces.errors import LimitReached, NameTaken, PermissionMissing
from workspaces.models import EventRecord
from workspaces.scope import workspace_scope

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def acme(cast: Cast) -> Any:
    with workspace_scope(cast.acme.pk):
        yield cast


def added(actor: Actor, tag_names: Any = (), **given: Any) -> Contact:
    values: Any = given
    return actions.add_contact(actor=actor, values=values, tags=tag_names, source=Source.USER, at=NOON)


def types(kind: str) -> list[str]:
    return list(EventRecord.objects.filter(subject_kind=kind).order_by("pk").values_list("type", flat=True))


def test_tagging_makes_new_tags_and_finds_known_ones_in_any_case(acme: Cast) -> None:
    actions.create_tag(actor=acme.ada, name="VIP", at=NOON)
    contact = added(acme.ada, first_name="Ana")
    one = Identifier.of(contact.pk)
    actions.tag_contact(actor=acme.ada, contact=one, names=["vip", "New  one", "new one"], at=LATER)
    assert sorted(tags(acme.ada).values_list("name", flat=True)) == ["New one", "VIP"]
    link = ContactTag.objects.get(contact=contact, tag__name="VIP")
    assert (link.source, link.user_id, link.created_at) == ("user", acme.ada_user.pk, LATER)
    before = everything_in(acme.acme)
    actions.tag_contact(actor=acme.ada, contact=one, names=["VIP"], at=LATER)
    assert everything_in(acme.acme) == before, "a tag that is there already is no event"
    actions.untag_contact(actor=acme.ada, contact=one, names=["vip", "unknown"], at=LATER)
    event = EventRecord.objects.filter(type="contacts.contact.tags_changed").latest("pk")
    assert (event.data["added"], event.data["removed"]) == ([], [link.tag_id])
    assert [(tag.name, tag.contact_count) for tag in tag_counts(acme.ada)] == [("New one", 1), ("VIP", 0)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["", "   ", "x" * 256, "a\0b", "\ud800"])
def test_a_tag_needs_a_name(acme: Cast, name: str) -> None:
    contact = added(acme.ada, first_name="Ana")
    for call in (
        lambda: actions.create_tag(actor=acme.ada, name=name, at=NOON),
        lambda: actions.tag_contact(actor=acme.ada, contact=Identifier.of(contact.pk), names=["fine", name], at=NOON),
    ):
        with pytest.raises(ValueRefused):
            call()
    assert not Tag.objects.exists()


def test_changing_and_deleting_a_tag(acme: Cast) -> None:
    tag = actions.create_tag(actor=acme.ada, name="VIP", emoji="⭐", colour="tag-blue", at=NOON)
    actions.create_tag(actor=acme.ada, name="Press", at=NOON)
    contact = added(acme.ada, tag_names=["vip"], first_name="Ana")
    with pytest.raises(NameTaken):
        actions.create_tag(actor=acme.ada, name="vip", at=NOON)
    with pytest.raises(NameTaken):
        actions.change_tag(actor=acme.ada, tag="VIP", name="PRESS", at=NOON)
    with pytest.raises(ValueRefused):
        actions.change_tag(actor=acme.ada, tag=tag.pk, colour="pink", at=NOON)
    changed = actions.change_tag(actor=acme.ada, tag="vip", name="Vip", description="Very", at=LATER)
    assert (changed.pk, changed.name, changed.description, changed.emoji, changed.colour) == (
        tag.pk,
        "Vip",
        "Very",
        "⭐",
        "tag-blue",
    )
    assert EventRecord.objects.get(type="contacts.tag.changed").data["changes"] == {
        "name": ["VIP", "Vip"],
        "description": ["", "Very"],
    }
    assert actions.delete_tag(actor=acme.ada, tag="VIP", at=LATER) == tag.pk
    assert not ContactTag.objects.filter(contact=contact).exists()
    with pytest.raises(TagNotFound):
        actions.delete_tag(actor=acme.ada, tag=tag.pk, at=LATER)
    assert types("tag")[-1] == "contacts.tag.deleted"


def test_tags_of_other_workspaces_do_not_count(acme: Cast) -> None:
    tag = actions.create_tag(actor=acme.ada, name="VIP", at=NOON)
    with pytest.raises(TagNotFound):
        actions.delete_tag(actor=acme.gus, tag=tag.pk, at=NOON)
    with pytest.raises(PermissionMissing):
        actions.create_tag(actor=acme.ben, name="Mine", at=NOON)


def test_a_field_gets_a_slug_of_its_own_that_never_changes(acme: Cast) -> None:
    bike = actions.add_contact_field(actor=acme.ada, name="Modèle de vélo", kind="text", at=NOON)
    other = actions.add_contact_field(actor=acme.ada, name="Modele de velo!", kind="text", at=NOON)
    name = actions.add_contact_field(actor=acme.ada, name="E-mail", slug="", kind="email", at=NOON)
    strange = actions.add_contact_field(actor=acme.ada, name="自行车", kind="text", at=NOON)
    assert (bike.slug, other.slug, name.slug, strange.slug) == ("modele_de_velo", "modele_de_velo_2", "e_mail", "field")
    assert actions.add_contact_field(actor=acme.ada, name="Phone", kind="text", at=NOON).slug == "phone_2"
    changed = actions.change_contact_field(actor=acme.ada, field_id=bike.pk, name="Bike", description="Which", at=LATER)
    assert (changed.slug, changed.name, changed.description) == ("modele_de_velo", "Bike", "Which")
    assert [field.position for field in contact_fields(acme.ada)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"name": ""}, ValueRefused, "name"),
        ({"name": "x" * 51}, ValueRefused, "name"),
        ({"kind": "phone"}, ValueRefused, "kind"),
        ({"slug": "Two words"}, ValueRefused, "slug"),
        ({"slug": "email"}, ValueRefused, "slug"),
        ({"slug": "taken"}, NameTaken, "slug"),
        ({"name": "TAKEN"}, NameTaken, "name"),
        ({"kind": "list"}, ValueRefused, "allowed_values"),
        ({"kind": "list", "allowed_values": ["x"] * 2 + [str(n) for n in range(500)]}, ValueRefused, "allowed_values"),
        ({"description": "x" * 256}, ValueRefused, "description"),
    ],
)
def test_refused_fields(acme: Cast, values: dict[str, Any], refusal: type[Any], field: str) -> None:
    actions.add_contact_field(actor=acme.ada, name="Taken", kind="text", at=NOON)
    before = everything_in(acme.acme)
    with pytest.raises(refusal) as caught:
        actions.add_contact_field(actor=acme.ada, at=NOON, **{"name": "New", "kind": "text", **values})
    assert caught.value.field == field
    assert everything_in(acme.acme) == before


def test_a_workspace_has_a_limit_of_fields(acme: Cast) -> None:
    ContactField.objects.bulk_create(
        [
            ContactField(workspace_id=acme.acme.pk, name=f"F{n}", slug=f"f{n}", kind="text", created_at=NOON)
            for n in range(MOST_FIELDS)
        ]
    )
    with pytest.raises(LimitReached):
        actions.add_contact_field(actor=acme.ada, name="One more", kind="text", at=NOON)


def test_deleting_a_field_takes_its_values_along(acme: Cast) -> None:
    size = actions.add_contact_field(actor=acme.ada, name="Size", kind="number", at=NOON)
    actions.add_contact_field(actor=acme.ada, name="Bike", kind="text", at=NOON)
    with_both = added(acme.ada, custom={"size": 5, "bike": "red"})
    added(acme.ada, custom={"bike": "blue"})
    assert field_usage(acme.ada, "size") == 1
    with pytest.raises(PermissionMissing):
        actions.delete_contact_field(actor=acme.max, field_id=size.pk, at=LATER)
    assert actions.delete_contact_field(actor=acme.ada, field_id=size.pk, at=LATER) == 1
    with_both.refresh_from_db()
    assert (with_both.custom, with_both.version) == ({"bike": "red"}, 2)
    with pytest.raises(FieldNotFound):
        actions.delete_contact_field(actor=acme.ada, field_id=size.pk, at=LATER)
    assert types("field")[-1] == "contacts.field.deleted"


def test_moving_fields_and_stages(acme: Cast) -> None:
    for name in "ABCD":
        actions.add_contact_field(actor=acme.ada, name=name, kind="text", at=NOON)
    by_name = {field.name: field.pk for field in contact_fields(acme.ada)}
    for name, place, after in (("D", 0, "DABC"), ("A", 99, "DBCA"), ("B", 2, "DCBA"), ("C", -5, "CDBA")):
        actions.move_contact_field(actor=acme.ada, field_id=by_name[name], to_position=place, at=LATER)
        assert "".join(field.name for field in contact_fields(acme.ada)) == after
    LifecycleStage.objects.all().delete()
    added_stages = [actions.add_stage(actor=acme.ada, name=name, at=NOON) for name in "XYZ"]
    actions.move_stage(actor=acme.ada, stage_id=added_stages[2].pk, to_position=0, at=LATER)
    assert "".join(stage.name for stage in stages(acme.ada)) == "ZXY"


def test_stages_keep_their_contacts_when_renamed_and_let_them_go_when_deleted(acme: Cast) -> None:
    lead = actions.add_stage(actor=acme.ada, name="Prospect", at=NOON)
    actions.add_stage(actor=acme.ada, name="Patron", at=NOON)
    contact = added(acme.ada, first_name="Ana", stage_id=lead.pk)
    with pytest.raises(NameTaken):
        actions.rename_stage(actor=acme.ada, stage_id=lead.pk, name="PATRON", at=LATER)
    with pytest.raises(ValueRefused):
        actions.rename_stage(actor=acme.ada, stage_id=lead.pk, name=" ", at=LATER)
    actions.rename_stage(actor=acme.ada, stage_id=lead.pk, name="Maybe", at=LATER)
    contact.refresh_from_db()
    assert contact.stage is not None
    assert contact.stage.name == "Maybe"
    actions.delete_stage(actor=acme.ada, stage_id=lead.pk, at=LATER)
    contact.refresh_from_db()
    assert contact.stage is None
    with pytest.raises(StageNotFound):
        actions.delete_stage(actor=acme.ada, stage_id=lead.pk, at=LATER)
    with pytest.raises(StageNotFound):
        actions.delete_stage(actor=acme.gus, stage_id=lead.pk, at=LATER)
