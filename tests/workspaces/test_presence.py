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
from workspaces.models import EventRecord, Presence, PresenceInterval
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
