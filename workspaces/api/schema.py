"""What the OpenAPI document says about every route, and the shapes that all routes share."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers

from workspaces.api import idempotency
from workspaces.api.pagination import DEFAULT_LIMIT, HIGHEST_LIMIT, LARGEST_ID

F = TypeVar("F", bound=Callable[..., Any])

MEANING = {
    400: "The input breaks a rule; `errors` says which.",
    401: "The token is missing, unknown, expired or revoked.",
    403: "The token lacks the scope.",
    404: "There is no such thing in this workspace.",
    409: "The present state does not allow it, or the Idempotency-Key was used with another request.",
    410: "It was there, and its time is over.",
    413: "The body is larger than this address takes.",
    415: "The body has a content type that this address does not take.",
    429: "Too many requests; `Retry-After` says when to come back.",
}
ALWAYS = (401, 403, 429)
WITH_BODY = (400, 413, 415)

PAGE_PARAMETERS = [
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": HIGHEST_LIMIT, "default": DEFAULT_LIMIT},
        description="How many items the page has at most.",
    ),
    OpenApiParameter(
        "cursorId",
        {"type": "integer", "format": "int64", "minimum": -LARGEST_ID, "maximum": LARGEST_ID},
        description="Where the page begins: take it from `pagination.next` or `pagination.previous`. N is the page after "
        "the item N, -N the page before it.",
    ),
]
KEY_PARAMETER = OpenApiParameter(
    idempotency.HEADER,
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"},
    location=OpenApiParameter.HEADER,
    description="Repeating a request with the same key and body within 24 hours gives the first answer again.",
)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call, misc]  # drf-spectacular has no types
    """Names the security scheme of BearerToken."""

    target_class = "workspaces.api.authentication.BearerToken"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API token of one workspace."}


class BodiesOfDelete(AutoSchema):  # type: ignore[misc]  # drf-spectacular has no types
    """Tells the body of a DELETE as well, where a route asks for one, and that a body of a plain shape is required."""

    def _get_request_body(self, direction: str = "request") -> Any:
        shape = self.get_request_serializer()
        if self.method == "DELETE" and shape is not None and _is_asked_for(shape):
            self.method = "POST"
            try:
                body = super()._get_request_body(direction)  # type: ignore[no-untyped-call]
            finally:
                self.method = "DELETE"
        else:
            body = super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        if body is not None and isinstance(shape, dict):
            body["required"] = True
        return body


def _is_asked_for(shape: Any) -> bool:
    return isinstance(shape, dict) or (isinstance(shape, type) and issubclass(shape, serializers.BaseSerializer))


class ComplaintBody(serializers.Serializer[Any]):
    """One thing that is wrong."""

    field = serializers.CharField(allow_null=True)
    code = serializers.CharField()
    message = serializers.CharField()


class ProblemBody(serializers.Serializer[Any]):
    """Every refusal and every failure has this shape."""

    code = serializers.IntegerField(help_text="The HTTP status.")
    message = serializers.CharField()
    errors = ComplaintBody(many=True)  # type: ignore[assignment]  # a member of this name is what the shape has


class PaginationBody(serializers.Serializer[Any]):
    """Addresses of the pages beside this one; empty where there is none."""

    next = serializers.CharField(allow_blank=True)
    previous = serializers.CharField(allow_blank=True)


class DoneBody(serializers.Serializer[Any]):
    """It was done."""

    code = serializers.IntegerField(help_text="200.")
    message = serializers.CharField()


def list_of(item: type[serializers.Serializer[Any]], *, name: str) -> Any:
    """Return the shape of a list of items."""
    return inline_serializer(name, {"items": item(many=True), "pagination": PaginationBody()})


def documented(  # noqa: PLR0913 - each says one thing about the method, by name
    operation: str,
    summary: str,
    *,
    request: Any = None,
    response: Any,
    status: int = 200,
    errors: Sequence[int] = (),
    parameters: Sequence[OpenApiParameter] = (),
    sends: object = None,
    answers: object = None,
    repeatable: bool = False,
    tag: str,
) -> Callable[[F], F]:
    """Describe one method of a route.

    errors: statuses beside 401, 403 and 429 and, with a body, 400, 413 and 415. sends and answers: examples.
    repeatable: whether it heeds an Idempotency-Key. response: a shape, or {(status, media type): a shape} for a file.
    """
    statuses = sorted(
        {*ALWAYS, *errors, *(WITH_BODY if request is not None else ()), *((400, 409) if repeatable else ())}
    )
    examples = []
    if sends is not None:
        examples.append(OpenApiExample("Request", value=sends, request_only=True))
    if answers is not None:
        examples.append(OpenApiExample("Answer", value=answers, response_only=True, status_codes=[str(status)]))
    described: Callable[[F], F] = extend_schema(
        operation_id=operation,
        summary=summary,
        tags=[tag],
        request=request,
        parameters=[*parameters, *([KEY_PARAMETER] if repeatable else ())],
        responses={
            **(response if _names_its_media_type(response) else {status: response}),
            **{code: OpenApiResponse(ProblemBody, description=MEANING[code]) for code in statuses},
        },
        examples=examples,
    )
    return described


def _names_its_media_type(response: Any) -> bool:
    return isinstance(response, dict) and all(isinstance(key, tuple) for key in response)
