"""Work of a day in Acme, as the files of agents, teams, topics and tags count it: each step through an action where there is one."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contacts.identifiers import Identifier
from inbox import actions
from inbox.models import Channel, Message, MessageTag, Status, StatusChange, Survey, Topic
from tests.exports.reading import rows_of
from tests.factories import Cast, actor_in
from tests.inbox.steps import a_channel, later, latest
from workspaces.actions import create_team
from workspaces.actors import Actor
from workspaces.models import PresenceInterval, Team
from workspaces.scope import enter_workspace

DAY = timedelta(hours=12)


@dataclass(slots=True)
class Day:
    """Acme on one day: Ben of Support and Max of Sales at work on two channels."""

    ada: Actor
    ben: Actor
    max: Actor
    support: Team
    sales: Team
    channel: Channel
    other_channel: Channel

    def rows(self, dataset: str, *, actor: Actor | None = None, **asked: Any) -> list[dict[str, str]]:
        """Return a file of twelve hours from noon on, read at their end."""
        asked = {"range_from": later(), "range_to": later() + DAY, "export_at": later() + DAY, **asked}
        return rows_of(dataset, actor or self.ada, **asked)


def a_day(cast: Cast) -> Day:
    """Enter Acme and make its teams and channels."""
    enter_workspace(cast.acme.pk)
    ben_id, max_id = cast.ben_user.pk, cast.max_user.pk
    support = create_team(actor=cast.ada, name="Support", member_ids=[ben_id], at=later(-60))
    sales = create_team(actor=cast.ada, name="Sales", member_ids=[max_id], at=later(-30))
    return Day(
        ada=cast.ada,
        ben=actor_in(cast.acme, cast.ben_user),
        max=actor_in(cast.acme, cast.max_user),
        support=support,
        sales=sales,
        channel=a_channel(cast.ada, name="Shop line", account="+34910000001"),
        other_channel=a_channel(cast.ada, name="Night line", account="night", kind="twilio"),
    )


def held(actor: Actor, message: Message, *, at: datetime) -> None:
    """Begin a work session."""
    actions.take_lock(actor=actor, conversation_id=latest(message).pk, at=at)


def left(actor: Actor, message: Message, *, at: datetime) -> None:
    """End a work session without resolving."""
    assert actions.release_lock(actor=actor, conversation_id=latest(message).pk, at=at)


def closed(actor: Actor, message: Message, *, at: datetime, source: str = "user") -> StatusChange:
    """Resolve a thread, and return the resolution."""
    actions.close_conversation(actor=actor, contact=Identifier.of(message.contact_id), source=source, at=at)
    return StatusChange.objects.in_workspace(actor.workspace_id).latest("pk")


def opened_again(actor: Actor, message: Message, *, at: datetime) -> None:
    """Put a resolved thread back to new."""
    actions.set_conversation_status(actor=actor, contact=Identifier.of(message.contact_id), status=Status.NEW, at=at)


def answered_survey(resolution: StatusChange, *, score: int, at: datetime) -> Survey:
    """Write the survey of a resolution, answered."""
    return Survey.objects.create(
        workspace_id=resolution.workspace_id,
        conversation_id=resolution.conversation_id,
        contact_id=resolution.contact_id,
        status_change_id=resolution.pk,
        user_id=resolution.user_id,
        team_id=resolution.team_id,
        token_sha256=secrets.token_bytes(32),
        sent_at=resolution.occurred_at,
        expires_at=resolution.occurred_at + timedelta(days=3),
        answered_at=at,
        score=score,
    )


def a_topic(actor: Actor, name: str = "Shipping") -> Topic:
    """Make a topic."""
    return actions.add_topic(actor=actor, name=name, at=later())


def a_message_tag(actor: Actor, name: str = "Complaint") -> MessageTag:
    """Make a tag for messages."""
    return actions.add_message_tag(actor=actor, name=name, at=later())


def put_topic(actor: Actor, message: Message, topic: Topic, *, at: datetime, **facts: Any) -> None:
    """Put a topic on a message's thread."""
    actions.put_topics(actor=actor, conversation_id=latest(message).pk, topic_ids=[topic.pk], at=at, **facts)


def present(actor: Actor, start: datetime, end: datetime | None, *, kind: str = "AVAILABLE", name: str = "") -> None:
    """Write a span of presence."""
    PresenceInterval.objects.create(
        workspace_id=actor.workspace_id,
        user_id=actor.user_id or 0,
        team_id=actor.team_id,
        kind=kind,
        away_name=name,
        started_at=start,
        ended_at=end,
    )
