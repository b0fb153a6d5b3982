import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories import NOON, Cast, a_member, a_token, browser_of, everything_in
from workspaces.actions import create_team, invite_member
from workspaces.models import ApiToken, Invitation, Membership, Team, Workspace
from workspaces.scope import workspace_scope
from workspaces.secret_values import digest, is_token

HTMX = {"HX-Request": "true"}


@pytest.fixture
def places(cast: Cast) -> dict[str, str]:
    """Every settings page of Acme by route name, about Ben, a team, an invitation and a token."""
    a_token(cast.ada)
    with workspace_scope(cast.acme.pk):
        team = create_team(actor=cast.ada, name="Support", member_ids=[cast.ben_user.pk], at=NOON)
        invitation = invite_member(actor=cast.ada, email="nia@example.com", role="agent", at=NOON)
        token = ApiToken.objects.get()
    of_acme = [cast.acme.pk]
    return {
        "settings_general": reverse("settings_general", args=of_acme),
        "settings_users": reverse("settings_users", args=of_acme),
        "settings_invite": reverse("settings_invite", args=of_acme),
        "settings_user": reverse("settings_user", args=[*of_acme, cast.ben_user.pk]),
        "settings_user_remove": reverse("settings_user_remove", args=[*of_acme, cast.ben_user.pk]),
        "settings_teams": reverse("settings_teams", args=of_acme),
        "settings_team_new": reverse("settings_team_new", args=of_acme),
        "settings_team": reverse("settings_team", args=[*of_acme, team.pk]),
        "settings_team_delete": reverse("settings_team_delete", args=[*of_acme, team.pk]),
        "settings_tokens": reverse("settings_tokens", args=of_acme),
        "settings_token_new": reverse("settings_token_new", args=of_acme),
        "settings_token_revoke": reverse("settings_token_revoke", args=[*of_acme, token.pk]),
        "settings_invitation_resend": reverse("settings_invitation_resend", args=[*of_acme, invitation.pk]),
        "settings_invitation_withdraw": reverse("settings_invitation_withdraw", args=[*of_acme, invitation.pk]),
    }


POSTED = ("settings_invitation_resend", "settings_invitation_withdraw")
ONLY_READ = ("settings_users", "settings_teams", "settings_tokens")
OWNERS_ONLY = ("settings_team_delete",)


@pytest.mark.parametrize("who", ["ada", "max", "ben", "gus", "nobody"])
def test_who_sees_which_settings_page(cast: Cast, places: dict[str, str], who: str) -> None:
    client = browser_of(cast.users.get(who))
    for name, address in places.items():
        expected = {"ada": 200, "max": 403 if name in OWNERS_ONLY else 200, "ben": 403, "gus": 404, "nobody": 302}[who]
        if name in POSTED:
            expected = {"ada": 405, "max": 405, "ben": 405, "gus": 404, "nobody": 302}[who]
        assert (name, client.get(address).status_code) == (name, expected)


@pytest.mark.parametrize("who", ["ben", "gus", "nobody"])
def test_who_may_not_see_a_page_posts_nothing_to_it(cast: Cast, places: dict[str, str], who: str) -> None:
    client = browser_of(cast.users.get(who))
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
    body = {
        "name": "Taken over",
        "time_zone": "UTC",
        "language": "en",
        "api_rate_per_second": 5,
        "email": "x@example.com",
        "role": "agent",
        "scopes": "read",
        "expires_in": "90",
    }
    for name, address in places.items():
        expected = {"ben": 405 if name in ONLY_READ else 403, "gus": 404, "nobody": 302}[who]
        assert (name, client.post(address, body).status_code) == (name, expected)
    with workspace_scope(cast.acme.pk):
        assert everything_in(cast.acme) == before


def test_a_manager_without_the_settings_right_opens_none_of_them(cast: Cast, places: dict[str, str]) -> None:
    user, _actor = a_member(
        cast.acme, email="mia@example.com", role="manager", restrictions=("restrict_space_setting",)
    )
    client = browser_of(user)
    statuses = {name: client.get(address).status_code for name, address in places.items() if name not in POSTED}
    assert set(statuses.values()) == {403}


def test_settings_lead_to_the_general_page(cast: Cast) -> None:
    answer = browser_of(cast.ada_user).get(f"/w/{cast.acme.pk}/settings")
    assert answer["Location"] == f"/w/{cast.acme.pk}/settings/general"


