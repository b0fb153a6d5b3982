"""Satisfaction surveys: one message after a resolution, and what the contact answers on the page that it leads to.

Whoever has the address may answer, so it holds 128 random bits, of which the survey keeps the SHA-256.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from contacts.models import Contact
from inbox.access import contact_for_work
from inbox.actions.receiving import touch
from inbox.actions.routes import Route, route_for_sending
from inbox.actions.threads import Thread, changed
from inbox.content import Content, preview_of
from inbox.errors import ScoreNotValid, SurveyNotFound, SurveyOver
from inbox.events import MessageQueued, SurveyAnswered
from inbox.models import (
    Conversation,
    Delivery,
    Direction,
    InboxSettings,
    Message,
    MessageStatus,
    Status,
    StatusChange,
    Survey,
)
from inbox.queries.behaviour import settings_of
from inbox.queries.surveys import digest_of
from workspaces import jobs
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.events import record
from workspaces.jobs import Job

LONGEST_ANSWER = 2000
SCORES = range(1, 6)


def send_survey(thread: Thread) -> Message | None:
    """Ask the contact how the resolution just made was, where the workspace asks and the contact can be written to.

    The caller has resolved the thread and saves it. None when nobody is asked.
    """
    conversation = thread.conversation
    behaviour = settings_of(thread.contact.workspace_id)
    if not behaviour.survey_is_on or conversation is None or conversation.status != Status.RESOLVED:
        return None
    if thread.contact.is_blocked or not conversation.incoming_count or conversation.last_channel_id is None:
        return None
    changes = StatusChange.objects.in_workspace(conversation.workspace_id).filter(conversation_id=conversation.pk)
    resolution = changes.order_by("-pk").first()
    if resolution is None or Survey.objects.in_workspace(conversation.workspace_id).filter(
        status_change_id=resolution.pk
    ):
        return None
    token = secrets.token_urlsafe(16)
    words = _words(behaviour, conversation.language or thread.contact.language)
    content = Content(text=f"{words}\n{settings.BASE_URL}/survey/{token}", payload={"system_user_type": "CSAT"})
    try:
        route = route_for_sending(thread.actor, thread.contact, conversation.last_channel_id, content, at=thread.at)
    except DomainError:  # the channel is gone, or its window closed: nobody can be asked
        return None
    message = _queue(thread, conversation, route, content, key=f"survey:{resolution.pk}")
    conversation.preview = preview_of(words)  # lists show no address that opens something
    Survey.objects.create(
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.pk,
        contact_id=thread.contact.pk,
        status_change_id=resolution.pk,
        message_id=message.pk,
        user_id=resolution.user_id,
        team_id=resolution.team_id,
        token_sha256=digest_of(token),
        sent_at=thread.at,
        expires_at=thread.at + timedelta(hours=behaviour.survey_hours),
        question=behaviour.survey_question,
    )
    return message


@transaction.atomic
def score_survey(*, actor: Actor, survey_id: int, score: int, at: datetime) -> Survey:
    """Store the contact's score; a second one changes nothing."""
    contact, conversation, survey = _open_survey(actor, survey_id, at=at)
    if score not in SCORES:
        raise ScoreNotValid(field="score")
    if survey.score is None:
        survey.score = score
        survey.answered_at = at
        survey.save(update_fields=["score", "answered_at"])
        changed(Thread(actor, contact, conversation, at))
        conversation.save(update_fields=["changed_at"])
        _record(actor, survey, at=at)
    return survey


@transaction.atomic
def answer_survey(*, actor: Actor, survey_id: int, answer: str, at: datetime) -> Survey:
    """Store what the contact says to the question after the score; a second answer, or an empty one, changes nothing."""
    _contact, _conversation, survey = _open_survey(actor, survey_id, at=at)
    text = answer.replace("\0", "").strip()[:LONGEST_ANSWER]
    if text and survey.score is not None and survey.question and not survey.answer:
        survey.answer = text
        survey.save(update_fields=["answer"])
        _record(actor, survey, at=at)
    return survey


def _open_survey(actor: Actor, survey_id: int, *, at: datetime) -> tuple[Contact, Conversation, Survey]:
    """Lock a survey that can still be answered, behind its contact and its conversation."""
    surveys = Survey.objects.in_workspace(actor.workspace_id)
    contact_id = surveys.filter(pk=survey_id).values_list("contact_id", flat=True).first()
    contact = contact_for_work(actor.workspace_id, contact_id)
    if contact is None:
        raise SurveyNotFound
    conversations = Conversation.objects.in_workspace(actor.workspace_id).select_for_update(of=("self",))
    conversation = conversations.get(pk=surveys.values("conversation_id").get(pk=survey_id)["conversation_id"])
    survey = surveys.select_for_update(of=("self",)).get(pk=survey_id)
    if at >= survey.expires_at:
        raise SurveyOver
    return contact, conversation, survey


def _record(actor: Actor, survey: Survey, *, at: datetime) -> None:
    event = SurveyAnswered(
        subject_id=survey.contact_id,
        conversation_id=survey.conversation_id,
        survey_id=survey.pk,
        score=survey.score or 0,
        answer=survey.answer,
    )
    record(event, actor=actor, at=at)


def _words(behaviour: InboxSettings, language: str) -> str:
    """Return the workspace's words, or else the product's in the contact's language."""
    if behaviour.survey_text:
        return behaviour.survey_text
    known = dict(settings.LANGUAGES)
    with translation.override(language[:2] if language[:2] in known else settings.LANGUAGE_CODE):
        return _("How did we do? Your answer takes a few seconds:")


def _queue(thread: Thread, conversation: Conversation, route: Route, content: Content, *, key: str) -> Message:
    message = Message.objects.create(
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.pk,
        contact_id=thread.contact.pk,
        channel_id=route.channel.pk,
        contact_channel_id=route.link.pk,
        direction=Direction.OUTGOING,
        sender_kind="system",
        content_type=content.content_type,
        text=content.text,
        payload=dict(content.payload),
        idempotency_key=key,
        status=Delivery.QUEUED,
        created_at=thread.at,
        provider_at=thread.at,
        next_attempt_at=thread.at,
    )
    MessageStatus.objects.create(
        workspace_id=message.workspace_id, message_id=message.pk, status=Delivery.QUEUED, occurred_at=thread.at
    )
    conversation.outgoing_count += 1
    touch(thread, message)
    thread.contact.last_interaction_at = thread.at
    route.link.last_message_at = thread.at
    route.link.save(update_fields=["last_message_at"])
    thread.tell(
        MessageQueued(
            subject_id=thread.contact.pk,
            conversation_id=conversation.pk,
            message_id=message.pk,
            channel_id=message.channel_id,
            sender_kind=message.sender_kind,
        )
    )
    jobs.wake(Job.DELIVER_MESSAGE, workspace_id=message.workspace_id, message_id=message.pk)
    return message
