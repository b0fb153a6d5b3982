"""/v2/virtual-agent and /v2/broadcast: programs that answer customers, and names for what goes to many."""

from uuid import uuid4

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from inbox import actions
from inbox.actions.virtual_agent_answers import AgentAnswer, Answered
from inbox.api import helper_serializers as wire
from inbox.api.base import ThreadView
from inbox.api.shapes import Body, seconds
from inbox.errors import ConversationNotFound, VirtualAgentNotFound
from inbox.models import Broadcast, Handover, VirtualAgent
from inbox.queries.helpers import broadcasts, virtual_agents
from workspaces.api.pagination import LARGEST_ID, asked_page, list_answer, page_of
from workspaces.api.schema import PAGE_PARAMETERS, documented, list_of

AGENT_TAG, BROADCAST_TAG = "virtual-agent", "broadcast"
IDS = [
    OpenApiParameter("virtual_agent_id", OpenApiTypes.INT64, location=OpenApiParameter.PATH),
    OpenApiParameter("conversation_id", OpenApiTypes.INT64, location=OpenApiParameter.PATH),
]
ANSWER: Body = {
    "id": 1000000000000007,
    "contactId": 12,
    "status": "open",
    "virtualAgentId": 4,
    "messageId": 1000000000000031,
    "ignored": {"topics": ["Ghosts"], "tags": []},
}


class AgentConversation(ThreadView):
    @documented(
        "answerAsVirtualAgent", "Answer in a conversation that a virtual agent holds", request=wire.AgentAnswerInput,
        response=wire.AgentConversationBody, errors=(404, 409), parameters=IDS,
        sends={"sendMessage": {"text": "It arrives on Tuesday."}, "applyTopics": ["Orders", "Ghosts"], "complete": None},
        answers=ANSWER, repeatable=True, tag=AGENT_TAG,
    )  # fmt: skip
    def post(self, request: Request, virtual_agent_id: int, conversation_id: int) -> Response:
        _check_ids(virtual_agent_id, conversation_id)
        body = self.body(wire.AgentAnswerInput)
        tagging = body.get("tagMessage") or {}
        answer = AgentAnswer(
            text=(body.get("sendMessage") or {}).get("text", ""),
            topics=tuple(body.get("applyTopics", ())),
            message_id=tagging.get("messageId"),
            tags=tuple(tagging.get("tags", ())),
            complete=body.get("complete") or "",
            reason=Handover.Reason(body.get("reason", Handover.Reason.REQUESTED)),
            category=body.get("category", ""),
            summary=body.get("summary", ""),
        )
        answered = actions.answer_as_virtual_agent(
            actor=self.actor,
            virtual_agent_id=virtual_agent_id,
            conversation_id=conversation_id,
            answer=answer,
            idempotency_key=f"api:{uuid4()}",  # a repeated Idempotency-Key is answered before it comes here
            at=timezone.now(),
        )
        return Response(_answered(answered))

    @documented(
        "delegateConversation", "Give an open conversation to a virtual agent", response=wire.AgentConversationBody,
        errors=(404, 409), parameters=IDS, answers={**ANSWER, "messageId": None, "ignored": {"topics": [], "tags": []}},
        repeatable=True, tag=AGENT_TAG,
    )  # fmt: skip
    def put(self, request: Request, virtual_agent_id: int, conversation_id: int) -> Response:
        _check_ids(virtual_agent_id, conversation_id)
        answered = actions.delegate_conversation(
            actor=self.actor, virtual_agent_id=virtual_agent_id, conversation_id=conversation_id, at=timezone.now()
        )
        return Response(_answered(answered))


class VirtualAgentList(ThreadView):
    @documented(
        "listVirtualAgents", "List the virtual agents and auto-responders",
        response=list_of(wire.VirtualAgentBody, name="VirtualAgentList"), errors=(400,), parameters=PAGE_PARAMETERS,
        tag=AGENT_TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        page = page_of(virtual_agents(self.actor), asked_page(request))
        return list_answer(request, [_agent(row) for row in page.rows], page)


class Broadcasts(ThreadView):
    @documented(
        "createBroadcast", "Name a broadcast", request=wire.BroadcastInput, response=wire.BroadcastBody,
        sends={"name": "Spring sale"}, answers={"id": 3, "name": "Spring sale", "created_at": 1741618800},
        repeatable=True, tag=BROADCAST_TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        row = actions.add_broadcast(actor=self.actor, name=self.body(wire.BroadcastInput)["name"], at=timezone.now())
        return Response(_broadcast(row))


class BroadcastList(ThreadView):
    @documented(
        "listBroadcasts", "List the broadcasts, newest first", response=list_of(wire.BroadcastBody, name="BroadcastList"),
        errors=(400,), parameters=PAGE_PARAMETERS, tag=BROADCAST_TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        page = page_of(broadcasts(self.actor), asked_page(request), newest_first=True)
        return list_answer(request, [_broadcast(row) for row in page.rows], page)


def _check_ids(virtual_agent_id: int, conversation_id: int) -> None:
    """Refuse numbers that no row can have."""
    if virtual_agent_id > LARGEST_ID:
        raise VirtualAgentNotFound(virtual_agent_id=virtual_agent_id)
    if conversation_id > LARGEST_ID:
        raise ConversationNotFound(conversation_id=conversation_id)


def _answered(answered: Answered) -> Body:
    return {
        "id": answered.conversation.pk,
        "contactId": answered.conversation.contact_id,
        "status": "open" if answered.conversation.is_open else "close",
        "virtualAgentId": answered.virtual_agent_id,
        "messageId": answered.message.pk if answered.message is not None else None,
        "ignored": {"topics": list(answered.ignored_topics), "tags": list(answered.ignored_tags)},
    }


def _agent(row: VirtualAgent) -> Body:
    return {
        "id": row.pk,
        "name": row.name,
        "kind": row.kind,
        "channelIds": row.channel_ids,
        "timeoutMinutes": row.timeout_minutes,
        "isOn": row.is_on,
        "created_at": seconds(row.created_at),
    }


def _broadcast(row: Broadcast) -> Body:
    return {"id": row.pk, "name": row.name, "created_at": seconds(row.created_at)}
