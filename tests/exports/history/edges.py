"""Everything at the very first moment of a day, and at the first moment of the next: one counts for the day, one does not."""

from inbox import actions
from inbox.actions.surveys import score_survey
from inbox.actions.virtual_agent_answers import AgentAnswer, answer_as_virtual_agent
from inbox.models import InboxSettings, Survey, VirtualAgent
from tests.exports.history.ground import History, on
from workspaces.models import PresenceInterval

DAY, NEXT_DAY = "03-05", "03-06"


def edges(h: History) -> None:
    """Make both days' beginnings alike."""
    bot = VirtualAgent.objects.in_workspace(h.workspace_id).order_by("pk").first()
    assert bot is not None
    for day, before in ((DAY, "03-04"), (NEXT_DAY, DAY)):
        midnight = f"{day} 00:00:00"
        _people(h, day, before=f"{before} 23:50:00", midnight=midnight)
        _programs(h, bot, day, midnight=midnight)
        PresenceInterval.objects.create(
            workspace_id=h.workspace_id, user_id=h.users["max"].pk, team_id=None, kind="AWAY",
            started_at=on(midnight), ended_at=on(midnight if day == DAY else f"{day} 01:00:00"),
        )  # fmt: skip


def _people(h: History, day: str, *, before: str, midnight: str) -> None:
    """A person answers, labels, closes and is judged at midnight; a message fails that was written then."""
    who = f"edge-{day}"
    first = h.writes(who, "Late", before)
    h.locks(h.dora, who, before)
    h.replies(h.dora, who, "At midnight", midnight)
    conversation_id = h.latest(who).pk
    actions.put_topics(actor=h.dora, conversation_id=conversation_id, topic_ids=[h.topics["=Sum"].pk], at=on(midnight))
    actions.tag_message(actor=h.dora, message_id=first.pk, tag_id=h.tags["Angry"].pk, at=on(midnight))
    failed = h.replies(h.system, who, "Fails", midnight, sender_kind="api")
    h.reports(failed, "failed", midnight, "Refused")
    h.releases(h.dora, who, midnight)
    h.closes(h.dora, who, midnight)
    asked = f"asked-{day}"
    rows = InboxSettings.objects.in_workspace(h.workspace_id)
    rows.update(survey_is_on=True)
    h.writes(asked, "Late as well", before)
    h.closes(h.dora, asked, before)
    rows.update(survey_is_on=False)
    survey = Survey.objects.in_workspace(h.workspace_id).get(contact_id=h.contacts[asked])
    score_survey(actor=h.system, survey_id=survey.pk, score=5, at=on(midnight))


def _programs(h: History, bot: VirtualAgent, day: str, *, midnight: str) -> None:
    """A virtual agent takes two conversations at midnight, labels them, and gives one of them back."""
    for who, ends in ((f"robot-{day}", "HANDOVER"), (f"solved-{day}", "RESOLVED")):
        first = h.writes(who, "Robot, now", midnight, channel="bot")
        answer = AgentAnswer(text="Now", topics=("=Sum",), message_id=first.pk, tags=("Angry",), complete=ends)
        answer_as_virtual_agent(
            actor=h.system,
            virtual_agent_id=bot.pk,
            conversation_id=h.latest(who).pk,
            answer=answer,
            idempotency_key=who,
            at=on(midnight),
        )
