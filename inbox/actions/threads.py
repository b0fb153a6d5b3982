"""How a thread changes: the steps that several actions share.

A `Thread` is a contact and its latest conversation, both locked by the caller. Each step writes its fact rows, keeps the
figures, and collects its event; `save` writes the two rows and the events once, at the end of the action.
"""

from dataclasses import dataclass, field
from datetime import datetime

from contacts.events import AssigneeChanged
from contacts.models import Contact
from inbox.actions.holding import end_run
from inbox.errors import NoConversationOpen
from inbox.events import (
    ConversationAssigned,
    ConversationClosed,
    ConversationOpened,
    LockEnded,
    SnoozeEnded,
    StatusSet,
)
from inbox.models import (
    Assignment,
    Conversation,
    LockSession,
    Response,
    StartEvent,
    Status,
    StatusChange,
    VirtualAgentRun,
)
from inbox.queries.behaviour import team_of
from workspaces.actors import Actor
from workspaces.events import Event, record_all

# What a contact's row keeps of its thread, for the contact list and the public API.
KEPT_ON_CONTACT = ("is_open", "snoozed_until", "last_interaction_at", "assignee_id", "updated_at", "version")


@dataclass(slots=True)
class Thread:
    """A contact with its latest conversation, in the middle of an action."""

    actor: Actor
    contact: Contact
    conversation: Conversation | None
    at: datetime
    events: list[Event] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether the latest conversation is open."""
        return self.conversation is not None and self.conversation.status != Status.RESOLVED

    @property
    def open_one(self) -> Conversation:
        """The open conversation; raises NoConversationOpen."""
        if self.conversation is None or self.conversation.status == Status.RESOLVED:
            raise NoConversationOpen(contact_id=self.contact.pk)
        return self.conversation

    def tell(self, event: Event) -> None:
        """Keep an event until the thread is saved."""
        self.events.append(event)

    def save(self) -> None:
        """Write contact, conversation and events."""
        conversation = self.conversation
        if conversation is not None:
            conversation.updated_at = self.at
            conversation.version += 1
            conversation.save()
            if conversation.is_latest:  # topics and marks may be put on an older one
                self.contact.is_open = conversation.status != Status.RESOLVED
                self.contact.snoozed_until = conversation.snoozed_until
        self.contact.updated_at = self.at
        self.contact.version += 1
        self.contact.save(update_fields=KEPT_ON_CONTACT)
        record_all(self.events, actor=self.actor, at=self.at)
        self.events = []


def open_new(thread: Thread, *, source: str, channel_id: int | None, by_id: int | None) -> Conversation:
    """Begin a conversation in status new; the assignee kept by the contact stays with it."""
    if thread.conversation is not None:
        Conversation.objects.in_workspace(thread.contact.workspace_id).filter(pk=thread.conversation.pk).update(
            is_latest=False, snoozed_until=None
        )
    conversation = Conversation.objects.create(
        workspace_id=thread.contact.workspace_id,
        contact_id=thread.contact.pk,
        is_returning=thread.conversation is not None,
        language=thread.contact.language,
        opened_at=thread.at,
        opened_by_source=source,
        opened_by_id=by_id,
        opened_channel_id=channel_id,
        channel_id=channel_id,
        last_channel_id=channel_id,
        status_changed_at=thread.at,
        status_changed_by_id=by_id,
        status_changed_team_id=team_of(thread.actor, by_id),
        assignee_id=thread.contact.assignee_id,
        last_activity_at=thread.at,
        updated_at=thread.at,
        changed_at=thread.at,
    )
    thread.conversation = conversation
    _status_row(thread, old="", new=Status.NEW, cause="opened", source=source, user_id=by_id)
    thread.tell(ConversationOpened(subject_id=thread.contact.pk, conversation_id=conversation.pk, source=source))
    return conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A change of status: where to, why, by whom, and the closing note where it closes."""

    to: Status
    cause: str
    source: str
    user_id: int | None = None
    virtual_agent_id: int | None = None
    in_bulk: bool = False
    category: str = ""
    summary: str = ""


