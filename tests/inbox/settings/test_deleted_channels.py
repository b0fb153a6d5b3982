"""What stays of a channel that was deleted, and what a channel is called on its network."""

import pytest
from django.db import connection
from django.test import Client

from contacts.identifiers import Identifier
from inbox import actions
from inbox.actions.channels import ChannelSetup, change_channel, connect_channel, delete_channel, disconnect_channel
from inbox.actions.intake import take_in
from inbox.channels import registry
from inbox.channels.media import MEDIA
from inbox.errors import ChannelNotFound, NoChannel
from inbox.models import Channel, InboundEvent, Message, VirtualAgent
from inbox.queries import lists
from inbox.queries.helpers import channels_to_take
from inbox.queries.settings_pages import channel_rows
from inbox.queries.thread import channels_open
from tests.factories import NOON, Cast, browser_of
from tests.inbox import steps
from tests.inbox.settings.test_channel_settings import connected
from workspaces.outside import addresses
from workspaces.scope import workspace_scope
from workspaces.secret_values import digest

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_a_deleted_channel_is_a_name_of_the_past_and_nothing_else(cast: Cast, ada: Client, base: str) -> None:
    channel, made = connected(cast.ada)
    with workspace_scope(cast.acme.pk):
        contact_id = steps.hears(cast.ada, channel).contact_id
        key = Channel.objects.get().key
        agent = VirtualAgent.objects.create(
            workspace_id=cast.acme.pk, name="Ana", channel_ids=[channel.pk, 7], created_at=NOON
        )
        disconnect_channel(actor=cast.ada, channel_id=channel.pk, at=NOON)
        delete_channel(actor=cast.ada, channel_id=channel.pk, at=NOON)
        agent.refresh_from_db()
        assert (agent.channel_ids, channels_to_take(cast.ada, kept=agent.channel_ids)) == ([7], [])
        row = Channel.objects.get()
        assert (row.state, row.name, row.account, row.kind) == ("deleted", "Shop line", "Shop line", "custom_channel")
        assert (row.settings, row.sealed_secrets, row.token_sha256, row.cursor) == ({}, "", None, {})
        assert row.key != key
        for act in (disconnect_channel, delete_channel):
            with pytest.raises(ChannelNotFound):
                act(actor=cast.ada, channel_id=channel.pk, at=NOON)
        assert list(lists.channels(cast.ada)) == list(lists.connected_channels(cast.ada)) == []
        assert (channels_open(cast.ada), channel_rows(cast.ada)) == ([], [])
        with pytest.raises(NoChannel):
            steps.says(cast.ada, Message.objects.get())
        actions.close_conversation(actor=cast.ada, contact=Identifier.of(contact_id), at=NOON)
        opened = actions.open_conversation(actor=cast.ada, contact=Identifier.of(contact_id), at=NOON)
        assert (opened.opened_channel_id, opened.channel_id) == (None, None)
        with connection.cursor() as cursor:
            for question, value in (
                ("SELECT count(*) FROM channels_of_kind(%s)", "custom_channel"),
                ("SELECT count(*) FROM channel_by_key(%s)", row.key),
                ("SELECT count(*) FROM channel_by_token(%s)", digest(made["token"])),
            ):
                cursor.execute(question, [value])
                assert cursor.fetchone() == (0,)
    assert ada.get(f"{base}/{channel.pk}").status_code == 404
    assert "Shop line" not in ada.get(base).content.decode()
    page = ada.get(f"/w/{cast.acme.pk}/inbox/c/{contact_id}/transcript").content.decode()
    assert "Shop line" in page


def test_what_came_while_a_channel_was_deleted_is_let_go(cast: Cast) -> None:
    channel, _made = connected(cast.ada)
    with workspace_scope(cast.acme.pk):
        disconnect_channel(actor=cast.ada, channel_id=channel.pk, at=NOON)
        delete_channel(actor=cast.ada, channel_id=channel.pk, at=NOON)
        event = {"provider_event_id": "1", "sender": "+34600123456", "payload": {}}
        InboundEvent.objects.create(
            workspace_id=cast.acme.pk, channel_id=channel.pk, next_attempt_at=NOON, received_at=NOON, **event
        )
    take_in(workspace_id=cast.acme.pk, channel_id=channel.pk, clock=lambda: NOON)
    with workspace_scope(cast.acme.pk):
        assert not InboundEvent.objects.exists()


def test_the_account_is_its_name_on_the_network_or_the_channels_own(cast: Cast) -> None:
    channel, _made = connected(cast.ada)
    assert channel.account == "Shop line"
    with workspace_scope(cast.acme.pk):
        change_channel(actor=cast.ada, channel_id=channel.pk, setup=ChannelSetup(name="Harbour"), at=NOON)
        assert Channel.objects.get().account == "Harbour"
        mailbox, _secrets = connect_channel(
            actor=cast.ada,
            kind="other_email",
            name="Support",
            settings={
                "address": "help@example.com",
                "imap_host": "imap.example.com",
                "imap_port": "993",
                "imap_security": "ssl",
                "smtp_security": "ssl",
                "smtp_host": "smtp.example.com",
                "smtp_port": "587",
            },
            secrets={"imap_password": "x"},
            at=NOON,
        )
        change_channel(actor=cast.ada, channel_id=mailbox.pk, setup=ChannelSetup(name="Desk"), at=NOON)
        mailbox.refresh_from_db()
        assert (mailbox.name, mailbox.account) == ("Desk", "help@example.com")


def test_every_kind_of_channel_has_its_medium() -> None:
    assert {kind: connector.medium for kind, connector in registry.CONNECTORS.items()} == {
        kind: MEDIA[kind] for kind in registry.CONNECTORS
    }
