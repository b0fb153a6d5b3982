"""Settings: the channels, from the list to one channel's page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from inbox.access import channel_for_reading
from inbox.actions.channel_values import connector_for, made_secrets
from inbox.actions.channels import delete_channel, disconnect_channel, rotate_channel_secret, secrets_of
from inbox.channels.contract import Connector
from inbox.channels.registry import CONNECTORS
from inbox.errors import ChannelNotFound
from inbox.models import Channel
from inbox.queries.settings_pages import ChannelRow, channel_rows
from inbox.settings_errors import ChannelIsConnected, ChannelIsDisconnected, SecretNotOurs
from inbox.web.channel_facts import facts_of
from inbox.web.settings_pages import Question, answer_question, url_of
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.web import formats
from workspaces.web.answers import dialog
from workspaces.web.scoping import actor_of

READ_OR_POST = ["GET", "HEAD", "POST"]
# A setting as the page of a channel reads it; longer ones are cut.
LONGEST_SHOWN = 200


@require_safe
def settings_channels(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List the channels with their state."""
    del workspace_id
    actor = actor_of(request)
    known = channel_rows(actor)
    rows = [{"row": row, "kind": title_of(row.channel.kind)} for row in known]
    return render(request, "inbox/settings/channels.html", {"rows": rows, "dead": sum(row.dead for row in known)})


@require_safe
def settings_channel(request: HttpRequest, workspace_id: int, channel_id: int) -> HttpResponse:
    """Show one channel: its state, what its other side needs, its settings and secrets."""
    del workspace_id
    actor = actor_of(request)
    row = _row(actor, channel_id)
    channel = row.channel
    connector = CONNECTORS.get(channel.kind)
    context = {
        "row": row,
        "channel": channel,
        "kind": title_of(channel.kind),
        "facts": facts_of(channel),
        "settings": _shown(connector, channel),
        "secrets": _secrets(connector, channel),
        "is_known": connector is not None,
        "may_delete": actor.may(Permission.CHANNEL_DELETE),
    }
    return render(request, "inbox/settings/channel.html", context)


@never_cache
@require_http_methods(READ_OR_POST)
def settings_channel_rotate(request: HttpRequest, workspace_id: int, channel_id: int) -> HttpResponse:
    """Ask before a secret of ours is made anew, make it, and show it this one time."""
    del workspace_id
    actor = actor_of(request)
    channel = channel_for_reading(actor, channel_id, needs=Permission.CHANNEL_MANAGE)
    connector = connector_for(channel.kind)
    ours = list(made_secrets(connector))
    name = request.POST.get("name") or request.GET.get("name") or (ours[0] if ours else "")
    if name not in ours:
        raise SecretNotOurs(channel=channel.name, name=name)
    if not channel.is_open:
        raise ChannelIsDisconnected(channel=channel.name)
    back_url = url_of(actor, "settings_channel", channel.pk)
    if request.method == "POST":
        channel, secret = rotate_channel_secret(actor=actor, channel_id=channel.pk, name=name, at=timezone.now())
        return show_secrets(request, actor, channel, {name: secret}, is_new=False)
    label = _labels(connector)[name]
    question = Question(
        title=_("Make a new secret: %(label)s?") % {"label": label},
        text=_("The former one ends at once: whatever uses it is refused until you enter the new one there."),
        act_text=_("Make a new one"),
        keep_text=_("Keep the present one"),
        back_url=back_url,
        hidden=(("name", name),),
    )
    return answer_question(request, str, question)


@require_http_methods(READ_OR_POST)
def settings_channel_disconnect(request: HttpRequest, workspace_id: int, channel_id: int) -> HttpResponse:
    """Say what happens, and disconnect a channel."""
    del workspace_id
    actor = actor_of(request)
    channel = channel_for_reading(actor, channel_id, needs=Permission.CHANNEL_MANAGE)
    if not channel.is_open:
        raise ChannelIsDisconnected(channel=channel.name)

    def act() -> str:
        disconnect_channel(actor=actor, channel_id=channel.pk, at=timezone.now())
        return _("%(name)s is disconnected.") % {"name": channel.name}

    question = Question(
        title=_("Disconnect %(name)s?") % {"name": channel.name},
        text=_(
            "Nothing comes in or goes out on it any more, and its secrets are erased."
            " Messages that still wait fail. Conversations and contacts stay, and it can be connected again."
        ),
        act_text=_("Disconnect"),
        keep_text=_("Keep it connected"),
        back_url=url_of(actor, "settings_channel", channel.pk),
    )
    return answer_question(request, act, question)


