"""Half a year of conversations: who wrote when, who answered, held and closed; every fact with the moment that makes it true.

Only facts are made up here. The figures of each conversation are computed from them by the same function that proves them.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from config.demo.rows import row_of
from config.demo.talks import COMMENTS, DAYS, Talk
from contacts.models import Contact
from inbox.models import Assignment, Comment, LockSession, Message, StartEvent, Status, StatusChange

HISTORY = timedelta(days=182)
MORE_TO_SAY = 0.74
OPENS, SHUTS = time(9), time(19)


@dataclass(frozen=True, slots=True)
class Agent:
    user_id: int
    team_id: int | None


@dataclass(frozen=True, slots=True)
class Ground:
    """What a workspace's demo conversations hang on. links: a contact's ways, each (channel id, link id)."""

    workspace_id: int
    zone: ZoneInfo
    agents: tuple[Agent, ...]
    talks: dict[str, tuple[Talk, ...]]
    links: dict[int, list[tuple[int, int]]]
    until: datetime


@dataclass(slots=True)
class Story:
    """One conversation with its facts, before it has an id."""

    contact: Contact
    talk: Talk
    channel_id: int
    link_id: int
    opened_at: datetime
    language: str
    status: str = Status.NEW
    assignee_id: int | None = None
    messages: list[Message] = field(default_factory=list)
    changes: list[StatusChange] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    locks: list[LockSession] = field(default_factory=list)
    starts: list[StartEvent] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)

    @property
    def ends_at(self) -> datetime:
        """The last thing that happened in it."""
        return max(self.messages[-1].created_at, self.changes[-1].occurred_at)


class Teller:
    """Tells the stories of one workspace."""

    def __init__(self, ground: Ground, random: Random) -> None:
        self.ground = ground
        self.random = random

    def stories_of(self, contact: Contact, *, count: int) -> list[Story]:
        """Return a contact's conversations in their order; the next one begins after the one before has ended."""
        span = self.ground.until - max(contact.created_at, self.ground.until - HISTORY)
        moments = sorted(self.ground.until - span * self.random.random() ** 1.15 for _ in range(count))
        stories: list[Story] = []
        assignee = contact.assignee_id
        for moment in moments:
            begins = self._awake(moment)
            if stories and (stories[-1].status != Status.RESOLVED or begins <= stories[-1].ends_at):
                continue
            if begins >= self.ground.until - timedelta(seconds=30):
                continue
            story = self._story(contact, begins, assignee)
            assignee = story.assignee_id
            stories.append(story)
        return stories

    def _story(self, contact: Contact, begins: datetime, assignee: int | None) -> Story:
        random = self.random
        language = contact.language if contact.language in self.ground.talks else "en"
        channel_id, link_id = random.choice(self.ground.links[contact.pk])
        talk = random.choice(self.ground.talks[language])
        story = Story(contact, talk, channel_id, link_id, begins, language, assignee_id=assignee)
        agent = next((one for one in self.ground.agents if one.user_id == assignee), random.choice(self.ground.agents))
        if random.random() < 0.12:
            agent = random.choice(self.ground.agents)  # a colleague helps out
        self._change(story, begins, old="", new=Status.NEW, cause="opened", source="contact")
        at = begins
        day = random.choice(DAYS[language])
        lines = talk.lines
        if random.random() < MORE_TO_SAY:  # and while they are at it, there is something else
            lines += random.choice(self.ground.talks[language]).lines
        for place, line in enumerate(lines):
            words = line[1:].format(
                day=day, order=f"MB-{random.randrange(20100, 20999)}", first=contact.first_name or ""
            )
            if line[0] == "<":
                at += timedelta(0) if place == 0 else self._pause(1, 45)
                if at >= self.ground.until:
                    return story
                self._heard(story, at, words)
            else:
                soon = timedelta(seconds=random.uniform(20, 90))
                previous = lines[place - 1][0]
                said = at + soon if previous == ">" else self._at_work(at + self._pause(1.5, 40))
                if said >= self.ground.until:
                    return story
                self._said(story, agent, said, words)
                at = said
        self._end(story, agent, at)
        return story

    def _end(self, story: Story, agent: Agent, at: datetime) -> None:
        random = self.random
        if random.random() < 0.12:
            noted = at + timedelta(minutes=random.uniform(1, 20))
            if noted < self.ground.until:
                story.comments.append(self._comment(story, agent, noted))
        closed = self._at_work(at + self._pause(5, 300))
        if closed >= self.ground.until or (self.ground.until - closed < timedelta(days=2) and random.random() < 0.35):
            return
        if random.random() < 0.6:
            self._lock(
                story, agent, closed - timedelta(seconds=random.uniform(8, 90)), closed, has_reply=False, closes=True
            )
        day = random.choice(DAYS[story.language])
        self._change(
            story,
            closed,
            old=story.status,
            new=Status.RESOLVED,
            cause="set",
            source="user",
            agent=agent,
            in_bulk=random.random() < 0.05,
            category=story.talk.category,
            summary=story.talk.summary.format(day=day),
        )

    def _heard(self, story: Story, at: datetime, words: str) -> None:
        if story.status != Status.NEW:
            self._change(story, at, old=story.status, new=Status.NEW, cause="message", source="contact")
        story.messages.append(self._message(story, at, words, agent=None))
        story.starts.append(
            row_of(
                StartEvent, workspace_id=self.ground.workspace_id, kind=StartEvent.Kind.INBOUND_MESSAGE, occurred_at=at
            )
        )

    def _said(self, story: Story, agent: Agent, at: datetime, words: str) -> None:
        random = self.random
        began = max(at - timedelta(seconds=random.uniform(15, 240)), story.messages[-1].created_at)
        if random.random() < 0.08:  # somebody else had a look first
            other = random.choice(self.ground.agents)
            looked = began - timedelta(seconds=random.uniform(10, 60))
            if other.user_id != agent.user_id and looked > story.messages[-1].created_at:
                self._lock(story, other, looked, began, has_reply=False)
        self._lock(story, agent, began, at + timedelta(seconds=random.uniform(2, 15)), has_reply=True)
        story.messages.append(self._message(story, at, words, agent=agent))
        if story.status == Status.NEW:
            self._change(story, at, old=story.status, new=Status.PENDING, cause="reply", source="user", agent=agent)
        if story.assignee_id is None:
            story.assignments.append(
                row_of(
                    Assignment,
                    workspace_id=self.ground.workspace_id,
                    contact_id=story.contact.pk,
                    new_user_id=agent.user_id,
                    new_team_id=agent.team_id,
                    by_user_id=agent.user_id,
                    source="user",
                    occurred_at=at,
                )
            )
            story.assignee_id = agent.user_id

    def _message(self, story: Story, at: datetime, words: str, *, agent: Agent | None) -> Message:
        ours = agent is not None
        return row_of(
            Message,
            workspace_id=self.ground.workspace_id,
            contact_id=story.contact.pk,
            channel_id=story.channel_id,
            contact_channel_id=story.link_id,
            direction="outgoing" if ours else "incoming",
            sender_kind="user" if ours else "contact",
            user_id=agent.user_id if agent else None,
            team_id=agent.team_id if agent else None,
            text=words,
            status=self.random.choices(("read", "delivered", "sent", "failed"), (70, 20, 9, 1))[0]
            if ours
            else "received",
            created_at=at,
            provider_at=at,
        )

    def _change(
        self,
        story: Story,
        at: datetime,
        *,
        old: str,
        new: str,
        cause: str,
        source: str,
        agent: Agent | None = None,
        **note: object,
    ) -> None:
        story.status = new
        story.changes.append(
            row_of(
                StatusChange,
                workspace_id=self.ground.workspace_id,
                contact_id=story.contact.pk,
                old=old,
                new=new,
                cause=cause,
                source=source,
                user_id=agent.user_id if agent else None,
                team_id=agent.team_id if agent else None,
                assignee_id=story.assignee_id,
                occurred_at=at,
                **note,
            )
        )

    def _lock(
        self, story: Story, agent: Agent, began: datetime, ended: datetime, *, has_reply: bool, closes: bool = False
    ) -> None:
        kinds, endings = LockSession.Outcome, LockSession.Ending
        story.locks.append(
            row_of(
                LockSession,
                workspace_id=self.ground.workspace_id,
                contact_id=story.contact.pk,
                user_id=agent.user_id,
                team_id=agent.team_id,
                channel_id=story.channel_id,
                started_at=began,
                seen_at=ended,
                has_reply=has_reply,
                ended_at=ended,
                ending=endings.STATUS if closes else endings.LEFT,
                outcome=kinds.HANDLE if has_reply else kinds.NO_REPLY if closes else kinds.CHERRY_PICKING,
            )
        )

    def _comment(self, story: Story, agent: Agent, at: datetime) -> Comment:
        words = self.random.choice(COMMENTS)
        mentioned = self.random.choice(self.ground.agents).user_id
        asks = "%d" in words
        return row_of(
            Comment,
            workspace_id=self.ground.workspace_id,
            contact_id=story.contact.pk,
            author_id=agent.user_id,
            source="user",
            text=words % mentioned if asks else words,
            mentions=[mentioned] if asks else [],
            created_at=at,
        )

    def _pause(self, least: float, usual: float) -> timedelta:
        """Most people are quick, and some take half a day: minutes, at least `least`, around `usual`."""
        return timedelta(minutes=min(max(least, usual * self.random.lognormvariate(-0.9, 1.1)), 60 * 14))

    def _at_work(self, at: datetime) -> datetime:
        """Move a moment into the hours in which somebody answers: 9 to 19, Saturdays until 14, no Sundays."""
        local = at.astimezone(self.ground.zone)
        for _ in range(8):
            shuts = time(14) if local.weekday() == 5 else SHUTS
            if local.weekday() < 6 and OPENS <= local.time() < shuts:
                return local.astimezone(at.tzinfo)
            days = 0 if local.weekday() < 6 and local.time() < OPENS else 1
            minutes = self.random.uniform(0, 50)
            local = (local + timedelta(days=days)).replace(hour=OPENS.hour, minute=0) + timedelta(minutes=minutes)
        return at

    def _awake(self, at: datetime) -> datetime:
        """Move a moment into the hours in which people write: few do at night."""
        local = at.astimezone(self.ground.zone)
        if local.hour < 7 and self.random.random() < 0.9:
            local += timedelta(hours=self.random.uniform(7, 15) - local.hour)
        return min(local.astimezone(at.tzinfo), self.ground.until)
