"""What people did in a range: every counted event, with who did it, their team then, and what it was done to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace as Row

from tests.exports.oracle import writing
from tests.exports.oracle.asking import Cells
from tests.exports.oracle.stories import Story, is_human
from tests.exports.oracle.world import World

CLASSES = ("handle", "no_reply", "cherry_picking")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One counted event. `fact` is its row; `story` its conversation, where it has one."""

    kind: str  # reply, with_reply, without_reply, handle, no_reply, cherry_picking, tag, topic, survey
    user_id: int
    team_id: int | None
    fact: Row
    story: Story | None = None


def done_in(world: World) -> list[Done]:
    """Return the counted events of people in the range, on chosen channels, with contacts that are seen."""
    return [*_replies(world), *_resolutions(world), *_sessions(world), *_labels(world), *_surveys(world)]


def _replies(world: World) -> Iterable[Done]:
    for message in world.messages():
        if is_human(message):
            yield Done(kind="reply", user_id=message.user_id, team_id=message.team_id, fact=message)


def _resolutions(world: World) -> Iterable[Done]:
    """Yield the latest resolution by a person of each conversation."""
    for story in world.stories.values():
        made = [each for each in story.resolutions if each.user_id is not None and world.asked.covers(each.occurred_at)]
        if made and world.counts(story):
            last = made[-1]
            is_answered = any(each.created_at <= last.occurred_at for each in story.human)
            kind = "with_reply" if is_answered else "without_reply"
            yield Done(kind=kind, user_id=last.user_id, team_id=last.team_id, fact=last, story=story)


def _sessions(world: World) -> Iterable[Done]:
    for lock in world.facts.locks:
        story = world.story_of(lock)
        if lock.ended_at is not None and world.asked.covers(lock.ended_at) and world.counts(story):
            yield Done(kind=lock.outcome, user_id=lock.user_id, team_id=lock.team_id, fact=lock, story=story)


def _labels(world: World) -> Iterable[Done]:
    messages = {message.id: message for message in world.facts.messages}
    for each in world.facts.taggings:
        message = messages.get(each.message_id)  # not there: taken back before it was sent
        if message is None or each.applied_by_id is None or not world.asked.covers(each.applied_at):
            continue
        if world.sees(message.contact_id) and world.asked.allows("channels", message.channel_id):
            yield Done(kind="tag", user_id=each.applied_by_id, team_id=each.applied_team_id, fact=each)
    for each in world.facts.topic_uses:
        if each.applied_by_id is None or not world.asked.covers(each.applied_at):
            continue
        if world.counts(world.story_of(each)):
            yield Done(kind="topic", user_id=each.applied_by_id, team_id=each.applied_team_id, fact=each)


def _surveys(world: World) -> Iterable[Done]:
    for survey in world.facts.surveys:
        if survey.user_id is None or not world.asked.covers(survey.answered_at):
            continue
        if world.counts(world.story_of(survey)):
            yield Done(kind="survey", user_id=survey.user_id, team_id=survey.team_id, fact=survey)


def count(done: list[Done], kind: str) -> str:
    """Write how many events are of a kind."""
    return writing.number(sum(each.kind == kind for each in done))


def contacts_helped(done: list[Done]) -> str:
    """Write how many contacts were written to."""
    return writing.number(len({each.fact.contact_id for each in done if each.kind == "reply"}))


def scores(done: list[Done]) -> Cells:
    """Write how many surveys gave each score."""
    given = [each.fact.score for each in done if each.kind == "survey"]
    return {f"csat_with_score_{score}": writing.number(given.count(score)) for score in range(1, 6)}


def lock_time(done: list[Done], kind: str) -> timedelta:
    """Return the time of the lock sessions of a class."""
    lengths = (each.fact.ended_at - each.fact.started_at for each in done if each.kind == kind)
    return sum(lengths, timedelta(0))


def average_handle_time(done: list[Done]) -> timedelta | None:
    """Return the handle time for each conversation that was handled."""
    handled = {each.fact.conversation_id for each in done if each.kind == "handle"}
    return lock_time(done, "handle") / len(handled) if handled else None
