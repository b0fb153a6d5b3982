"""/v2/space/channel, /v2/space/closing_notes, and the channels of a contact."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.access import contact_for_reading
from contacts.identifiers import Identifier
from inbox.access import channel_for_reading
from inbox.api import serializers as wire
from inbox.api.base import IDENTIFIER, ThreadView
from inbox.api.shapes import channel_body, closing_note_body, contact_channel_body
from inbox.errors import ChannelNotFound
from inbox.queries.lists import channels_of, closing_categories, connected_channels
from workspaces.api.pagination import LARGEST_ID, Page, asked_page, list_answer, page_in_memory, page_of
from workspaces.api.schema import PAGE_PARAMETERS, documented, list_of

TAG = "space"


class ContactChannels(ThreadView):
    @documented(
        "listContactChannels", "List the channels of a contact",
        response=list_of(wire.ContactChannelBody, name="ContactChannelList"), errors=(400, 404, 409),
        parameters=[IDENTIFIER, *PAGE_PARAMETERS], tag="contact",
    )  # fmt: skip
    def get(self, request: Request, identifier: str) -> Response:
        contact = contact_for_reading(self.actor, Identifier.parse(identifier))
        page = page_of(channels_of(self.actor, contact.pk), asked_page(request))
        return list_answer(request, [contact_channel_body(link) for link in page.rows], page)


class SpaceChannels(ThreadView):
    @documented(
        "listChannels", "List the channels of the workspace", response=list_of(wire.ChannelBody, name="ChannelList"),
        errors=(400,), parameters=PAGE_PARAMETERS, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        page = page_of(connected_channels(self.actor), asked_page(request))
        return list_answer(request, [channel_body(channel) for channel in page.rows], page)


class ChannelTemplates(ThreadView):
    @documented(
        "listChannelTemplates", "List the message templates of a channel",
        response=list_of(wire.TemplateBody, name="TemplateList"), errors=(400, 404),
        parameters=[OpenApiParameter("channel_id", OpenApiTypes.INT64, location=OpenApiParameter.PATH), *PAGE_PARAMETERS],
        tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, channel_id: int) -> Response:
        if channel_id > LARGEST_ID:
            raise ChannelNotFound(channel_id=channel_id)
        channel_for_reading(self.actor, channel_id)
        asked_page(request)
        return list_answer(request, [], Page([]))  # none of the channels of today has templates


class ClosingNotes(ThreadView):
    @documented(
        "listClosingNotes", "List the categories of closing notes",
        response=list_of(wire.ClosingNoteBody, name="ClosingNoteList"), errors=(400,), parameters=PAGE_PARAMETERS, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        page = page_in_memory(list(closing_categories(self.actor)), asked_page(request), key_of=lambda row: row.pk)
        return list_answer(request, [closing_note_body(row) for row in page.rows], page)
