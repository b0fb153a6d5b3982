"""Presence: who is here, and the spans of it as exact facts."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from inbox.models import InboxSettings
from tests.factories import NOON, Cast, browser_of
from workspaces.actions import (
    change_away_state,
    choose_presence,
    create_away_state,
    delete_away_state,
    end_quiet_presences,
    go_offline,
    note_activity,
    remove_member,
)
from workspaces.errors import AwayStateNeeded, AwayStateNotFound, NameTaken, PermissionMissing, ValueNotValid
from workspaces.models import EventRecord, Presence, PresenceInterval, User
from workspaces.queries import away_states, own_presence, presence_of_members
from workspaces.scope import workspace_scope

Span = tuple[str, str, float, float | None]


def minutes(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


def spans(user_id: int) -> list[Span]:
    """Return kind, away name, and start and end in minutes after noon."""

    def after_noon(moment: datetime) -> float:
        return (moment - NOON).total_seconds() / 60

    return [
        (row.kind, row.away_name, after_noon(row.started_at), after_noon(row.ended_at) if row.ended_at else None)
        for row in PresenceInterval.objects.filter(user_id=user_id).order_by("pk")
    ]


def test_a_day_of_choices_is_kept_as_spans_without_gaps_or_overlaps(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        note_activity(actor=cast.ben, at=minutes(0))
        note_activity(actor=cast.ben, at=minutes(3))
        choose_presence(actor=cast.ben, choice="busy", away_state_id=None, at=minutes(7))
        choose_presence(actor=cast.ben, choice="busy", away_state_id=None, at=minutes(9))
        choose_presence(actor=cast.ben, choice="online", away_state_id=None, at=minutes(12))
        go_offline(actor=cast.ben, at=minutes(14))
        go_offline(actor=cast.ben, at=minutes(15))
        assert spans(cast.ben_user.pk) == [("AVAILABLE", "", 0, 7), ("AWAY", "", 7, 12), ("AVAILABLE", "", 12, 14)]
        assert presence_of_members(cast.ada)[cast.ben_user.pk].state == "offline"


def test_quiet_ends_a_span_at_the_last_activity_plus_the_time_out_however_late_the_sweep_is(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        note_activity(actor=cast.ben, at=minutes(0))
        note_activity(actor=cast.ben, at=minutes(2))
        note_activity(actor=cast.max, at=minutes(9))
    assert end_quiet_presences(clock=lambda: minutes(6.5)) == 0
    assert end_quiet_presences(clock=lambda: minutes(10)) == 1
    assert end_quiet_presences(clock=lambda: minutes(10)) == 0
    with workspace_scope(cast.acme.pk):
        assert spans(cast.ben_user.pk) == [("AVAILABLE", "", 0, 7)]
        assert spans(cast.max_user.pk) == [("AVAILABLE", "", 9, None)]


def test_activity_after_a_missed_sweep_leaves_the_quiet_time_out(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        choose_presence(actor=cast.ben, choice="busy", away_state_id=None, at=minutes(0))
        note_activity(actor=cast.ben, at=minutes(30))
        assert spans(cast.ben_user.pk) == [("AWAY", "", 0, 5), ("AWAY", "", 30, None)]
        assert presence_of_members(cast.ada)[cast.ben_user.pk].state == "busy"


def test_the_time_out_is_a_setting_of_the_workspace(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        InboxSettings.objects.create(workspace=cast.acme, offline_minutes=20)
        note_activity(actor=cast.ben, at=minutes(0))
    with workspace_scope(cast.globex.pk):
        note_activity(actor=cast.gus, at=minutes(0))
    assert end_quiet_presences(clock=lambda: minutes(19)) == 1
    assert end_quiet_presences(clock=lambda: minutes(25)) == 1
    with workspace_scope(cast.acme.pk):
        assert spans(cast.ben_user.pk) == [("AVAILABLE", "", 0, 20)]
    with workspace_scope(cast.globex.pk):
        assert spans(cast.gus_user.pk) == [("AVAILABLE", "", 0, 5)]


def test_named_states_take_the_place_of_plain_away(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        lunch = create_away_state(actor=cast.ada, name="Lunch", at=NOON)
        with pytest.raises(AwayStateNeeded):
            choose_presence(actor=cast.ben, choice="busy", away_state_id=None, at=minutes(0))
        with pytest.raises(AwayStateNotFound):
            choose_presence(actor=cast.ben, choice="online", away_state_id=lunch.pk, at=minutes(0))
        choose_presence(actor=cast.ben, choice="busy", away_state_id=lunch.pk, at=minutes(0))
        shown = presence_of_members(cast.ada)[cast.ben_user.pk]
        assert (shown.state, shown.away_name) == ("busy", "Lunch")
        change_away_state(actor=cast.ada, away_state_id=lunch.pk, name="Break", at=minutes(1))
        delete_away_state(actor=cast.ada, away_state_id=lunch.pk, at=minutes(2))
        with pytest.raises(AwayStateNotFound):
            choose_presence(actor=cast.max, choice="busy", away_state_id=lunch.pk, at=minutes(3))
        choose_presence(actor=cast.max, choice="busy", away_state_id=None, at=minutes(3))
        assert spans(cast.ben_user.pk) == [("AWAY", "Lunch", 0, None)]
        told = EventRecord.objects.filter(type__startswith="workspaces.away_state").order_by("pk")
        assert [row.type.rpartition(".")[2] for row in told] == ["created", "changed", "deleted"]


def test_a_state_that_is_off_cannot_be_chosen_and_its_name_is_free_once_deleted(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        lunch = create_away_state(actor=cast.ada, name="Lunch", at=NOON)
        with pytest.raises(NameTaken):
            create_away_state(actor=cast.ada, name="lunch", at=NOON)
        change_away_state(actor=cast.ada, away_state_id=lunch.pk, is_on=False, at=NOON)
        with pytest.raises(AwayStateNotFound):
            choose_presence(actor=cast.ben, choice="busy", away_state_id=lunch.pk, at=NOON)
        choose_presence(actor=cast.ben, choice="busy", away_state_id=None, at=NOON)
        delete_away_state(actor=cast.ada, away_state_id=lunch.pk, at=NOON)
        create_away_state(actor=cast.ada, name="lunch", at=NOON)
        assert [state.name for state in away_states(cast.ben)] == ["lunch"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 26])
def test_names_of_away_states_have_one_to_25_characters(cast: Cast, name: str) -> None:
    with workspace_scope(cast.acme.pk):
        with pytest.raises(ValueNotValid):
            create_away_state(actor=cast.ada, name=name, at=NOON)
        create_away_state(actor=cast.ada, name="x" * 25, at=NOON)
        with pytest.raises(PermissionMissing):
            create_away_state(actor=cast.ben, name="Tea", at=NOON)


def test_whoever_leaves_the_workspace_is_gone(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        note_activity(actor=cast.ben, at=minutes(0))
        remove_member(actor=cast.ada, user_id=cast.ben_user.pk, at=minutes(2))
        assert spans(cast.ben_user.pk) == [("AVAILABLE", "", 0, 2)]
        assert cast.ben_user.pk not in presence_of_members(cast.ada)


def test_two_choices_at_the_same_moment_leave_no_empty_span(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        choose_presence(actor=cast.ben, choice="online", away_state_id=None, at=minutes(0))
        choose_presence(actor=cast.ben, choice="busy", away_state_id=None, at=minutes(0))
        assert spans(cast.ben_user.pk) == [("AWAY", "", 0, None)]
        assert Presence.objects.count() == 1


def test_a_page_request_is_activity_and_log_out_is_the_end_of_presence(cast: Cast) -> None:
    browser = browser_of(cast.ben_user)
    browser.get(reverse("workspace_home", args=[cast.acme.pk]))
    with workspace_scope(cast.acme.pk):
        assert presence_of_members(cast.ada)[cast.ben_user.pk].state == "online"
    browser.post(reverse("account_logout"))
    with workspace_scope(cast.acme.pk):
        assert presence_of_members(cast.ada)[cast.ben_user.pk].state == "offline"
        assert PresenceInterval.objects.get().ended_at is not None


def test_the_account_menu_chooses_presence_with_and_without_scripts(cast: Cast) -> None:
    browser, address = browser_of(cast.ben_user), reverse("presence", args=[cast.acme.pk])
    answer = browser.post(address, {"presence": "busy", "next": "/w/1/home"})
    assert (answer.status_code, answer["Location"]) == (302, "/w/1/home")
    answer = browser.post(address, {"presence": "online", "next": "https://evil.example/"})
    assert answer["Location"] == reverse("workspace_home", args=[cast.acme.pk])
    answer = browser.post(address, {"presence": "busy"}, headers={"HX-Request": "true"})
    assert b'hx-swap-oob="outerHTML:[data-own-presence]"' in answer.content
    for wrong in ("", "gone", "busy:x", "busy:0", "busy:99999999999999999999", "online:1"):
        assert browser.post(address, {"presence": wrong}).status_code == 404, wrong
    with workspace_scope(cast.acme.pk):
        mine = own_presence(cast.ben)
        assert mine is not None
        assert mine.state == "busy"


def test_away_states_are_kept_on_a_page_of_the_settings(cast: Cast) -> None:
    browser, page = browser_of(cast.ada_user), reverse("settings_away_states", args=[cast.acme.pk])
    assert "No away states yet" in browser.get(page).content.decode()
    new = reverse("settings_away_state_new", args=[cast.acme.pk])
    assert browser.post(new, {"name": "Lunch"}).status_code == 302
    assert "already in use" in browser.post(new, {"name": "LUNCH"}).content.decode()
    assert browser.post(new, {"name": "x" * 26}).status_code == 422
    with workspace_scope(cast.acme.pk):
        state = away_states(cast.ada)[0]
    parts = [cast.acme.pk, state.pk]
    assert "Lunch" in browser.get(reverse("settings_away_state_edit", args=parts)).content.decode()
    assert browser.post(reverse("settings_away_state_edit", args=parts), {"name": "Break"}).status_code == 302
    assert browser.post(reverse("settings_away_state_switch", args=parts), {"is_on": "0"}).status_code == 302
    assert "Break" in browser.get(page).content.decode()
    with workspace_scope(cast.acme.pk):
        assert away_states(cast.ada, only_on=True) == []
    assert (
        "Delete the away state Break" in browser.get(reverse("settings_away_state_delete", args=parts)).content.decode()
    )
    assert browser.post(reverse("settings_away_state_delete", args=parts)).status_code == 302
    assert browser_of(cast.ben_user).get(page).status_code == 403


def test_many_quiet_people_of_one_workspace_do_not_hide_those_of_another(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        people = [User(email=f"quiet{number}@example.com", created_at=NOON) for number in range(501)]
        User.objects.bulk_create(people)
        rows = [
            Presence(workspace_id=cast.acme.pk, user_id=person.pk, is_offline=False, active_at=minutes(0))
            for person in people
        ]
        Presence.objects.bulk_create(rows)
        InboxSettings.objects.create(workspace=cast.acme, offline_minutes=600)
    with workspace_scope(cast.globex.pk):
        note_activity(actor=cast.gus, at=minutes(1))
    assert end_quiet_presences(clock=lambda: minutes(15)) == 1
    with workspace_scope(cast.globex.pk):
        assert Presence.objects.get(user=cast.gus_user).is_offline
