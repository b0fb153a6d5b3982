"""/v2/contact/…/comment and /conversation: notes of the team, assignment, opening and closing."""

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.identifiers import Identifier
from inbox import actions
from inbox.api import serializers as wire
from inbox.api.base import IDENTIFIER, ThreadView
from inbox.api.shapes import comment_body
from inbox.queries.people import member_named
from workspaces.api.schema import documented

TAG = "conversation"


class ContactComments(ThreadView):
    @documented(
        "createComment", "Write a comment under a contact", request=wire.CommentInput, response=wire.CommentBody,
        errors=(404, 409), parameters=[IDENTIFIER], sends={"text": "Called back, {{@user.3}} knows more."},
        answers={"contactId": 12, "text": "Called back, {{@user.3}} knows more.", "created_at": 1741618800},
        repeatable=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, identifier: str) -> Response:
        comment = actions.add_comment(
            actor=self.actor,
            contact=Identifier.parse(identifier),
            text=self.body(wire.CommentInput)["text"],
            source="api",
            at=timezone.now(),
        )
        return Response(comment_body(comment.contact_id, comment.text, comment.created_at))


class ConversationAssignee(ThreadView):
    @documented(
        "assignConversation", "Assign a contact's conversation, or unassign it", request=wire.AssigneeInput,
        response=wire.ConversationChanged, errors=(404, 409), parameters=[IDENTIFIER], sends={"assignee": "ada@example.com"},
        answers={"contactId": 12}, repeatable=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, identifier: str) -> Response:
        named = self.body(wire.AssigneeInput)["assignee"]
        contact = actions.assign_contact(
            actor=self.actor,
            contact=Identifier.parse(identifier),
            user_id=None if named is None else member_named(self.actor, named),
            source="api",
            at=timezone.now(),
        )
        return Response({"contactId": contact.pk})


class ConversationStatus(ThreadView):
    @documented(
        "updateConversationStatus", "Open or close a contact's conversation", request=wire.StatusInput,
        response=wire.ConversationChanged, errors=(404, 409), parameters=[IDENTIFIER],
        sends={"status": "close", "category": "Order status", "summary": "Arrives on Tuesday"},
        answers={"contactId": 12}, repeatable=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, identifier: str) -> Response:
        body = self.body(wire.StatusInput)
        contact, at = Identifier.parse(identifier), timezone.now()
        if body["status"] == "open":
            conversation = actions.open_conversation(actor=self.actor, contact=contact, source="api", at=at)
        else:
            conversation = actions.close_conversation(
                actor=self.actor,
                contact=contact,
                category=body.get("category", ""),
                summary=body.get("summary", ""),
                source="api",
                by_hand=False,
                at=at,
            )
        return Response({"contactId": conversation.contact_id})