@require_http_methods(READ_OR_POST)
def settings_channel_delete(request: HttpRequest, workspace_id: int, channel_id: int) -> HttpResponse:
    """Ask before a channel is deleted that is disconnected, and delete it."""
    del workspace_id
    actor = actor_of(request)
    channel = channel_for_reading(actor, channel_id, needs=Permission.CHANNEL_DELETE)
    if channel.is_open:
        raise ChannelIsConnected(channel=channel.name)
    number = channel.contact_links.count()

    def act() -> str:
        delete_channel(actor=actor, channel_id=channel.pk, at=timezone.now())
        return _("%(name)s is deleted.") % {"name": channel.name}

    lost = ngettext(
        "%(count)s contact loses its address on it.", "%(count)s contacts lose their address on it.", number
    ) % {"count": formats.number(number)}
    question = Question(
        title=_("Delete %(name)s?") % {"name": channel.name},
        text=f"{lost} "
        + _("Their conversations and messages stay, without the channel’s name. This cannot be undone."),
        act_text=_("Delete channel"),
        keep_text=_("Keep the channel"),
        back_url=url_of(actor, "settings_channels"),
    )
    return answer_question(request, act, question)


def show_secrets(
    request: HttpRequest, actor: Actor, channel: Channel, secrets: dict[str, str], *, is_new: bool
) -> HttpResponse:
    """Show secrets that were made just now; nobody sees them again."""
    labels = _labels(connector_for(channel.kind))
    context = {
        "page_title": _("Copy the secrets now") if is_new else _("Copy the new secret now"),
        "is_new": is_new,
        "channel": channel,
        "secrets": [{"id": f"secret-{name}", "label": labels[name], "value": value} for name, value in secrets.items()],
        "facts": facts_of(channel) if is_new else [],
        "back_url": url_of(actor, "settings_channel", channel.pk),
    }
    return dialog(request, "inbox/settings/channel_secrets.html", context)


def title_of(kind: str) -> str:
    """Return how a kind of channel is called; one that is not installed here has its code."""
    connector = CONNECTORS.get(kind)
    return kind if connector is None else str(connector.title)


def _row(actor: Actor, channel_id: int) -> ChannelRow:
    for row in channel_rows(actor, channel_id=channel_id):
        return row
    raise ChannelNotFound(channel_id=channel_id)


def _labels(connector: Connector) -> dict[str, str]:
    return {field.name: str(field.label) for field in connector.fields}


def _shown(connector: Connector | None, channel: Channel) -> list[dict[str, str]]:
    """Return the open settings in words, empty ones left out."""
    rows: list[dict[str, str]] = []
    for field in connector.fields if connector else ():
        value: Any = channel.settings.get(field.name)
        if field.is_secret or value in (None, "", []):
            continue
        if isinstance(value, bool):
            value = _("Yes") if value else _("No")
        elif isinstance(value, list):
            value = ", ".join(map(str, value))
        elif field.kind == "choice":
            value = dict(field.choices).get(value, value)
        rows.append({"label": str(field.label), "value": str(value)[:LONGEST_SHOWN]})
    return rows


def _secrets(connector: Connector | None, channel: Channel) -> list[dict[str, object]]:
    if connector is None or not channel.is_open:
        return []
    ours, present = made_secrets(connector), secrets_of(channel)
    return [
        {
            "name": field.name,
            "label": field.label,
            "is_set": bool(present.get(field.name)),
            "is_ours": field.name in ours,
        }
        for field in connector.fields
        if field.is_secret
    ]
