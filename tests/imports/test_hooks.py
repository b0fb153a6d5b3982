"""What an import writes as a set is told to webhooks like everything else."""

from collections import Counter

import pytest

from imports.models import State
from tests.factories import NOON, Cast
from tests.imports.steps import a_csv, imported
from workspaces.hook_kinds import event_choices
from workspaces.models import EventRecord, HookDelivery, HookEndpoint
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)

FILE = a_csv("first_name,phone", "Cleo,+34600123456", "Dan,+34600123457")


def a_hook(cast: Cast, events: list[str]) -> HookEndpoint:
    with workspace_scope(cast.acme.pk):
        return HookEndpoint.objects.create(
            workspace_id=cast.acme.pk, url="https://hooks.example/", sealed_keys="", events=events, created_at=NOON
        )


def test_each_contact_of_an_import_and_its_end_are_told_once(cast: Cast) -> None:
    imported(cast.ada, FILE)  # before anybody listens
    a_hook(cast, list(event_choices()))
    again = a_csv("first_name,phone,Tags", "Cleopatra,+34600123456,Gold", "Eve,+34600123458,Gold")
    assert imported(cast.ada, again, tags=["Spring"]).state == State.COMPLETED
    with workspace_scope(cast.acme.pk):
        rows = list(HookDelivery.objects.order_by("pk"))
        events = {event.pk: event for event in EventRecord.objects.filter(pk__in=[row.event_id for row in rows])}
    assert Counter(row.event_type for row in rows) == {
        "contact.created": 1,
        "contact.updated": 1,
        "contact.tag.updated": 2,
        "import.completed": 1,
    }
    assert [row.event_id for row in rows] == sorted(events)
    assert all(row.contact_id == events[row.event_id or 0].subject_id for row in rows[:-1])


def test_who_listens_for_other_things_gets_no_row(cast: Cast) -> None:
    a_hook(cast, ["import.completed"])
    imported(cast.ada, FILE)
    with workspace_scope(cast.acme.pk):
        assert [row.event_type for row in HookDelivery.objects.all()] == ["import.completed"]
