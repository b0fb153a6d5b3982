"""Closing notes, topics, message tags and how the inbox behaves."""

import pytest
from django.test import Client

from inbox.actions.behaviour import change_inbox_settings
from inbox.actions.closing_notes import (
    add_closing_category,
    change_closing_category,
    delete_closing_category,
    move_closing_category,
)
from inbox.actions.message_tags import add_message_tag, change_message_tag
from inbox.actions.topic_list import add_topic, change_topic
from inbox.errors import TopicNotFound
from inbox.fingerprints import fingerprint
from inbox.models import ClosingCategory, InboxSettings, MessageTag, Topic
from inbox.queries.behaviour import settings_of
from inbox.settings_errors import CategoryNeeded, CategoryNotFound, ChangedMeanwhile, MessageTagNotFound, TopicNeeded
from tests.factories import NOON, Cast, browser_of
from workspaces.errors import NameTaken, PermissionMissing, ValueNotValid
from workspaces.models import EventRecord
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}
BEHAVIOUR = {
    "reopen_hours": "24",
    "auto_resolve_days": "7",
    "amber_minutes": "10",
    "red_minutes": "30",
    "undo_seconds": "8",
    "offline_minutes": "5",
    "unassign_at_logout": "on",
}


@pytest.fixture
def ada(cast: Cast) -> Client:
    return browser_of(cast.ada_user)


@pytest.fixture
def base(cast: Cast) -> str:
    return f"/w/{cast.acme.pk}/settings"


def test_roles(cast: Cast, base: str) -> None:
    pages = ("closing-notes", "closing-notes/new", "topics", "topics/new", "message-tags", "message-tags/new", "inbox")
    for user, status in ((cast.ada_user, 200), (cast.max_user, 200), (cast.ben_user, 403)):
        browser = browser_of(user)
        assert {page: browser.get(f"{base}/{page}").status_code for page in pages} == dict.fromkeys(pages, status)


def test_categories_are_added_moved_changed_and_deleted(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        rows = [add_closing_category(actor=cast.max, name=name, at=NOON) for name in ("Sale", "Refund", "Spam")]
        with pytest.raises(NameTaken):
            add_closing_category(actor=cast.max, name="SALE", at=NOON)
        with pytest.raises(ValueNotValid):
            add_closing_category(actor=cast.max, name=" ", at=NOON)
        move_closing_category(actor=cast.max, category_id=rows[2].pk, to_position=0, at=NOON)
        seen = fingerprint({"name": "Sale", "description": ""})
        change_closing_category(
            actor=cast.max, category_id=rows[0].pk, name="Sale", description="Bought", seen=seen, at=NOON
        )
        with pytest.raises(ChangedMeanwhile):
            change_closing_category(
                actor=cast.ada, category_id=rows[0].pk, name="Sold", description="", seen=seen, at=NOON
            )
        delete_closing_category(actor=cast.max, category_id=rows[1].pk, at=NOON)
        with pytest.raises(CategoryNotFound):
            delete_closing_category(actor=cast.max, category_id=rows[1].pk, at=NOON)
        with pytest.raises(PermissionMissing):
            add_closing_category(actor=cast.ben, name="Mine", at=NOON)
        listed = ClosingCategory.objects.order_by("position").values_list("name", "description")
        assert list(listed) == [("Spam", ""), ("Sale", "Bought")]
        acts = EventRecord.objects.filter(type="inbox.closing_category.changed").order_by("pk")
        assert [row.data["act"] for row in acts] == ["added", "added", "added", "moved", "changed", "deleted"]


def test_closing_asks_only_for_what_there_is(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        with pytest.raises(CategoryNeeded):
            change_inbox_settings(actor=cast.ada, values={"closing_mode": "category"}, at=NOON)
        with pytest.raises(TopicNeeded):
            change_inbox_settings(actor=cast.ada, values={"topic_required": True}, at=NOON)
        category = add_closing_category(actor=cast.ada, name="Sale", at=NOON)
        topic = add_topic(actor=cast.ada, name="Orders", at=NOON)
        change_inbox_settings(actor=cast.ada, values={"closing_mode": "all", "topic_required": True}, at=NOON)
        with pytest.raises(CategoryNeeded):
            delete_closing_category(actor=cast.ada, category_id=category.pk, at=NOON)
        with pytest.raises(TopicNeeded):
            change_topic(actor=cast.ada, topic_id=topic.pk, is_active=False, at=NOON)
        assert (ClosingCategory.objects.count(), Topic.objects.filter(is_active=True).count()) == (1, 1)


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("reopen_hours", -1, "reopen_hours"),
        ("auto_resolve_days", 366, "auto_resolve_days"),
        ("undo_seconds", 31, "undo_seconds"),
        ("offline_minutes", 0, "offline_minutes"),
        ("amber_minutes", 60, "red_minutes"),
        ("closing_mode", "never", "closing_mode"),
        ("topic_required", 1, "topic_required"),
        ("workspace_id", 7, "workspace_id"),
    ],
)
def test_behaviour_keeps_within_its_bounds(cast: Cast, key: str, value: object, field: str) -> None:
    with workspace_scope(cast.acme.pk):
        with pytest.raises(ValueNotValid) as refused:
            change_inbox_settings(actor=cast.ada, values={key: value}, at=NOON)
        assert refused.value.field == field
        assert not InboxSettings.objects.exists()


