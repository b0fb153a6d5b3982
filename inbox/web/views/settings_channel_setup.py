"""Settings: connecting a channel, changing and mending it. The other side is asked before anything is saved."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from inbox.access import channel_for_reading
from inbox.actions.channel_checks import problems_of_setup
from inbox.actions.channel_values import connector_for, made_secrets
from inbox.actions.channels import (
    ChannelSetup,
    change_channel,
    connect_channel,
    reconnect_channel,
    repair_channel,
    secrets_of,
    values_of_channel,
)
from inbox.channels.registry import CONNECTORS
from inbox.fingerprints import fingerprint
from inbox.models import Channel
from inbox.settings_errors import ChannelIsConnected, ChannelIsDisconnected
from inbox.web.settings_forms import ChannelForm
from inbox.web.settings_pages import FormPage, put_refusal, show_form, url_of
from inbox.web.views.settings_channels import show_secrets
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.permissions import Permission
from workspaces.scope import workspace_scope
from workspaces.web.answers import done
from workspaces.web.scoping import actor_of, opens_its_own_scopes

READ_OR_POST = ["GET", "HEAD", "POST"]


@opens_its_own_scopes
@never_cache
@require_http_methods(READ_OR_POST)
def settings_channel_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Choose a kind of channel, then connect one and show its secrets this one time."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.CHANNEL_MANAGE)
    kind = request.GET.get("kind", "")
    if not kind:
        kinds = [{"kind": one.kind, "title": one.title} for one in CONNECTORS.values()]
        return render(request, "inbox/settings/channel_new.html", {"kinds": kinds})
    connector = connector_for(kind)
    form = _form(request, kind, None, present={})
    del form.fields["sends_per_minute"]
    page = FormPage(
        title=_("Connect: %(kind)s") % {"kind": connector.title},
        act_text=_("Connect"),
        back_url=url_of(actor, "settings_channels"),
    )

    def act() -> HttpResponse:
        with workspace_scope(actor.workspace_id):
            channel, made = connect_channel(
                actor=actor,
                kind=kind,
                name=form.cleaned_data["name"],
                settings=form.settings(),
                secrets=form.secrets(),
                at=timezone.now(),
            )
        return _connected(request, actor, channel, made)

    return _answer(request, form, kind, {}, act, page)


@opens_its_own_scopes
@require_http_methods(READ_OR_POST)
def settings_channel_edit(request: HttpRequest, workspace_id: int, channel_id: int) -> HttpResponse:
    """Change a channel's name, settings, secrets and send limit."""
    del workspace_id
    actor = actor_of(request)
    channel, present = _channel(actor, channel_id)
    if not channel.is_open:
        raise ChannelIsDisconnected(channel=channel.name)
    form = _form(request, channel.kind, channel, present=present)

    def act() -> HttpResponse:
        setup = ChannelSetup(
            name=form.cleaned_data["name"],
            settings=form.settings(),
            secrets=form.secrets(),
            sends_per_minute=form.cleaned_data["sends_per_minute"],
        )
        seen = form.cleaned_data["seen"]
        with workspace_scope(actor.workspace_id):
            change_channel(actor=actor, channel_id=channel.pk, setup=setup, seen=seen, at=timezone.now())
        return done(request, url_of(actor, "settings_channel", channel.pk), _("The channel is saved."))

    page = _page(actor, channel, _("Edit %(name)s"), _("Save"))
    return _answer(request, form, channel.kind, present, act, page)


@opens_its_own_scopes
@require_http_methods(READ_OR_POST)
def settings_channel_repair(request: HttpRequest, workspace_id: int, channel_id: int) -> HttpResponse:
    """Enter what the other side refused anew, and put the channel to work again."""
    del workspace_id
    actor = actor_of(request)
    channel, present = _channel(actor, channel_id)
    if not channel.is_open:
        raise ChannelIsDisconnected(channel=channel.name)
    form = _form(request, channel.kind, channel, present=present)
    _leave_names_out(form)

    def act() -> HttpResponse:
        setup = ChannelSetup(settings=form.settings(), secrets=form.secrets())
        with workspace_scope(actor.workspace_id):
            repair_channel(actor=actor, channel_id=channel.pk, setup=setup, at=timezone.now())
        text = _("%(name)s works again. Messages that were held go out now.") % {"name": channel.name}
        return done(request, url_of(actor, "settings_channel", channel.pk), text)

    page = _page(actor, channel, _("Repair %(name)s"), _("Repair"))
    page.extra["lead"] = channel.trouble
    return _answer(request, form, channel.kind, present, act, page)


