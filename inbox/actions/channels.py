"""Channels are connected, changed, mended, disconnected and deleted. No network is reached here: `inbox.channel_checks` does that."""

import secrets as randomness
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Func
from django.utils.translation import gettext as _

from inbox.access import channel_for_update
from inbox.actions.channel_troubles import release_held
from inbox.actions.channel_values import connector_for, made_secrets, secrets_of_form, settings_of_form
from inbox.channel_events import (
    ChannelChanged,
    ChannelConnected,
    ChannelDeleted,
    ChannelDisconnected,
    ChannelRepaired,
    ChannelSecretRotated,
)
from inbox.fingerprints import require_unchanged
from inbox.models import Channel, ContactChannel, Draft, EarlyStatus, EmailThreadId, InboundEvent, Message, VirtualAgent
from inbox.settings_errors import ChannelIsConnected, ChannelIsDisconnected, SecretNotOurs
from workspaces.access import workspace_for_update
from workspaces.actions.checks import text_of
from workspaces.actors import Actor
from workspaces.errors import LimitReached, ValueNotValid
from workspaces.events import record
from workspaces.permissions import Permission
from workspaces.sealing import NotUnsealable, seal, unseal
from workspaces.secret_values import digest

MOST_CHANNELS = 100
LONGEST_NAME = 80
MOST_SENDS_PER_MINUTE = 6000
TOKEN = "token"  # noqa: S105 - the name of the secret by which a channel is found


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSetup:
    """What is set about a channel; None leaves a part as it is, and so does a secret that is left empty."""

    name: str | None = None
    settings: Mapping[str, object] | None = None
    secrets: Mapping[str, str] | None = None
    sends_per_minute: int | None = None


@transaction.atomic
def connect_channel(
    *,
    actor: Actor,
    kind: str,
    name: str,
    settings: Mapping[str, object],
    secrets: Mapping[str, str],
    at: datetime,
) -> tuple[Channel, dict[str, str]]:
    """Connect a channel; return it, and the secrets that we made, which are shown this one time."""
    workspace = workspace_for_update(actor, needs=Permission.CHANNEL_MANAGE)
    connector = connector_for(kind)
    if Channel.objects.in_workspace(actor.workspace_id).exclude(state=Channel.State.DELETED).count() >= MOST_CHANNELS:
        raise LimitReached(limit=MOST_CHANNELS)
    made = made_secrets(connector)
    channel = Channel(
        workspace=workspace,
        kind=kind,
        name=_name(name),
        key=randomness.token_hex(12),
        settings=settings_of_form(connector, settings),
        created_by_id=actor.user_id,
        created_at=at,
    )
    _name_account(channel)
    _seal(channel, {**secrets_of_form(connector, secrets, present={}), **made})
    channel.save(force_insert=True)
    record(ChannelConnected(subject_id=channel.pk, kind=kind), actor=actor, at=at)
    return channel, made


@transaction.atomic
def change_channel(*, actor: Actor, channel_id: int, setup: ChannelSetup, seen: str = "", at: datetime) -> Channel:
    """Change what is given; `seen` is the fingerprint of `values_of_channel` as it was shown."""
    channel = channel_for_update(actor, channel_id)
    _require_connected(channel)
    require_unchanged(seen, values_of_channel(channel))
    _change(channel, actor, setup, at=at)
    return channel


@transaction.atomic
def repair_channel(*, actor: Actor, channel_id: int, setup: ChannelSetup, at: datetime) -> Channel:
    """Put a channel to work again that the other side refused; what was held goes out now."""
    channel = channel_for_update(actor, channel_id)
    _require_connected(channel)
    _change(channel, actor, setup, at=at)
    released = _revive(channel, at=at)
    record(ChannelRepaired(subject_id=channel.pk, released=released), actor=actor, at=at)
    return channel


@transaction.atomic
def rotate_channel_secret(*, actor: Actor, channel_id: int, name: str, at: datetime) -> tuple[Channel, str]:
    """Make a secret of ours anew and return it, to be shown this one time; the former one ends at once."""
    channel = channel_for_update(actor, channel_id)
    _require_connected(channel)
    made = made_secrets(connector_for(channel.kind))
    if name not in made:
        raise SecretNotOurs(channel=channel.name, name=name)
    _seal(channel, {**secrets_of(channel), name: made[name]})
    channel.save(update_fields=["sealed_secrets", "token_sha256"])
    record(ChannelSecretRotated(subject_id=channel.pk, name=name), actor=actor, at=at)
    return channel, made[name]


@transaction.atomic
def disconnect_channel(*, actor: Actor, channel_id: int, at: datetime) -> Channel:
    """End a connection: nothing comes in or goes out any more, and its secrets are erased. Conversations stay.

    Messages that were held become due, so that they fail where people see it instead of waiting for ever.
    """
    channel = channel_for_update(actor, channel_id)
    _require_connected(channel)
    channel.state, channel.disconnected_at, channel.trouble = Channel.State.DISCONNECTED, at, ""
    channel.sealed_secrets, channel.token_sha256 = "", None
    channel.save(update_fields=["state", "disconnected_at", "trouble", "sealed_secrets", "token_sha256"])
    release_held(workspace_id=actor.workspace_id, channel_id=channel.pk, at=at)
    record(ChannelDisconnected(subject_id=channel.pk), actor=actor, at=at)
    return channel


