"""The visitor's side of a web chat: JSON for the widget's frame. A token in `Authorization`, never a cookie, so nothing to forge."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from inbox.actions import report_status
from inbox.actions.intake import store_delivery
from inbox.channels.contract import Delivery, StatusReport
from inbox.file_store import store_bytes
from inbox.queries.visiting import (
    ChatPage,
    chat_channel,
    is_anybody_here,
    messages_since,
    newest_messages,
    own_messages,
    visitor_link,
)
from inbox.visitors.doors import Chat, chat_at, visitor_in
from inbox.visitors.errors import FilesNotAllowed, IdentityRequired, OriginNotAllowed, VisitorUnknown
from inbox.visitors.tokens import Person, Visitor, mark_of, new_visitor_id, token_of, vouched_for
from inbox.widget import bodies, limits, shapes
from workspaces.api.problems import problem_of
from workspaces.scope import workspace_scope

AGE_OF_PREFLIGHT = "600"


@method_decorator(csrf_exempt, name="dispatch")
class ChatView(View):
    """One address of a chat: origin, rates and visitor are settled here, in that order, before the handler runs."""

    is_start: ClassVar[bool] = False  # a session's start has no visitor yet

    chat: Chat
    visitor: Visitor

    def dispatch(self, request: HttpRequest, *_args: object, key: str) -> HttpResponseBase:
        origin = request.headers.get("Origin", "")
        is_outside = bool(origin) and origin != _own_origin(request)
        try:
            limits.take_any(request)
            self.chat = chat_at(key)
            if is_outside and not self.chat.looks.allows(origin):
                is_outside = False
                raise OriginNotAllowed
            response = self._answer(request)
        except Exception as exc:  # noqa: BLE001 - whatever it is, the widget gets JSON; what we broke is logged and answered 500
            response = _problem(request, exc)
            is_outside = is_outside and hasattr(self, "chat")
        patch_vary_headers(response, ["Origin", "Authorization"])
        if is_outside:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return self._preflight()
        handler: Callable[[HttpRequest], HttpResponse] | None = getattr(self, str(request.method).lower(), None)
        if handler is None or request.method not in ("GET", "POST"):
            return JsonResponse(problem_of(bodies.MethodUnknown(), wire_names={}).body, status=405)
        if not self.is_start:
            self.visitor = visitor_in(self.chat, bearer_of(request))
            limits.take_of_visitor(self.visitor)
        return handler(request)

    def _preflight(self) -> HttpResponse:
        return HttpResponse(
            status=204,
            headers={
                "Access-Control-Allow-Methods": "GET, POST",
                "Access-Control-Allow-Headers": "Authorization, Content-Type",
                "Access-Control-Max-Age": AGE_OF_PREFLIGHT,
            },
        )


class Session(ChatView):
    """A visitor comes: with their last token, with the site's word for who they are, or new."""

    is_start = True

    def post(self, request: HttpRequest) -> HttpResponse:
        limits.take_start(request)
        body = bodies.json_of(request)
        self.visitor = self._who(request, body.get("identity"))
        with workspace_scope(self.chat.workspace_id):
            is_staffed = is_anybody_here(self.chat.actor)
        return JsonResponse(
            {
                "token": token_of(self.visitor, at=timezone.now()),
                "visitor": self.visitor.rate_key,  # tells visitors of one browser apart, and nobody from anything
                "is_verified": self.visitor.is_verified,
                "may_send_files": _may_send_files(self.chat, self.visitor),
                "is_staffed": is_staffed,
                "socket": shapes.socket_address(request.get_host(), self.chat.key),
            }
        )

    def _who(self, request: HttpRequest, identity: object) -> Visitor:
        identity = identity if isinstance(identity, dict) else {}
        if "external_id" in identity or "token" in identity:
            external_id, person = vouched_for(identity, secret=self.chat.identity_secret)
            return self._visitor(f"user:{external_id}", person, is_verified=True)
        if self.chat.looks.identity_required:
            raise IdentityRequired
        return self._visitor(self._known_before(request) or new_visitor_id(), Person.of(identity), is_verified=False)

    def _known_before(self, request: HttpRequest) -> str:
        """Return the address of an anonymous visitor who was here before; one that a site vouched for needs its word anew."""
        try:
            visitor = visitor_in(self.chat, bearer_of(request))
        except VisitorUnknown:
            return ""
        return "" if visitor.is_verified else visitor.external_id

    def _visitor(self, external_id: str, person: Person, *, is_verified: bool) -> Visitor:
        return Visitor(
            workspace_id=self.chat.workspace_id,
            channel_id=self.chat.channel_id,
            channel_key=self.chat.key,
            external_id=external_id,
            is_verified=is_verified,
            secret_mark=mark_of(self.chat.identity_secret) if is_verified else "",
            person=person,
        )


