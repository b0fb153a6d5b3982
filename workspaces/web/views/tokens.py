"""Settings: API tokens."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from workspaces import queries
from workspaces.actions import create_token, revoke_token
from workspaces.actions.tokens import MOST_LIVE_TOKENS
from workspaces.errors import DomainError
from workspaces.models import ApiToken
from workspaces.permissions import SCOPE_NAMES, Permission, Scope
from workspaces.web.answers import NOT_VALID, dialog, done, refuse_in
from workspaces.web.forms import TokenForm
from workspaces.web.scoping import actor_of

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as the list shows it."""

    token: ApiToken
    scopes: list[tuple[str, object]]
    has_expired: bool


@require_GET
def tokens(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List the tokens that are not revoked."""
    del workspace_id
    actor = actor_of(request)
    now = timezone.now()
    rows = [
        TokenRow(
            token=token,
            scopes=[(scope, SCOPE_NAMES[Scope(scope)]) for scope in token.scopes],
            has_expired=token.expires_at is not None and token.expires_at <= now,
        )
        for token in queries.live_tokens(actor)[: queries.MOST_TOKENS_SHOWN]
    ]
    working = sum(not row.has_expired for row in rows)
    context = {
        "tokens": rows,
        "working": working,
        "most": MOST_LIVE_TOKENS,
        "is_full": working >= MOST_LIVE_TOKENS,
    }
    return render(request, "workspaces/settings/tokens.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Ask for a new token, make it, and show it this one time."""
    actor = actor_of(request)
    actor.require(Permission.TOKEN_MANAGE)
    form = TokenForm(request.POST or None)
    back_url = reverse("settings_tokens", args=[workspace_id])
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            row, token = create_token(
                actor=actor,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=form.expires_at(now),
                at=now,
            )
        except DomainError as refusal:
            refuse_in(form, refusal)
        else:
            context = {
                "row": row,
                "token": token,
                "example": f'curl {settings.BASE_URL}/v2/space/user -H "Authorization: Bearer {token}"',
                "back_url": back_url,
                "page_title": _("Token created"),
            }
            return dialog(request, "workspaces/settings/token_shown.html", context)
    context = {
        "form": form,
        "action": reverse("settings_token_new", args=[workspace_id]),
        "back_url": back_url,
        "page_title": _("New API token"),
    }
    return dialog(request, "workspaces/settings/token_new.html", context, status=NOT_VALID if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, workspace_id: int, token_id: int) -> HttpResponse:
    """Ask before a token is revoked, and revoke it."""
    actor = actor_of(request)
    token = queries.live_token(actor, min(token_id, LARGEST_ID))
    if request.method == "POST":
        revoke_token(actor=actor, token_id=token.pk, at=timezone.now())
        text = _("Token %(name)s revoked") % {"name": token.name}
        return done(request, reverse("settings_tokens", args=[workspace_id]), text)
    context = {
        "title": _("Revoke the token %(name)s?") % {"name": token.name},
        "page_title": _("Revoke a token"),
        "text": _("Programs that use it are refused from now on. This cannot be undone; you can make a new one."),
        "action": reverse("settings_token_revoke", args=[workspace_id, token.pk]),
        "keep_text": _("Keep it"),
        "keep_url": reverse("settings_tokens", args=[workspace_id]),
        "act_text": _("Revoke the token"),
    }
    return dialog(request, "workspaces/components/confirm.html", context)
