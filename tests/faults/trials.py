"""One import in a workspace of its own, taken step by step, with a fault at one of the steps."""

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections
from django.utils import timezone

from contacts.actions import add_contact_field, seed_contact_settings
from imports.actions import (
    ColumnChoice,
    ImportRequest,
    cancel_import,
    commit_import,
    save_mapping,
    start_import,
    validate_import,
    write_import,
)
from imports.models import ContactImport
from tests.faults.people import CUSTOM, those_before
from tests.faults.servers import House, NeverHappened, wait_for
from tests.faults.state import State, state_of
from workspaces import jobs
from workspaces.actions import NewPerson, WorkspaceSettings, create_organization, create_person, create_workspace
from workspaces.actors import Actor
from workspaces.queries import actor_of_member
from workspaces.scope import workspace_scope

clock = timezone.now
ENDS = ("completed", "failed", "cancelled", "expired")

Fault = Callable[["Trial"], None]


class Vacuous(Exception):
    """The fault did not hit, so that the case proves nothing."""


class Trial:
    """A workspace with some contacts, and the import that the fault will meet."""

    def __init__(self, house: House, content: bytes, *, rows_before: int) -> None:
        self.house = house
        self.content = content
        self._rows_before = rows_before
        self._at_the_end: list[Callable[[], object]] = []
        self.actor = _workspace()
        self.import_id = 0
        with without_bells():  # done here and now, so that no worker is asked
            before = self._uploaded(those_before(rows=rows_before))
            self._mapped(before)
            validate_import(workspace_id=self.actor.workspace_id, import_id=before, clock=clock)
            with workspace_scope(self.actor.workspace_id):
                commit_import(actor=self.actor, import_id=before, at=clock())
            write_import(workspace_id=self.actor.workspace_id, import_id=before, clock=clock)
        self.before: State | None = None

    def upload(self) -> None:
        """Take the file in, as the page and the API do."""
        self.import_id = self._uploaded(self.content)

    def another_upload(self) -> int:
        """Take the file in once more, as another import."""
        return self._uploaded(self.content)

    def again(self, content: bytes) -> "Trial":
        """Take another file all the way, undisturbed, in a workspace like this one."""
        trial = Trial(self.house, content, rows_before=self._rows_before)
        trial.upload()
        trial.check()
        trial.write()
        return trial

    def at_the_end(self, act: Callable[[], object]) -> None:
        """Have something done when the trial is over."""
        self._at_the_end.append(act)

    def close(self) -> None:
        """Take back what the trial did to the machine."""
        for act in self._at_the_end:
            act()

    def check(self, point: str | None = None, fault: Fault | None = None) -> None:
        """Map the columns and wait for the review; the fault comes when a worker waits at the point."""
        self._step(self.map, point, fault)
        self.wait_for_state("review")

    def write(self, point: str | None = None, fault: Fault | None = None, *, end: str = "completed") -> None:
        """Confirm the review and wait for the end; likewise."""
        self._step(self.confirm, point, fault)
        self.wait_for_state(end)

    def map(self) -> None:
        """Take the mapping as it was suggested."""
        self._mapped(self.import_id)

    def confirm(self) -> None:
        """Say yes to the review."""
        _forget_connections()
        with workspace_scope(self.actor.workspace_id):
            commit_import(actor=self.actor, import_id=self.import_id, at=clock())

    def cancel(self, import_id: int | None = None) -> None:
        """End it."""
        _forget_connections()
        with workspace_scope(self.actor.workspace_id):
            cancel_import(actor=self.actor, import_id=import_id or self.import_id, at=clock())

    def now(self) -> ContactImport:
        """Return the import as it stands."""
        _forget_connections()
        with workspace_scope(self.actor.workspace_id):
            return ContactImport.objects.in_workspace(self.actor.workspace_id).get(pk=self.import_id)

    def wait_for_state(self, state: str) -> None:
        """Return when the import is in a state; an end other than that one is an error."""

        def is_there() -> bool:
            row = self.now()
            if row.state != state and row.state in ENDS:
                raise NeverHappened(f"ended as {row.state} {row.error_code} while {state} was awaited")
            return row.state == state and (state not in ENDS or not row.has_staged_rows)

        wait_for(is_there, f"the state {state}", pause=0.1)  # each look is a new connection

    def claims(self) -> int:
        """Count how often a worker got this import."""
        return len(self.house.claims(self.import_id))

    def state(self) -> State:
        """Return what the import left behind."""
        house = self.house
        return state_of(house.superuser, house.files, workspace_id=self.actor.workspace_id, import_id=self.import_id)

    def _step(self, act: Callable[[], None], point: str | None, fault: Fault | None) -> None:
        if point is not None:
            self.house.arm(point)
        act()
        if point is not None:
            self.house.await_point(point)
        if fault is not None:
            fault(self)

    def _uploaded(self, content: bytes) -> int:
        _forget_connections()
        request = ImportRequest(purpose="add_and_update", identifier="phone")
        file = io.BytesIO(content)
        row = start_import(actor=self.actor, file=file, file_name="people.csv", request=request, clock=clock)
        return row.pk

    def _mapped(self, import_id: int) -> None:
        _forget_connections()
        with workspace_scope(self.actor.workspace_id):
            row = ContactImport.objects.in_workspace(self.actor.workspace_id).get(pk=import_id)
            columns = [ColumnChoice(column["name"], column["field"]) for column in row.columns]
            save_mapping(actor=self.actor, import_id=import_id, columns=columns, at=clock())


@contextmanager
def without_bells() -> Iterator[None]:
    """Let this process ring no bell; the rows stay."""
    ring = jobs.ring
    jobs.ring = lambda *_given, **_named: None
    try:
        yield
    finally:
        jobs.ring = ring


def seconds_of(act: Callable[[], object]) -> float:
    """Do something and tell how long it took."""
    began = time.monotonic()
    act()
    return time.monotonic() - began


def _forget_connections() -> None:
    """The server may have been restarted since."""
    connections.close_all()


_number = iter(range(1, 1_000_000))


def _workspace() -> Actor:
    _forget_connections()
    at = clock()
    number = next(_number)
    organization = create_organization(name="Faults", at=at)
    name = NewPerson(first_name="Ada", last_name="Ferrer", password="three wet umbrellas")
    person = create_person(email=f"ada{number}@example.com", person=name, at=at)
    settings = WorkspaceSettings(name=f"Faults {number}", default_country="ES")
    workspace = create_workspace(owner_id=person.pk, organization_id=organization.pk, settings=settings, at=at)
    with workspace_scope(workspace.pk):
        actor = actor_of_member(user_id=person.pk, workspace_id=workspace.pk)
        seed_contact_settings(actor=actor, at=at)
        for field, kind in CUSTOM:
            add_contact_field(actor=actor, name=field, kind=kind, at=at)
    return actor
