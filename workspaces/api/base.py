"""The base of every API view: token, rate limit, scope, answer, in that order."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, cast

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.schemas.inspectors import ViewInspector
from rest_framework.views import APIView

from workspaces.actors import Actor
from workspaces.api import idempotency, rates
from workspaces.api.authentication import BearerToken, LiveToken, note_use
from workspaces.api.parsers import AlwaysJson, StrictJson
from workspaces.api.schema import BodiesOfDelete
from workspaces.errors import DomainError, TokenNotValid
from workspaces.scope import workspace_scope

Handler = Callable[..., HttpResponseBase]

WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})
PIECE = 256 * 1024
MOST_READ_AWAY = 64 * 1024 * 1024


class ApiView(APIView):
    """One route. The handler runs in the scope of the token's workspace; an answer of 400 or above rolls all of it back.

    opens_its_own_scopes: for uploads and downloads; the handler runs outside any scope and opens what it needs.
    remembers_answers: whether an Idempotency-Key is heeded; off for POSTs that only read.
    wire_names: what the inside's field names are called in this route's bodies.
    """

    opens_its_own_scopes: ClassVar[bool] = False
    remembers_answers: ClassVar[bool] = True
    wire_names: ClassVar[Mapping[str, str]] = {}

    authentication_classes: Sequence[type[BaseAuthentication]] = (BearerToken,)
    permission_classes = ()  # the actor's permissions are asked by doors, queries and actions
    throttle_classes = ()
    parser_classes = (StrictJson,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = AlwaysJson
    metadata_class = None
    schema: ViewInspector | None = BodiesOfDelete()  # type: ignore[assignment]  # None keeps a route out of the document
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    allowance: rates.Allowance | None = None
    is_counted = False  # a valid token was shown, and its bucket asked

    @property
    def actor(self) -> Actor:
        """Whoever shows the token."""
        return actor_of(self.request)

    def extra_members(self, _refusal: DomainError) -> Mapping[str, object]:
        """Return members that stand beside code and message in the answer to a refusal."""
        return {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do what the framework's own does, with the scope between the checks and the handler."""
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(self.request, *args, **kwargs)
            handler = self._handler()
            if self.opens_its_own_scopes:
                return self._finished(handler(self.request, *args, **kwargs))
            return self._answered_in_scope(handler)
        except Exception as exc:  # noqa: BLE001 - whatever it is, the caller gets JSON; problems.py logs it
            if self.is_counted:
                read_away(request)
            return self._finished(self.handle_exception(exc))

    def perform_authentication(self, request: Request) -> None:
        """Make the token an actor; guesses are counted by address."""
        try:
            request.user  # noqa: B018 - the framework's lazy call of BearerToken
        except TokenNotValid:
            self.allowance = rates.take_for_address(request._request)  # noqa: SLF001 - the framework's way to the plain request
            self.allowance.enforce()
            raise

    def check_throttles(self, request: Request) -> None:
        """Take from the bucket of the token, method and route."""
        token = cast("LiveToken", request.auth)
        self.is_counted = True
        match = request.resolver_match
        self.allowance = rates.take_for_token(
            workspace_id=token.workspace_id,
            token_id=token.id,
            route=f"{request.method} {match.route if match else request.path}",
            rate=token.rate_per_second,
        )
        self.allowance.enforce()
        note_use(token, at=timezone.now())

    def _handler(self) -> Handler:
        """Return what answers the method; refuse one that there is not before anything else is looked at."""
        name = str(self.request.method).lower()
        if name not in self.http_method_names or not hasattr(self, name):
            raise MethodNotAllowed(str(self.request.method))
        return cast("Handler", getattr(self, name))

    def _answered_in_scope(self, handler: Handler) -> HttpResponseBase:
        keyed = self._read_body()
        with workspace_scope(self.actor.workspace_id):
            try:
                response = self._first_or_new_answer(handler, keyed)
            except Exception as exc:  # noqa: BLE001 - as in dispatch; inside the scope, so that it rolls back
                response = self._finished(self.handle_exception(exc))
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    def _read_body(self) -> idempotency.KeyedRequest | None:
        """Read and parse the body before the scope opens, so that a slow caller holds no transaction."""
        if self.request.method not in WITH_BODY:
            return None
        body = self.request.body
        self.request.data  # noqa: B018 - parsed here; a malformed body is refused here
        if not self.remembers_answers:
            return None
        return idempotency.keyed_request(
            self.request.headers.get(idempotency.HEADER),
            method=str(self.request.method),
            address=self.request.get_full_path(),
            body=body,
        )

    def _first_or_new_answer(self, handler: Handler, keyed: idempotency.KeyedRequest | None) -> HttpResponseBase:
        if keyed is None:
            return self._finished(handler(self.request, *self.args, **self.kwargs))
        first = idempotency.claim(self.actor, keyed, at=timezone.now())
        if first is not None:
            return self._finished(_again(first))
        response = self._finished(handler(self.request, *self.args, **self.kwargs))
        if response.status_code < 400 and isinstance(response, HttpResponse):
            idempotency.keep(self.actor, keyed, status=response.status_code, text=response.content.decode())
        return response

    def once(self, keyed: idempotency.KeyedRequest | None, work: Callable[[], Response]) -> HttpResponseBase:
        """Give the first answer again, or work and remember; for handlers that open their own scopes.

        The key is claimed after the work: what the work itself refuses while it is under way keeps it from happening twice.
        """
        if keyed is None:
            return work()
        workspace_id = self.actor.workspace_id
        with workspace_scope(workspace_id):
            first = idempotency.first_answer(self.actor, keyed, at=timezone.now())
        if first is not None:
            return _again(first)
        response = self._finished(work())
        with workspace_scope(workspace_id):
            if isinstance(response, HttpResponse) and idempotency.claim(self.actor, keyed, at=timezone.now()) is None:
                idempotency.keep(self.actor, keyed, status=response.status_code, text=response.content.decode())
        return response

    def _finished(self, response: HttpResponseBase) -> HttpResponseBase:
        """Add the headers that every answer has, and render it while its rows can still be read."""
        response = self.finalize_response(self.request, cast("Response", response), *self.args, **self.kwargs)
        allowance = self.allowance or rates.Allowance(
            limit=rates.RATE_WITHOUT_TOKEN, remaining=rates.RATE_WITHOUT_TOKEN
        )
        for name, value in allowance.headers.items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ["Authorization"])
        # problems.py has logged it, without the address, which may name a person; Django would log it with the address.
        response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001
        if isinstance(response, Response):
            response.render()
        return response