def move(thread: Thread, change: Move) -> None:
    """Change the status of the latest conversation; a status it has already changes nothing."""
    conversation = thread.conversation
    if conversation is None or conversation.status == change.to:
        return
    old = conversation.status
    team_id = team_of(thread.actor, change.user_id)
    conversation.status = change.to
    conversation.status_changed_at = thread.at
    conversation.status_changed_by_id = change.user_id
    conversation.status_changed_team_id = team_id
    if change.to != Status.NEW:
        conversation.settled_by_id, conversation.settled_team_id = change.user_id, team_id
    changed(thread)
    _status_row(
        thread,
        old=old,
        new=change.to,
        cause=change.cause,
        source=change.source,
        user_id=change.user_id,
        team_id=team_id,
        note=change,
    )
    if change.to == Status.RESOLVED:
        _resolve(thread, conversation, change, team_id)
        return
    if old == Status.RESOLVED:
        conversation.closed_at = None
        conversation.closed_by_id = conversation.closed_by_team_id = conversation.closed_assignee_id = None
        conversation.closed_by_source = conversation.closed_category = conversation.closed_summary = ""
        thread.tell(
            ConversationOpened(
                subject_id=thread.contact.pk, conversation_id=conversation.pk, source=change.source, is_again=True
            )
        )
    else:
        thread.tell(
            StatusSet(
                subject_id=thread.contact.pk,
                conversation_id=conversation.pk,
                old=old,
                new=change.to,
                cause=change.cause,
            )
        )
    if change.cause == "set":
        end_run(conversation, ending=VirtualAgentRun.Ending.TAKEN, at=thread.at)
        end_lock(thread, conversation.pk, ending=LockSession.Ending.STATUS)
        if change.to == Status.NEW and change.user_id is not None:
            start(thread, StartEvent.Kind.SET_TO_NEW)


def _resolve(thread: Thread, conversation: Conversation, change: Move, team_id: int | None) -> None:
    conversation.closed_at = thread.at
    conversation.closed_by_id = change.user_id
    conversation.closed_by_team_id = team_id
    conversation.closed_by_source = change.source
    conversation.closed_category = change.category
    conversation.closed_summary = change.summary
    conversation.closed_assignee_id = conversation.assignee_id
    if conversation.first_resolved_at is None:
        conversation.first_resolved_at = thread.at
        conversation.first_resolved_by_id = change.user_id
        conversation.first_resolved_team_id = team_id
        conversation.first_resolved_source = change.source
        conversation.first_resolved_in_bulk = change.in_bulk
        conversation.first_resolved_category = change.category
        conversation.first_resolved_summary = change.summary
    conversation.waiting_since = None  # a response answers only what came after the previous resolution
    conversation.waiting_for = ""
    conversation.unread_count = 0
    end_run(
        conversation,
        ending=VirtualAgentRun.Ending.RESOLVED if change.virtual_agent_id else VirtualAgentRun.Ending.TAKEN,
        at=thread.at,
    )
    end_snooze(thread, by="closing")
    end_lock(thread, conversation.pk, ending=LockSession.Ending.STATUS, is_resolving=True)
    thread.tell(
        ConversationClosed(
            subject_id=thread.contact.pk,
            conversation_id=conversation.pk,
            source=change.source,
            category=change.category,
            summary=change.summary,
            in_bulk=change.in_bulk,
            virtual_agent_id=change.virtual_agent_id,
        )
    )


def start(thread: Thread, kind: StartEvent.Kind, *, message_id: int | None = None) -> None:
    """Note something that a person's next message answers; only the earliest one counts until then."""
    conversation = thread.open_one
    StartEvent.objects.create(
        workspace_id=thread.contact.workspace_id,
        conversation_id=conversation.pk,
        kind=kind,
        message_id=message_id,
        occurred_at=thread.at,
    )
    if conversation.waiting_since is None:
        conversation.waiting_since = thread.at
        conversation.waiting_for = kind


def changed(thread: Thread, *, at: datetime | None = None) -> None:
    """Note that the conversation changed in what files tell of it; locks, marks and languages are no such change."""
    if thread.conversation is not None:
        thread.conversation.changed_at = max(thread.conversation.changed_at, at or thread.at)


def note_handover(thread: Thread) -> None:
    """Note a hand-over to the people's queue when it comes between the contact's first message and a person's first reply."""
    conversation = thread.conversation
    if conversation is None or conversation.first_incoming_at is None or conversation.first_handover_at is not None:
        return
    if conversation.first_human_reply_at is None:
        conversation.first_handover_at = thread.at


def end_snooze(thread: Thread, *, by: str) -> None:
    """End a snooze that runs. by: time, message, person or closing."""
    conversation = thread.conversation
    if conversation is None or conversation.snoozed_until is None:
        return
    conversation.snoozed_until = None
    conversation.snooze_note = ""
    thread.tell(SnoozeEnded(subject_id=thread.contact.pk, conversation_id=conversation.pk, by=by))