class Messages(ChatView):
    """What was said: the newest page, the page before a message, or what came after a cursor."""

    def get(self, request: HttpRequest) -> HttpResponse:
        since, before = bodies.number_of(request, "since"), bodies.number_of(request, "before")
        actor = self.chat.actor
        with workspace_scope(self.chat.workspace_id):
            link = visitor_link(actor, channel_id=self.chat.channel_id, external_id=self.visitor.external_id)
            if link is None:
                page = ChatPage()
            elif since is not None:
                page = messages_since(actor, link, cursor=since)
            else:
                page = newest_messages(actor, link, before=before)
            return JsonResponse(shapes.shown_page(page, team=self.chat.looks.name))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take a message into the ledger; answered once that is committed, and the same for the same message again."""
        limits.take_message(self.visitor)
        written = shapes.read_message(bodies.json_of(request), visitor=self.visitor)
        at = timezone.now()
        with workspace_scope(self.chat.workspace_id):
            actor = self.chat.actor
            if visitor_link(actor, channel_id=self.chat.channel_id, external_id=self.visitor.external_id) is None:
                limits.take_first_message(request, self.visitor)
            store_delivery(
                workspace_id=self.chat.workspace_id,
                channel_id=self.chat.channel_id,
                deliveries=[self._delivery(written, language=bodies.language_of(request), at=at)],
                at=at,
            )
        return JsonResponse({"id": written.key, "at": at.isoformat()}, status=202)

    def _delivery(self, written: shapes.Written, *, language: str, at: datetime) -> Delivery:
        at_ms = int(at.timestamp() * 1000)
        return Delivery(
            provider_event_id=f"{self.visitor.rate_key}:{written.key}",
            sender=self.visitor.external_id,
            payload=shapes.stored_message(written, visitor=self.visitor, language=language, at_ms=at_ms),
        )


class Receipts(ChatView):
    """The visitor's browser says what arrived and what was read."""

    def post(self, request: HttpRequest) -> HttpResponse:
        told = shapes.read_receipts(bodies.json_of(request))
        at = timezone.now()
        for message_id, status in self._due(told):
            self._report(message_id, status, at=at)
        return HttpResponse(status=204)

    def _due(self, told: dict[int, str]) -> list[tuple[int, str]]:
        """Keep what is news: messages to this visitor whose status climbs."""
        actor = self.chat.actor
        with workspace_scope(self.chat.workspace_id):
            link = visitor_link(actor, channel_id=self.chat.channel_id, external_id=self.visitor.external_id)
            rows = own_messages(actor, link, told) if link is not None else []
        return [(row.pk, told[row.pk]) for row in rows if row.status not in ("read", told[row.pk])]

    def _report(self, message_id: int, status: str, *, at: datetime) -> None:
        actor = self.chat.actor
        with workspace_scope(self.chat.workspace_id):
            channel = chat_channel(actor, self.chat.channel_id)
            if channel is not None:
                report = StatusReport(message_id=str(message_id), status=status, occurred_at=at, is_ours=True)
                report_status(actor=actor, channel=channel, report=report, at=at)


class Uploads(ChatView):
    """A file that a message will carry; it is looked at before anybody may send it."""

    def post(self, request: HttpRequest) -> HttpResponse:
        if not _may_send_files(self.chat, self.visitor):
            raise FilesNotAllowed
        limits.take_upload(self.visitor)
        name, file = bodies.file_of(request)
        stored = store_bytes(workspace_id=self.chat.workspace_id, name=name, data=file, at=timezone.now())
        return JsonResponse(
            {
                "handle": shapes.handle_of(stored, visitor=self.visitor),
                "name": stored.name,
                "kind": stored.kind,
                "size": stored.size_bytes,
                "url": shapes.file_path(stored),
            },
            status=201,
        )


def bearer_of(request: HttpRequest) -> str:
    """Return the visitor's token; raise VisitorUnknown when none is shown."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise VisitorUnknown
    return token.strip()


def _may_send_files(chat: Chat, visitor: Visitor) -> bool:
    return visitor.is_verified or chat.looks.anonymous_files


def _own_origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _problem(request: HttpRequest, exc: Exception) -> HttpResponse:
    with translation.override(translation.get_language_from_request(request)):
        problem = problem_of(exc, wire_names={})
        body = problem.body
    if problem.status >= 500:
        bodies.logger.error("web chat failed: request=%s", getattr(request, "request_id", ""), exc_info=exc)
    return JsonResponse(body, status=problem.status, headers=problem.headers)
