"""Weeks of an earlier year in which chance decides who does what: around the nights in which clocks change, and at round moments."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from contacts.actions import add_contact, delete_contact, merge_contacts
from contacts.models.contact import Source
from inbox import actions
from inbox.actions.broadcasts import add_broadcast
from inbox.models import Message, Status
from tests.exports.history.ground import History
from workspaces.actors import Actor
from workspaces.errors import DomainError

FIRST, LAST = datetime(2025, 9, 4, tzinfo=UTC), datetime(2025, 11, 4, tzinfo=UTC)
# Santiago goes forward over midnight, Lord Howe by half an hour; Madrid goes back.
NIGHTS = (
    datetime(2025, 9, 7, 4, tzinfo=UTC),
    datetime(2025, 10, 4, 15, 30, tzinfo=UTC),
    datetime(2025, 10, 26, 1, tzinfo=UTC),
)
CHANNELS = ("shop", "shop", "wa", "bot", "doomed")
SOURCES = ("api", "workflow", "bot", "auto_close")


def chance(history: History, *, seed: int, acts: int) -> None:
    """Let so many acts happen, one after another."""
    _kept(history)
    played = _Play(history, Random(seed))
    for at in _moments(played.random, acts):
        played.act(at)


def _kept(h: History) -> None:
    """Let somebody answer whose the contact was before, and another one be assigned only then; and let a program comment.

    Then one who is assigned to two, answered by the second after exactly half an hour; and news of which one message is sent, one
    delivered, one read and one refused.
    """
    h.writes("kept", "One", "2026-02-04 09:00:00")
    h.assigns("kept", h.ben, "2026-02-04 09:10:00")
    h.closes(h.ben, "kept", "2026-02-04 10:00:00")
    h.writes("kept", "Two", "2026-02-05 09:00:00")
    h.replies(h.ben, "kept", "Mine still", "2026-02-05 09:20:00")
    h.assigns("kept", h.dora, "2026-02-05 11:00:00")
    noon = datetime(2026, 2, 5, 12, tzinfo=UTC)
    actions.add_comment(actor=h.system, contact=h.of("kept"), text="By a program", source="api", at=noon)
    h.closes(h.dora, "kept", "2026-02-05 12:00:00")
    h.writes("twice", "Whose am I?", "2026-02-05 09:00:00")
    h.assigns("twice", h.ben, "2026-02-05 09:05:00")
    h.assigns("twice", h.dora, "2026-02-05 10:00:00")
    h.replies(h.dora, "twice", "Mine", "2026-02-05 10:30:00")
    h.closes(h.dora, "twice", "2026-02-05 11:00:00")
    news = add_broadcast(actor=h.ada, name="Winter", at=noon).pk
    for minute, status in enumerate(("sent", "delivered", "read", "failed"), start=10):
        at = f"2026-02-05 15:{minute}:00"
        message = h.replies(h.ada, "twice", f"Is {status}", at, sender_kind="broadcast", sender_id=news)
        h.reports(message, status, at)


def _moments(random: Random, count: int) -> list[datetime]:
    found = []
    for _ in range(count):
        if random.random() < 0.5:
            at = random.choice(NIGHTS) + timedelta(minutes=random.randrange(-1_800, 1_800, 5))
        else:
            at = FIRST + random.random() * (LAST - FIRST)
        found.append(
            at if random.random() < 0.5 else at.replace(minute=random.choice((0, 30)), second=0, microsecond=0)
        )
    return sorted(found)


@dataclass
class _Play:
    h: History
    random: Random
    known: list[str] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)
    broadcasts: list[int] = field(default_factory=list)
    number: int = 0

    def act(self, at: datetime) -> None:
        """Do something; what the product refuses is not done."""
        chosen: list[tuple[int, Callable[[str], object]]] = [
            (30, self._writes), (26, self._replies), (9, self._assigns), (3, self._frees), (13, self._closes),
            (3, self._programs_close), (5, self._sets), (4, self._snoozes), (6, self._comments), (5, self._adds),
            (2, self._deletes), (2, self._merges), (9, self._broadcasts), (4, self._programs_write), (9, self._reports),
            (4, self._opens),
        ]  # fmt: skip
        weights = [weight for weight, _act in chosen]
        doing = self.random.choices([act for _weight, act in chosen], weights)[0]
        self.number += 1
        if len(self.known) < 4 or not self.sent:  # somebody has to be there first
            doing = self._replies if len(self.known) > 4 else self._writes
        actions.end_snoozes(clock=lambda: at)
        try:
            doing(f"{at:%Y-%m-%d %H:%M:%S.%f}")
        except DomainError:
            return

    def _who(self) -> str:
        return self.random.choice(self.known)

    def _person(self) -> Actor:
        return self.random.choice((self.h.ada, self.h.max, self.h.ben, self.h.dora, self.h.emil))

    def _writes(self, at: str) -> None:
        who = f"chance{self.number}" if len(self.known) < 20 or self.random.random() < 0.1 else self._who()
        is_echo = self.random.random() < 0.08
        self.h.writes(who, f"Said {self.number}", at, channel=self.random.choice(CHANNELS), is_echo=is_echo)
        if who not in self.known:
            self.known.append(who)

    def _replies(self, at: str) -> None:
        self.sent.append(self.h.replies(self._person(), self._who(), f"Answer {self.number}", at))

    def _programs_write(self, at: str) -> None:
        kind = self.random.choice(("api", "workflow", "bot", "system"))
        self.sent.append(self.h.replies(self.h.system, self._who(), f"Robot {self.number}", at, sender_kind=kind))

    def _broadcasts(self, at: str) -> None:
        if len(self.broadcasts) < 3:
            moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
            self.broadcasts.append(add_broadcast(actor=self.h.ada, name=f"News {self.number}", at=moment).pk)
        chosen = self.random.choice(self.broadcasts)
        for who in self.random.sample(self.known, min(3, len(self.known))):
            text = f"News {self.number} {who}"
            message = self.h.replies(self.h.ada, who, text, at, sender_kind="broadcast", sender_id=chosen)
            self.sent.append(message)

    def _reports(self, at: str) -> None:
        for status in self.random.sample(("sent", "delivered", "read", "failed"), 2):
            self.h.reports(self.random.choice(self.sent[-12:]), status, at)

    def _assigns(self, at: str) -> None:
        self.h.assigns(self._who(), self._person(), at, by=self._person())

    def _frees(self, at: str) -> None:
        self.h.assigns(self._who(), None, at)

    def _closes(self, at: str) -> None:
        self.h.closes(self._person(), self._who(), at, category=self.random.choice(("", "Order status", "-Discount")))

    def _programs_close(self, at: str) -> None:
        self.h.closes(self.h.system, self._who(), at, source=self.random.choice(SOURCES), by_hand=False)

    def _opens(self, at: str) -> None:
        moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
        actions.open_conversation(actor=self._person(), contact=self.h.of(self._who()), at=moment)

    def _sets(self, at: str) -> None:
        self.h.sets(self._person(), self._who(), self.random.choice((Status.NEW, Status.PENDING)), at)

    def _snoozes(self, at: str) -> None:
        moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
        until = moment + timedelta(hours=self.random.choice((1, 20, 70)))
        actions.snooze_conversation(actor=self._person(), contact=self.h.of(self._who()), until=until, at=moment)

    def _comments(self, at: str) -> None:
        moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
        actions.add_comment(actor=self._person(), contact=self.h.of(self._who()), text="A note", at=moment)

    def _adds(self, at: str) -> None:
        source = self.random.choice((Source.USER, Source.API, Source.IMPORT, Source.ZAPIER))
        who, moment = f"chance{self.number}", datetime.fromisoformat(at).replace(tzinfo=UTC)
        values = {"first_name": who, "phone": f"+3469{self.number:07}"}
        self.h.contacts[who] = add_contact(actor=self.h.ada, values=values, source=source, at=moment).pk  # type: ignore[arg-type]
        self.known.append(who)

    def _deletes(self, at: str) -> None:
        who, moment = self._who(), datetime.fromisoformat(at).replace(tzinfo=UTC)
        source = self.random.choice((None, Source.API))
        delete_contact(actor=self.h.ada, contact=self.h.of(who), at=moment, source=source)
        self._forget(who)

    def _merges(self, at: str) -> None:
        one, other = self.random.sample(self.known, 2)
        moment, ids = datetime.fromisoformat(at).replace(tzinfo=UTC), self.h.contacts
        merge_contacts(actor=self.h.max, primary_id=ids[one], secondary_id=ids[other], values={}, at=moment)
        self._forget(other)

    def _forget(self, who: str) -> None:
        self.known.remove(who)
        self.h.contacts.pop(who)
