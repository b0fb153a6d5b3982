"""Satisfaction surveys of the demo: asked after every resolution since they were switched on, answered by some."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.conf import settings

from config.demo.rows import row_of
from config.demo.story import Story
from inbox.models import InboxSettings, Survey
from inbox.queries.surveys import digest_of

ANSWERED, COMMENTED = 0.46, 0.4
SCORES = ((5, 56), (4, 27), (3, 8), (2, 4), (1, 5))
SATISFIED = 4


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """What is asked, for how many days it has been asked, and what people answer by language."""

    text: str
    question: str
    hours: int
    days: int
    praise: dict[str, tuple[str, ...]]
    complaint: dict[str, tuple[str, ...]]


def switch_on(workspace_id: int, plan: SurveyPlan) -> None:
    """Let the workspace ask from now on, too."""
    InboxSettings.objects.create(
        workspace_id=workspace_id,
        survey_is_on=True,
        survey_text=plan.text,
        survey_question=plan.question,
        survey_hours=plan.hours,
    )


def ask(plan: SurveyPlan, story: Story, *, until: datetime, random: Random) -> None:
    """Ask the contact of a conversation that was just resolved by somebody, as inbox/actions/surveys.py does."""
    resolution = story.changes[-1]
    at = resolution.occurred_at
    if at < until - timedelta(days=plan.days) or not any(message.direction == "incoming" for message in story.messages):
        return
    token = secrets.token_urlsafe(16)  # not of the seed: whoever knows it may answer
    words = f"{plan.text}\n{settings.BASE_URL}/survey/{token}"
    status = random.choices(("read", "delivered", "sent"), (70, 22, 8))[0]
    story.write(at, words, sender_kind="system", status=status, payload={"system_user_type": "CSAT"})
    survey = row_of(
        Survey,
        workspace_id=story.workspace_id,
        contact_id=story.contact.pk,
        user_id=resolution.user_id,
        team_id=resolution.team_id,
        token_sha256=digest_of(token),
        sent_at=at,
        expires_at=at + timedelta(hours=plan.hours),
        question=plan.question,
    )
    story.surveys.append(survey)
    answered_at = at + timedelta(minutes=min(1 + 40 * random.lognormvariate(-0.6, 1.6), plan.hours * 59))
    if answered_at < until and random.random() < ANSWERED:
        survey.answered_at = answered_at
        survey.score = random.choices([score for score, _ in SCORES], [weight for _, weight in SCORES])[0]
        if random.random() < COMMENTED:
            by_language = plan.praise if survey.score >= SATISFIED else plan.complaint
            survey.answer = random.choice(by_language[story.language])


def join_rows(story: Story) -> None:
    """Let the survey of a conversation whose rows have their ids by now name its resolution and its message."""
    for survey in story.surveys:
        survey.status_change_id, survey.message_id = story.changes[-1].pk, story.messages[-1].pk
        story.messages[-1].idempotency_key = f"survey:{survey.status_change_id}"
