"""POST /v2/contact/list: pages of contacts that a search and a filter keep."""

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.api import serializers as wire
from contacts.api.contact_views import TAG, ContactView
from contacts.api.shapes import contact_bodies
from contacts.errors import ValueRefused
from contacts.filters import Filter, parse_filter
from contacts.models import Contact
from contacts.queries import contact_fields
from contacts.queries.listing import contact_rows
from workspaces.actors import Actor
from workspaces.api.pagination import Asked, Page, asked_page, list_answer, page_between
from workspaces.api.schema import PAGE_PARAMETERS, documented, list_of
from workspaces.permissions import Permission
from workspaces.queries import own_workspace


class ContactList(ContactView):
    """Newest first. It only reads, though it is a POST."""

    remembers_answers = False

    @documented(
        "listContacts", "List contacts", request=wire.ListInput, response=list_of(wire.ContactBody, name="ContactList"),
        parameters=PAGE_PARAMETERS, sends=wire.Examples.filter,
        answers={"items": [wire.EXAMPLE_CONTACT], "pagination": {"next": "", "previous": ""}}, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        self.actor.require(Permission.CONTACT_LIST)
        body = self.body(wire.ListInput)
        asked = asked_page(request)
        fields = contact_fields(self.actor)
        workspace = own_workspace(self.actor)
        kept = parse_filter(
            body.get("filter"),
            fields=fields,
            zone=ZoneInfo(zone_name(body.get("timezone") or workspace.time_zone)),
            default_country=workspace.default_country,
        )
        page = _page(self.actor, asked, search=body.get("search") or "", filter=kept)
        return list_answer(request, contact_bodies(page.rows, fields=fields), page)


def zone_name(text: str) -> str:
    """Return a zone of the IANA database, named in any case; raise ValueRefused."""
    name = _zones().get(text.strip().casefold())
    if name is None:
        raise ValueRefused(field="timezone", sentence=_("Write a time zone such as Europe/Madrid."))
    return name


def _page(actor: Actor, asked: Asked, *, search: str, filter: Filter | None) -> Page[Contact]:  # noqa: A002 - the API's word
    found = contact_rows(
        actor,
        search=search,
        filter=filter,
        after_id=None if asked.backwards else asked.cursor,
        before_id=asked.cursor if asked.backwards else None,
        limit=asked.limit,
    )
    return page_between(
        found.rows, asked, has_next=found.has_next, has_previous=found.has_previous, key_of=lambda contact: contact.pk
    )


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}