def put_assignee(thread: Thread, user_id: int | None, *, source: str) -> bool:
    """Assign the contact, and with it the conversation, to a person or to nobody; False when nothing changes."""
    contact, conversation = thread.contact, thread.conversation
    old = contact.assignee_id
    if old == user_id:
        return False
    is_open = thread.is_open
    Assignment.objects.create(
        workspace_id=contact.workspace_id,
        contact_id=contact.pk,
        conversation_id=conversation.pk if conversation is not None and is_open else None,
        old_user_id=old,
        new_user_id=user_id,
        new_team_id=team_of(thread.actor, user_id),
        by_user_id=thread.actor.user_id,
        source=source,
        occurred_at=thread.at,
    )
    contact.assignee_id = user_id
    if conversation is not None:
        conversation.assignee_id = user_id
        if is_open:
            changed(thread)
            conversation.assignment_count += 1
            if user_id is not None:
                if conversation.first_assigned_at is None:
                    conversation.first_assigned_at = thread.at
                    conversation.first_assignee_id = user_id
                conversation.last_assigned_at = thread.at
                conversation.last_assignee_id = user_id
                conversation.response_after_assignment_at = _response_just_now(thread, conversation)
    thread.tell(AssigneeChanged(subject_id=contact.pk, old=old, new=user_id, source=source))
    if conversation is not None and is_open:
        thread.tell(
            ConversationAssigned(
                subject_id=contact.pk, conversation_id=conversation.pk, old=old, new=user_id, source=source
            )
        )
    return True


def _response_just_now(thread: Thread, conversation: Conversation) -> datetime | None:
    """Return the action's moment when a response has it too: the reply that assigned the contact."""
    if conversation.last_message_at != thread.at:  # saves a query: nobody writes and assigns in one act but by replying
        return None
    responses = Response.objects.in_workspace(conversation.workspace_id)
    return thread.at if responses.filter(conversation_id=conversation.pk, to_at=thread.at).exists() else None


def end_lock(
    thread: Thread, conversation_id: int, *, ending: LockSession.Ending, is_resolving: bool = False
) -> LockSession | None:
    """End the running lock of the conversation at this moment and put its time into its class."""
    running = (
        LockSession.objects.in_workspace(thread.contact.workspace_id)
        .select_for_update()
        .filter(conversation_id=conversation_id, ended_at=None)
        .first()
    )
    if running is None:
        return None
    at = max(thread.at, running.started_at)
    close_session(running, ending=ending, at=at, is_resolving=is_resolving)
    if thread.conversation is not None and thread.conversation.pk == conversation_id:
        add_session(thread.conversation, running)
    thread.tell(
        LockEnded(
            subject_id=thread.contact.pk,
            conversation_id=conversation_id,
            user_id=running.user_id,
            ending=running.ending,
            outcome=running.outcome,
        )
    )
    return running


def close_session(session: LockSession, *, ending: LockSession.Ending, at: datetime, is_resolving: bool) -> None:
    """Class a lock session, once, and store its end. Source: docs/metrics.md, "Lock sessions"."""
    session.ended_at = at
    session.ending = ending
    if session.has_reply:
        session.outcome = LockSession.Outcome.HANDLE
    elif is_resolving:
        session.outcome = LockSession.Outcome.NO_REPLY
    else:
        session.outcome = LockSession.Outcome.CHERRY_PICKING
    session.save(update_fields=["ended_at", "ending", "outcome"])


def add_session(conversation: Conversation, session: LockSession) -> None:
    """Add an ended session's time to its conversation."""
    assert session.ended_at is not None  # noqa: S101 - said to the type checker: the session has ended
    length = round((session.ended_at - session.started_at).total_seconds() * 1000)
    column = f"{session.outcome}_ms"
    setattr(conversation, column, getattr(conversation, column) + length)


def _status_row(  # noqa: PLR0913 - a fact row says all of it
    thread: Thread,
    *,
    old: str,
    new: str,
    cause: str,
    source: str,
    user_id: int | None,
    team_id: int | None = None,
    note: Move | None = None,
) -> None:
    assert thread.conversation is not None  # noqa: S101 - said to the type checker: a status has its conversation
    StatusChange.objects.create(
        workspace_id=thread.contact.workspace_id,
        conversation_id=thread.conversation.pk,
        contact_id=thread.contact.pk,
        old=old,
        new=new,
        cause=cause,
        source=source,
        user_id=user_id,
        team_id=team_id if team_id is not None else team_of(thread.actor, user_id),
        assignee_id=thread.conversation.assignee_id,
        virtual_agent_id=note.virtual_agent_id if note else None,
        in_bulk=note.in_bulk if note else False,
        category=note.category if note else "",
        summary=note.summary if note else "",
        occurred_at=thread.at,
    )
