"""Half a year of conversations: who wrote when, who answered, held and closed; every fact with the moment that makes it true.

Only facts are made up here. The figures of each conversation are computed from them by the same function that proves them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from config.demo import assistant as programs
from config.demo.assistant import Assistant
from config.demo.promotion import Promotion
from config.demo.satisfaction import SurveyPlan, ask
from config.demo.staff import Agent, Crew
from config.demo.story import Story
from config.demo.talks import COMMENTS, DAYS, Talk
from contacts.models import Contact
from inbox.models import Status

HISTORY = timedelta(days=182)
MORE_TO_SAY = 0.74
DISPATCHED, TAKES_OVER, RELEASED = 0.6, 0.25, 0.3
OPENS, SHUTS = time(9), time(19)
STATUSES = ("read", "delivered", "sent", "failed")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a workspace's demo conversations hang on. links: a contact's ways, each (channel id, link id)."""

    workspace_id: int
    zone: ZoneInfo
    crew: Crew
    talks: dict[str, tuple[Talk, ...]]
    links: dict[int, list[tuple[int, int]]]
    until: datetime
    topics: dict[str, int] = field(default_factory=dict)  # name → id
    never_fails: frozenset[int] = frozenset()  # channels of our own: what is sent there arrives
    assistant: Assistant | None = None
    promotion: Promotion | None = None
    surveys: SurveyPlan | None = None


