"""API tokens: a program's way in, made and revoked by people."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from workspaces import events
from workspaces.access import token_for_update, workspace_for_update
from workspaces.actions.checks import text_of
from workspaces.actors import Actor
from workspaces.errors import LimitReached, PermissionMissing, ValueNotValid
from workspaces.events import record
from workspaces.models import ApiToken
from workspaces.permissions import Permission, Scope, permissions_of_scopes
from workspaces.secret_values import digest, ending_of, new_token

MOST_LIVE_TOKENS = 10


@transaction.atomic
def create_token(
    *, actor: Actor, name: str, scopes: Iterable[str], expires_at: datetime | None = None, at: datetime
) -> tuple[ApiToken, str]:
    """Make a token; return its row and the token itself, which nobody can read again. Counted under the workspace's lock."""
    workspace = workspace_for_update(actor, needs=Permission.TOKEN_MANAGE)
    live = Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=at))
    if ApiToken.objects.in_workspace(actor.workspace_id).filter(live).count() >= MOST_LIVE_TOKENS:
        raise LimitReached(limit=MOST_LIVE_TOKENS)
    if expires_at is not None and expires_at <= at:
        raise ValueNotValid(field="expires_at", sentence=_("Choose a moment that is still to come."))
    granted = _granted(actor, scopes)
    token = new_token()
    row = ApiToken.objects.create(
        workspace=workspace,
        name=text_of(name, field="name", most=80),
        secret_sha256=digest(token),
        ending=ending_of(token),
        scopes=granted,
        created_by_id=actor.user_id,
        created_at=at,
        expires_at=expires_at,
    )
    record(events.TokenCreated(subject_id=row.pk, scopes=row.scopes), actor=actor, at=at)
    return row, token


@transaction.atomic
def revoke_token(*, actor: Actor, token_id: int, at: datetime) -> ApiToken:
    """End a token; requests with it are refused from now on."""
    token = token_for_update(actor, token_id, needs=Permission.TOKEN_MANAGE)
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    record(events.TokenRevoked(subject_id=token.pk), actor=actor, at=at)
    return token


def _granted(actor: Actor, scopes: Iterable[str]) -> list[str]:
    """Return the scopes in their own order; a token may do no more than the person who makes it."""
    wanted = set(scopes)
    if not wanted or not wanted <= set(Scope):
        raise ValueNotValid(field="scopes", sentence=_("Choose at least one of read, write and export."))
    for permission in sorted(permissions_of_scopes(wanted) - actor.permissions):
        raise PermissionMissing(permission=permission.value, field="scopes")
    return [scope.value for scope in Scope if scope in wanted]
