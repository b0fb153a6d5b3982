"""Saved inboxes: what they keep, who may open them, and who may change them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inbox.actions.custom_inboxes import InboxValues, delete_custom_inbox, save_custom_inbox
from inbox.errors import CustomInboxNameMissing, CustomInboxNotFound
from inbox.models import CustomInbox
from inbox.queries.custom import custom_inbox, custom_inboxes
from inbox.queries.listing import list_page
from inbox.queries.narrowing import Listing
from tests.factories import NOON, Cast
from tests.inbox.rows import a_row
from tests.inbox.steps import a_channel
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.scope import workspace_scope


def saved(actor: Actor, conditions: dict[str, object] | None = None, **values: object) -> CustomInbox:
    """Save an inbox."""
    body = InboxValues(name="VIP", conditions=conditions or {}, **values)  # type: ignore[arg-type]
    return save_custom_inbox(actor=actor, inbox_id=None, values=body, at=NOON)


def condition(first_name: str) -> dict[str, object]:
    """Return a condition on the contact's first name."""
    return {"category": "contactField", "field": "firstName", "operator": "isEqualTo", "value": first_name}


def names(actor: Actor, row: CustomInbox) -> list[str]:
    """Return the names in a saved inbox."""
    return [each.conversation.contact.first_name for each in list_page(actor, Listing(view=f"custom-{row.pk}")).rows]


def test_conditions_nest(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        for minute, name in enumerate(["Cleo", "Max", "Ada"]):
            a_row(cast.ada, name, minute=minute)
        tree = {"$and": [{"$or": [condition("Cleo"), condition("Max")]}]}
        assert names(cast.ada, saved(cast.ada, {"contact": tree})) == ["Max", "Cleo"]


def test_last_channel_and_time_since_the_last_message(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        a_row(cast.ada, "Quiet", last_channel=channel, last_incoming_at=timezone.now() - timedelta(hours=5))
        a_row(cast.ada, "Fresh", last_channel=channel, last_incoming_at=timezone.now())
        a_row(cast.ada, "Elsewhere")
        assert set(names(cast.ada, saved(cast.ada, {"last_channels": [channel.pk]}))) == {"Fresh", "Quiet"}
        assert names(cast.ada, saved(cast.ada, {"quiet_hours": 2})) == ["Quiet"]


def test_a_private_one_is_its_creators_alone(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        row = saved(cast.ben)
        assert list(custom_inboxes(cast.ben)) == [row]
        assert list(custom_inboxes(cast.ada)) == []
        with pytest.raises(CustomInboxNotFound):
            custom_inbox(cast.ada, row.pk)


def test_a_shared_one_can_be_opened_and_not_changed(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        row = saved(cast.ben, shared_user_ids=[cast.max_user.pk])
        assert custom_inbox(cast.max, row.pk) == row
        with pytest.raises(CustomInboxNotFound):
            save_custom_inbox(actor=cast.max, inbox_id=row.pk, values=InboxValues(name="Mine", conditions={}), at=NOON)
        with pytest.raises(CustomInboxNotFound):
            delete_custom_inbox(actor=cast.max, inbox_id=row.pk, at=NOON)
        delete_custom_inbox(actor=cast.ben, inbox_id=row.pk, at=NOON)
        assert not custom_inboxes(cast.max).exists()


def test_what_cannot_be_read_is_refused_before_it_is_stored(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        with pytest.raises(CustomInboxNameMissing):
            save_custom_inbox(actor=cast.ada, inbox_id=None, values=InboxValues(name=" ", conditions={}), at=NOON)
        with pytest.raises(DomainError):
            saved(cast.ada, {"contact": {"$and": [{"category": "contactField", "field": "nothing"}]}})
        assert not CustomInbox.objects.in_workspace(cast.acme.pk).exists()
