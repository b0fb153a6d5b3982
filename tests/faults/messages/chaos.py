"""What goes wrong while messages come in: at random moments, to processes that the supervisor then starts again.

A fault counts when it is known to have hit: the process is gone, the server's number is another, every process of the group stands
still, there was something to flush.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import psycopg2
import redis

from config.embedded.programs import Identity
from tests.faults.messages.installation import Installation, children_of, has_ended, state_of
from tests.faults.messages.plan import Plan

LONG_FREEZE = (
    66.0  # beyond the lease of a message that is being sent, and the server's patience with an idle transaction
)
PROGRAMS = {
    "kill -9 of the web server": "web",
    "kill -9 of the worker": "worker",
    "kill -9 of the sender": "sender",
    "kill -9 of the realtime process": "realtime",
    "kill -9 of beat": "beat",
    "kill -9 of Valkey": "valkey",
}
CHILDREN = {"kill -9 of a process of the web server": "web", "kill -9 of the pool's process": "worker"}
FREEZES = {"worker frozen, then thawed": "worker", "sender frozen, then thawed": "sender", "Valkey frozen": "valkey"}


@dataclass(frozen=True, slots=True)
class Hit:
    """A fault that hit, so many seconds after the first message."""

    name: str
    at: float
    pending: int  # messages that were stored and not yet taken in, just before; -1 when the database did not say


class Chaos:
    """The thread that breaks things as long as `goes_on` says so."""

    def __init__(self, plan: Plan, installation: Installation, goes_on: Callable[[], bool]) -> None:
        self._plan, self._installation, self._goes_on = plan, installation, goes_on
        self._chance = random.Random(f"{plan.seed} moments")
        self._began = time.monotonic()
        self._frozen: dict[str, threading.Thread] = {}
        self.hits: list[Hit] = []
        self.missed: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._began = time.monotonic()
        self._thread.start()

    def join(self) -> None:
        """Wait until the last fault is over and everybody is thawed."""
        self._thread.join()
        for thread in self._frozen.values():
            thread.join()

    def counts(self) -> Counter[str]:
        """Count the hits by their kind."""
        return Counter(hit.name for hit in self.hits)

    def _run(self) -> None:
        listed = self._plan.faults_in_order()
        pause = self._plan.seconds / (
            1.3 * self._plan.faults
        )  # more than are asked for: some moments find their prey down
        while self._goes_on():
            time.sleep(self._chance.uniform(0.2, 1.8) * pause)
            if not listed:  # the messages are held up: go on breaking things until the last one is in
                listed = self._plan.faults_in_order()
            # Who is down at the moment has its turn later.
            place = next((number for number, name in enumerate(listed) if self._is_up(name)), None)
            if place is None or not self._goes_on():
                continue
            name = listed.pop(place)
            at, pending = time.monotonic() - self._began, self._pending()
            if self._hit(name):
                self.hits.append(Hit(name, at, pending))
                print(f"{at:6.1f} s  {name}", flush=True)  # noqa: T201 - its progress
            else:
                self.missed[name] += 1

    def _is_up(self, name: str) -> bool:
        if name in FREEZES:
            thread = self._frozen.get(FREEZES[name])
            return (thread is None or not thread.is_alive()) and self._identity(FREEZES[name]) is not None
        if name in CHILDREN:
            identity = self._identity(CHILDREN[name])
            return identity is not None and bool(children_of(identity.pid))
        if name in PROGRAMS:
            return self._identity(PROGRAMS[name]) is not None
        return self._identity("postgres" if name.startswith("PostgreSQL") else "valkey") is not None

    def _identity(self, program: str) -> Identity | None:
        return self._installation.identity(program)

    def _hit(self, name: str) -> bool:
        if name in PROGRAMS:
            return self._killed(PROGRAMS[name])
        if name in CHILDREN:
            return self._child_killed(CHILDREN[name])
        if name in FREEZES:
            return self._freeze(FREEZES[name])
        match name:
            case "Valkey FLUSHALL":
                return self._flushed()
            case "Valkey stopped, then started":
                return self._ended("valkey", signal.SIGTERM)
            case _:
                return self._ended("postgres", signal.SIGQUIT)  # immediate shutdown: every backend ends where it stands

    def _killed(self, program: str) -> bool:
        """Kill a program: the whole group as a power cut does, or its first process alone, which leaves its children behind."""
        identity = self._identity(program)
        if identity is None:
            return False
        if self._chance.random() < 0.5:
            identity.signal_group(signal.SIGKILL)
        else:
            os.kill(identity.pid, signal.SIGKILL)
        return has_ended(identity)

    def _child_killed(self, program: str) -> bool:
        identity = self._identity(program)
        children = children_of(identity.pid) if identity is not None else []
        if identity is None or not children:
            return False
        child = self._chance.choice(children)
        os.kill(child, signal.SIGKILL)
        until = time.monotonic() + 5
        while child in children_of(identity.pid) and state_of(child) not in {"Z", ""}:
            if time.monotonic() > until:
                return False
            time.sleep(0.01)
        return True

    def _ended(self, program: str, number: signal.Signals) -> bool:
        identity = self._identity(program)
        if identity is None:
            return False
        os.kill(identity.pid, number)
        return has_ended(identity, seconds=15)

    def _flushed(self) -> bool:
        try:
            client = redis.Redis.from_url(self._installation.environment()["REDIS_URL"], socket_timeout=2)
            had = int(client.dbsize())  # type: ignore[arg-type]
            client.flushall()
        except redis.RedisError:
            return False
        return had > 0

    def _freeze(self, program: str) -> bool:
        """Stop a group and thaw it later; other faults go on meanwhile, and may end it for good."""
        identity = self._identity(program)
        if identity is None:
            return False
        identity.signal_group(signal.SIGSTOP)
        seconds = self._chance.uniform(2, 5) if program == "valkey" else self._chance.uniform(4, 12)
        if program == "sender" and not any(hit.name.startswith("sender frozen") for hit in self.hits):
            seconds = LONG_FREEZE

        def thaw() -> None:
            time.sleep(seconds)
            identity.signal_group(signal.SIGCONT)

        thread = threading.Thread(target=thaw)
        thread.start()
        self._frozen[program] = thread
        time.sleep(0.1)
        return all(state_of(pid) == "T" for pid in (identity.pid, *children_of(identity.pid)))

    def _pending(self) -> int:
        try:
            connection = self._installation.database()
        except psycopg2.Error:
            return -1
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM inbox_inboundevent WHERE state = 'pending'")
                found = cursor.fetchone()
                return int(found[0]) if found else -1
        except psycopg2.Error:
            return -1
        finally:
            connection.close()
