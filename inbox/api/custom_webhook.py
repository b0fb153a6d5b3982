"""The address to which a customer's server posts what happened on its custom channel: stored, committed, then "200".

Nothing else happens in the request: one transaction with two statements, as a busy server posts a thousand times a second.
"""

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from inbox.actions import scope_of_token, store_delivery
from inbox.channels.contract import NotReadable
from inbox.channels.custom_reading import LARGEST_BODY_BYTES, body_of, deliveries_of
from workspaces.secret_values import digest, is_token

BEARER = "bearer "
RETRY_AFTER_SECONDS = "10"
NOT_VALID = "The token is missing or wrong. Send “Authorization: Bearer <token>” with the token of this channel."
TOO_LARGE = "The body is larger than 1 MB. Send fewer events at once."
NOT_READABLE = "“%s” is missing or breaks the format."
AWAY = "The server cannot store anything at the moment. Send the same again later."


@csrf_exempt
@require_POST
def custom_webhook(request: HttpRequest) -> JsonResponse:
    """Store the events of a body whose token belongs to a channel."""
    shown = request.headers.get("Authorization", "")
    token = shown[len(BEARER) :].strip()
    if shown[: len(BEARER)].lower() != BEARER or not is_token(token):
        return _refused(401, "inbox.token_not_valid", NOT_VALID)
    raw = _read(request)
    if raw is None:
        return _refused(413, "inbox.body_too_large", TOO_LARGE)
    try:
        return _stored(digest(token), raw)
    except NotReadable as broken:
        return _refused(400, "inbox.body_not_readable", NOT_READABLE % broken, field=str(broken))
    except (OperationalError, InterfaceError):
        answer = _refused(503, "inbox.storage_away", AWAY)
        answer.headers["Retry-After"] = RETRY_AFTER_SECONDS
        return answer


def _stored(token_sha256: bytes, raw: bytes) -> JsonResponse:
    at = timezone.now()
    with scope_of_token(token_sha256) as channel:
        if channel is None:
            return _refused(401, "inbox.token_not_valid", NOT_VALID)
        body = body_of(raw)
        if body.get("channelId") not in (None, channel.key):  # a valid token is not yet a right to every channel
            return _refused(401, "inbox.token_not_valid", NOT_VALID)
        new = store_delivery(
            workspace_id=channel.workspace_id,
            channel_id=channel.channel_id,
            deliveries=deliveries_of(body, at=at),
            at=at,
        )
    return JsonResponse({"received": new})


def _read(request: HttpRequest) -> bytes | None:
    """Read the body up to its limit, whatever its length is said to be; None when there is more."""
    raw = request.read(LARGEST_BODY_BYTES + 1)
    return raw if len(raw) <= LARGEST_BODY_BYTES else None


def _refused(status: int, code: str, message: str, *, field: str | None = None) -> JsonResponse:
    errors = [{"field": field, "code": code, "message": message}]
    return JsonResponse({"code": status, "message": message, "errors": errors}, status=status)
