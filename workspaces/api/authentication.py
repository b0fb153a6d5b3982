"""Bearer tokens: the header becomes an actor of the one workspace that the token belongs to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from workspaces.actors import Actor
from workspaces.errors import TokenNotValid
from workspaces.scope import workspace_scope
from workspaces.secret_values import digest, is_token

USE_IS_NOTED_EVERY = timedelta(minutes=1)

TOKEN_BY_DIGEST = """
SELECT token_id, workspace_id, scopes, rate_per_second, last_used_at FROM token_by_digest(%s)"""  # noqa: S105 - a question
NOTE_USE = """
UPDATE workspaces_apitoken SET last_used_at = %(at)s
 WHERE workspace_id = %(workspace_id)s AND id = %(token_id)s
   AND (last_used_at IS NULL OR last_used_at <= %(noted_before)s)"""


@dataclass(frozen=True, slots=True)
class LiveToken:
    """What a valid token says about itself."""

    id: int
    workspace_id: int
    scopes: list[str]
    rate_per_second: int
    last_used_at: datetime | None


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer <token>`. A missing, malformed, unknown, expired or revoked token is one and the same refusal."""

    def authenticate(self, request: Request) -> tuple[Actor, LiveToken]:  # type: ignore[override]  # our actor is no Django user
        token = live_token(_bearer_of(request))
        actor = Actor.token(
            token_id=token.id,
            workspace_id=token.workspace_id,
            scopes=token.scopes,
            request_id=getattr(request, "request_id", ""),
        )
        return actor, token

    def authenticate_header(self, _request: Request) -> str:
        return "Bearer"


def live_token(text: str) -> LiveToken:
    """Look a token up by its digest; raise TokenNotValid."""
    if not is_token(text):  # a typing error costs no query
        raise TokenNotValid
    with connection.cursor() as cursor:
        cursor.execute(TOKEN_BY_DIGEST, [digest(text)])
        row = cursor.fetchone()
    if row is None:
        raise TokenNotValid
    return LiveToken(*row)


def note_use(token: LiveToken, *, at: datetime) -> None:
    """Write down that the token was used, once a minute at most.

    It has a scope of its own: a refused request was a use too, and a long one does not hold the token's row locked.
    """
    noted_before = at - USE_IS_NOTED_EVERY
    if token.last_used_at is not None and token.last_used_at > noted_before:
        return
    with workspace_scope(token.workspace_id), connection.cursor() as cursor:
        cursor.execute(
            NOTE_USE, {"at": at, "workspace_id": token.workspace_id, "token_id": token.id, "noted_before": noted_before}
        )


def _bearer_of(request: Request) -> str:
    kind, _, value = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
    return value.strip() if kind.lower() == "bearer" else ""
