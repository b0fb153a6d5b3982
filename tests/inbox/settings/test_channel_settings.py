"""Channels as their owner sees them: connected, changed, mended, disconnected, deleted."""

import pytest
from django.test import Client

from inbox.actions.channel_values import settings_of_form
from inbox.actions.channels import (
    ChannelSetup,
    change_channel,
    connect_channel,
    delete_channel,
    disconnect_channel,
    reconnect_channel,
    repair_channel,
    rotate_channel_secret,
    values_of_channel,
)
from inbox.actions.delivering import deliver_message
from inbox.channels import registry
from inbox.fingerprints import fingerprint
from inbox.models import Channel, ContactChannel, Conversation, Delivery, Message
from inbox.settings_errors import (
    ChangedMeanwhile,
    ChannelIsConnected,
    ChannelIsDisconnected,
    ChannelKindNotKnown,
    SecretNotOurs,
)
from tests.factories import NOON, Cast, browser_of
from tests.inbox import steps
from workspaces.actors import Actor
from workspaces.errors import PermissionMissing, ValueNotValid
from workspaces.models import EventRecord
from workspaces.outside import addresses
from workspaces.scope import workspace_scope
from workspaces.sealing import unseal
from workspaces.secret_values import digest

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}
SETTINGS = {"destination_url": "https://example.com/out", "id_type": "phone", "window_hours": 24}
FORM = {"name": "Shop line", "set_destination_url": "https://example.com/out", "set_id_type": "phone"}


@pytest.fixture
def ada(cast: Cast) -> Client:
    return browser_of(cast.ada_user)


@pytest.fixture
def base(cast: Cast) -> str:
    return f"/w/{cast.acme.pk}/settings/channels"