@opens_its_own_scopes
@never_cache
@require_http_methods(READ_OR_POST)
def settings_channel_reconnect(request: HttpRequest, workspace_id: int, channel_id: int) -> HttpResponse:
    """Connect a channel again that was disconnected."""
    del workspace_id
    actor = actor_of(request)
    channel, _present = _channel(actor, channel_id)
    if channel.is_open:
        raise ChannelIsConnected(channel=channel.name)
    form = _form(request, channel.kind, channel, present={})
    _leave_names_out(form)

    def act() -> HttpResponse:
        with workspace_scope(actor.workspace_id):
            again, made = reconnect_channel(
                actor=actor,
                channel_id=channel.pk,
                settings=form.settings(),
                secrets=form.secrets(),
                at=timezone.now(),
            )
        return _connected(request, actor, again, made)

    page = _page(actor, channel, _("Connect %(name)s again"), _("Connect"))
    return _answer(request, form, channel.kind, {}, act, page)


def _answer(
    request: HttpRequest,
    form: ChannelForm,
    kind: str,
    present: Mapping[str, str],
    act: Callable[[], HttpResponse],
    page: FormPage,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        _ask_other_side(form, kind, present)
        if form.is_valid():
            try:
                return act()
            except DomainError as refusal:
                put_refusal(form, refusal, names={} if refusal.field == "name" else form.names)
    with workspace_scope(actor_of(request).workspace_id):
        return show_form(request, form, page)


def _ask_other_side(form: ChannelForm, kind: str, present: Mapping[str, str]) -> None:
    try:
        problems = problems_of_setup(kind=kind, settings=form.settings(), secrets=form.secrets(), present=present)
    except DomainError as refusal:
        put_refusal(form, refusal, names=form.names)
        return
    for name, text in problems.items():
        form.add_error(form.names.get(name), text)


def _form(request: HttpRequest, kind: str, channel: Channel | None, *, present: Mapping[str, str]) -> ChannelForm:
    connector = connector_for(kind)
    initial: dict[str, Any] = ChannelForm.first_values(connector, channel.settings if channel else None)
    if channel is not None:
        mark = fingerprint(values_of_channel(channel))
        initial |= {"name": channel.name, "sends_per_minute": channel.sends_per_minute, "seen": mark}
    return ChannelForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        connector=connector,
        made=frozenset(made_secrets(connector)),
        is_set=frozenset(name for name, value in present.items() if value),
    )


def _leave_names_out(form: ChannelForm) -> None:
    for name in ("name", "sends_per_minute"):
        del form.fields[name]


def _channel(actor: Actor, channel_id: int) -> tuple[Channel, dict[str, str]]:
    with workspace_scope(actor.workspace_id):
        channel = channel_for_reading(actor, channel_id, needs=Permission.CHANNEL_MANAGE)
    return channel, secrets_of(channel)


def _connected(request: HttpRequest, actor: Actor, channel: Channel, made: dict[str, str]) -> HttpResponse:
    if made:
        with workspace_scope(actor.workspace_id):
            return show_secrets(request, actor, channel, made, is_new=True)
    text = _("%(name)s is connected.") % {"name": channel.name}
    return done(request, url_of(actor, "settings_channel", channel.pk), text)


def _page(actor: Actor, channel: Channel, title: str, act_text: str) -> FormPage:
    return FormPage(
        title=title % {"name": channel.name},
        act_text=act_text,
        back_url=url_of(actor, "settings_channel", channel.pk),
    )
