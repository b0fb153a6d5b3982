"""/v2/contact…: what concerns one contact, or several, and needs no conversation."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from contacts import actions
from contacts.access import contact_for_reading
from contacts.api import serializers as wire
from contacts.api.reading import check_agreement, values_of
from contacts.api.shapes import contact_bodies
from contacts.errors import ContactExists, IdentifierAmbiguous
from contacts.identifiers import Identifier
from contacts.models.contact import Source
from contacts.queries import contact_fields
from workspaces.api.base import ApiView
from workspaces.api.schema import DoneBody, documented
from workspaces.errors import DomainError

TAG = "contact"
IDENTIFIER = OpenApiParameter(
    "identifier",
    {"type": "string", "pattern": "^(id:[0-9]+|email:.+|phone:.+)$"},
    location=OpenApiParameter.PATH,
    description="`id:12`, `email:cleo@example.com` or `phone:+34600123456`.",
)


class ContactView(ApiView):
    """What the routes about contacts share."""

    wire_names: ClassVar[Mapping[str, str]] = wire.WIRE_NAMES

    def extra_members(self, refusal: DomainError) -> Mapping[str, object]:
        """Name the contacts that hold an identifier."""
        if isinstance(refusal, IdentifierAmbiguous | ContactExists):
            return {"contactIds": refusal.contact_ids}
        return {}

    def body(self, shape: type[serializers.BaseSerializer[Any]]) -> Any:
        """Return the checked body; raise the framework's ValidationError."""
        given = shape(data=self.request.data)
        given.is_valid(raise_exception=True)
        return given.validated_data


class ContactByIdentifier(ContactView):
    @documented(
        "getContact", "Get a contact", response=wire.ContactBody, errors=(400, 404, 409), parameters=[IDENTIFIER],
        answers=wire.EXAMPLE_CONTACT, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, identifier: str) -> Response:
        contact = contact_for_reading(self.actor, Identifier.parse(identifier))
        return Response(contact_bodies([contact], fields=contact_fields(self.actor))[0])

    @documented(
        "createContact", "Create a contact", request=wire.ContactFields, response=wire.ContactAddedBody, errors=(409,),
        parameters=[IDENTIFIER], sends=wire.Examples.fields,
        answers={"code": 200, "message": "Contact added.", "contactId": 12}, repeatable=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, identifier: str) -> Response:
        named = Identifier.parse(identifier)
        contact = actions.add_contact(
            actor=self.actor,
            identifier=named,
            values=values_of(self.body(wire.ContactFields), actor=self.actor),
            source=Source.API,
            at=timezone.now(),
        )
        check_agreement(named, contact)
        return Response({"code": 200, "message": _("Contact added."), "contactId": contact.pk})

    @documented(
        "updateContact", "Update a contact", request=wire.ContactChanges, response=wire.ContactIdBody, errors=(404, 409),
        parameters=[IDENTIFIER], sends={"lastName": "Duarte"}, answers={"contactId": 12}, repeatable=True, tag=TAG,
    )  # fmt: skip
    def put(self, request: Request, identifier: str) -> Response:
        contact = actions.update_contact(
            actor=self.actor,
            contact=Identifier.parse(identifier),
            values=values_of(self.body(wire.ContactChanges), actor=self.actor),
            at=timezone.now(),
        )
        return Response({"contactId": contact.pk})

    @documented(
        "deleteContact", "Delete a contact", response=wire.ContactIdBody, errors=(400, 404, 409), parameters=[IDENTIFIER],
        answers={"contactId": 12}, repeatable=True, tag=TAG,
    )  # fmt: skip
    def delete(self, request: Request, identifier: str) -> Response:
        deleted = actions.delete_contact(actor=self.actor, contact=Identifier.parse(identifier), at=timezone.now())
        return Response({"contactId": deleted})


class ContactCreateOrUpdate(ContactView):
    @documented(
        "createOrUpdateContact", "Create a contact, or update the one that holds the identifier",
        request=wire.ContactUpsert, response=wire.ContactIdBody, errors=(404, 409), parameters=[IDENTIFIER],
        sends=wire.Examples.fields, answers={"contactId": 12}, repeatable=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, identifier: str) -> Response:
        named = Identifier.parse(identifier)
        body = self.body(wire.ContactUpsert)
        contact, is_new = actions.create_or_update_contact(
            actor=self.actor,
            contact=named,
            values=values_of(body, actor=self.actor),
            source=Source.API,
            at=timezone.now(),
        )
        if is_new:
            wire.check_new(body)
            check_agreement(named, contact)
        return Response({"contactId": contact.pk})


class ContactMerging(ContactView):
    @documented(
        "mergeContacts", "Merge the second contact into the first", request=wire.MergeInput, response=wire.ContactIdBody,
        errors=(404,), sends={"contactIds": [12, 34], "firstName": "Cleo"}, answers={"contactId": 12}, repeatable=True,
        tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        body = self.body(wire.MergeInput)
        primary_id, secondary_id = body["contactIds"]
        contact = actions.merge_contacts(
            actor=self.actor,
            primary_id=primary_id,
            secondary_id=secondary_id,
            values=values_of(body, actor=self.actor),
            at=timezone.now(),
        )
        return Response({"contactId": contact.pk})


class ContactTags(ContactView):
    @documented(
        "addContactTags", "Add tags to a contact", request=wire.TAG_NAMES_SCHEMA, response=wire.ContactIdBody, errors=(404, 409),
        parameters=[IDENTIFIER], sends=["vip"], answers={"contactId": 12}, repeatable=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, identifier: str) -> Response:
        contact = actions.tag_contact(
            actor=self.actor, contact=Identifier.parse(identifier), names=self.body(wire.TagNames), at=timezone.now()
        )
        return Response({"contactId": contact.pk})

    @documented(
        "deleteContactTags", "Take tags off a contact", request=wire.TAG_NAMES_SCHEMA, response=wire.ContactIdBody,
        errors=(404, 409), parameters=[IDENTIFIER], sends=["vip"], answers={"contactId": 12}, repeatable=True, tag=TAG,
    )  # fmt: skip
    def delete(self, request: Request, identifier: str) -> Response:
        contact = actions.untag_contact(
            actor=self.actor, contact=Identifier.parse(identifier), names=self.body(wire.TagNames), at=timezone.now()
        )
        return Response({"contactId": contact.pk})


class ContactLifecycle(ContactView):
    @documented(
        "updateContactLifecycle", "Put a contact into a lifecycle stage, or into none", request=wire.LifecycleInput,
        response=DoneBody, errors=(404, 409), parameters=[IDENTIFIER], sends={"name": "Lead"},
        answers={"code": 200, "message": "Lifecycle updated."}, repeatable=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, identifier: str) -> Response:
        actions.set_stage(
            actor=self.actor,
            contact=Identifier.parse(identifier),
            name=self.body(wire.LifecycleInput)["name"],
            at=timezone.now(),
        )
        return Response({"code": 200, "message": _("Lifecycle updated.")})