class OpenView(ApiView):
    """A route that needs no token and reads no tenant; counted by address."""

    opens_its_own_scopes = True
    authentication_classes = ()

    def perform_authentication(self, request: Request) -> None:
        """Ask for nothing."""

    def check_throttles(self, request: Request) -> None:
        """Take from the bucket of the address."""
        self.allowance = rates.take_for_address(request._request)  # noqa: SLF001 - the framework's way to the plain request
        self.allowance.enforce()


class UnknownAddress(OpenView):
    """Every address below /v2 that no route takes: 404, as JSON, whatever the method."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse once the request has been counted."""
        super().initial(request, *args, **kwargs)
        raise Http404


def read_away(request: HttpRequest) -> None:
    """Read the rest of a body that is refused, up to a bound.

    A server closes a connection whose body nobody reads, and then many clients see a broken pipe instead of the answer.
    """
    with contextlib.suppress(OSError):
        for _ in range(MOST_READ_AWAY // PIECE):
            if not request.read(PIECE):
                return


def _again(first: idempotency.FirstAnswer) -> HttpResponse:
    again = HttpResponse(first.text, status=first.status, content_type="application/json")
    again.headers["Idempotency-Replayed"] = "true"
    return again


def actor_of(request: Request) -> Actor:
    """Return whoever shows the token of a request."""
    return cast("Actor", request.user)
