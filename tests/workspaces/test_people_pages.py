import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.factories import NOON, PASSWORD, Cast, a_member, a_person, a_workspace, browser_of
from workspaces.actions import add_member, create_team, invite_member
from workspaces.actors import Actor
from workspaces.models import Membership, User
from workspaces.scope import workspace_scope


@pytest.fixture
def link(cast: Cast, django_capture_on_commit_callbacks: Any) -> Any:
    """Invite somebody to Acme and return the path in their mail."""

    def call(email: str) -> str:
        with django_capture_on_commit_callbacks(execute=True), workspace_scope(cast.acme.pk):
            invite_member(actor=cast.ada, email=email, role="agent", at=timezone.now())
        found = re.search(r"/invitation/\S+", str(mail.outbox[-1].body))
        assert found
        return found[0]

    return call


def test_home_sends_everybody_to_their_place(cast: Cast) -> None:
    assert Client().get("/")["Location"] == "/account/login"
    assert browser_of(cast.ada_user).get("/")["Location"] == f"/w/{cast.acme.pk}/inbox"
    assert browser_of(cast.max_user).get("/")["Location"] == f"/w/{cast.acme.pk}/inbox"
    assert browser_of(cast.ben_user).get("/")["Location"] == f"/w/{cast.acme.pk}/inbox"
    lone = browser_of(a_person("lone@example.com")).get("/")
    assert (lone.status_code, "No workspace yet" in lone.content.decode()) == (200, True)


def test_home_remembers_the_workspace_that_was_used_last(cast: Cast) -> None:
    second = a_workspace("Zebra", owner=cast.ada_user)
    client = browser_of(cast.ada_user)
    assert client.get("/")["Location"] == f"/w/{cast.acme.pk}/inbox"
    client.get(f"/w/{second.pk}/settings/general")
    assert client.get("/")["Location"] == f"/w/{second.pk}/inbox"
    page = client.get("/account/workspaces").content.decode()
    assert page.index("Acme") < page.index("Zebra")
    with workspace_scope(second.pk):
        system = Actor.system(workspace_id=second.pk)
        add_member(actor=system, user_id=cast.gus_user.pk, role="owner", at=NOON)
        Membership.objects.filter(user=cast.ada_user).delete()
    assert client.get("/")["Location"] == f"/w/{cast.acme.pk}/inbox"


def test_a_visit_is_noted_for_the_users_page(cast: Cast) -> None:
    browser_of(cast.ben_user).get(f"/w/{cast.acme.pk}/inbox")
    with workspace_scope(cast.acme.pk):
        assert Membership.objects.get(user=cast.ben_user).last_seen_at is not None
        assert Membership.objects.get(user=cast.max_user).last_seen_at is None


def test_an_agents_home_says_where_they_are(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        team = create_team(actor=cast.ada, name="Support", at=NOON)
    user, _actor = a_member(
        cast.acme, email="noa@example.com", name="Noa Paz", restrictions=("show_only_mine",), team_id=team.pk
    )
    page = browser_of(user).get(f"/w/{cast.acme.pk}/home").content.decode()
    for words in ("Hello, Noa", "Agent", "Support", "Sees only contacts assigned to them", "Ada Ferrer", "Max Marín"):
        assert words in page
    assert browser_of(cast.gus_user).get(f"/w/{cast.acme.pk}/inbox").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/account/profile", "/account/security", "/account/workspaces", "/account/password", "/account/two-factor/on"],
)
def test_own_pages_ask_for_a_log_in(cast: Cast, path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/account/login")


def test_a_profile_is_saved(cast: Cast) -> None:
    client = browser_of(cast.ben_user)
    assert client.get("/account/profile").status_code == 200
    body = {"first_name": " Benito ", "last_name": "Tanaka", "language": "es", "theme": "dark"}
    assert client.post("/account/profile", body)["Location"] == "/account/profile"
    user = User.objects.get(pk=cast.ben_user.pk)
    assert (user.name, user.language, user.theme, user.shortcuts_on) == ("Benito Tanaka", "es", "dark", False)
    page = client.get("/account/profile")
    assert page["Content-Language"] == "es"
    assert 'data-theme="dark"' in page.content.decode()
    assert client.post("/account/profile", {**body, "language": "xx"}).status_code == 422
    client.post("/account/profile", {**body, "language": "followed", "theme": "followed", "shortcuts_on": "on"})
    user.refresh_from_db()
    assert (user.language, user.theme, user.shortcuts_on) == ("", "", True)
    assert client.post("/account/profile", {**body, "first_name": ""}).status_code == 422


def test_the_appearance_is_changed_from_any_page(cast: Cast) -> None:
    client = browser_of(cast.ben_user)
    answer = client.post("/account/appearance", {"theme": "dark", "next": "/account/profile"})
    assert answer["Location"] == "/account/profile"
    assert client.post("/account/appearance", {"theme": "light", "next": "https://evil.example/"})["Location"] == "/"
    assert User.objects.get(pk=cast.ben_user.pk).theme == "light"
    client.post("/account/appearance", {"theme": "system"})
    client.post("/account/appearance", {"language": "es"}, headers={"HX-Request": "true"})
    user = User.objects.get(pk=cast.ben_user.pk)
    assert (user.theme, user.language) == ("", "es")
    assert client.post("/account/appearance", {"theme": "purple"}).status_code == 400
    assert client.get("/account/appearance").status_code == 405


def test_a_new_person_joins_by_the_link_and_is_logged_in(cast: Cast, link: Any) -> None:
    client = Client()
    answer = client.get(link("nia@example.com"))
    assert (answer["Location"], answer["Referrer-Policy"]) == ("/invitation", "no-referrer")
    page = client.get("/invitation").content.decode()
    assert "Join Acme" in page
    assert "Ada Ferrer" in page
    weak = client.post("/invitation", {"first_name": "Nia", "password": "password"})
    assert weak.status_code == 422
    assert "password" in weak.context["form"].errors
    joined = client.post("/invitation", {"first_name": "Nia", "last_name": "Sol", "password": PASSWORD})
    assert joined["Location"] == "/"
    assert client.get("/")["Location"] == f"/w/{cast.acme.pk}/inbox"
    assert client.get("/invitation").status_code == 410


def test_somebody_with_an_account_logs_in_and_joins(cast: Cast, link: Any) -> None:
    client = Client()
    client.get(link("gus@example.com"))
    asked = client.get("/invitation")
    assert asked["Location"] == "/account/login?next=/invitation"
    client.post(asked["Location"], {"login": "gus@example.com", "password": PASSWORD})
    assert "Join Acme" in client.get("/invitation").content.decode()
    client.post("/invitation")
    assert client.get("/")["Location"] == f"/w/{cast.acme.pk}/inbox"
    with workspace_scope(cast.acme.pk):
        assert Membership.objects.get(user=cast.gus_user).role == "agent"


def test_somebody_else_cannot_use_the_link(cast: Cast, link: Any) -> None:
    client = browser_of(cast.gus_user)
    client.get(link("nia@example.com"))
    assert "You are logged in as gus@example.com." in client.get("/invitation").content.decode()
    assert client.post("/invitation").status_code == 403
    with workspace_scope(cast.acme.pk):
        assert not Membership.objects.filter(user=cast.gus_user).exists()


def test_a_link_that_nobody_sent_is_answered_gone(cast: Cast) -> None:
    page = Client().get("/invitation/" + "x" * 43)
    assert page.status_code == 410
    assert "Ask for a new one." in page.content.decode()
    assert Client().get("/invitation").status_code == 410
