"""Whoever posts: the network that brings messages, and a customer's program that answers by the API.

Both repeat a request until it is answered well, with the same ids, as Meta does: after an error, and after a connection that
broke, when nobody knows whether the request was done. A sender's next message is posted only when the one before is acknowledged,
so the order in which they were promised is known.
"""

import http.client
import json
import queue
import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tests.faults.messages.journal import Journal
from tests.faults.messages.plan import Plan, address_of, id_of, reply_of, text_of

POSTERS, REPLIERS = 6, 2
PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0)  # the last one repeats
AGAIN_ANYWAY = 0.03  # how often a body that was acknowledged is posted once more


@dataclass(frozen=True, slots=True)
class Doors:
    """Where to post."""

    port: int
    channel_key: str
    channel_token: str
    api_token: str


class Line:
    """One connection that is kept, and made anew when it breaks."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._line: http.client.HTTPConnection | None = None

    def ask(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, object]]:
        """Return status and body; status 0 when the connection broke before the answer was whole."""
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        said = None if body is None else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json", **(headers or {})}
        try:
            self._line.request(method, path, body=said, headers=sent)
            answer = self._line.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return 0, {}
        try:
            found = json.loads(text)
        except ValueError:
            found = {}
        return answer.status, found if isinstance(found, dict) else {}

    def close(self) -> None:
        """Forget the connection."""
        if self._line is not None:
            self._line.close()
            self._line = None


class Network:
    """The threads that post; `tried` has a line before each request, `promised` one after each that was acknowledged."""

    def __init__(self, plan: Plan, doors: Doors, *, tried: Journal, promised: Journal) -> None:
        self._plan, self._doors = plan, doors
        self._tried, self._promised = tried, promised
        self.answers: Counter[str] = Counter()  # how each request ended
        self.refused: list[str] = []  # answers that no repetition can mend
        self._guard = threading.Lock()
        # One row for each replier, so that a sender's answers are written one after the other.
        self._to_answer = [queue.SimpleQueue[tuple[int, int] | None]() for _ in range(REPLIERS)]
        self._began = 0.0
        self._posters = [threading.Thread(target=self._post, args=(place,), daemon=True) for place in range(POSTERS)]
        self._repliers = [threading.Thread(target=self._reply, args=(row,), daemon=True) for row in self._to_answer]

    def start(self) -> None:
        """Begin to post."""
        self._began = time.monotonic()
        for thread in (*self._posters, *self._repliers):
            thread.start()

    @property
    def is_posting(self) -> bool:
        """Whether there is still something to come in."""
        return any(thread.is_alive() for thread in self._posters)

    def join(self, seconds: float) -> bool:
        """Wait until all is acknowledged; False when that took too long."""
        until = time.monotonic() + seconds
        for thread in self._posters:
            thread.join(max(0.0, until - time.monotonic()))
        for row in self._to_answer:
            row.put(None)
        for thread in self._repliers:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in (*self._posters, *self._repliers))

    def _post(self, place: int) -> None:
        plan, line = self._plan, Line(self._doors.port, self._doors.channel_token)
        chance = random.Random(f"{plan.seed} poster {place}")
        waiting = {sender: plan.bodies_of(sender) for sender in range(place, plan.senders, POSTERS)}
        whole = sum(len(body) for bodies in waiting.values() for body in bodies)
        done = 0
        while waiting:
            sender = chance.choice(list(waiting))
            numbers = waiting[sender].pop(0)
            if not waiting[sender]:
                del waiting[sender]
            self._bring(line, sender, numbers, chance)
            done += len(numbers)
            # Who was held up by a fault hurries until it is where it should be.
            time.sleep(max(0.0, self._began + plan.seconds * done / whole - time.monotonic()))
        line.close()

    def _bring(self, line: Line, sender: int, numbers: list[int], chance: random.Random) -> None:
        ids = [id_of(sender, number) for number in numbers]
        now_ms = int(time.time() * 1000)
        body = {
            "channelId": self._doors.channel_key,
            "contactId": address_of(sender),
            "contact": {"firstName": "Sender", "lastName": str(sender)},
            "events": [
                {
                    "type": "message",
                    "mId": id_of(sender, number),
                    "timestamp": now_ms + place,
                    "message": {"type": "text", "text": text_of(sender, number)},
                }
                for place, number in enumerate(numbers)
            ],
        }
        self._tried.write(ids=ids)
        self._until_taken(line, "/custom/webhook", body, headers={})
        self._promised.write(ids=ids)
        if self._plan.is_answered(sender) and numbers[-1] % 3 == 0:
            self._to_answer[sender % REPLIERS].put((sender, numbers[-1]))
        if chance.random() < AGAIN_ANYWAY:
            self._count(f"again {line.ask('POST', '/custom/webhook', body)[0]}")

    def _reply(self, row: "queue.SimpleQueue[tuple[int, int] | None]") -> None:
        line = Line(self._doors.port, self._doors.api_token)
        while (one := row.get()) is not None:
            sender, number = one
            key = f"answer-{sender}-{number}"
            body = {"message": {"type": "text", "text": reply_of(sender, number)}}
            self._tried.write(reply=reply_of(sender, number))
            path = f"/v2/contact/phone:{address_of(sender)}/message"
            said = self._until_taken(line, path, body, headers={"Idempotency-Key": key})
            self._promised.write(reply=reply_of(sender, number), message_id=said.get("messageId"))
        line.close()

    def _until_taken(self, line: Line, path: str, body: object, *, headers: Mapping[str, str]) -> dict[str, object]:
        """Repeat a request until it is answered with 200."""
        tries = 0
        while True:
            status, said = line.ask("POST", path, body, headers)
            self._count("connection broke" if status == 0 else str(status))
            if status == 200:
                return said
            # 404: the contact's first message is stored and not yet taken in. 409: the first request with the key goes on.
            if status not in (0, 404, 409, 429) and status < 500:
                with self._guard:
                    self.refused.append(f"{path}: {status} {said}")
            time.sleep(PAUSES[min(tries, len(PAUSES) - 1)])
            tries += 1

    def _count(self, how: str) -> None:
        with self._guard:
            self.answers[how] += 1
