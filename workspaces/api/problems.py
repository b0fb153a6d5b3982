"""Refusals and failures become answers here, and nowhere else in the API: one shape, always JSON.

`{"code": <status>, "message": "...", "errors": [{"field", "code", "message"}]}`
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from rest_framework import exceptions
from rest_framework.response import Response

from workspaces.errors import DomainError, Kind

logger = logging.getLogger(__name__)

SHOWN_TOGETHER = 3

# The framework's own refusals: first match wins.
_FRAMEWORK: tuple[tuple[type[Exception] | tuple[type[Exception], ...], int, str, object], ...] = (
    (
        exceptions.MethodNotAllowed,
        405,
        "workspaces.method_not_allowed",
        _lazy("This address does not take this method."),
    ),
    (
        exceptions.UnsupportedMediaType,
        415,
        "workspaces.media_type_not_supported",
        _lazy("This address does not take this Content-Type. JSON is application/json."),
    ),
    ((Http404, exceptions.NotFound), 404, "workspaces.address_not_found", _lazy("There is nothing at this address.")),
    (
        (PermissionDenied, exceptions.PermissionDenied),
        403,
        "workspaces.permission_missing",
        _lazy("This is not allowed."),
    ),
    (RequestDataTooBig, 413, "workspaces.body_too_large", _lazy("The body is larger than this address takes.")),
    (UnreadablePostError, 400, "workspaces.body_not_read", _lazy("The body did not arrive whole. Send it again.")),
    (SuspiciousOperation, 400, "workspaces.request_not_valid", _lazy("The request cannot be read.")),
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong: where, which rule, and a sentence."""

    field: str | None
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal or a failure, ready to be sent."""

    status: int
    complaints: list[Complaint]
    headers: dict[str, str] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, object]:
        return {
            "code": self.status,
            "message": self._message,
            **self.extra,
            "errors": [
                {"field": complaint.field, "code": complaint.code, "message": complaint.message}
                for complaint in self.complaints
            ],
        }

    @property
    def _message(self) -> str:
        if len(self.complaints) == 1:
            return self.complaints[0].message
        shown = [
            f"{complaint.field}: {complaint.message}" if complaint.field else complaint.message
            for complaint in self.complaints[:SHOWN_TOGETHER]
        ]
        return " ".join(shown)


def answer(exc: Exception, context: dict[str, Any]) -> Response:
    """Answer an exception; the framework's EXCEPTION_HANDLER."""
    view = context.get("view")
    request = context.get("request")
    problem = problem_of(exc, wire_names=getattr(view, "wire_names", {}))
    if isinstance(exc, DomainError) and (more := getattr(view, "extra_members", None)):
        problem = Problem(problem.status, problem.complaints, problem.headers, more(exc))
    _log(exc, problem, request_id=getattr(request, "request_id", ""))
    return Response(problem.body, status=problem.status, headers=problem.headers)


def problem_of(exc: Exception, *, wire_names: Mapping[str, str]) -> Problem:
    """Say what an exception means to the caller."""
    if isinstance(exc, DomainError):
        return _of_refusal(exc, wire_names)
    if isinstance(exc, exceptions.ValidationError):
        return Problem(400, _complaints(exc.detail))
    for kinds, status, code, sentence in _FRAMEWORK:
        if isinstance(exc, kinds):
            return _single(status, code, str(sentence))
    if isinstance(exc, exceptions.APIException):
        return _single(exc.status_code, "workspaces.request_refused", str(exc.detail))
    return _of_failure(exc)


def _of_refusal(exc: DomainError, wire_names: Mapping[str, str]) -> Problem:
    headers = {}
    if exc.retry_after is not None:
        headers["Retry-After"] = str(max(1, exc.retry_after))
    if exc.kind is Kind.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = "Bearer"
    named = None if exc.field is None else _on_the_wire(exc.field, wire_names)
    return Problem(exc.status, [Complaint(named, exc.code, exc.message)], headers)


def _of_failure(exc: Exception) -> Problem:
    if isinstance(exc, OperationalError | InterfaceError):
        problem = _single(503, "workspaces.unavailable", _("The database does not answer. Try again in a moment."))
        return Problem(problem.status, problem.complaints, {"Retry-After": "5"})
    if isinstance(exc, DataError):  # a value that no rule above it stopped; it is the caller's all the same
        return _single(400, "workspaces.value_not_valid", _("A value cannot be stored as it is."))
    return _single(500, "workspaces.failed", _("Something went wrong on our side. It has been logged."))


def _single(status: int, code: str, message: str) -> Problem:
    return Problem(status, [Complaint(None, code, message)])


def _on_the_wire(name: str, wire_names: Mapping[str, str]) -> str:
    head, dot, rest = name.partition(".")
    return f"{wire_names.get(head, head)}{dot}{rest}"


def _complaints(detail: Any, path: str = "") -> list[Complaint]:
    """Flatten the framework's nested errors into one list, each with the path of its field."""
    if isinstance(detail, dict):
        found = []
        for key, value in detail.items():
            deeper = path if key == "non_field_errors" else f"{path}.{key}" if path else str(key)
            found.extend(_complaints(value, deeper))
        return found
    if isinstance(detail, list):
        found = []
        for index, value in enumerate(detail):
            deeper = f"{path}.{index}" if isinstance(value, dict | list) and path else path
            found.extend(_complaints(value, deeper))
        return found
    return [Complaint(path or None, f"workspaces.{getattr(detail, 'code', 'invalid')}", str(detail))]


def _log(exc: Exception, problem: Problem, *, request_id: str) -> None:
    if problem.status >= 500 or isinstance(exc, DataError):
        logger.error("request failed: status=%s request=%s", problem.status, request_id, exc_info=exc)
    else:
        logger.info(
            "request refused: status=%s code=%s request=%s",
            problem.status,
            problem.complaints[0].code if problem.complaints else "",
            request_id,
        )