@pytest.fixture(autouse=True)
def _names_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks a name server."""
    monkeypatch.setattr(addresses, "checked_addresses", lambda *_args, **_words: ["203.0.113.9"])


def connected(actor: Actor) -> tuple[Channel, dict[str, str]]:
    with workspace_scope(actor.workspace_id):
        return connect_channel(
            actor=actor, kind="custom_channel", name=" Shop  line ", settings=SETTINGS, secrets={}, at=NOON
        )


def a_held_message(actor: Actor, channel: Channel, contact_id: int) -> Message:
    return Message.objects.create(
        workspace_id=actor.workspace_id,
        contact_id=contact_id,
        channel_id=channel.pk,
        direction="outgoing",
        sender_kind="user",
        status=Delivery.QUEUED,
        created_at=NOON,
        provider_at=NOON,
        next_attempt_at=None,
    )


def events(actor: Actor, kind: str) -> list[dict[str, object]]:
    rows = EventRecord.objects.filter(workspace_id=actor.workspace_id, type=kind).order_by("pk")
    return list(rows.values_list("data", flat=True))


def test_a_connected_channel_keeps_its_secrets_sealed_and_is_found_by_its_token(cast: Cast) -> None:
    channel, made = connected(cast.max)
    assert (channel.name, channel.state, channel.sends_per_minute, len(channel.key)) == ("Shop line", "active", 600, 24)
    assert channel.settings == {**SETTINGS, "repeats_safely": False}
    assert sorted(made) == ["signing_secret", "token"]
    assert made["token"] not in channel.sealed_secrets
    with workspace_scope(cast.acme.pk):
        row = Channel.objects.get()
        assert unseal(row.sealed_secrets) == made
        assert bytes(row.token_sha256 or b"") == digest(made["token"])
        assert events(cast.ada, "inbox.channel.connected") == [{"kind": "custom_channel", "is_again": False}]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"destination_url": ""}, "destination_url"),
        ({"destination_url": "ftp://example.com"}, "destination_url"),
        ({"id_type": "whatever"}, "id_type"),
        ({"window_hours": "soon"}, "window_hours"),
        ({"destination_url": "https://example.com/" + "x" * 500}, "destination_url"),
    ],
)
def test_a_setting_that_breaks_a_rule_is_named(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(ValueNotValid) as refused:
        settings_of_form(registry.CONNECTORS["custom_channel"], {**SETTINGS, **wrong})
    assert refused.value.field == field


def test_what_only_the_channel_itself_can_say_is_said_at_its_field() -> None:
    with pytest.raises(ValueNotValid) as refused:
        settings_of_form(registry.CONNECTORS["web_chat"], {"origins": "https://example.com\nnot a site"})
    assert refused.value.field == "origins"
    found = settings_of_form(registry.CONNECTORS["web_chat"], {"origins": "https://Example.com/shop\n"})
    assert found["origins"] == ["https://example.com"]


def test_nobody_saves_over_what_they_have_not_seen(cast: Cast) -> None:
    channel, _made = connected(cast.ada)
    seen = fingerprint(values_of_channel(channel))
    with workspace_scope(cast.acme.pk):
        setup = ChannelSetup(name="Shop", sends_per_minute=60)
        changed = change_channel(actor=cast.ada, channel_id=channel.pk, setup=setup, seen=seen, at=NOON)
        assert (changed.name, changed.sends_per_minute) == ("Shop", 60)
        with pytest.raises(ChangedMeanwhile):
            change_channel(actor=cast.max, channel_id=channel.pk, setup=ChannelSetup(name="Mine"), seen=seen, at=NOON)
        with pytest.raises(ValueNotValid):
            change_channel(actor=cast.ada, channel_id=channel.pk, setup=ChannelSetup(sends_per_minute=6001), at=NOON)
        assert events(cast.ada, "inbox.channel.changed") == [
            {"changes": {"name": ["Shop line", "Shop"], "sends_per_minute": [600, 60]}, "secrets": []}
        ]


def test_a_new_token_ends_the_former_one(cast: Cast) -> None:
    channel, made = connected(cast.ada)
    with workspace_scope(cast.acme.pk):
        row, token = rotate_channel_secret(actor=cast.ada, channel_id=channel.pk, name="token", at=NOON)
        assert token != made["token"]
        assert row.token_sha256 == digest(token)
        assert unseal(row.sealed_secrets) == {"token": token, "signing_secret": made["signing_secret"]}
        with pytest.raises(SecretNotOurs):
            rotate_channel_secret(actor=cast.ada, channel_id=channel.pk, name="destination_url", at=NOON)


def test_repair_lets_out_what_was_held(cast: Cast) -> None:
    channel, _made = connected(cast.ada)
    with workspace_scope(cast.acme.pk):
        contact_id = steps.hears(cast.ada, channel).contact_id
        Channel.objects.update(state="broken", trouble="http_401")
        held = a_held_message(cast.ada, channel, contact_id)
    page = browser_of(cast.ada_user).get(f"/w/{cast.acme.pk}/settings/channels/{channel.pk}").content.decode()
    assert "http_401" in page
    with workspace_scope(cast.acme.pk):
        repair_channel(actor=cast.ada, channel_id=channel.pk, setup=ChannelSetup(), at=NOON)
        row = Channel.objects.get()
        held.refresh_from_db()
        assert (row.state, row.trouble, held.next_attempt_at) == ("active", "", NOON)
        assert events(cast.ada, "inbox.channel.repaired") == [{"released": 1}]


def test_a_disconnected_channel_has_no_secrets_and_comes_back_with_new_ones(cast: Cast) -> None:
    channel, made = connected(cast.ada)
    with workspace_scope(cast.acme.pk):
        with pytest.raises(ChannelIsConnected):
            reconnect_channel(actor=cast.ada, channel_id=channel.pk, settings=SETTINGS, secrets={}, at=NOON)
        contact_id = steps.hears(cast.ada, channel).contact_id
        held = a_held_message(cast.ada, channel, contact_id)
        gone = disconnect_channel(actor=cast.ada, channel_id=channel.pk, at=NOON)
        held.refresh_from_db()
        assert held.next_attempt_at == NOON  # it fails at the next attempt, as the channel is gone
        assert (gone.state, gone.sealed_secrets, gone.token_sha256) == ("disconnected", "", None)
        with pytest.raises(ChannelIsDisconnected):
            disconnect_channel(actor=cast.ada, channel_id=channel.pk, at=NOON)
        with pytest.raises(ChannelIsDisconnected):
            change_channel(actor=cast.ada, channel_id=channel.pk, setup=ChannelSetup(name="x"), at=NOON)
        again, fresh = reconnect_channel(actor=cast.ada, channel_id=channel.pk, settings=SETTINGS, secrets={}, at=NOON)
        assert (again.state, again.key, again.disconnected_at) == ("active", channel.key, None)
        assert fresh["token"] != made["token"]
        assert [one["is_again"] for one in events(cast.ada, "inbox.channel.connected")] == [False, True]


def test_only_owners_delete_and_conversations_stay(cast: Cast) -> None:
    channel, _made = connected(cast.ada)
    with workspace_scope(cast.acme.pk):
        heard = steps.hears(cast.ada, channel)
        waiting = a_held_message(cast.ada, channel, heard.contact_id)
        with pytest.raises(PermissionMissing):
            delete_channel(actor=cast.max, channel_id=channel.pk, at=NOON)
        with pytest.raises(ChannelIsConnected):
            delete_channel(actor=cast.ada, channel_id=channel.pk, at=NOON)
        disconnect_channel(actor=cast.ada, channel_id=channel.pk, at=NOON)
        delete_channel(actor=cast.ada, channel_id=channel.pk, at=NOON)
    deliver_message(workspace_id=cast.acme.pk, message_id=waiting.pk, clock=lambda: NOON)
    with workspace_scope(cast.acme.pk):
        assert ContactChannel.objects.count() == 0
        failed = Message.objects.get(pk=waiting.pk)
        assert (failed.status, failed.error_code) == (Delivery.FAILED, "inbox.channel_gone")
        message, conversation = Message.objects.get(pk=heard.pk), Conversation.objects.get()
        assert (message.channel_id, message.contact_channel_id) == (channel.pk, None)
        assert (conversation.opened_channel_id, conversation.last_channel_id) == (channel.pk, channel.pk)


def test_agents_connect_nothing_and_an_unknown_kind_is_none(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        with pytest.raises(PermissionMissing):
            connect_channel(actor=cast.ben, kind="custom_channel", name="x", settings=SETTINGS, secrets={}, at=NOON)
        with pytest.raises(ChannelKindNotKnown):
            connect_channel(actor=cast.ada, kind="pigeon", name="x", settings={}, secrets={}, at=NOON)


def test_the_wizard_shows_secrets_once(cast: Cast, ada: Client, base: str) -> None:
    assert "No channels yet" in ada.get(base).content.decode()
    kinds = ada.get(f"{base}/new").content.decode()
    assert "Custom channel" in kinds
    assert "Web chat" in kinds
    form = ada.get(f"{base}/new?kind=custom_channel", headers=HTMX).content.decode()
    assert 'name="set_destination_url"' in form
    assert "set_token" not in form
    empty = ada.post(f"{base}/new?kind=custom_channel", {"name": ""}, headers=HTMX)
    assert empty.status_code == 422
    answer = ada.post(f"{base}/new?kind=custom_channel", FORM, headers=HTMX)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    with workspace_scope(cast.acme.pk):
        channel = Channel.objects.get()
        token = unseal(channel.sealed_secrets)["token"]
    shown = answer.content.decode()
    assert token in shown
    assert channel.key in shown
    assert "/custom/webhook" in shown
    page = ada.get(f"{base}/{channel.pk}").content.decode()
    assert token not in page
    assert channel.key in page
    assert "Shop line" in ada.get(base).content.decode()


def test_what_the_other_side_says_stands_at_its_field(
    ada: Client, base: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type(registry.CONNECTORS["custom_channel"])
    monkeypatch.setattr(
        kind,
        "check",
        lambda _self, _settings, secrets: {"destination_url": f"Says no to {len(secrets)}."},
        raising=False,
    )
    answer = ada.post(f"{base}/new?kind=custom_channel", FORM, headers=HTMX)
    assert answer.status_code == 422
    assert "Says no to 2." in answer.content.decode()
    with workspace_scope(cast.acme.pk):
        assert not Channel.objects.exists()


def test_the_pages_of_one_channel(cast: Cast, ada: Client, base: str) -> None:
    channel, made = connected(cast.ada)
    one = f"{base}/{channel.pk}"
    edit = ada.get(f"{one}/edit", headers=HTMX).content.decode()
    assert "https://example.com/out" in edit
    seen = fingerprint(values_of_channel(channel))
    typed = {**FORM, "name": "Harbour", "sends_per_minute": "30", "seen": seen, "set_window_hours": "24"}
    assert ada.post(f"{one}/edit", typed, headers=HTMX)["HX-Redirect"] == one
    stale = ada.post(f"{one}/edit", {**typed, "name": "Other"}, headers=HTMX)
    assert (stale.status_code, "Someone changed this meanwhile" in stale.content.decode()) == (422, True)
    assert "Make a new secret" in ada.get(f"{one}/rotate?name=token", headers=HTMX).content.decode()
    rotated = ada.post(f"{one}/rotate", {"name": "token"}, headers=HTMX).content.decode()
    with workspace_scope(cast.acme.pk):
        token = unseal(Channel.objects.get().sealed_secrets)["token"]
    assert token in rotated
    assert made["token"] not in rotated
    question = ada.get(f"{one}/disconnect", headers=HTMX).content.decode()
    assert "Conversations and contacts stay" in question
    assert ada.post(f"{one}/disconnect", headers=HTMX)["HX-Redirect"] == one
    assert browser_of(cast.max_user).get(f"{one}/delete").status_code == 403
    assert ada.post(f"{one}/delete", headers=HTMX)["HX-Redirect"] == base
    assert ada.get(one).status_code == 404
