"""The routes about the workspace: people, custom fields, tags, channels."""

from typing import Any

import pytest

from tests.api.conftest import Caller
from tests.factories import NOON, Cast
from workspaces.actions import create_team
from workspaces.models import Membership
from workspaces.scope import workspace_scope

UNKNOWN = 999_999_999


def test_users_are_told_with_role_team_and_restrictions(api: Caller, cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        team = create_team(actor=cast.ada, name="Sales", at=NOON)
        Membership.objects.filter(user=cast.ben_user).update(
            team=team, restrictions=["show_only_mine", "restrict_shortcuts"]
        )
    ben = {
        "id": cast.ben_user.pk,
        "firstName": cast.ben_user.first_name,
        "lastName": cast.ben_user.last_name,
        "email": "ben@example.com",
        "role": "agent",
        "team": {"id": team.pk, "name": "Sales"},
        "restrictions": ["show_only_mine", "restrict_shortcuts"],
    }
    answer = api.get("/space/user")
    assert answer.json["pagination"] == {"next": "", "previous": ""}
    assert [user["email"] for user in answer.json["items"]] == ["ada@example.com", "max@example.com", "ben@example.com"]
    assert answer.json["items"][2] == ben
    assert answer.json["items"][0]["team"] is None
    assert api.get(f"/space/user/{cast.ben_user.pk}").json == ben


def test_users_of_other_workspaces_are_not_there(api: Caller, cast: Cast) -> None:
    for user_id in (cast.gus_user.pk, UNKNOWN, 2**63, 10**30):
        answer = api.get(f"/space/user/{user_id}")
        assert (answer.status, answer.code) == (404, "workspaces.member_not_found")


def test_a_custom_field_is_created_and_read(api: Caller, globex: Caller) -> None:
    sent = {
        "name": "Plan",
        "slug": "plan",
        "description": "What they pay",
        "dataType": "list",
        "allowedValues": ["A", "B"],
    }
    created = api.post("/space/custom_field", sent)
    assert (created.status, created.json) == (200, {"id": created.json["id"], **sent})
    assert api.get(f"/space/custom_field/{created.json['id']}").json == created.json
    assert api.get("/space/custom_field").json == {"items": [created.json], "pagination": {"next": "", "previous": ""}}
    assert globex.get(f"/space/custom_field/{created.json['id']}").status == 404
    assert api.get(f"/space/custom_field/{UNKNOWN}").status == 404


def test_a_custom_field_without_slug_gets_one(api: Caller) -> None:
    created = api.post(
        "/space/custom_field", {"name": "Tamaño (m²)", "dataType": "number", "allowedValues": None, "slug": None}
    )
    assert created.json | {"id": 0} == {
        "id": 0,
        "name": "Tamaño (m²)",
        "slug": "tamano_m2",
        "description": "",
        "dataType": "number",
        "allowedValues": [],
    }


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"dataType": "text"}, 400, "name"),
        ({"name": "", "dataType": "text"}, 400, "name"),
        ({"name": "x" * 51, "dataType": "text"}, 400, "name"),
        ({"name": "Plan"}, 400, "dataType"),
        ({"name": "Plan", "dataType": "colour"}, 400, "dataType"),
        ({"name": "Plan", "dataType": "list"}, 400, "allowedValues"),
        ({"name": "Plan", "dataType": "list", "allowedValues": []}, 400, "allowedValues"),
        ({"name": "Plan", "dataType": "text", "slug": "Not a slug!"}, 400, "slug"),
        ({"name": "Plan", "dataType": "text", "slug": "email"}, 400, "slug"),
        ({"name": "TAKEN", "dataType": "text"}, 409, "name"),
        ({"name": "Other", "dataType": "text", "slug": "taken"}, 409, "slug"),
    ],
)
def test_a_bad_custom_field_is_refused(api: Caller, body: Any, status: int, field: str) -> None:
    api.post("/space/custom_field", {"name": "Taken", "dataType": "text"})
    answer = api.post("/space/custom_field", body)
    assert (answer.status, answer.field) == (status, field), answer.text
    assert len(api.get("/space/custom_field").json["items"]) == 1


def test_channels_are_an_empty_list_for_now(api: Caller) -> None:
    assert api.get("/space/channel").json == {"items": [], "pagination": {"next": "", "previous": ""}}


def test_a_tag_lives_and_goes(api: Caller) -> None:
    sent = {"name": "vip", "description": "Answer first", "colorCode": "tag-red", "emoji": "⭐"}
    created = api.post("/space/tag", sent)
    assert (created.status, created.json) == (200, {"id": created.json["id"], **sent})
    changed = api.put("/space/tag", {"currentName": "VIP", "name": "Very important", "description": ""})
    assert changed.json == {**created.json, "name": "Very important", "description": ""}
    unchanged = api.put("/space/tag", {"currentName": "Very important", "name": "", "colorCode": ""})
    assert unchanged.json == changed.json
    deleted = api.delete("/space/tag", {"name": "very important"})
    assert (deleted.status, deleted.json) == (200, {"code": 200, "message": "Tag deleted."})
    gone = api.delete("/space/tag", {"name": "very important"})
    assert (gone.status, gone.code) == (404, "contacts.tag_not_found")


def test_a_tag_needs_no_more_than_a_name(api: Caller) -> None:
    created = api.post("/space/tag", {"name": "vip", "colorCode": "", "emoji": "", "description": ""})
    assert created.json | {"id": 0} == {"id": 0, "name": "vip", "description": "", "colorCode": "tag-grey", "emoji": ""}


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [
        ("POST", {}, 400),
        ("POST", {"name": ""}, 400),
        ("POST", {"name": "x" * 256}, 400),
        ("POST", {"name": "a", "colorCode": "#ff0000"}, 400),
        ("POST", {"name": "TAKEN"}, 409),
        ("PUT", {"name": "a"}, 400),
        ("PUT", {"currentName": "nope", "name": "a"}, 404),
        ("PUT", {"currentName": "other", "name": "taken"}, 409),
        ("DELETE", {}, 400),
        ("DELETE", None, 400),
        ("DELETE", {"name": "nope"}, 404),
    ],
)
def test_a_bad_tag_is_refused(api: Caller, method: str, body: Any, status: int) -> None:
    api.post("/space/tag", {"name": "taken"})
    api.post("/space/tag", {"name": "other"})
    assert api.send(method, "/space/tag", body).status == status


def test_tags_of_another_workspace_are_not_there(api: Caller, globex: Caller) -> None:
    globex.post("/space/tag", {"name": "theirs"})
    assert api.put("/space/tag", {"currentName": "theirs", "name": "mine"}).status == 404
    assert api.delete("/space/tag", {"name": "theirs"}).status == 404
    assert api.post("/space/tag", {"name": "theirs"}).status == 200
