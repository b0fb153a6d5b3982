"""The event log: an event is a frozen dataclass, recorded in the transaction that makes it true."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar

from django.db import connection

from workspaces.actors import Actor
from workspaces.bells import ring_contacts
from workspaces.models import EventRecord
from workspaces.outbox import queue_for_hooks


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to one subject. Fields hold ids and facts; `personal` names those to erase with a person."""

    type: ClassVar[str]
    subject_kind: ClassVar[str]
    version: ClassVar[int] = 1
    personal: ClassVar[frozenset[str]] = frozenset()

    subject_id: int

    @property
    def taken_from(self) -> int | None:
        """The person who may not see the subject any more, because it was theirs."""
        return None


class NoOpenTransaction(RuntimeError):
    """An event was recorded outside the transaction that makes it true."""


def record(event: Event, *, actor: Actor, at: datetime) -> None:
    """Write the event into the log, in the transaction that is open."""
    record_all([event], actor=actor, at=at)


def record_all(events: list[Event], *, actor: Actor, at: datetime) -> None:
    """Write several events of one action with one statement, in their order."""
    if not connection.in_atomic_block:
        raise NoOpenTransaction
    rows = EventRecord.objects.bulk_create(
        [
            EventRecord(
                workspace_id=actor.workspace_id,
                type=event.type,
                version=event.version,
                occurred_at=at,
                actor_kind=actor.kind.value,
                actor_id=actor.id,
                subject_kind=event.subject_kind,
                subject_id=event.subject_id,
                data={field.name: getattr(event, field.name) for field in fields(event) if field.name != "subject_id"},
                request_id=actor.request_id,
            )
            for event in events
        ],
        batch_size=1000,
    )
    queue_for_hooks([(row.pk, row.type) for row in rows], workspace_id=actor.workspace_id, at=at)
    _ring(events, workspace_id=actor.workspace_id, upto=rows[-1].pk if rows else 0)


def _ring(events: list[Event], *, workspace_id: int, upto: int) -> None:
    """Let open pages know of what happened to contacts, without each action having to think of it."""
    about = [event for event in events if event.subject_kind == "contact"]
    if about:
        left = {event.subject_id: event.taken_from for event in about if event.taken_from is not None}
        ring_contacts(workspace_id, {event.subject_id for event in about}, left=left, upto=upto)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceChanged(Event):
    """Settings of the workspace changed; `changes` maps a setting to [old, new]."""

    type: ClassVar[str] = "workspaces.workspace.changed"
    subject_kind: ClassVar[str] = "workspace"
    changes: dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceCreated(Event):
    type: ClassVar[str] = "workspaces.workspace.created"
    subject_kind: ClassVar[str] = "workspace"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberInvited(Event):
    type: ClassVar[str] = "workspaces.member.invited"
    subject_kind: ClassVar[str] = "invitation"
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationResent(Event):
    type = "workspaces.invitation.resent"
    subject_kind = "invitation"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationWithdrawn(Event):
    type: ClassVar[str] = "workspaces.invitation.withdrawn"
    subject_kind: ClassVar[str] = "invitation"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Event):
    type: ClassVar[str] = "workspaces.member.joined"
    subject_kind: ClassVar[str] = "member"
    role: str
    invitation_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChanged(Event):
    type: ClassVar[str] = "workspaces.member.changed"
    subject_kind: ClassVar[str] = "member"
    changes: dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRemoved(Event):
    type: ClassVar[str] = "workspaces.member.removed"
    subject_kind: ClassVar[str] = "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamCreated(Event):
    type: ClassVar[str] = "workspaces.team.created"
    subject_kind: ClassVar[str] = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChanged(Event):
    type: ClassVar[str] = "workspaces.team.changed"
    subject_kind: ClassVar[str] = "team"
    member_ids: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamDeleted(Event):
    type: ClassVar[str] = "workspaces.team.deleted"
    subject_kind: ClassVar[str] = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCreated(Event):
    type: ClassVar[str] = "workspaces.token.created"
    subject_kind: ClassVar[str] = "token"
    scopes: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked(Event):
    type: ClassVar[str] = "workspaces.token.revoked"
    subject_kind: ClassVar[str] = "token"


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayStateCreated(Event):
    type: ClassVar[str] = "workspaces.away_state.created"
    subject_kind: ClassVar[str] = "away_state"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayStateChanged(Event):
    """`changes` maps name or is_on to [old, new]."""

    type: ClassVar[str] = "workspaces.away_state.changed"
    subject_kind: ClassVar[str] = "away_state"
    changes: dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayStateDeleted(Event):
    type: ClassVar[str] = "workspaces.away_state.deleted"
    subject_kind: ClassVar[str] = "away_state"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HookEvent(Event):
    """Something that happened to an outgoing webhook."""

    subject_kind: ClassVar[str] = "hook"


@dataclass(frozen=True, slots=True, kw_only=True)
class HookAdded(HookEvent):
    type: ClassVar[str] = "workspaces.hook.added"
    event_types: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HookChanged(HookEvent):
    """Names of the settings that changed."""

    type: ClassVar[str] = "workspaces.hook.changed"
    changed: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HookKeyRotated(HookEvent):
    type: ClassVar[str] = "workspaces.hook.key_rotated"


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSwitched(HookEvent):
    """Turned on or off; `because` says why it was turned off."""

    type: ClassVar[str] = "workspaces.hook.switched"
    is_on: bool
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HookReplayed(HookEvent):
    type: ClassVar[str] = "workspaces.hook.replayed"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HookDeleted(HookEvent):
    type: ClassVar[str] = "workspaces.hook.deleted"
