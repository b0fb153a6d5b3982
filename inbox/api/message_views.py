"""/v2/contact/…/message: what was said to a contact and by it."""

from uuid import uuid4

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.access import contact_for_reading
from contacts.identifiers import Identifier
from inbox import actions
from inbox.access import message_for_reading
from inbox.api import serializers as wire
from inbox.api.base import IDENTIFIER, ThreadView
from inbox.api.shapes import content_of, message_records
from inbox.errors import MessageNotFound
from inbox.queries.lists import messages_of
from workspaces.api.pagination import LARGEST_ID, asked_page, list_answer, page_of
from workspaces.api.schema import PAGE_PARAMETERS, documented, list_of

TAG = "message"
EXAMPLE = {
    "messageId": 1000000000000012,
    "channelMessageId": "wire-8f2c",
    "contactId": 12,
    "channelId": 3,
    "traffic": "outgoing",
    "message": {"type": "text", "text": "Your parcel arrives on Tuesday."},
    "status": [{"value": "pending", "timestamp": 1741618800}, {"value": "sent", "timestamp": 1741618801}],
}


class ContactMessages(ThreadView):
    @documented(
        "sendMessage", "Send a message to a contact", request=wire.SendInput, response=wire.MessageIdBody, errors=(404, 409),
        parameters=[IDENTIFIER], sends={"channelId": None, "message": EXAMPLE["message"]},
        answers={"messageId": 1000000000000012}, repeatable=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, identifier: str) -> Response:
        body = self.body(wire.SendInput)
        message = actions.send_message(
            actor=self.actor,
            contact=Identifier.parse(identifier),
            channel_id=body.get("channelId"),
            content=content_of(body["message"]),
            idempotency_key=f"api:{uuid4()}",  # a repeated Idempotency-Key is answered before it comes here
            sender_kind="api" if body.get("broadcastId") is None else "broadcast",
            sender_id=body.get("broadcastId"),
            at=timezone.now(),
        )
        return Response({"messageId": message.pk})


class ContactMessage(ThreadView):
    @documented(
        "getMessage", "Get a message", response=wire.MessageRecordBody, errors=(400, 404, 409),
        parameters=[IDENTIFIER, OpenApiParameter("message_id", OpenApiTypes.INT64, location=OpenApiParameter.PATH)],
        answers=EXAMPLE, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, identifier: str, message_id: int) -> Response:
        contact = contact_for_reading(self.actor, Identifier.parse(identifier))
        if message_id > LARGEST_ID:
            raise MessageNotFound(message_id=message_id)
        message = message_for_reading(self.actor, message_id, contact_id=contact.pk)
        return Response(message_records([message])[0])


class ContactMessageList(ThreadView):
    @documented(
        "listMessages", "List the messages of a contact, newest first",
        response=list_of(wire.MessageRecordBody, name="MessageList"), errors=(400, 404, 409),
        parameters=[IDENTIFIER, *PAGE_PARAMETERS], tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, identifier: str) -> Response:
        contact = contact_for_reading(self.actor, Identifier.parse(identifier))
        page = page_of(messages_of(self.actor, contact.pk), asked_page(request), newest_first=True)
        return list_answer(request, message_records(page.rows), page)
