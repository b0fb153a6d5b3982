"""The notification centre, and the count in the frame of every page."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import Cast, browser_of
from tests.workspaces.news import told
from workspaces.models import Membership, Notification, User
from workspaces.scope import workspace_scope
from workspaces.web.views import notifications as views

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast: Cast) -> Client:
    return browser_of(cast.ada_user)


def where(cast: Cast, path: str = "") -> str:
    return f"/w/{cast.acme.pk}/notifications{path}"


def words_of(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_list_says_it_in_words_and_then_it_is_seen(cast: Cast, ada: Client) -> None:
    row = told(cast.ada)
    assert row is not None
    page = words_of(ada.get(where(cast)))
    for words in (
        "people.csv is imported",
        "17,124",
        "Archive 1 notification",
        "tone-good unseen",
        where(cast, f"/{row.pk}"),
    ):
        assert words in page
    again = words_of(ada.get(where(cast)))
    assert "people.csv is imported" in again
    assert "tone-good unseen" not in again


def test_each_kind_has_its_words(cast: Cast, ada: Client) -> None:
    told(cast.ada, kind="imports.failed")
    told(cast.ada, kind="imports.expired")
    page = words_of(ada.get(where(cast)))
    for words in ("The import of people.csv failed", "is gone. Upload it again", "The import of people.csv expired"):
        assert words in page
    User.objects.filter(pk=cast.ada_user.pk).update(language="es")
    assert "La importación de people.csv falló" in words_of(ada.get(where(cast)))


def test_the_lists_are_empty_with_words(cast: Cast, ada: Client) -> None:
    assert "Nothing new" in words_of(ada.get(where(cast)))
    assert "Nothing archived" in words_of(ada.get(where(cast, "?tab=archived")))
    assert "No notifications yet" in words_of(ada.get(where(cast, "?tab=all")))
    assert "No older notifications" in words_of(ada.get(where(cast, "?before=1")))
    assert "Nothing new" in words_of(ada.get(where(cast, "?tab=nonsense&before=-1")))


def test_archived_brought_back_and_all_at_once(cast: Cast, ada: Client) -> None:
    first, second = told(cast.ada, number=1, file_name="one.csv"), told(cast.ada, number=2, file_name="two.csv")
    assert first is not None
    assert second is not None
    assert ada.post(where(cast, f"/{first.pk}/archive"))["Location"] == where(cast)
    assert "one.csv" not in words_of(ada.get(where(cast)))
    archived = words_of(ada.get(where(cast, "?tab=archived")))
    assert "one.csv" in archived
    assert "two.csv" not in archived
    both = words_of(ada.get(where(cast, "?tab=all")))
    assert "one.csv" in both
    assert "two.csv" in both
    answer = ada.post(where(cast, f"/{first.pk}/unarchive"), {"tab": "archived"})
    assert answer["Location"] == where(cast, "?tab=archived")
    answer = ada.post(where(cast, "/archive"), {"up_to": str(second.pk)}, follow=True)
    assert "2 notifications archived" in words_of(answer)
    assert "Nothing new" in words_of(answer)


def test_pages_go_on_by_key(cast: Cast, ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "NOTIFICATIONS_ON_A_PAGE", 2)
    rows = [told(cast.ada, number=number, file_name=f"file{number}.csv") for number in range(3)]
    page = words_of(ada.get(where(cast)))
    assert ("Archive all" in page, "file0.csv" in page) == (True, False)
    second = rows[1]
    assert second is not None
    assert f"?before={second.pk}" in page
    older = words_of(ada.get(where(cast, f"?before={second.pk}")))
    assert ("file0.csv" in older, "Newest notifications" in older, "Archive all" in older) == (True, True, False)


def test_a_notification_leads_to_its_subject_and_is_seen(cast: Cast, ada: Client) -> None:
    row = told(cast.ada, number=77)
    assert row is not None
    answer = ada.get(where(cast, f"/{row.pk}"))
    assert (answer.status_code, answer["Location"]) == (302, f"/w/{cast.acme.pk}/settings/imports/77")
    with workspace_scope(cast.acme.pk):
        assert Notification.objects.get().is_seen
    for user in (cast.max_user, cast.ben_user, cast.gus_user):
        assert browser_of(user).get(where(cast, f"/{row.pk}")).status_code == 404
    assert ada.get(where(cast, f"/{2**70}")).status_code == 404


def test_every_page_shows_the_count_and_asks_for_it_again(cast: Cast, ada: Client) -> None:
    told(cast.ada, number=1)
    told(cast.ada, number=2)
    page = words_of(ada.get(f"/w/{cast.acme.pk}/contacts"))
    for part in ('id="unseen-side">2<', 'id="unseen-foot">2<', 'hx-trigger="every 30s"', 'data-key="g n"', "Alerts"):
        assert part in page
    assert 'id="unseen-side" hidden' in words_of(browser_of(cast.max_user).get(f"/w/{cast.acme.pk}/contacts"))
    fragment = words_of(ada.get(where(cast, "/count"), headers={"HX-Request": "true"}))
    assert fragment.count('hx-swap-oob="true"') == fragment.count(">2<") == 2
    assert len(fragment) < 600


@pytest.mark.django_db(transaction=True)
def test_the_count_stands_on_pages_without_a_scope_too(cast: Cast, ada: Client) -> None:
    told(cast.ada)
    ada.get(f"/w/{cast.acme.pk}/contacts")
    assert 'id="unseen-side">1<' in words_of(ada.get("/account/profile"))
    assert 'id="unseen-side">1<' in words_of(ada.get(f"/w/{cast.acme.pk}/settings/imports/new"))


def test_asking_for_the_count_is_no_visit(cast: Cast) -> None:
    client = browser_of(cast.ben_user)
    client.get(where(cast, "/count"), headers={"X-Poll": "1"})
    with workspace_scope(cast.acme.pk):
        assert Membership.objects.get(user=cast.ben_user).last_seen_at is None
    assert {"seen_at", "visit", "workspace_id"} & set(client.session.keys()) == set()
    client.get(where(cast))
    assert {"seen_at", "visit", "workspace_id"} <= set(client.session.keys())


def test_the_profile_has_the_switch_for_mail(cast: Cast, ada: Client) -> None:
    assert "Mail about imports" in words_of(ada.get("/account/profile"))
    body = {"first_name": "Ada", "last_name": "", "language": "followed", "theme": "followed"}
    ada.post("/account/profile", body)
    assert not User.objects.get(pk=cast.ada_user.pk).import_mail_on
    ada.post("/account/profile", {**body, "import_mail_on": "on"})
    assert User.objects.get(pk=cast.ada_user.pk).import_mail_on