class Teller:
    """Tells the stories of one workspace."""

    def __init__(self, ground: Ground, random: Random) -> None:
        self.ground = ground
        self.random = random

    def stories_of(self, contact: Contact, *, count: int) -> list[Story]:
        """Return a contact's conversations in their order; the next one begins after the one before has ended."""
        ground = self.ground
        span = ground.until - max(contact.created_at, ground.until - HISTORY)
        moments = [ground.until - span * self.random.random() ** 1.15 for _ in range(count)]
        promoted = None
        if ground.promotion is not None:
            promoted = ground.promotion.moment_for(contact.created_at, ground.links[contact.pk], self.random)
        stories: list[Story] = []
        assignee = contact.assignee_id
        moments += [promoted] if promoted is not None else []
        for moment in sorted(moments):
            is_promoted = moment is promoted
            begins = moment if is_promoted else self._awake(moment)
            if stories and (stories[-1].status != Status.RESOLVED or begins <= stories[-1].ends_at):
                continue
            if begins >= ground.until - timedelta(seconds=30):
                continue
            if stories:
                assignee = self._still_there(stories[-1], begins)
            if ground.promotion is not None and is_promoted:
                story = self._promoted(ground.promotion, contact, begins, assignee)
            else:
                story = self._story(contact, begins, assignee)
            assignee = story.assignee_id
            stories.append(story)
        if stories:
            self._still_there(stories[-1], ground.until)
        return stories

    def _still_there(self, story: Story, moment: datetime) -> int | None:
        """Return whose the contact is after a conversation; somebody who left has passed their contacts on to nobody."""
        crew = self.ground.crew
        if story.status == Status.RESOLVED and story.assignee_id and not crew.find(story.assignee_id, moment):
            left = max(agent.until for agent in crew.agents if agent.user_id == story.assignee_id and agent.until)
            at = max(left + timedelta(minutes=20), story.ends_at)
            if at < moment:
                story.assign(at, to=None, by=crew.at(at)[0])
        return story.assignee_id

    def _begin(
        self, contact: Contact, begins: datetime, assignee: int | None, link: tuple[int, int], source: str = "contact"
    ) -> Story:
        language = contact.language if contact.language in self.ground.talks else "en"
        talk = self.random.choice(self.ground.talks[language])
        return Story(
            self.ground.workspace_id, contact, talk, *link, begins, language, assignee_id=assignee, source=source
        )

    def _story(self, contact: Contact, begins: datetime, assignee: int | None) -> Story:
        random, assistant = self.random, self.ground.assistant
        story = self._begin(contact, begins, assignee, random.choice(self.ground.links[contact.pk]))
        say = self._saying(story)
        at, start = begins, 0
        if assistant is not None and assistant.takes(story.channel_id, begins):
            at = programs.hold(assistant, story, say, self.ground.topics, random)
            start = 1
            if story.status == Status.RESOLVED:
                self._ask(story)
                return story
        lines = story.talk.lines
        if random.random() < MORE_TO_SAY:  # and while they are at it, there is something else
            lines += random.choice(self.ground.talks[story.language]).lines
        self._converse(story, lines, at, start, say)
        return story

    def _promoted(self, promotion: Promotion, contact: Contact, begins: datetime, assignee: int | None) -> Story:
        link = next(link for link in self.ground.links[contact.pk] if link[0] == promotion.channel_id)
        story = self._begin(contact, begins, assignee, link, source="api")
        say = self._saying(story)
        if not promotion.send(story, say(promotion.plan.words[story.language]), self.random):
            promotion.close(story, self.random)
            return story
        story.talk = self.random.choice(promotion.plan.talks[story.language])
        self._converse(story, story.talk.lines, begins, 0, say)
        return story

    def _saying(self, story: Story) -> Callable[[str], str]:
        day, first = self.random.choice(DAYS[story.language]), story.contact.first_name or ""
        order = f"MB-{self.random.randrange(20100, 20999)}"

        def say(words: str) -> str:
            named = words if first else words.replace(", {first}", "").replace(" {first}", "")
            return named.format(day=day, order=order, first=first)

        return say

    def _converse(
        self, story: Story, lines: tuple[str, ...], at: datetime, start: int, say: Callable[[str], str]
    ) -> None:
        """Let contact and team say the lines from `start` on, and the team close it in the end."""
        random, crew = self.random, self.ground.crew
        agent = crew.find(story.assignee_id, at)
        if agent is None or random.random() < 0.12:
            agent = random.choice(crew.at(at))  # a colleague helps out
        for place in range(start, len(lines)):
            line = lines[place]
            if line[0] == "<":
                at += self._pause(1, 45) if story.messages else timedelta(0)
                if at >= self.ground.until:
                    return
                story.hear(at, say(line[1:]))
            else:
                soon = timedelta(seconds=random.uniform(20, 90))
                said = at + soon if lines[place - 1][0] == ">" else self._at_work(at + self._pause(1.5, 40))
                if said >= self.ground.until:
                    return
                agent = crew.like(agent, said, random)
                self._dispatch(story, agent, at, said)
                self._said(story, agent, said, say(line[1:]))
                at = said
        self._end(story, agent, at, say)

    def _dispatch(self, story: Story, agent: Agent, asked: datetime, said: datetime) -> None:
        """Let somebody give a contact of nobody's to whoever answers, a while before they do."""
        crew, random = self.ground.crew, self.random
        if crew.find(story.assignee_id, said) is None and random.random() < DISPATCHED:
            at = said - min((said - asked) * 0.8, timedelta(minutes=random.uniform(1, 40)))
            story.assign(at, to=agent, by=random.choice(crew.at(at)[:2]))

    def _end(self, story: Story, agent: Agent, at: datetime, say: Callable[[str], str]) -> None:
        random, crew = self.random, self.ground.crew
        if random.random() < 0.12:
            noted = at + timedelta(minutes=random.uniform(1, 20))
            if noted < self.ground.until:
                self._note(story, crew.like(agent, noted, random), noted)
        closed = self._at_work(at + self._pause(5, 300))
        if closed >= self.ground.until or (self.ground.until - closed < timedelta(days=2) and random.random() < 0.35):
            return
        agent = crew.like(agent, closed, random)
        if random.random() < 0.6:
            story.lock(agent, closed - timedelta(seconds=random.uniform(8, 90)), closed, closes=True)
        if random.random() < 0.05:
            self._put_wrong_topic(story, agent, at, closed)
        story.put_topic(closed, self.ground.topics[story.talk.topic], agent=agent)
        story.change(
            closed,
            Status.RESOLVED,
            cause="set",
            source="user",
            agent=agent,
            in_bulk=random.random() < 0.05,
            category=story.talk.category,
            summary=say(story.talk.summary),
        )
        self._ask(story)
        released = closed + timedelta(seconds=random.uniform(2, 20))
        if random.random() < RELEASED and released < self.ground.until:
            story.assign(released, to=None, by=agent)

    def _put_wrong_topic(self, story: Story, agent: Agent, at: datetime, taken_off_at: datetime) -> None:
        topics = self.ground.topics
        others = set(topics.values()) - {topics[story.talk.topic], *(row.topic_id for row in story.topics)}
        story.put_topic(at, self.random.choice(sorted(others)), agent=agent)
        story.topics[-1].removed_at = taken_off_at

    def _ask(self, story: Story) -> None:
        if self.ground.surveys is not None:
            ask(self.ground.surveys, story, until=self.ground.until, random=self.random)

    def _said(self, story: Story, agent: Agent, at: datetime, words: str) -> None:
        random = self.random
        free = story.ends_at
        began = max(at - timedelta(seconds=random.uniform(15, 240)), free)
        if random.random() < 0.08:  # somebody else had a look first
            other = random.choice(self.ground.crew.at(at))
            looked = began - timedelta(seconds=random.uniform(10, 60))
            if other.user_id != agent.user_id and looked > free:
                story.lock(other, looked, began)
        story.lock(agent, began, at + timedelta(seconds=random.uniform(2, 15)), has_reply=True)
        fails = 0 if story.channel_id in self.ground.never_fails else 1
        story.reply(at, words, agent=agent, status=random.choices(STATUSES, (70, 20, 9, fails))[0])
        is_theirs = story.assignee_id == agent.user_id
        if not is_theirs and (random.random() < TAKES_OVER or not self.ground.crew.find(story.assignee_id, at)):
            story.assign(at, to=agent, by=agent)

    def _note(self, story: Story, agent: Agent, at: datetime) -> None:
        words = self.random.choice(COMMENTS)
        mentioned = self.random.choice(self.ground.crew.at(at)).user_id
        if "%d" in words:
            story.comment(at, words % mentioned, agent=agent, mentions=[mentioned])
        else:
            story.comment(at, words, agent=agent, mentions=[])

    def _pause(self, least: float, usual: float) -> timedelta:
        """Most people are quick, and some take half a day: minutes, at least `least`, around `usual`."""
        random = self.random
        return timedelta(
            minutes=min(max(least * random.uniform(0.8, 2), usual * random.lognormvariate(-0.9, 1.1)), 60 * 14)
        )

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
