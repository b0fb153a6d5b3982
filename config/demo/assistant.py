"""The demo's virtual agent: a program that took a web chat every other week, and is switched off by now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from config.demo.story import Story
from config.demo.talks import Talk
from inbox.models import Channel, Handover, VirtualAgent
from inbox.settings_events import VirtualAgentChanged
from workspaces.actors import Actor
from workspaces.events import record

SILENT_FOR = timedelta(minutes=10)  # then a program has failed: inbox/actions/virtual_agent_runs.py
RESOLVES, TAGS, PUTS_TOPIC = 0.3, 0.2, 0.4
REASONS = (
    (Handover.Reason.REQUESTED, 79),
    (Handover.Reason.CONTACT_TIMEOUT, 17),
    (Handover.Reason.ERROR, 4),
)
Reason = Handover.Reason


@dataclass(frozen=True, slots=True)
class Manners:
    """What it says in one language, and what a contact says who wants a person."""

    greeting: str
    wish: str
    passing: str


@dataclass(frozen=True, slots=True)
class AssistantPlan:
    """A virtual agent; its talks are those that it can finish by itself."""

    name: str
    manners: dict[str, Manners]
    talks: dict[str, tuple[Talk, ...]]
    days: int
    timeout_minutes: int


@dataclass(frozen=True, slots=True)
class Assistant:
    """A virtual agent and the weeks in which it was on, each from when to when."""

    plan: AssistantPlan
    id: int
    channel_id: int
    weeks: tuple[tuple[datetime, datetime], ...]

    def takes(self, channel_id: int, at: datetime) -> bool:
        """Whether it takes what starts on a channel at a moment."""
        return channel_id == self.channel_id and any(on <= at < off for on, off in self.weeks)


def add_assistant(workspace_id: int, plan: AssistantPlan, channel: Channel, *, at: datetime) -> Assistant:
    """Add the virtual agent, off since yesterday: nothing answers for it on this machine, and nobody shall wait for that."""
    weeks = tuple(
        (at - timedelta(days=days), at - timedelta(days=max(days - 7, 1))) for days in range(plan.days, 1, -14)
    )
    row = VirtualAgent.objects.create(
        workspace_id=workspace_id,
        name=plan.name,
        channel_ids=[channel.pk],
        timeout_minutes=plan.timeout_minutes,
        is_on=False,
        created_at=weeks[0][0],
    )
    system = Actor.system(workspace_id=workspace_id)
    for place, (on, off) in enumerate(weeks):
        switched_on = VirtualAgentChanged(subject_id=row.pk, act="changed", changes={"is_on": [False, True]})
        record(switched_on if place else VirtualAgentChanged(subject_id=row.pk, act="added"), actor=system, at=on)
        switched_off = VirtualAgentChanged(subject_id=row.pk, act="changed", changes={"is_on": [True, False]})
        record(switched_off, actor=system, at=off)
    return Assistant(plan, row.pk, channel.pk, weeks)


def hold(
    assistant: Assistant, story: Story, say: Callable[[str], str], topics: dict[str, int], random: Random
) -> datetime:
    """Let it hold a conversation from its opening until it resolves or hands over; return when that is."""
    story.take(story.opened_at, assistant.id)
    if random.random() < TAGS:
        story.tag_by_program = random.choice(("Urgent", "Urgent", "Complaint", "Praise"))
    if random.random() < RESOLVES:
        story.talk = random.choice(assistant.plan.talks[story.language])
        at = _finish(assistant, story, say, random)
        if random.random() < 0.85:
            story.put_topic(at, topics[story.talk.topic], virtual_agent_id=assistant.id)
        return at
    reason = random.choices([reason for reason, _ in REASONS], [weight for _, weight in REASONS])[0]
    at = _pass_on(assistant, story, say, reason, random)
    if reason == Reason.REQUESTED and random.random() < PUTS_TOPIC:
        story.put_topic(at, topics[story.talk.topic], virtual_agent_id=assistant.id)
    story.hand_over(at, reason)
    return at


def _finish(assistant: Assistant, story: Story, say: Callable[[str], str], random: Random) -> datetime:
    at = story.opened_at
    for line in story.talk.lines:
        if line[0] == "<":
            at += timedelta(seconds=random.uniform(15, 150)) if story.messages else timedelta(0)
            story.hear(at, say(line[1:]), is_held=True)
        else:
            at += timedelta(seconds=random.uniform(2, 8))
            _write(assistant, story, at, say(line[1:]), random)
    story.resolve_by_program(at, summary=say(story.talk.summary))
    return at


def _pass_on(assistant: Assistant, story: Story, say: Callable[[str], str], reason: Reason, random: Random) -> datetime:
    manners = assistant.plan.manners[story.language]
    at = story.opened_at
    story.hear(at, say(story.talk.lines[0][1:]), is_held=True)
    sweep = timedelta(seconds=random.uniform(0.5, 15))
    if reason == Reason.ERROR:
        story.tag_by_program = ""
        return at + SILENT_FOR + sweep
    at += timedelta(seconds=random.uniform(2, 8))
    _write(assistant, story, at, say(manners.greeting), random)
    if reason == Reason.CONTACT_TIMEOUT:
        return at + timedelta(minutes=assistant.plan.timeout_minutes) + sweep
    at += timedelta(seconds=random.uniform(10, 200))
    story.hear(at, say(manners.wish), is_held=True)
    at += timedelta(seconds=random.uniform(2, 6))
    _write(assistant, story, at, say(manners.passing), random)
    return at


def _write(assistant: Assistant, story: Story, at: datetime, words: str, random: Random) -> None:
    status = random.choices(("read", "delivered"), (85, 15))[0]
    story.write(at, words, sender_kind="bot", status=status, sender_id=assistant.id)