@transaction.atomic
def reconnect_channel(
    *,
    actor: Actor,
    channel_id: int,
    settings: Mapping[str, object],
    secrets: Mapping[str, str],
    at: datetime,
) -> tuple[Channel, dict[str, str]]:
    """Connect a channel again that was disconnected, with its contacts and address; return it and the secrets that we made."""
    channel = channel_for_update(actor, channel_id)
    if channel.is_open:
        raise ChannelIsConnected(channel=channel.name)
    connector = connector_for(channel.kind)
    made = made_secrets(connector)
    channel.settings = settings_of_form(connector, settings)
    _seal(channel, {**secrets_of_form(connector, secrets, present={}), **made})
    channel.disconnected_at = None
    _name_account(channel)
    channel.save(update_fields=["settings", "account", "sealed_secrets", "token_sha256", "disconnected_at"])
    _revive(channel, at=at)
    record(ChannelConnected(subject_id=channel.pk, kind=channel.kind, is_again=True), actor=actor, at=at)
    return channel, made


@transaction.atomic
def delete_channel(*, actor: Actor, channel_id: int, at: datetime) -> None:
    """Delete a channel that is disconnected, with the contacts' addresses on it; their conversations stay.

    Its row stays as well, without settings, secrets and address: past messages keep the name of where they came from.
    Whole statements instead of one by one: a channel can hold a hundred thousand addresses.
    """
    channel = channel_for_update(actor, channel_id, needs=Permission.CHANNEL_DELETE)
    if channel.is_open:
        raise ChannelIsConnected(channel=channel.name)
    workspace_id = actor.workspace_id
    release_held(workspace_id=workspace_id, channel_id=channel_id, at=at)  # what waits fails where people see it
    Message.objects.in_workspace(workspace_id).filter(channel_id=channel_id).update(contact_channel=None)
    Draft.objects.in_workspace(workspace_id).filter(channel_id=channel_id).update(channel_id=None)
    agents = VirtualAgent.objects.in_workspace(workspace_id).filter(channel_ids__contains=[channel_id])
    agents.update(channel_ids=Func(F("channel_ids"), channel_id, function="array_remove"))
    for rows in (InboundEvent, ContactChannel, EarlyStatus, EmailThreadId):
        rows.objects.in_workspace(workspace_id).filter(channel_id=channel_id)._raw_delete(using="default")  # noqa: SLF001
    Channel.objects.in_workspace(workspace_id).filter(pk=channel_id).update(
        state=Channel.State.DELETED,
        key=randomness.token_hex(12),
        settings={},
        sealed_secrets="",
        token_sha256=None,
        cursor={},
        trouble="",
        quiet_until=None,
    )
    record(ChannelDeleted(subject_id=channel_id, kind=channel.kind, name=channel.name), actor=actor, at=at)


def values_of_channel(channel: Channel) -> dict[str, object]:
    """Return what its form shows, to notice that somebody else saved meanwhile."""
    return {"name": channel.name, "sends_per_minute": channel.sends_per_minute, "settings": channel.settings}


def secrets_of(channel: Channel) -> dict[str, str]:
    """Return the secrets; none where no key of this installation opens them, so that they can be entered again."""
    try:
        return unseal(channel.sealed_secrets)
    except NotUnsealable:
        return {}


def _change(channel: Channel, actor: Actor, setup: ChannelSetup, *, at: datetime) -> None:
    connector = connector_for(channel.kind)
    wanted: dict[str, object] = {}
    if setup.name is not None:
        wanted["name"] = _name(setup.name)
    if setup.sends_per_minute is not None:
        wanted["sends_per_minute"] = _sends(setup.sends_per_minute)
    if setup.settings is not None:
        wanted["settings"] = settings_of_form(connector, setup.settings)
    changes = {key: [getattr(channel, key), value] for key, value in wanted.items() if getattr(channel, key) != value}
    for key, value in wanted.items():
        setattr(channel, key, value)
    _name_account(channel)
    before = secrets_of(channel)
    after = before if setup.secrets is None else secrets_of_form(connector, setup.secrets, present=before)
    replaced = sorted(key for key in after if after[key] != before.get(key))
    if replaced:
        _seal(channel, after)
    if changes or replaced:
        channel.save(update_fields=[*changes, "account", "sealed_secrets", "token_sha256"])
        record(ChannelChanged(subject_id=channel.pk, changes=changes, secrets=replaced), actor=actor, at=at)


def _revive(channel: Channel, *, at: datetime) -> int:
    channel.state, channel.trouble, channel.quiet_until = Channel.State.ACTIVE, "", None
    channel.save(update_fields=["state", "trouble", "quiet_until"])
    return release_held(workspace_id=channel.workspace_id, channel_id=channel.pk, at=at)


def _name_account(channel: Channel) -> None:
    """Keep what the channel is called on its network; where that has no name for it, it is the channel's own."""
    channel.account = connector_for(channel.kind).account_name(channel.settings)[:255] or channel.name


def _seal(channel: Channel, values: Mapping[str, str]) -> None:
    channel.sealed_secrets = seal(values)
    token = values.get(TOKEN)
    channel.token_sha256 = digest(token) if token else None


def _require_connected(channel: Channel) -> None:
    if not channel.is_open:
        raise ChannelIsDisconnected(channel=channel.name)


def _name(name: str) -> str:
    return text_of(name, field="name", most=LONGEST_NAME)


def _sends(count: int) -> int:
    if not 1 <= count <= MOST_SENDS_PER_MINUTE:
        raise ValueNotValid(
            field="sends_per_minute", sentence=_("Write a number from 1 to %(most)s.") % {"most": MOST_SENDS_PER_MINUTE}
        )
    return count
