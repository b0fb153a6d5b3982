"""Settings: outgoing webhooks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workspaces import hook_queries as queries
from workspaces.actions import (
    add_hook,
    change_hook,
    delete_hook,
    disable_hook,
    enable_hook,
    replay_delivery,
    replay_range,
    rotate_hook_key,
    try_hook,
)
from workspaces.actions.hooks import MOST_HOOKS
from workspaces.errors import DomainError
from workspaces.models import HookDelivery
from workspaces.permissions import Permission
from workspaces.scope import workspace_scope
from workspaces.web.answers import NOT_VALID, dialog, done, refuse_in
from workspaces.web.hook_forms import HookForm, ReplayForm
from workspaces.web.hook_words import attempt_lines, delivery_line, event_title, host_of, standing_of, trouble_of
from workspaces.web.scoping import actor_of, opens_its_own_scopes


@require_GET
def hooks(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List the webhooks."""
    del workspace_id
    actor = actor_of(request)
    rows = list(queries.hooks(actor))
    unsent = queries.waiting_and_parked(actor, [row.pk for row in rows])
    lines = [
        {
            "hook": row,
            "host": host_of(row),
            "standing": standing_of(row),
            "waiting": unsent.get(row.pk, (0, 0))[0],
            "parked": unsent.get(row.pk, (0, 0))[1],
        }
        for row in rows
    ]
    context = {"lines": lines, "most": MOST_HOOKS, "is_full": len(rows) >= MOST_HOOKS}
    return render(request, "workspaces/settings/hooks.html", context)


