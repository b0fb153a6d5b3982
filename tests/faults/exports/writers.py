"""Whoever inserts, deletes and merges while a file is made; the file holds what its snapshot held, row by row."""

import csv
import io
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import psycopg2
from django.db import OperationalError, connection

from contacts.actions import add_contact, delete_contact, merge_contacts, update_contact
from contacts.identifiers import Identifier
from contacts.models.contact import Source
from tests.faults.exports.data import Place, a_place, add_messages, ids_in
from tests.faults.exports.pace import SNAPSHOT
from tests.faults.exports.trials import SECONDS, Trial, clock
from tests.faults.servers import wait_for
from tests.faults.trials import Vacuous
from workspaces.scope import workspace_scope

CONTACTS, MESSAGES = 4_000, 40_000
EACH = 15  # times that each kind of change happens before the snapshot, and again before the rows are read


class Writers:
    """One thread for each kind of change; `done` counts them."""

    def __init__(self, trial: Trial, place: Place) -> None:
        self.done: Counter[str] = Counter()
        self.failures: list[str] = []
        self._trial = trial
        self._place = place
        self._over = threading.Event()
        first, last = trial.sql("SELECT min(id), max(id) FROM contacts_contact WHERE workspace_id = %s", self._id)[0]
        self._first, fifth = first, (last - first) // 5
        deleted, merged, changed = (count(first + part * fifth) for part in (1, 2, 4))
        self._changes: dict[str, Callable[[], object]] = {
            "added": self._add,
            "deleted": lambda: self._delete(next(deleted)),
            "merged": lambda: self._merge(next(merged), next(merged)),
            "changed": lambda: self._change(next(changed)),
            "messages added": self._add_messages,
            "messages deleted": self._delete_messages,
        }
        self._threads = [threading.Thread(target=self._run, args=item) for item in self._changes.items()]

    @property
    def _id(self) -> int:
        return self._place.workspace_id

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End, and wait for the last change."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def go_on(self) -> None:
        """Return when each kind of change has happened some times more."""
        before = dict(self.done)
        wait_for(
            lambda: all(self.done[name] >= before.get(name, 0) + EACH for name in self._changes) or bool(self.failures),
            "changes by the writers",
            seconds=SECONDS,
        )

    def _run(self, name: str, change: Callable[[], object]) -> None:
        try:
            while not self._over.wait(0.02):
                try:
                    change()
                except OperationalError:  # two of them met: the database ended one
                    continue
                self.done[name] += 1
        except Exception as error:  # noqa: BLE001 - told by the case
            self.failures.append(f"{name}: {error!r}")
        finally:
            connection.close()

    def _add(self) -> None:
        name = f"Added {self.done['added']}"
        with workspace_scope(self._id):
            values: Any = {"first_name": name, "last_name": name}
            add_contact(actor=self._place.owner, values=values, source=Source.USER, at=clock())

    def _delete(self, contact_id: int) -> None:
        with workspace_scope(self._id):
            delete_contact(actor=self._place.owner, contact=Identifier.of(contact_id), at=clock())

    def _merge(self, primary: int, secondary: int) -> None:
        with workspace_scope(self._id):
            merge_contacts(actor=self._place.owner, primary_id=primary, secondary_id=secondary, values={}, at=clock())

    def _change(self, contact_id: int) -> None:
        name = f"Changed {contact_id}"
        with workspace_scope(self._id):
            values: Any = {"first_name": name, "last_name": name}
            update_contact(actor=self._place.owner, contact=Identifier.of(contact_id), values=values, at=clock())

    def _add_messages(self) -> None:
        link = psycopg2.connect(self._trial.house.superuser)
        with link, link.cursor() as cursor:
            add_messages(cursor, self._id, first=self._first, contacts=100, messages=20)
        link.close()

    def _delete_messages(self) -> None:
        self._trial.sql(
            "DELETE FROM inbox_message WHERE id IN (SELECT id FROM inbox_message WHERE workspace_id = %s"
            " ORDER BY md5(id::text) LIMIT 20)",
            self._id,
        )


def written_meanwhile(trial: Trial, *, dataset: str) -> None:
    """The rows are those at the file's snapshot, none torn, whatever happens before, meanwhile and after."""
    house = trial.house
    trial.place = a_place(house.superuser, contacts=CONTACTS, messages=MESSAGES)
    writers = Writers(trial, trial.place)
    writers.start()
    try:
        writers.go_on()
        trial.ask_and_await(SNAPSHOT, dataset=dataset)
        row = trial.now()
        span = {"range_from": row.range_from, "range_to": row.range_to, "workspace_id": row.workspace_id}
        ids = _ids_at(house.superuser, (house.points / f"{SNAPSHOT}.id").read_text(encoding="ascii"), dataset, span)
        writers.go_on()
        house.disarm()
        trial.wait_for_state("completed")
    finally:
        house.disarm()
        writers.stop()
    trial.found += writers.failures
    done = trial.judge_file(ids=ids)
    if trial.expected(done) == ids:
        raise Vacuous("nothing was written meanwhile")
    torn = 0
    if dataset == "contacts":
        records = csv.DictReader(io.StringIO(trial.content(done).decode(), newline=""))
        torn = sum(record["FirstName"] != record["LastName"] for record in records)
    trial.say(f"{torn} rows are torn", unless=torn == 0)
    trial.result += f"; {sum(writers.done.values())} changes meanwhile"


def _ids_at(superuser: str, snapshot: str, dataset: str, parameters: Mapping[str, object]) -> list[int]:
    link = psycopg2.connect(superuser)
    try:
        with link.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
            return ids_in(cursor, dataset, parameters)
    finally:
        link.close()
