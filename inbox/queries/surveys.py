"""A survey by the address that was sent to the contact."""

from dataclasses import dataclass
from hashlib import sha256

from django.db import connection

from inbox.models import Conversation, Survey
from workspaces.actors import Actor

BY_DIGEST = "SELECT workspace_id, survey_id FROM survey_by_digest(%s)"


@dataclass(frozen=True, slots=True)
class SurveyPlace:
    """Where a survey is, before its workspace's scope is open."""

    workspace_id: int
    survey_id: int


def digest_of(token: str) -> bytes:
    """Return what a survey keeps of its address."""
    return sha256(token.encode()).digest()


def survey_place(token: str) -> SurveyPlace | None:
    """Return where the survey of an address is; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(BY_DIGEST, [digest_of(token)])
        found = cursor.fetchone()
    return SurveyPlace(*found) if found else None


@dataclass(frozen=True, slots=True)
class SurveyShown:
    """A survey as its page shows it; the language is empty where nobody knows the contact's."""

    survey: Survey
    language: str


def survey_shown(actor: Actor, survey_id: int) -> SurveyShown | None:
    """Return a survey with its contact's language; None when it is gone, or its contact is."""
    survey = Survey.objects.in_workspace(actor.workspace_id).filter(pk=survey_id).first()
    if survey is None:
        return None
    conversations = Conversation.objects.in_workspace(actor.workspace_id).filter(pk=survey.conversation_id)
    row = conversations.values_list("language", "contact__language").first()
    if row is None:
        return None
    return SurveyShown(survey=survey, language=row[0] or row[1] or "")
