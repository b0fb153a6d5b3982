"""The heart of a realtime process: one subscription to Valkey, handed on in memory to the lines that may hear it."""

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import redis.asyncio as redis
from django.conf import settings
from django.utils import timezone

from inbox.consumers.lines import AgentLine, Line, VisitorLine
from inbox.consumers.states import LASTS, Doing, States
from inbox.consumers.threads import in_thread
from inbox.queries.realtime import Audience, SignIn, actors_of, audience_of, sign_ins_that_stand
from workspaces.actors import Actor
from workspaces.bells import MOST_IDS, QUIET_AFTER_FAILURE_SECONDS, bell_channel
from workspaces.scope import workspace_scope

logger = logging.getLogger(__name__)

BURST_SECONDS = 0.1  # at most ten words a second to each page
LOOK_SECONDS = 1.0  # a job that writes thousands of rows does not make every page ask ten times a second
CHECK_SECONDS = 2.5
SIGNED_OUT, NOT_MEMBER, ACCESS_CHANGED = 4401, 4403, 4409

Told = dict[str, Any]


@dataclass(slots=True)
class Burst:
    """What came for one workspace since the last time it was handed on. left: contact to those who had it until now."""

    ids: set[int] = field(default_factory=set)
    left: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    upto: int = 0
    is_much: bool = False