@never_cache
@opens_its_own_scopes
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Add a webhook, and show its signing key this one time."""
    actor = actor_of(request)
    actor.require(Permission.HOOK_MANAGE)
    form = HookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row, key = add_hook(actor=actor, values=form.values(), at=timezone.now())
        except DomainError as refusal:
            refuse_in(form, refusal)
        else:
            return _key_shown(request, workspace_id, row.pk, key, title=_("Webhook added"))
    context = {"form": form, "back_url": reverse("settings_hooks", args=[workspace_id])}
    return render(request, "workspaces/settings/hook_edit.html", context, status=NOT_VALID if form.is_bound else 200)


@require_GET
def hook(request: HttpRequest, workspace_id: int, hook_id: int) -> HttpResponse:
    """Show one webhook with the log of its deliveries."""
    actor = actor_of(request)
    row = queries.hook(actor, hook_id)
    state = request.GET.get("state", "")
    state = state if state in HookDelivery.State.values else ""
    before = request.GET.get("before", "")
    page = queries.deliveries_page(
        actor,
        row.pk,
        state=state,
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 20 else None,
        most=queries.DELIVERIES_ON_A_PAGE + 1,
    )
    shown = page[: queries.DELIVERIES_ON_A_PAGE]
    here = reverse("settings_hook", args=[workspace_id, row.pk])
    context = {
        "hook": row,
        "host": host_of(row),
        "standing": standing_of(row),
        "events": [event_title(name) for name in row.events],
        "lines": [delivery_line(one) for one in shown],
        "is_filtered": bool(state or before),
        "older_url": f"{here}?state={state}&before={shown[-1].pk}" if len(page) > len(shown) else "",
        "newer_url": f"{here}?state={state}" if before else "",
        "here": here,
        "tabs": [
            {"label": label, "url": f"{here}?state={name}", "current": state == name}
            for name, label in (
                ("", _("All")),
                ("waiting", _("Waiting")),
                ("delivered", _("Delivered")),
                ("parked", _("Parked")),
            )
        ],
    }
    return render(request, "workspaces/settings/hook.html", context)


@opens_its_own_scopes
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, workspace_id: int, hook_id: int) -> HttpResponse:
    """Change where a webhook goes to and what it tells."""
    actor = actor_of(request)
    with workspace_scope(workspace_id):
        row = queries.hook(actor, hook_id)
    form = HookForm(request.POST or None, initial=HookForm.values_of(row))
    back_url = reverse("settings_hook", args=[workspace_id, row.pk])
    if request.method == "POST" and form.is_valid():
        try:
            change_hook(actor=actor, hook_id=row.pk, values=form.values(), at=timezone.now())
        except DomainError as refusal:
            refuse_in(form, refusal)
        else:
            return done(request, back_url, _("Webhook saved"))
    context = {"form": form, "hook": row, "host": host_of(row), "back_url": back_url}
    return render(request, "workspaces/settings/hook_edit.html", context, status=NOT_VALID if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def key(request: HttpRequest, workspace_id: int, hook_id: int) -> HttpResponse:
    """Ask before a new signing key is made, make it, and show it this one time."""
    actor = actor_of(request)
    row = queries.hook(actor, hook_id)
    if request.method == "POST":
        _row, made = rotate_hook_key(actor=actor, hook_id=row.pk, at=timezone.now())
        return _key_shown(request, workspace_id, row.pk, made, title=_("New signing key"))
    return dialog(
        request,
        "workspaces/settings/hook_key_question.html",
        {
            "page_title": _("New signing key"),
            "action": reverse("settings_hook_key", args=[workspace_id, row.pk]),
            "back_url": reverse("settings_hook", args=[workspace_id, row.pk]),
        },
    )


@opens_its_own_scopes
@require_POST
def trial(request: HttpRequest, workspace_id: int, hook_id: int) -> HttpResponse:
    """Send a test event and show its line of the log."""
    row = try_hook(actor=actor_of(request), hook_id=hook_id, clock=timezone.now)
    if row.state == HookDelivery.State.DELIVERED:
        text = _("The test event was delivered")
    else:
        text = _("The test event was not delivered: %(trouble)s") % {"trouble": trouble_of(row)}
    return done(request, reverse("settings_hook_delivery", args=[workspace_id, hook_id, row.pk]), text)


@require_POST
def switch(request: HttpRequest, workspace_id: int, hook_id: int) -> HttpResponse:
    """Turn a webhook on or off."""
    act, text = (
        (enable_hook, _("Webhook turned on"))
        if request.POST.get("on") == "1"
        else (disable_hook, _("Webhook turned off"))
    )
    row = act(actor=actor_of(request), hook_id=hook_id, at=timezone.now())
    return done(request, reverse("settings_hook", args=[workspace_id, row.pk]), text)


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, workspace_id: int, hook_id: int) -> HttpResponse:
    """Ask before a webhook is deleted, and delete it."""
    actor = actor_of(request)
    row = queries.hook(actor, hook_id)
    if request.method == "POST":
        delete_hook(actor=actor, hook_id=row.pk, at=timezone.now())
        return done(request, reverse("settings_hooks", args=[workspace_id]), _("Webhook deleted"))
    context = {
        "title": _("Delete the webhook to %(host)s?") % {"host": host_of(row)},
        "page_title": _("Delete a webhook"),
        "text": _("Its log goes too, and what waits is not sent. This cannot be undone."),
        "action": reverse("settings_hook_delete", args=[workspace_id, row.pk]),
        "keep_text": _("Keep it"),
        "keep_url": reverse("settings_hook", args=[workspace_id, row.pk]),
        "act_text": _("Delete the webhook"),
    }
    return dialog(request, "workspaces/components/confirm.html", context)


@require_http_methods(["GET", "POST"])
def replay(request: HttpRequest, workspace_id: int, hook_id: int) -> HttpResponse:
    """Ask which stretch of the log goes out again, and put it back into the queue."""
    actor = actor_of(request)
    row = queries.hook(actor, hook_id)
    form = ReplayForm(request.POST or None, initial=ReplayForm.first())
    back_url = reverse("settings_hook", args=[workspace_id, row.pk])
    if request.method == "POST" and form.is_valid():
        try:
            count = replay_range(
                actor=actor,
                hook_id=row.pk,
                since=form.cleaned_data["since"],
                until=form.cleaned_data["until"],
                parked_only=not form.cleaned_data["with_delivered"],
                at=timezone.now(),
            )
        except DomainError as refusal:
            refuse_in(form, refusal)
        else:
            text = ngettext("%(n)s event goes out again", "%(n)s events go out again", count) % {"n": count}
            return done(request, back_url, text)
    context = {
        "form": form,
        "page_title": _("Send again"),
        "action": reverse("settings_hook_replay", args=[workspace_id, row.pk]),
        "back_url": back_url,
    }
    status = NOT_VALID if form.is_bound else 200
    return dialog(request, "workspaces/settings/hook_replay.html", context, status=status)


@require_GET
def delivery(request: HttpRequest, workspace_id: int, hook_id: int, hook_delivery_id: int) -> HttpResponse:
    """Show one delivery with its attempts."""
    actor = actor_of(request)
    row = queries.hook(actor, hook_id)
    one = queries.delivery(actor, row.pk, hook_delivery_id)
    context = {
        "hook": row,
        "host": host_of(row),
        "line": delivery_line(one),
        "attempts": attempt_lines(queries.attempts_of(actor, one.pk)),
        "back_url": reverse("settings_hook", args=[workspace_id, row.pk]),
        "message_id": f"evt_test_{one.pk}" if one.event_id is None else f"evt_{one.event_id}",
        "may_replay": row.is_active and one.event_id is not None and one.state != HookDelivery.State.WAITING,
    }
    return render(request, "workspaces/settings/hook_delivery.html", context)


@require_POST
def delivery_replay(request: HttpRequest, workspace_id: int, hook_id: int, hook_delivery_id: int) -> HttpResponse:
    """Put one delivery back into the queue."""
    actor = actor_of(request)
    one = queries.delivery(actor, queries.hook(actor, hook_id).pk, hook_delivery_id)
    replay_delivery(actor=actor, hook_id=hook_id, delivery_id=one.pk, at=timezone.now())
    url = reverse("settings_hook_delivery", args=[workspace_id, hook_id, one.pk])
    return done(request, url, _("The event goes out again"))


def _key_shown(request: HttpRequest, workspace_id: int, hook_id: int, made: str, *, title: str) -> HttpResponse:
    context = {
        "key": made,
        "page_title": title,
        "back_url": reverse("settings_hook", args=[workspace_id, hook_id]),
    }
    return dialog(request, "workspaces/settings/hook_key_shown.html", context)
