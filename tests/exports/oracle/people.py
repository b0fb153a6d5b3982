"""Teams, agents and their presence."""

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace as Row

from tests.exports.oracle import writing
from tests.exports.oracle.asking import Cells
from tests.exports.oracle.work import (
    CLASSES,
    Done,
    average_handle_time,
    contacts_helped,
    count,
    done_in,
    lock_time,
    scores,
)
from tests.exports.oracle.world import World

MICROSECOND = timedelta(microseconds=1)


def teams(world: World) -> list[Cells]:
    """One row per team whose people wrote in the range."""
    done = done_in(world)
    writers = {each.team_id for each in done if each.kind == "reply" and each.team_id is not None}
    found = [world.facts.teams[team_id] for team_id in writers if world.asked.allows("teams", team_id)]
    found.sort(key=lambda team: (team.name, team.id))
    return [_team(world, team, [each for each in done if each.team_id == team.id]) for team in found]


def _team(world: World, team: Row, done: list[Done]) -> Cells:
    first_responses, resolutions = [], []
    for story in world.stories.values():
        if not world.counts(story):
            continue
        reply, first = story.first_human_reply, story.first_resolution
        if reply is not None and reply.team_id == team.id and world.asked.covers(reply.created_at):
            first_responses.append(story.first_response_time)
        is_theirs = first is not None and first.user_id is not None and first.team_id == team.id
        if first is not None and is_theirs and world.asked.covers(first.occurred_at):
            resolutions.append(story.resolution_time)
    return {
        "created_at": world.write.moment(team.created_at),
        "team_id": writing.number(team.id),
        "team_name": world.write.text(team.name),
        "resolves_with_reply": count(done, "with_reply"),
        "resolves_without_reply": count(done, "without_reply"),
        "average_first_response_time": writing.seconds(writing.mean(first_responses)),
        "average_resolution_time": writing.seconds(writing.mean(resolutions)),
        **{f"total_{kind}_time": writing.seconds(lock_time(done, kind)) for kind in CLASSES},
        "average_handle_time": writing.seconds(average_handle_time(done)),
        "contacts_helped": contacts_helped(done),
        **scores(done),
        "tags_added": count(done, "tag"),
        "topics_added": count(done, "topic"),
        "replies": count(done, "reply"),
    }


def agents(world: World) -> list[Cells]:
    """One row per person who was there or did something that counts."""
    asked = world.asked
    done = [each for each in done_in(world) if asked.allows("teams", each.team_id)]
    presences = _presences(world)
    found = {each.user_id for each in presences} | {each.user_id for each in done}
    there = {user_id for user_id in found if asked.allows("agents", user_id)}
    return [
        _agent(
            world,
            user_id,
            done=[each for each in done if each.user_id == user_id],
            presences=[each for each in presences if each.user_id == user_id],
        )
        for user_id in sorted(there, key=lambda user_id: (world.name_of(user_id), user_id))
    ]


def _agent(world: World, user_id: int, *, done: list[Done], presences: list[Row]) -> Cells:
    write, email = world.write, world.facts.users[user_id].email
    available = _time(world, presences, "AVAILABLE")
    worked = sum((lock_time(done, kind) for kind in CLASSES), timedelta(0))
    return {
        "user_id": writing.number(user_id),
        "user_name": write.text(world.name_of(user_id)),
        "user_email_address": write.text(email),
        "user_reference": write.text(world.reference_of(user_id)),
        "available_time": writing.seconds(available),
        "away_time": writing.seconds(_time(world, presences, "AWAY")),
        "contacts_helped": contacts_helped(done),
        "average_handle_time": writing.seconds(average_handle_time(done)),
        **{f"{kind}_time": writing.seconds(lock_time(done, kind)) for kind in CLASSES},
        "replies": count(done, "reply"),
        "resolves_with_reply": count(done, "with_reply"),
        "resolves_no_reply": count(done, "without_reply"),
        "tags_added": count(done, "tag"),
        "topics_added": count(done, "topic"),
        "utilization": _share(worked, available),
        **scores(done),
    }


def _share(worked: timedelta, available: timedelta) -> str:
    """Write work as a share of the time somebody was there, 100 at most."""
    if not available:
        return ""
    share = Decimal(worked // MICROSECOND) * 100 / Decimal(available // MICROSECOND)
    return writing.two_decimals(min(share, Decimal(100)))


def _presences(world: World) -> list[Row]:
    asked = world.asked
    return [
        each
        for each in world.facts.presences
        if each.started_at < asked.range_to
        and (_end(world, each) > asked.range_from or each.started_at >= asked.range_from)
        and asked.allows("agents", each.user_id)
        and asked.allows("teams", each.team_id)
    ]


def _end(world: World, presence: Row) -> datetime:
    """Return when a presence ended; a running one ends with the reading."""
    ended_at: datetime = presence.ended_at or world.asked.export_at
    return ended_at


def _time(world: World, presences: list[Row], kind: str) -> timedelta:
    """Return the time in one state, each span cut to the range."""
    total = timedelta(0)
    for each in presences:
        if each.kind == kind:
            start = max(each.started_at, world.asked.range_from)
            total += max(min(_end(world, each), world.asked.range_to) - start, timedelta(0))
    return total


def agent_presence(world: World) -> list[Cells]:
    """One row per presence that shares a moment with the range, whole."""
    write, users = world.write, world.facts.users
    found = sorted(_presences(world), key=lambda each: (each.user_id, each.started_at))
    return [
        {
            "user_id": writing.number(each.user_id),
            "user_name": write.text(world.name_of(each.user_id)),
            "user_email_address": write.text(users[each.user_id].email),
            "presence_type": each.kind,
            "away_status": write.text(each.away_name),
            "from_at": write.moment(each.started_at),
            "to_at": write.moment(each.ended_at),
            "duration": writing.seconds(_end(world, each) - each.started_at),
        }
        for each in found
    ]