class Hub:
    """All lines of this process. Everything runs in one event loop; questions to the database go to threads."""

    def __init__(self) -> None:
        self.agents: dict[int, set[AgentLine]] = defaultdict(set)
        self.visitors: dict[int, set[VisitorLine]] = defaultdict(set)
        self.states = States()
        self._bursts: dict[int, Burst] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._bus: redis.Redis | None = None

    async def start(self) -> None:
        """Begin to listen, to check sign-ins and to end what is not renewed."""
        self._bus = redis.Redis.from_url(
            settings.BELL_URL, socket_connect_timeout=2, socket_timeout=5, health_check_interval=10
        )
        for work in (self._listen(), self._check(), self._expire()):
            self._run(work)

    async def stop(self) -> None:
        """End all of it."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._bus:
            await self._bus.aclose()

    def add(self, line: Line) -> None:
        """Tell this line from now on."""
        if isinstance(line, AgentLine):
            self.agents[line.actor.workspace_id].add(line)
        elif isinstance(line, VisitorLine):
            self.visitors[line.workspace_id].add(line)

    def remove(self, line: Line) -> None:
        """Tell it no more."""
        if isinstance(line, AgentLine):
            _discard(self.agents, line.actor.workspace_id, line)
        elif isinstance(line, VisitorLine):
            _discard(self.visitors, line.workspace_id, line)

    def lines_of(self, sign_in: SignIn) -> int:
        """Count the open pages of a sign-in."""
        return sum(line.sign_in.session_key == sign_in.session_key for lines in self.agents.values() for line in lines)

    async def relay(self, told: Told) -> None:
        """Tell every realtime process what somebody does; without Valkey at least the lines of this one hear it."""
        try:
            if self._bus is None:
                raise ConnectionError
            await asyncio.wait_for(self._bus.publish(bell_channel(), json.dumps(told)), timeout=1)
        except (redis.RedisError, OSError, TimeoutError):
            self.hear(told)

    def hear(self, told: Told) -> None:
        """Take in one publication."""
        workspace_id, kind = int(told["workspace"]), told["kind"]
        if kind in LASTS:
            self._hear_doing(workspace_id, kind, told)
        elif kind == "members":
            for line in self.agents.get(workspace_id, ()):
                line.tell_members({int(one) for one in told["ids"]})
        elif workspace_id in self.agents or workspace_id in self.visitors:
            self._hear_change(workspace_id, told)

    def everybody_looks(self) -> None:
        """Bells may have been missed: each page asks by its own cursor."""
        everybody: list[Line] = [line for lines in self.agents.values() for line in lines]
        everybody += [line for lines in self.visitors.values() for line in lines]
        for line in everybody:
            line.tell_to_look()

    def _hear_change(self, workspace_id: int, told: Told) -> None:
        waits = workspace_id in self._bursts
        burst = self._bursts.setdefault(workspace_id, Burst())
        burst.is_much = burst.is_much or told["kind"] == "much"
        burst.ids.update(int(one) for one in told.get("ids", ()))
        for contact_id, user_id in told.get("left", ()):
            burst.left[int(contact_id)].add(int(user_id))
        burst.upto = max(burst.upto, int(told.get("at", 0)))
        if len(burst.ids) > MOST_IDS:
            self._bursts[workspace_id] = Burst(is_much=True)
        if not waits:
            self._run(self._hand_on(workspace_id))

    async def _hand_on(self, workspace_id: int) -> None:
        """Tell the lines of one workspace, and go on while more comes in."""
        while burst := self._bursts.get(workspace_id):
            if not (burst.ids or burst.is_much):
                del self._bursts[workspace_id]
                return
            self._bursts[workspace_id] = Burst()
            await self._hand_on_burst(workspace_id, burst)
            await asyncio.sleep(LOOK_SECONDS if burst.is_much else BURST_SECONDS)

    async def _hand_on_burst(self, workspace_id: int, burst: Burst) -> None:
        agents = list(self.agents.get(workspace_id, ()))
        audience: Audience | None = None
        if not burst.is_much and any(line.sees_some_only for line in agents):
            audience = await self._audience(workspace_id, burst)
        for line in agents:
            if burst.is_much or (line.sees_some_only and audience is None):
                line.tell_to_look()
            elif audience is not None and line.sees_some_only:
                line.tell_changed(_heard_by(line.actor, burst, audience), upto=burst.upto)
            else:
                line.tell_changed(burst.ids, upto=burst.upto)
        for visitor in self.visitors.get(workspace_id, ()):
            if burst.is_much or visitor.contact_id in burst.ids:
                visitor.tell_to_look()

    async def _audience(self, workspace_id: int, burst: Burst) -> Audience | None:
        left = {user_id for people in burst.left.values() for user_id in people}
        try:
            return await in_thread(_audience_in_scope, workspace_id, burst.ids, left)
        except Exception:  # noqa: BLE001 - the database is away: pages ask by themselves, through their own doors
            logger.warning("not known who may hear: workspace=%s", workspace_id)
            return None

    def _hear_doing(self, workspace_id: int, kind: str, told: Told) -> None:
        place, who = (workspace_id, kind, int(told["contact"])), int(told["user"])
        if told["on"]:
            until = asyncio.get_running_loop().time() + LASTS[kind]
            doing = Doing(name=str(told["name"])[:160], until=until, hidden=bool(told.get("hidden")))
            changed = self.states.begin(place, who, doing)
        else:
            changed = self.states.end(place, who)
        if changed:
            self._run(self._tell_state(place))

    async def _tell_state(self, place: tuple[int, str, int]) -> None:
        workspace_id, kind, contact_id = place
        agents = list(self.agents.get(workspace_id, ()))
        audience: Audience | None = None
        if any(line.sees_some_only for line in agents):
            audience = await self._audience(workspace_id, Burst(ids={contact_id}))
        for line in agents:
            if line.sees_some_only and not (audience and audience.may_see(line.actor, contact_id)):
                continue
            line.tell_state(kind, contact_id, self.states.people(place, but=line.actor.user_id))
        for visitor in self.visitors.get(workspace_id, ()):
            if visitor.contact_id == contact_id and kind == "typing":
                visitor.tell_typing(on=self.states.agent_types(place))

    async def _listen(self) -> None:
        """Keep the subscription. After each gap pages look by themselves, twice: senders stay silent a while longer."""
        pause, first = 0.1, True
        while True:
            try:
                assert self._bus is not None  # noqa: S101 - start() made it
                async with self._bus.pubsub(ignore_subscribe_messages=True) as subscription:
                    await subscription.subscribe(bell_channel())
                    pause = 0.1
                    if not first:
                        self.everybody_looks()
                        asyncio.get_running_loop().call_later(QUIET_AFTER_FAILURE_SECONDS + 1, self.everybody_looks)
                    first = False
                    while True:
                        message = await subscription.get_message(timeout=5)
                        if message:
                            self._hear_safely(message["data"])
            except (redis.RedisError, OSError, TimeoutError):
                logger.warning("bells not heard: Valkey does not answer")
                await asyncio.sleep(pause)
                pause, first = min(2 * pause, 2.0), False

    def _hear_safely(self, data: bytes) -> None:
        try:
            self.hear(json.loads(data))
        except (ValueError, KeyError, TypeError):
            logger.warning("a bell could not be read")

    async def _check(self) -> None:
        """Close the lines whose sign-in ended or whose access is another now."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            lines = [line for lines in self.agents.values() for line in lines]
            if not lines:
                continue
            try:
                standing, actors = await in_thread(_as_it_stands, [(line.sign_in, line.actor) for line in lines])
            except Exception:  # noqa: BLE001 - the database is away, and so nothing changes that could be told
                logger.warning("sign-ins not checked")
                continue
            for line in lines:
                actor = actors.get((line.actor.workspace_id, line.sign_in.user_id))
                if line.sign_in not in standing:
                    line.close(SIGNED_OUT)
                elif actor is None:
                    line.close(NOT_MEMBER)
                elif actor != line.actor:
                    line.close(ACCESS_CHANGED)

    async def _expire(self) -> None:
        while True:
            await asyncio.sleep(1)
            for place in self.states.expire(asyncio.get_running_loop().time()):
                self._run(self._tell_state(place))

    def _run(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _heard_by(actor: Actor, burst: Burst, audience: Audience) -> set[int]:
    """Return what somebody may hear of: their contacts, and those that were theirs until now."""
    seen = {contact_id for contact_id in burst.ids if audience.may_see(actor, contact_id)}
    return seen | {
        contact_id
        for contact_id, people in burst.left.items()
        if any(audience.belongs_to(actor, user_id) for user_id in people)
    }


def _audience_in_scope(workspace_id: int, contact_ids: set[int], left: set[int]) -> Audience:
    with workspace_scope(workspace_id):
        return audience_of(workspace_id, contact_ids, left=left)


def _as_it_stands(known: list[tuple[SignIn, Actor]]) -> tuple[set[SignIn], dict[tuple[int, int], Actor]]:
    standing = sign_ins_that_stand({sign_in for sign_in, _actor in known}, at=timezone.now())
    people: dict[int, set[int]] = defaultdict(set)
    for sign_in, actor in known:
        people[actor.workspace_id].add(sign_in.user_id)
    now: dict[tuple[int, int], Actor] = {}
    for workspace_id, user_ids in people.items():
        with workspace_scope(workspace_id):
            found = actors_of(workspace_id, user_ids)
        now.update({(workspace_id, user_id): actor for user_id, actor in found.items()})
    return standing, now


def _discard(lines: Any, workspace_id: int, line: Line) -> None:
    with contextlib.suppress(KeyError):
        lines[workspace_id].remove(line)
        if not lines[workspace_id]:
            del lines[workspace_id]


hub = Hub()