def test_the_page_of_behaviour_saves_and_notices_others(cast: Cast, ada: Client, base: str) -> None:
    page = ada.get(f"{base}/inbox").content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert ada.post(f"{base}/inbox", {**BEHAVIOUR, "seen": seen}).status_code == 302
    with workspace_scope(cast.acme.pk):
        row = settings_of(cast.acme.pk)
        assert (row.reopen_hours, row.auto_resolve_days, row.amber_minutes, row.red_minutes) == (24, 7, 10, 30)
        assert (row.undo_seconds, row.offline_minutes) == (8, 5)
        assert (row.unassign_at_logout, row.tell_all_of_unassigned) == (True, False)
        changed = EventRecord.objects.get(type="inbox.settings.changed").data["changes"]
        assert changed["auto_resolve_days"] == [30, 7]
        assert "offline_minutes" not in changed
    stale = ada.post(f"{base}/inbox", {**BEHAVIOUR, "seen": seen, "undo_seconds": "9"})
    assert (stale.status_code, "Someone changed this meanwhile" in stale.content.decode()) == (422, True)
    wrong = ada.post(f"{base}/inbox", {**BEHAVIOUR, "amber_minutes": "40"})
    assert (wrong.status_code, "Red comes after amber" in wrong.content.decode()) == (422, True)


def test_the_page_of_closing_notes(cast: Cast, ada: Client, base: str) -> None:
    refused = ada.post(f"{base}/closing-notes", {"closing_mode": "all"})
    assert (refused.status_code, "Add a category" in refused.content.decode()) == (422, True)
    for name in ("Sale", "Refund"):
        ada.post(f"{base}/closing-notes/new", {"name": name, "description": ""}, headers=HTMX)
    assert ada.post(f"{base}/closing-notes", {"closing_mode": "all"}).status_code == 302
    with workspace_scope(cast.acme.pk):
        first = ClosingCategory.objects.get(name="Sale")
    card = ada.post(f"{base}/closing-notes/{first.pk}/move", {"to": "1"}, headers=HTMX).content.decode()
    assert card.index("Refund") < card.index("Sale")
    twice = ada.post(f"{base}/closing-notes/new", {"name": "sale"}, headers=HTMX)
    assert (twice.status_code, "already in use" in twice.content.decode()) == (422, True)
    assert ada.post(f"{base}/closing-notes/{first.pk}/delete", headers=HTMX)["HX-Redirect"] == f"{base}/closing-notes"


def test_topics_and_message_tags_are_switched_and_never_deleted(cast: Cast, ada: Client, base: str) -> None:
    for page, model in (("topics", Topic), ("message-tags", MessageTag)):
        assert ada.post(f"{base}/{page}/new", {"name": "Delivery"}, headers=HTMX)["HX-Redirect"] == f"{base}/{page}"
        assert ada.post(f"{base}/{page}/new", {"name": "delivery"}, headers=HTMX).status_code == 422
        with workspace_scope(cast.acme.pk):
            row = model.objects.get()
        ada.post(f"{base}/{page}/{row.pk}", {"name": "Parcels"}, headers=HTMX)
        ada.post(f"{base}/{page}/{row.pk}/switch", {"is_active": "0"}, headers=HTMX)
        shown = ada.get(f"{base}/{page}").content.decode()
        assert "Parcels" in shown
        assert "Switch Parcels on" in shown
        with workspace_scope(cast.acme.pk):
            row.refresh_from_db()
            assert (row.name, row.is_active) == ("Parcels", False)


def test_labels_that_are_not_there_or_not_ours(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        topic = add_topic(actor=cast.ada, name="Orders", at=NOON)
        tag = add_message_tag(actor=cast.ada, name="Praise", at=NOON)
        with pytest.raises(PermissionMissing):
            change_topic(actor=cast.ben, topic_id=topic.pk, is_active=False, at=NOON)
        with pytest.raises(PermissionMissing):
            change_message_tag(actor=cast.ben, tag_id=tag.pk, is_active=False, at=NOON)
        with pytest.raises(ChangedMeanwhile):
            change_topic(actor=cast.ada, topic_id=topic.pk, name="x", seen="0" * 16, at=NOON)
    with workspace_scope(cast.globex.pk):
        with pytest.raises(TopicNotFound):
            change_topic(actor=cast.gus, topic_id=topic.pk, name="x", at=NOON)
        with pytest.raises(MessageTagNotFound):
            change_message_tag(actor=cast.gus, tag_id=tag.pk, name="x", at=NOON)
