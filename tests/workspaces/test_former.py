"""Who and what was here: remembered under old ids, and forgotten when somebody comes back. References and the plan's switch."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import NOON, Cast, browser_of
from workspaces.actions import add_member, change_member, create_team, delete_team, remove_member
from workspaces.actors import Actor
from workspaces.errors import ValueNotValid
from workspaces.models import EventRecord, FormerMember, FormerTeam, Membership, Organization
from workspaces.scope import workspace_scope


def test_somebody_who_left_is_remembered_as_they_were_until_they_come_back(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        team = create_team(actor=cast.ada, name="Support", at=NOON)
        change_member(
            actor=cast.ada,
            user_id=cast.ben_user.pk,
            role="agent",
            restrictions=["show_only_mine"],
            team_id=team.pk,
            reference=" E-041 ",
            at=NOON,
        )
        remove_member(actor=cast.ada, user_id=cast.ben_user.pk, at=NOON)
        row = FormerMember.objects.in_workspace(cast.acme.pk).get()
        assert (row.user_id, row.role, row.restrictions) == (cast.ben_user.pk, "agent", ["show_only_mine"])
        assert (row.reference, row.team_id, row.joined_at, row.left_at) == ("E-041", team.pk, NOON, NOON)
        system = Actor.system(workspace_id=cast.acme.pk)
        add_member(actor=system, user_id=cast.ben_user.pk, role="agent", at=NOON)
        assert not FormerMember.objects.in_workspace(cast.acme.pk).exists()
        remove_member(actor=cast.ada, user_id=cast.ben_user.pk, at=NOON)
        assert FormerMember.objects.in_workspace(cast.acme.pk).count() == 1


def test_a_deleted_team_keeps_its_name_under_its_id(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        team = create_team(actor=cast.ada, name="Support", at=NOON)
        delete_team(actor=cast.ada, team_id=team.pk, at=NOON)
        row = FormerTeam.objects.in_workspace(cast.acme.pk).get()
        assert (row.team_id, row.name, row.created_at, row.deleted_at) == (team.pk, "Support", NOON, NOON)
        again = create_team(actor=cast.ada, name="Support", at=NOON)
        delete_team(actor=cast.ada, team_id=again.pk, at=NOON)
        assert FormerTeam.objects.in_workspace(cast.acme.pk).count() == 2


def test_a_reference_is_at_most_60_characters_and_left_alone_where_nothing_is_said_of_it(cast: Cast) -> None:
    facts = {"user_id": cast.ben_user.pk, "role": "agent", "restrictions": [], "team_id": None, "at": NOON}
    with workspace_scope(cast.acme.pk):
        change_member(actor=cast.ada, reference="E-041", **facts)  # type: ignore[arg-type]
        event = EventRecord.objects.get(type="workspaces.member.changed")
        assert event.data == {"changes": {"reference": ["", "E-041"]}}
        change_member(actor=cast.ada, **facts)  # type: ignore[arg-type]
        assert Membership.objects.get(user=cast.ben_user).reference == "E-041"
        with pytest.raises(ValueNotValid):
            change_member(actor=cast.ada, reference="x" * 61, **facts)  # type: ignore[arg-type]
        change_member(actor=cast.ada, reference="", **facts)  # type: ignore[arg-type]
        assert Membership.objects.get(user=cast.ben_user).reference == ""


@pytest.mark.django_db(transaction=True)
def test_the_reference_is_set_on_the_members_page(cast: Cast) -> None:
    ada = browser_of(cast.ada_user)
    page = f"/w/{cast.acme.pk}/settings/users/{cast.ben_user.pk}"
    assert 'name="reference"' in ada.get(page).content.decode()
    assert ada.post(page, {"role": "agent", "team": "", "reference": "E-041"}).status_code == 302
    assert "E-041" in ada.get(page).content.decode()
    refused = ada.post(page, {"role": "agent", "team": "", "reference": "x" * 61})
    assert refused.status_code == 422


@pytest.mark.django_db
def test_the_plans_switch_is_listed_and_set_by_a_command() -> None:
    one, other = (Organization.objects.create(name=name, created_at=NOON) for name in ("Blue Kite", "Harbour"))

    def said(*words: str) -> str:
        out = StringIO()
        call_command("data_export", *words, stdout=out)
        return out.getvalue()

    assert f"{one.pk}  Blue Kite: on" in said()
    assert said("--organization", "blue kite", "--off") == f"{one.pk}  Blue Kite: off\n"
    assert f"{other.pk}  Harbour: on" in said()
    assert said("--organization", str(one.pk)) == f"{one.pk}  Blue Kite: off\n"
    assert said("--organization", str(one.pk), "--on") == f"{one.pk}  Blue Kite: on\n"
    Organization.objects.create(name="Harbour", created_at=NOON)
    for wrong in (("--off",), ("--organization", "Nobody", "--off"), ("--organization", "Harbour", "--off")):
        with pytest.raises(CommandError):
            said(*wrong)
    assert Organization.objects.filter(may_export_data=False).count() == 0