def test_the_general_page_saves_and_says_what_is_wrong(cast: Cast) -> None:
    client = browser_of(cast.max_user)
    address = reverse("settings_general", args=[cast.acme.pk])
    body = {
        "name": "Acme Bikes",
        "time_zone": "Europe/Madrid",
        "default_country": "ES",
        "language": "es",
        "api_rate_per_second": "12",
    }
    wrong = client.post(address, {**body, "time_zone": "Nowhere", "api_rate_per_second": "0"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"time_zone", "api_rate_per_second"}
    assert client.post(address, body)["Location"] == address
    with workspace_scope(cast.acme.pk):
        row = Workspace.objects.values("name", "time_zone", "default_country", "language", "api_rate_per_second").get()
    assert row == {**body, "api_rate_per_second": 12}
    assert "Settings saved" in client.get(address).content.decode()


def test_inviting_on_the_page(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    client = browser_of(cast.ada_user)
    address = reverse("settings_invite", args=[cast.acme.pk])
    body = {
        "email": "nia@example.com",
        "role": "agent",
        "agent_restrictions": ["show_only_mine"],
        "manager_restrictions": ["restrict_data_export"],  # of the role that was not chosen: it does not count
    }
    taken = client.post(address, {**body, "email": "ben@example.com"}, headers=HTMX)
    assert taken.status_code == 422
    assert "ben@example.com is a member of this workspace already." in taken.content.decode()
    assert "<html" not in taken.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address, body, headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, reverse("settings_users", args=[cast.acme.pk]))
    assert [message.to for message in mail.outbox] == [["nia@example.com"]]
    with workspace_scope(cast.acme.pk):
        assert list(Invitation.objects.values_list("role", "restrictions")) == [("agent", ["show_only_mine"])]
    page = client.get(reverse("settings_users", args=[cast.acme.pk])).content.decode()
    assert "nia@example.com" in page
    assert "Pending" in page


def test_a_manager_is_offered_agents_only(cast: Cast) -> None:
    client = browser_of(cast.max_user)
    address = reverse("settings_invite", args=[cast.acme.pk])
    assert re.findall(r'name="role" value="(\w+)"', client.get(address).content.decode()) == ["agent"]
    refused = client.post(address, {"email": "nia@example.com", "role": "manager"})
    assert refused.status_code == 422
    own = client.get(reverse("settings_user", args=[cast.acme.pk, cast.ada_user.pk])).content.decode()
    assert "Owners decide here." in own
    posted = client.post(reverse("settings_user", args=[cast.acme.pk, cast.ada_user.pk]), {"role": "agent"})
    assert posted.status_code == 403


def test_invitations_are_sent_again_and_withdrawn_on_the_page(
    cast: Cast, places: dict[str, str], django_capture_on_commit_callbacks: Any
) -> None:
    client = browser_of(cast.max_user)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(places["settings_invitation_resend"])
    assert [message.to for message in mail.outbox] == [["nia@example.com"]]
    client.post(places["settings_invitation_withdraw"])
    assert client.post(places["settings_invitation_withdraw"]).status_code == 404
    with workspace_scope(cast.acme.pk):
        assert not Invitation.objects.filter(withdrawn_at=None).exists()


def test_access_is_changed_and_ended_on_the_page(cast: Cast, places: dict[str, str]) -> None:
    client, ben = browser_of(cast.ada_user), browser_of(cast.ben_user)
    assert ben.get(f"/w/{cast.acme.pk}/home").status_code == 200
    answer = client.post(
        places["settings_user"], {"role": "manager", "manager_restrictions": ["restrict_data_export"], "team": ""}
    )
    assert answer["Location"] == places["settings_users"]
    with workspace_scope(cast.acme.pk):
        member = Membership.objects.get(user=cast.ben_user)
        assert (member.role, member.restrictions, member.team_id) == ("manager", ["restrict_data_export"], None)
    assert ben.get(places["settings_general"]).status_code == 200
    asked = client.get(places["settings_user_remove"], headers=HTMX).content.decode()
    assert "Remove Ben Tanaka?" in asked
    client.post(places["settings_user_remove"])
    assert ben.get(places["settings_general"]).status_code == 404
    assert client.get(places["settings_user"]).status_code == 404


def test_own_access_is_shown_but_not_changed(cast: Cast) -> None:
    client = browser_of(cast.ada_user)
    address = reverse("settings_user", args=[cast.acme.pk, cast.ada_user.pk])
    assert "Nobody changes their own access" in client.get(address).content.decode()
    assert client.post(address, {"role": "agent"}).status_code == 409
    assert client.get(reverse("settings_user_remove", args=[cast.acme.pk, cast.ada_user.pk])).status_code == 409


def test_teams_are_made_changed_and_deleted_on_the_pages(cast: Cast) -> None:
    client = browser_of(cast.ada_user)
    listing = reverse("settings_teams", args=[cast.acme.pk])
    assert "No teams yet" in client.get(listing).content.decode()
    new = reverse("settings_team_new", args=[cast.acme.pk])
    body = {"name": "Sales", "description": "The north", "members": [cast.ben_user.pk]}
    assert client.post(new, body)["Location"] == listing
    again = client.post(new, {**body, "name": "sales"})
    assert again.status_code == 422
    assert "name" in again.context["form"].errors
    assert client.post(new, {**body, "name": "Other", "members": [cast.gus_user.pk]}).status_code == 422
    with workspace_scope(cast.acme.pk):
        team = Team.objects.get()
    address = reverse("settings_team", args=[cast.acme.pk, team.pk])
    assert f'value="{cast.ben_user.pk}" selected' in client.get(address).content.decode()
    client.post(address, {"name": "Sales north", "description": "", "members": [cast.max_user.pk]})
    with workspace_scope(cast.acme.pk):
        assert list(Membership.objects.filter(team=team).values_list("user_id", flat=True)) == [cast.max_user.pk]
    client.post(reverse("settings_team_delete", args=[cast.acme.pk, team.pk]))
    assert client.get(address).status_code == 404


def test_a_token_is_shown_once_on_the_page(cast: Cast) -> None:
    client = browser_of(cast.max_user)
    listing = reverse("settings_tokens", args=[cast.acme.pk])
    assert "No tokens yet" in client.get(listing).content.decode()
    new = reverse("settings_token_new", args=[cast.acme.pk])
    assert client.post(new, {"name": "Robot", "expires_in": "90"}).status_code == 422
    shown = client.post(new, {"name": "Robot", "scopes": ["read", "write"], "expires_in": "90"})
    token = str(shown.context["token"])
    assert is_token(token)
    assert f'value="{token}"' in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert token not in client.get(listing).content.decode()
    assert f"…{token[-4:]}" in client.get(listing).content.decode()
    with workspace_scope(cast.acme.pk):
        row = ApiToken.objects.get()
        assert bytes(row.secret_sha256) == digest(token)
        assert row.expires_at is not None
        assert (row.expires_at - row.created_at).days == 90
    revoke = reverse("settings_token_revoke", args=[cast.acme.pk, row.pk])
    assert "Revoke the token Robot?" in client.get(revoke).content.decode()
    assert client.post(revoke)["Location"] == listing
    assert client.get(revoke).status_code == 404


def test_the_members_list_pages_by_key(cast: Cast) -> None:
    client = browser_of(cast.ada_user)
    for number in range(50):
        a_member(cast.acme, email=f"agent{number}@example.com", name=f"Agent {number}")
    first = client.get(reverse("settings_users", args=[cast.acme.pk]))
    assert (first.context["page"].first, first.context["page"].last, first.context["page"].total) == (1, 50, 53)
    second = client.get(first.context["older_url"])
    assert (second.context["page"].first, second.context["page"].last) == (51, 53)
    assert second.context["older_url"] == ""
    back = client.get(second.context["newer_url"])
    assert back.context["page"].first == 1


def test_the_members_list_asks_the_database_as_often_for_twenty_as_for_three(
    cast: Cast, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client = browser_of(cast.ada_user)
    address = reverse("settings_users", args=[cast.acme.pk])
    client.get(address)
    with django_assert_max_num_queries(40) as few:
        client.get(address)
    for number in range(20):
        a_member(cast.acme, email=f"agent{number}@example.com", name=f"Agent {number}")
        with workspace_scope(cast.acme.pk):
            invite_member(actor=cast.ada, email=f"new{number}@example.com", role="agent", at=NOON)
    with django_assert_num_queries(len(few)):
        client.get(address)


def test_an_address_with_a_number_too_large_is_not_found(cast: Cast) -> None:
    client: Client = browser_of(cast.ada_user)
    huge = 2**63
    for path in (f"users/{huge}", f"teams/{huge}", f"tokens/{huge}/revoke", f"users/{huge}/remove"):
        assert client.get(f"/w/{cast.acme.pk}/settings/{path}").status_code == 404
    assert client.get(f"/w/{huge}/settings/general").status_code == 404
