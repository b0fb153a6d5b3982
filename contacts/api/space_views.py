"""/v2/space…: people, custom fields and tags of the workspace."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from contacts import actions
from contacts.api import serializers as wire
from contacts.api.contact_views import ContactView
from contacts.api.shapes import field_body, tag_body, user_body
from contacts.errors import FieldNotFound
from contacts.models.settings import TAG_COLOURS
from contacts.queries import contact_fields
from workspaces.api.pagination import LARGEST_ID, asked_page, list_answer, page_in_memory, page_of
from workspaces.api.schema import PAGE_PARAMETERS, DoneBody, documented, list_of
from workspaces.errors import MemberNotFound
from workspaces.queries import member, members

TAG = "space"


class SpaceUsers(ContactView):
    @documented(
        "listUsers", "List the users of the workspace", response=list_of(wire.SpaceUserBody, name="SpaceUserList"),
        errors=(400,), parameters=PAGE_PARAMETERS, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        page = page_of(members(self.actor), asked_page(request), key="user_id")
        return list_answer(request, [user_body(row) for row in page.rows], page)


class SpaceUser(ContactView):
    @documented(
        "getUser", "Get a user of the workspace", response=wire.SpaceUserBody, errors=(404,),
        parameters=[OpenApiParameter("user_id", OpenApiTypes.INT64, location=OpenApiParameter.PATH)], tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, user_id: int) -> Response:
        if user_id > LARGEST_ID:
            raise MemberNotFound(user_id=user_id)
        return Response(user_body(member(self.actor, user_id)))


class CustomFields(ContactView):
    @documented(
        "listCustomFields", "List the custom fields", response=list_of(wire.CustomFieldBody, name="CustomFieldList"),
        errors=(400,), parameters=PAGE_PARAMETERS, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        page = page_in_memory(contact_fields(self.actor), asked_page(request), key_of=lambda field: field.pk)
        return list_answer(request, [field_body(field) for field in page.rows], page)

    @documented(
        "createCustomField", "Create a custom field", request=wire.CustomFieldInput, response=wire.CustomFieldBody,
        errors=(409,), sends=wire.Examples.custom_field,
        answers={"id": 5, "name": "Company", "slug": "company", "description": "", "dataType": "text", "allowedValues": []},
        repeatable=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        body = self.body(wire.CustomFieldInput)
        field = actions.add_contact_field(
            actor=self.actor,
            name=body["name"],
            slug=body.get("slug") or "",
            description=body.get("description") or "",
            kind=body["dataType"],
            allowed_values=body.get("allowedValues") or (),
            at=timezone.now(),
        )
        return Response(field_body(field))


class CustomField(ContactView):
    @documented(
        "getCustomField", "Get a custom field", response=wire.CustomFieldBody, errors=(404,),
        parameters=[OpenApiParameter("field_id", OpenApiTypes.INT64, location=OpenApiParameter.PATH)], tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, field_id: int) -> Response:
        field = next((field for field in contact_fields(self.actor) if field.pk == field_id), None)
        if field is None:
            raise FieldNotFound(field_id=field_id)
        return Response(field_body(field))


class SpaceTags(ContactView):
    @documented(
        "createTag", "Create a tag", request=wire.TagInput, response=wire.TagBody, errors=(409,), sends=wire.Examples.tag,
        answers={"id": 7, **wire.Examples.tag}, repeatable=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        body = self.body(wire.TagInput)
        tag = actions.create_tag(
            actor=self.actor,
            name=body["name"],
            description=body.get("description") or "",
            emoji=body.get("emoji") or "",
            colour=body.get("colorCode") or TAG_COLOURS[0],
            at=timezone.now(),
        )
        return Response(tag_body(tag))

    @documented(
        "updateTag", "Update a tag", request=wire.TagChanges, response=wire.TagBody, errors=(404, 409),
        sends={"currentName": "vip", "name": "Very important"},
        answers={"id": 7, **wire.Examples.tag, "name": "Very important"}, repeatable=True, tag=TAG,
    )  # fmt: skip
    def put(self, request: Request) -> Response:
        body = self.body(wire.TagChanges)
        tag = actions.change_tag(
            actor=self.actor,
            tag=body["currentName"],
            name=body.get("name") or None,
            description=_given(body, "description"),
            emoji=_given(body, "emoji"),
            colour=body.get("colorCode") or None,
            at=timezone.now(),
        )
        return Response(tag_body(tag))

    @documented(
        "deleteTag", "Delete a tag", request=wire.TagName, response=DoneBody, errors=(404,), sends={"name": "vip"},
        answers={"code": 200, "message": "Tag deleted."}, repeatable=True, tag=TAG,
    )  # fmt: skip
    def delete(self, request: Request) -> Response:
        actions.delete_tag(actor=self.actor, tag=self.body(wire.TagName)["name"], at=timezone.now())
        return Response({"code": 200, "message": _("Tag deleted.")})


def _given(body: dict[str, Any], name: str) -> str | None:
    """Return a text to set, '' when null empties it, None when it is absent."""
    return (body[name] or "") if name in body else None
