from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from contacts.errors import IdentifierAmbiguous
from inbox.api.serializers import WIRE_NAMES
from workspaces.api.base import ApiView
from workspaces.errors import DomainError

IDENTIFIER = OpenApiParameter(
    "identifier",
    {"type": "string", "pattern": "^(id:[0-9]+|email:.+|phone:.+)$"},
    location=OpenApiParameter.PATH,
    description="`id:12`, `email:cleo@example.com` or `phone:+34600123456`.",
)


class ThreadView(ApiView):
    """What the routes about one contact's thread share."""

    wire_names: ClassVar[Mapping[str, str]] = WIRE_NAMES

    def extra_members(self, refusal: DomainError) -> Mapping[str, object]:
        """Name the contacts that hold an identifier."""
        return {"contactIds": refusal.contact_ids} if isinstance(refusal, IdentifierAmbiguous) else {}

    def body(self, shape: type[serializers.BaseSerializer[Any]]) -> Any:
        """Return the checked body; raise the framework's ValidationError."""
        given = shape(data=self.request.data)
        given.is_valid(raise_exception=True)
        return given.validated_data
