"""Notifications: who gets one, who may read it, and what becomes of it."""

import pytest

from tests.factories import NOON, Cast, a_member, actor_in, everything_in
from tests.workspaces.news import a_piece_of_news, told
from workspaces.actions import (
    archive_all,
    archive_notification,
    change_member,
    mark_seen,
    notify,
    remove_member,
    unarchive_notification,
)
from workspaces.actors import Actor
from workspaces.errors import NotificationNotFound
from workspaces.models import Notification
from workspaces.queries import MOST_COUNTED, notification, notifications_page, unseen_count
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db


def test_what_is_told_twice_stands_there_once(cast: Cast) -> None:
    first = told(cast.ada, number=1)
    assert first is not None
    again = told(cast.ada, number=1, file_name="other.csv")
    assert again is not None
    assert again.pk == first.pk
    with workspace_scope(cast.acme.pk):
        assert Notification.objects.get().facts["file_name"] == "people.csv"
        assert unseen_count(cast.ada) == 1


def test_only_its_member_reads_it(cast: Cast) -> None:
    row = told(cast.ada)
    assert row is not None
    with workspace_scope(cast.acme.pk):
        assert [found.pk for found in notifications_page(cast.ada, is_archived=None)] == [row.pk]
        assert notifications_page(cast.max, is_archived=None) == []
        assert unseen_count(cast.max) == unseen_count(Actor.system(workspace_id=cast.acme.pk)) == 0
        before = everything_in(cast.acme)
        with pytest.raises(NotificationNotFound):
            notification(cast.max, row.pk)
        for act in (archive_notification, unarchive_notification):
            with pytest.raises(NotificationNotFound):
                act(actor=cast.max, notification_id=row.pk, at=NOON)
        mark_seen(actor=cast.max, notification_ids=[row.pk], at=NOON)
        assert archive_all(actor=cast.max, up_to=row.pk, at=NOON) == 0
        assert everything_in(cast.acme) == before
    with workspace_scope(cast.globex.pk), pytest.raises(NotificationNotFound):
        notification(cast.gus, row.pk)


def test_whoever_may_no_longer_open_the_subject_reads_nothing_of_it(cast: Cast) -> None:
    row = told(cast.max)
    assert row is not None
    with workspace_scope(cast.acme.pk):
        change_member(
            actor=cast.ada,
            user_id=cast.max_user.pk,
            role="manager",
            restrictions=["restrict_space_setting"],
            team_id=None,
            at=NOON,
        )
    restricted = actor_in(cast.acme, cast.max_user)
    with workspace_scope(cast.acme.pk):
        assert notifications_page(restricted, is_archived=None) == []
        assert unseen_count(restricted) == 0
        with pytest.raises(NotificationNotFound):
            archive_notification(actor=restricted, notification_id=row.pk, at=NOON)


def test_leaving_the_workspace_takes_them_away(cast: Cast) -> None:
    told(cast.max)
    told(cast.ada)
    with workspace_scope(cast.acme.pk):
        remove_member(actor=cast.ada, user_id=cast.max_user.pk, at=NOON)
        assert list(Notification.objects.values_list("user_id", flat=True)) == [cast.ada_user.pk]
        system = Actor.system(workspace_id=cast.acme.pk)
        news = a_piece_of_news()
        assert notify(actor=system, user_id=cast.max_user.pk, news=news, by_mail=True, at=NOON) is None
        assert notify(actor=system, user_id=cast.gus_user.pk, news=news, by_mail=True, at=NOON) is None


def test_archived_and_brought_back(cast: Cast) -> None:
    row = told(cast.ada)
    assert row is not None
    with workspace_scope(cast.acme.pk):
        archive_notification(actor=cast.ada, notification_id=row.pk, at=NOON)
        assert notifications_page(cast.ada, is_archived=False) == []
        assert [found.pk for found in notifications_page(cast.ada, is_archived=True)] == [row.pk]
        assert unseen_count(cast.ada) == 0
        unarchive_notification(actor=cast.ada, notification_id=row.pk, at=NOON)
        found = notification(cast.ada, row.pk)
        assert (found.is_archived, found.is_seen) == (False, True)


def test_archiving_all_leaves_what_came_after_the_page_was_drawn(cast: Cast) -> None:
    shown = [told(cast.ada, number=number) for number in range(3)]
    newest = shown[-1]
    assert newest is not None
    late = told(cast.ada, number=3)
    assert late is not None
    with workspace_scope(cast.acme.pk):
        assert archive_all(actor=cast.ada, up_to=newest.pk, at=NOON) == 3
        assert [found.pk for found in notifications_page(cast.ada, is_archived=False)] == [late.pk]
        assert unseen_count(cast.ada) == 1


def test_the_lists_go_on_by_key_and_the_count_stops(cast: Cast) -> None:
    rows = [told(cast.ada, number=number) for number in range(MOST_COUNTED + 2)]
    with workspace_scope(cast.acme.pk):
        newest_first = [row.pk for row in reversed(rows) if row]
        first = notifications_page(cast.ada, is_archived=False, most=10)
        second = notifications_page(cast.ada, is_archived=False, before=first[-1].pk, most=10)
        assert [row.pk for row in first + second] == newest_first[:20]
        assert unseen_count(cast.ada) == MOST_COUNTED


def test_a_new_member_has_none(cast: Cast) -> None:
    told(cast.ada)
    _user, actor = a_member(cast.acme, email="new@example.com", role="owner")
    with workspace_scope(cast.acme.pk):
        assert notifications_page(actor, is_archived=None) == []
