"""The demo's broadcast: one message to some hundred contacts, some of whom answer; the rest is closed in bulk or by time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from config.demo.staff import Agent
from config.demo.story import Story
from config.demo.talks import Talk
from inbox.models import Broadcast, Channel, Status

ANSWERS, CLOSED_IN_BULK = 0.14, 0.7
STATUSES = (("read", 63), ("delivered", 27), ("sent", 10))
FAILS_EVERY = 40
QUIET_FOR = timedelta(days=30)  # the inbox's own default for conversations in which nothing happens


@dataclass(frozen=True, slots=True)
class PromotionPlan:
    """What is sent by language, how long ago, to which part of those who were there, and what is said afterwards."""

    name: str
    days: int
    share: float
    words: dict[str, str]
    talks: dict[str, tuple[Talk, ...]]


@dataclass(frozen=True, slots=True)
class Promotion:
    """A broadcast that was sent on a channel; whoever made it closed in bulk what nobody answered."""

    plan: PromotionPlan
    id: int
    channel_id: int
    at: datetime
    closed_at: datetime
    closer: Agent
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def moment_for(self, known_since: datetime, links: list[tuple[int, int]], random: Random) -> datetime | None:
        """Return when a contact gets it, if at all."""
        is_there = known_since < self.at and any(channel_id == self.channel_id for channel_id, _ in links)
        if not is_there or random.random() >= self.plan.share:
            return None
        return self.at + timedelta(seconds=random.uniform(0, 240))

    def send(self, story: Story, words: str, random: Random) -> bool:
        """Send it, which opens the conversation; return whether the contact answers."""
        status = random.choices([status for status, _ in STATUSES], [weight for _, weight in STATUSES])[0]
        if next(self.numbers) % FAILS_EVERY == 0:
            status = "failed"
        story.write(story.opened_at, words, sender_kind="broadcast", status=status, sender_id=self.id)
        return status != "failed" and random.random() < ANSWERS

    def close(self, story: Story, random: Random) -> None:
        """Close a conversation that nobody answered: by whoever sent it, a list at a time, or by the passing of time."""
        if story.assignee_id is None or random.random() < CLOSED_IN_BULK:
            story.change(self.closed_at, Status.RESOLVED, cause="set", source="user", agent=self.closer, in_bulk=True)
            return
        at = story.opened_at + QUIET_FOR + timedelta(seconds=random.uniform(0, 15))
        story.change(at, Status.RESOLVED, cause="quiet", source="auto_close")


def add_promotion(workspace_id: int, plan: PromotionPlan, channel: Channel, maker: Agent, at: datetime) -> Promotion:
    """Add the broadcast; `at` is when it was sent."""
    row = Broadcast.objects.create(
        workspace_id=workspace_id, name=plan.name, created_by_id=maker.user_id, created_at=at - timedelta(minutes=2)
    )
    return Promotion(plan, row.pk, channel.pk, at, at + timedelta(days=1, hours=22, minutes=37), maker)
