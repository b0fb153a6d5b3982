"""Who worked in a demo workspace and when: teams are made and dissolved, somebody leaves, and the past keeps them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from workspaces import actions
from workspaces.actions import NewPerson
from workspaces.actors import Actor
from workspaces.models import Membership, User
from workspaces.permissions import Role


@dataclass(frozen=True, slots=True)
class Agent:
    """A person as a member of a team, or of none, for a while."""

    user_id: int
    team_id: int | None
    since: datetime
    until: datetime | None = None

    def is_here(self, at: datetime) -> bool:
        """Whether the person worked there at a moment, and in this team."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Crew:
    """Everybody who ever worked there."""

    agents: tuple[Agent, ...]

    def at(self, moment: datetime) -> list[Agent]:
        """Return who worked there at a moment."""
        return [agent for agent in self.agents if agent.is_here(moment)]

    def find(self, user_id: int | None, moment: datetime) -> Agent | None:
        """Return a person as they were at a moment; None for somebody who had left."""
        return next((agent for agent in self.agents if agent.user_id == user_id and agent.is_here(moment)), None)

    def like(self, agent: Agent, moment: datetime, random: Random) -> Agent:
        """Return the same person at a later moment, or a colleague once they have left."""
        if agent.is_here(moment):
            return agent
        return self.find(agent.user_id, moment) or random.choice(self.at(moment))


@dataclass(frozen=True, slots=True)
class Past:
    """A team that was dissolved, with somebody who left then, and those of today's people (by place) who were in it."""

    team: str
    leaver: tuple[str, str, str, str]  # first name, last name, mailbox, reference
    stayed: tuple[int, ...]
    moved_to: str
    days_ago: int


def hire(
    system: Actor,
    users: Sequence[User],
    roles: Sequence[Role],
    teams: Sequence[tuple[str, tuple[int, ...]]],
    *,
    since: datetime,
) -> dict[str, int]:
    """Make the people members of the workspace, whose owner is the first, and their teams; return the teams' ids by name."""
    for place, (user, role) in list(enumerate(zip(users, roles, strict=True)))[1:]:
        access: dict[str, Any] = {"user_id": user.pk, "role": role.value, "restrictions": (), "team_id": None}
        actions.add_member(actor=system, at=since, **access)
        if place < len(users) - 1:  # the newest has no staff number yet
            actions.change_member(actor=system, reference=f"E-{40 + place:03}", at=since, **access)
    return {
        name: actions.create_team(
            actor=system, name=name, member_ids=[users[place].pk for place in places], at=since
        ).pk
        for name, places in teams
    }


def crew_of(system: Actor, *, since: datetime) -> Crew:
    """Return the members of now as a crew that nobody ever left."""
    members = Membership.objects.in_workspace(system.workspace_id).order_by("user_id")
    return Crew(tuple(Agent(row.user_id, row.team_id, since) for row in members))


def live_through(
    system: Actor,
    past: Past,
    users: Sequence[User],
    teams: dict[str, int],
    *,
    domain: str,
    since: datetime,
    at: datetime,
) -> Crew:
    """Let somebody come and leave, and their team with them; return everybody who ever worked there."""
    first, last, mailbox, reference = past.leaver
    ended = at - timedelta(days=past.days_ago)
    person = NewPerson(first_name=first, last_name=last, password=secrets.token_urlsafe(24))
    leaver = actions.create_person(email=f"{mailbox}@{domain}", person=person, at=since)
    access: dict[str, Any] = {"user_id": leaver.pk, "role": Role.AGENT.value, "restrictions": ()}
    actions.add_member(actor=system, at=since, **access)
    movers = [users[place] for place in past.stayed]
    team = actions.create_team(
        actor=system, name=past.team, member_ids=[leaver.pk, *(user.pk for user in movers)], at=since
    )
    actions.change_member(actor=system, team_id=team.pk, reference=reference, at=since, **access)
    actions.remove_member(actor=system, user_id=leaver.pk, at=ended)
    actions.delete_team(actor=system, team_id=team.pk, at=ended)
    new_home = teams[past.moved_to]
    members = Membership.objects.in_workspace(system.workspace_id)
    agents = [Agent(leaver.pk, team.pk, since, ended)]
    for user in movers:
        role = members.get(user=user).role
        actions.change_member(actor=system, user_id=user.pk, role=role, restrictions=(), team_id=new_home, at=ended)
        agents += [Agent(user.pk, team.pk, since, ended), Agent(user.pk, new_home, ended)]
    moved = {user.pk for user in movers}
    agents += [agent for agent in crew_of(system, since=since).agents if agent.user_id not in moved]
    return Crew(tuple(sorted(agents, key=lambda agent: (agent.user_id, agent.since))))
