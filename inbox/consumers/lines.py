"""A line: what waits to be told to one open page. It never grows: what is told twice is told once, what is much is "look"."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from inbox.queries.realtime import SignIn
from workspaces.actors import Actor

MOST_WAITING = 500
MOST_STATES = 100

Frame = dict[str, Any]


@dataclass(slots=True, eq=False)
class Line:
    """The outgoing side of one socket; everything here runs in the event loop."""

    waiting: set[int] = field(default_factory=set)
    upto: int = 0
    members: set[int] = field(default_factory=set)
    states: dict[tuple[str, int], Frame] = field(default_factory=dict)
    answers: list[Frame] = field(default_factory=list)
    must_look: bool = False
    closing: int = 0
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def tell_changed(self, contact_ids: set[int], *, upto: int) -> None:
        """Say that contacts changed."""
        if contact_ids and not self.must_look:
            self.waiting |= contact_ids
            self.upto = max(self.upto, upto)
            if len(self.waiting) > MOST_WAITING:
                self.tell_to_look()
            self.wake.set()

    def tell_to_look(self) -> None:
        """Say that the page should ask for everything since its own cursor."""
        self.waiting = set()
        self.must_look = True
        self.wake.set()

    def tell_members(self, user_ids: set[int]) -> None:
        """Say that the presence of members changed."""
        if len(self.members) < MOST_WAITING:
            self.members |= user_ids
        self.wake.set()

    def tell_state(self, kind: str, contact_id: int, people: list[Frame]) -> None:
        """Say who is typing in, or looking at, a contact; a later word replaces an earlier one."""
        if len(self.states) < MOST_STATES or (kind, contact_id) in self.states:
            self.states[kind, contact_id] = {"type": kind, "contact": contact_id, "people": people}
            self.wake.set()

    def answer(self, frame: Frame) -> None:
        """Answer a question of the page."""
        if len(self.answers) < MOST_STATES:
            self.answers.append(frame)
        self.wake.set()

    def close(self, code: int) -> None:
        """End the socket, whatever still waits."""
        self.closing = code
        self.wake.set()

    def take(self) -> list[Frame]:
        """Return the frames that wait, and keep none."""
        frames, self.answers = self.answers, []
        if self.must_look:
            frames.append({"type": "catch-up"})
        elif self.waiting:
            frames.append({"type": "changed", "contacts": sorted(self.waiting), "at": self.upto})
        if self.members:
            frames.append({"type": "presence", "members": sorted(self.members)})
        frames.extend(self.states.values())
        self.waiting, self.members, self.states, self.must_look = set(), set(), {}, False
        return frames


@dataclass(slots=True, eq=False)
class AgentLine(Line):
    """A member's open page. viewing, typing: the contacts that it is at now."""

    actor: Actor = field(kw_only=True)
    sign_in: SignIn = field(kw_only=True)
    viewing: int | None = None
    typing: int | None = None

    @property
    def sees_some_only(self) -> bool:
        """Whether it must be asked who sees what."""
        return self.actor.sees_own_contacts_only or self.actor.sees_team_contacts_only


@dataclass(slots=True, eq=False)
class VisitorLine(Line):
    """A visitor's open window. contact_id: None until they have written."""

    workspace_id: int = field(kw_only=True)
    contact_id: int | None = field(kw_only=True)
    sees_typing: bool = False

    def tell_typing(self, *, on: bool) -> None:
        """Say that an agent writes to them, or no more; what they know is not said again."""
        if on != self.sees_typing:
            self.sees_typing = on
            self.answer({"type": "typing", "on": on})
