"""What happened in one conversation, and every figure that follows from it. docs/metrics.md defines each."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from types import SimpleNamespace as Row

from tests.exports.oracle.facts import Facts, grouped
from tests.exports.oracle.writing import between


def is_human(message: Row) -> bool:
    """Tell whether a person of the team wrote a message in the inbox."""
    return message.direction == "outgoing" and message.sender_kind == "user" and message.user_id is not None


def in_order(rows: list[Row], moment: str) -> list[Row]:
    """Return rows in the order in which they happened."""
    return sorted(rows, key=lambda row: (getattr(row, moment), row.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response: a person's message and what it answers."""

    message: Row
    start: Row
    inbound: Row | None  # the incoming message that it answers

    @property
    def length(self) -> timedelta:
        """From what it answers to the message."""
        length: timedelta = self.message.created_at - self.start.occurred_at
        return length


@dataclass(kw_only=True)
class Story:
    """One conversation with its facts, each list in the order in which things happened."""

    row: Row
    messages: list[Row]
    changes: list[Row]
    assignments: list[Row]
    locks: list[Row]
    starts: list[Row]
    handovers: list[Row]
    surveys: list[Row]
    topics: list[Row]
    owner_id: int | None = field(default=None)  # whose the contact is now

    @cached_property
    def status(self) -> str:
        """The status now."""
        return str(self.changes[-1].new)

    @cached_property
    def is_open(self) -> bool:
        """New and pending together are open."""
        return self.status != "resolved"

    @cached_property
    def resolutions(self) -> list[Row]:
        """Every change to resolved."""
        return [each for each in self.changes if each.new == "resolved"]

    @property
    def first_resolution(self) -> Row | None:
        """The first of them, opened again or not."""
        return self.resolutions[0] if self.resolutions else None

    @property
    def closing(self) -> Row | None:
        """The last of them, while the conversation is closed."""
        return None if self.is_open else self.resolutions[-1]

    @property
    def settling(self) -> Row | None:
        """The latest change to pending or resolved."""
        return next((each for each in reversed(self.changes) if each.new in {"pending", "resolved"}), None)

    @property
    def assignee_id(self) -> int | None:
        """Whose it was when it closed, or is now while it is open."""
        assignee_id: int | None = self.closing.assignee_id if self.closing else self.owner_id
        return assignee_id

    @property
    def assigned(self) -> list[Row]:
        """The assignments that name a person."""
        return [each for each in self.assignments if each.new_user_id is not None]

    @cached_property
    def incoming(self) -> list[Row]:
        """What the contact wrote."""
        return [each for each in self.messages if each.direction == "incoming"]

    @cached_property
    def outgoing(self) -> list[Row]:
        """What was sent to the contact, by whomever."""
        return [each for each in self.messages if each.direction == "outgoing"]

    @cached_property
    def human(self) -> list[Row]:
        """What people of the team wrote."""
        return [each for each in self.outgoing if is_human(each)]

    @cached_property
    def channel_id(self) -> int | None:
        """The channel it was opened on, or else that of its earliest message."""
        opened: int | None = self.row.opened_channel_id
        return opened if opened is not None or not self.messages else self.messages[0].channel_id

    @property
    def first_incoming_at(self) -> datetime | None:
        """The moment of the contact's first message."""
        return self.incoming[0].created_at if self.incoming else None

    @cached_property
    def first_human_reply(self) -> Row | None:
        """The first message of a person at or after the contact's first."""
        heard_at = self.first_incoming_at
        return next((each for each in self.human if heard_at is not None and each.created_at >= heard_at), None)

    @cached_property
    def first_response_time(self) -> timedelta | None:
        """From the hand-over before a person wrote, or else from the first message, to a person's first."""
        heard_at, reply = self.first_incoming_at, self.first_human_reply
        if heard_at is None or reply is None:
            return None
        moments = [each.occurred_at for each in self.handovers if heard_at <= each.occurred_at <= reply.created_at]
        return between(moments[0] if moments else heard_at, reply.created_at)

    @property
    def resolution_time(self) -> timedelta | None:
        """From the contact's first message to the first resolution."""
        first = self.first_resolution
        return between(self.first_incoming_at, first.occurred_at) if first is not None else None

    @cached_property
    def answers(self) -> list[Answer]:
        """Every response, in order."""
        found = []
        since: datetime | None = None  # the previous message of a person
        for message in self.human:
            at = message.created_at
            closed = [each.occurred_at for each in self.resolutions if each.occurred_at < at]
            after = max((each for each in (since, *closed) if each is not None), default=None)
            waiting = [
                each for each in self.starts if each.occurred_at <= at and (after is None or each.occurred_at > after)
            ]
            if waiting:
                found.append(Answer(message=message, start=waiting[0], inbound=self._inbound(waiting[0])))
            since = at
        return found

    def _inbound(self, start: Row) -> Row | None:
        if start.message_id is not None:
            return next((each for each in self.incoming if each.id == start.message_id), None)
        before = [each for each in self.incoming if each.created_at <= start.occurred_at]
        return before[-1] if before else None

    def locked_for(self, outcome: str) -> timedelta:
        """Return the time of its ended lock sessions of one class."""
        lengths = (each.ended_at - each.started_at for each in self.locks if each.ended_at and each.outcome == outcome)
        return sum(lengths, timedelta(0))

    @property
    def topics_now(self) -> list[Row]:
        """The topics that are still on it, the oldest first."""
        return [each for each in self.topics if each.removed_at is None]

    @property
    def survey(self) -> Row | None:
        """The latest survey."""
        return self.surveys[-1] if self.surveys else None

    @cached_property
    def changed_at(self) -> datetime:
        """The latest message, status, assignment, topic or survey answer."""
        return max(self._changes())

    def _changes(self) -> Iterator[datetime]:
        yield self.row.opened_at
        yield from (each.created_at for each in self.messages)
        yield from (each.occurred_at for each in (*self.changes, *self.assignments))
        for each in self.topics:
            yield from (at for at in (each.applied_at, each.removed_at) if at is not None)
        yield from (each.answered_at for each in self.surveys if each.answered_at is not None)


def stories_of(facts: Facts) -> dict[int, Story]:
    """Return the story of every conversation, by id."""

    def by_conversation(rows: list[Row], moment: str) -> dict[int, list[Row]]:
        found = grouped((row for row in rows if row.conversation_id is not None), lambda row: row.conversation_id)
        return defaultdict(list, {key: in_order(each, moment) for key, each in found.items()})

    messages = by_conversation(facts.messages, "created_at")
    changes = by_conversation(facts.changes, "occurred_at")
    assignments = by_conversation(facts.assignments, "occurred_at")
    locks = by_conversation(facts.locks, "started_at")
    starts = by_conversation(facts.starts, "occurred_at")
    handovers = by_conversation(facts.handovers, "occurred_at")
    surveys = by_conversation(facts.surveys, "sent_at")
    topics = by_conversation(facts.topic_uses, "applied_at")
    owners = {contact_id: contact.assignee_id for contact_id, contact in facts.contacts.items()}
    return {
        row.id: Story(
            row=row,
            messages=messages[row.id],
            changes=changes[row.id],
            assignments=assignments[row.id],
            locks=locks[row.id],
            starts=starts[row.id],
            handovers=handovers[row.id],
            surveys=surveys[row.id],
            topics=topics[row.id],
            owner_id=owners.get(row.contact_id),
        )
        for row in facts.conversations
    }
