"""How much is sent, by whom, and how often what goes wrong. Everything random comes from one seed."""

import random
from dataclasses import dataclass

# Each fault with the share of the run's faults that it gets.
FAULTS = {
    "kill -9 of the web server": 6,
    "kill -9 of a process of the web server": 6,
    "kill -9 of the worker": 7,
    "kill -9 of the pool's process": 7,
    "kill -9 of the sender": 6,
    "kill -9 of the realtime process": 4,
    "kill -9 of beat": 3,
    "Valkey FLUSHALL": 6,
    "Valkey stopped, then started": 4,
    "kill -9 of Valkey": 3,
    "Valkey frozen": 2,
    "PostgreSQL crash and restart": 6,
    "worker frozen, then thawed": 4,
    "sender frozen, then thawed": 3,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The measures of one run."""

    seed: int
    messages: int
    senders: int
    faults: int
    seconds: float  # over which the messages are spread, were nothing to fail

    def numbers_of(self, sender: int) -> range:
        """Return the numbers of a sender's messages, in their order."""
        return range(1, self.messages // self.senders + 1 + (sender < self.messages % self.senders))

    def bodies_of(self, sender: int) -> list[list[int]]:
        """Return a sender's messages as they are posted: mostly one at a time, some of them several in one body."""
        chance = random.Random(f"{self.seed} bodies {sender}")
        left, bodies = list(self.numbers_of(sender)), list[list[int]]()
        while left:
            size = chance.choice((1, 1, 1, 1, 1, 1, 1, 2, 3, 5))
            bodies.append(left[:size])
            left = left[size:]
        return bodies

    def is_answered(self, sender: int) -> bool:
        """Tell whether somebody answers this sender: every seventh."""
        return sender % 7 == 0

    def faults_in_order(self) -> list[str]:
        """Return the faults, shuffled; each kind in its share, and at least once."""
        chance = random.Random(f"{self.seed} faults")
        whole = sum(FAULTS.values())
        listed = [name for name, share in FAULTS.items() for _ in range(max(1, round(share * self.faults / whole)))]
        while len(listed) < self.faults:
            listed.append(chance.choice(list(FAULTS)))
        chance.shuffle(listed)
        return listed


def address_of(sender: int) -> str:
    """Return a sender's phone number."""
    return f"+346001{sender:05}"


def id_of(sender: int, number: int) -> str:
    """Return the network's id of a message that comes in."""
    return f"in-{sender}-{number}"


def text_of(sender: int, number: int) -> str:
    """Return what a message says."""
    return f"Message {number} of sender {sender}"


def reply_of(sender: int, number: int) -> str:
    """Return what an answer says."""
    return f"Answer {number} to sender {sender}"
