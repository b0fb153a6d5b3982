"""What stands around every page: the request's id, the person's language, and the tenant's scope."""

import logging
import uuid
import zoneinfo
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from redis.exceptions import RedisError

from workspaces.actions import note_activity, note_visit
from workspaces.errors import DomainError, WorkspaceNotFound
from workspaces.queries import own_workspace
from workspaces.scope import workspace_scope
from workspaces.web import errors
from workspaces.web.context import LAST_WORKSPACE
from workspaces.web.errors import refusal_page
from workspaces.web.scoping import actor_of, member_actor

GetResponse = Callable[[HttpRequest], HttpResponseBase]
SIGNED_IN_AT = "signed_in_at"
VISIT = "visit"
ACTIVE = "active"
NOTED = "noted_at"  # in the session: when this sign-in was last noted
LARGEST_ID = 2**63 - 1

logger = logging.getLogger(__name__)


class RequestContext:
    """Names the request, and keeps every answer but static files out of shared caches."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = str(uuid.uuid4())  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Without the cache nobody counts failed log-ins, so those pages wait for it; all others do without."""
        if isinstance(exception, RedisError):
            logger.warning("cache not reached: %s", exception.__class__.__name__)
            return errors.unavailable(request)
        return None


class PersonalSettings:
    """Speaks the person's language, and ends sign-ins that are older than 14 days however busy they are."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/v2/"):
            return self.get_response(request)
        if request.user.is_authenticated:
            self._keep_or_end(request, at=timezone.now())
        chosen = request.user.language if request.user.is_authenticated else ""
        language = chosen or translation.get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def _keep_or_end(self, request: HttpRequest, *, at: datetime) -> None:
        session = request.session
        began = session.get(SIGNED_IN_AT)
        if began is None:
            session[SIGNED_IN_AT] = began = int(at.timestamp())
        if at.timestamp() - began > settings.SESSION_LONGEST.total_seconds():
            logout(request)
            return
        if is_poll(request):
            return
        # The idle time counts from the last use; writing it once in ten minutes is exact enough and spares the table.
        seen = session.get("seen_at", 0)
        if at.timestamp() - seen > 600:
            session["seen_at"] = int(at.timestamp())


class SignInsSeen(UserSessionsMiddleware):  # type: ignore[misc]  # allauth has no types
    """Notes a sign-in's last use once a minute: a page of many fragments would write the same row for each of them."""

    get_response: GetResponse

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        at = int(timezone.now().timestamp())
        if at - request.session.get(NOTED, 0) < 60:
            return self.get_response(request)
        if request.user.is_authenticated:
            request.session[NOTED] = at
        return cast("HttpResponseBase", super().__call__(request))


class WorkspaceScope:
    """Gives each page under /w/<workspace_id>/ its actor, and one transaction that sees this workspace only.

    An answer of 400 or above rolls everything back, so that a refusal leaves nothing.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if "workspace_id" not in kwargs or request.path.startswith("/v2/"):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        try:
            return self._run(request, view, args, kwargs)
        except DomainError as refusal:
            return refusal_page(request, refusal)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, DomainError) and not request.path.startswith("/v2/"):
            return refusal_page(request, exception)
        return None

    def _run(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase:
        workspace_id = kwargs["workspace_id"]
        if workspace_id > LARGEST_ID:
            raise WorkspaceNotFound
        if getattr(view, "opens_its_own_scopes", False) or getattr(
            getattr(view, "view_class", None), "opens_its_own_scopes", False
        ):
            with workspace_scope(workspace_id):
                zone = self._enter(request, workspace_id)
            with timezone.override(zone):
                return view(request, *args, **kwargs)
        with workspace_scope(workspace_id), timezone.override(self._enter(request, workspace_id)):
            try:
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and callable(response.render):
                    response = response.render()
            except DomainError as refusal:
                response = refusal_page(request, refusal)  # the page's frame still reads; the rollback comes after it
            if response.status_code >= 400 and not connection.needs_rollback:
                transaction.set_rollback(True)
        if response.status_code < 400 and not is_poll(request):
            self._note_visit(request, workspace_id, at=timezone.now())
        return response

    def _note_visit(self, request: HttpRequest, workspace_id: int, *, at: datetime) -> None:
        """Say that the member is here; in transactions of their own, so that no page holds these locks.

        Presence hears of it once a minute, the list of members once in ten.
        """
        active = request.session.get(ACTIVE)
        if not (active and active[0] == workspace_id and at.timestamp() - active[1] < 60):
            with workspace_scope(workspace_id):
                note_activity(actor=actor_of(request), at=at)
            request.session[ACTIVE] = [workspace_id, int(at.timestamp())]
        noted = request.session.get(VISIT)
        if noted and noted[0] == workspace_id and at.timestamp() - noted[1] < 600:
            return
        with workspace_scope(workspace_id):
            note_visit(actor=actor_of(request), at=at)
        request.session[VISIT] = [workspace_id, int(at.timestamp())]

    def _enter(self, request: HttpRequest, workspace_id: int) -> zoneinfo.ZoneInfo:
        request.actor = member_actor(  # type: ignore[attr-defined]
            user_id=request.user.pk or 0, workspace_id=workspace_id, request_id=getattr(request, "request_id", "")
        )
        workspace = own_workspace(request.actor)  # type: ignore[attr-defined]
        request.workspace = workspace  # type: ignore[attr-defined]
        if request.session.get(LAST_WORKSPACE) != workspace_id and not is_poll(request):
            request.session[LAST_WORKSPACE] = workspace_id
        try:
            return zoneinfo.ZoneInfo(workspace.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            logger.warning("time zone not known: workspace=%s zone=%r", workspace_id, workspace.time_zone)
            return zoneinfo.ZoneInfo("UTC")


def is_poll(request: HttpRequest) -> bool:
    """Tell whether an open page asks by itself: nobody is there, so no visit is noted and no sign-in lives longer for it."""
    return request.headers.get("X-Poll") == "1"


def secure_answer(response: HttpResponse) -> HttpResponse:
    """Return a page's answer with the headers of a secret page: its address is told to nobody."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
