"""The file of users: members, open invitations and those who left."""

from datetime import timedelta
from typing import Any

import pytest

from tests.exports.shop import Shop, open_shop
from tests.factories import NOON, Cast
from tests.inbox.steps import later
from workspaces.actions import change_member, invite_member, note_visit, remove_member, withdraw_invitation
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db


def read(shop: Shop, *keys: str, **asked: Any) -> list[tuple[str, ...]]:
    return [tuple(row[key] for key in keys) for row in shop.file("users", **asked)]


def test_a_member_an_invitation_and_somebody_who_left(cast: Cast) -> None:
    shop = open_shop(cast)
    invite_member(
        actor=cast.ada, email="zoe@example.com", role="manager", restrictions=["restrict_data_export"], at=later(1)
    )
    note_visit(actor=cast.ada, at=later(2))
    change_member(
        actor=cast.ada,
        user_id=cast.ben_user.pk,
        role="agent",
        restrictions=["show_only_mine", "restrict_data_export"],
        team_id=shop.team.pk,
        at=later(3),
    )
    remove_member(actor=cast.ada, user_id=cast.max_user.pk, at=later(4))
    rows = {row["email"]: row for row in shop.file("users")}
    assert list(rows) == ["ada@example.com", "ben@example.com", "max@example.com", "zoe@example.com"]
    assert rows["ben@example.com"] == {
        "user_id": str(cast.ben_user.pk),
        "first_name": "Ben",
        "last_name": "Tanaka",
        "email": "ben@example.com",
        "access_level": "agent",
        "team": "Support",
        "restrictions": "restrict_data_export; show_only_mine",
        "status": "active",
        "last_active": "",
        "date_added": "2026-03-02 12:00:00",
    }
    assert rows["ada@example.com"]["last_active"] == "2026-03-02 12:02:00"
    assert rows["zoe@example.com"] == {
        "user_id": "",
        "first_name": "",
        "last_name": "",
        "email": "zoe@example.com",
        "access_level": "manager",
        "team": "",
        "restrictions": "restrict_data_export",
        "status": "invited",
        "last_active": "",
        "date_added": "2026-03-02 12:01:00",
    }
    left = rows["max@example.com"]
    assert (left["user_id"], left["access_level"], left["status"]) == (str(cast.max_user.pk), "manager", "removed")


def test_an_invitation_is_there_until_it_is_withdrawn_also_when_its_link_is_too_old(cast: Cast) -> None:
    shop = open_shop(cast)
    invitation = invite_member(actor=cast.ada, email="zoe@example.com", role="agent", at=NOON)
    only = {"user_statuses": ["invited"]}
    assert read(shop, "email", filters=only, export_at=NOON + timedelta(days=8)) == [("zoe@example.com",)]
    withdraw_invitation(actor=cast.ada, invitation_id=invitation.pk, at=later(1))
    assert read(shop, "email", filters=only) == []


def test_statuses_and_teams_narrow_it_and_who_left_is_in_no_team(cast: Cast) -> None:
    shop = open_shop(cast)
    assert read(shop, "email", filters={"teams": [shop.team.pk]}) == [("ben@example.com",)]
    remove_member(actor=cast.ada, user_id=cast.ben_user.pk, at=later(1))
    assert read(shop, "email", "team", filters={"user_statuses": ["removed"]}) == [("ben@example.com", "")]
    assert read(shop, "email", filters={"teams": [shop.team.pk]}) == []


def test_another_workspace_has_its_own(cast: Cast) -> None:
    shop = open_shop(cast)
    enter_workspace(cast.globex.pk)
    assert [row["email"] for row in shop.file("users", cast.gus)] == ["gus@example.com"]
