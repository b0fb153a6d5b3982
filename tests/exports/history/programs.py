"""What virtual agents and auto-responders do, and what contacts say in surveys."""

from inbox import actions
from inbox.actions.surveys import answer_survey, score_survey
from inbox.actions.virtual_agent_answers import AgentAnswer, answer_as_virtual_agent, delegate_conversation
from inbox.actions.virtual_agent_runs import end_silent_runs
from inbox.actions.virtual_agents import add_virtual_agent, delete_virtual_agent
from inbox.models import Handover, InboxSettings, Message, Status, Survey, VirtualAgent
from tests.exports.history.ground import EXPORT_AT, NASTY, History, on
from tests.factories import NOON

Reason = Handover.Reason


def programs(h: History) -> None:
    """Let programs answer, label, resolve and hand over; then ask contacts how it was."""
    bot = add_virtual_agent(
        actor=h.ada,
        name="=Robo; 1",
        kind="virtual_agent",
        channel_ids=[h.channels["bot"].pk],
        timeout_minutes=10,
        at=NOON,
    )
    away = add_virtual_agent(
        actor=h.ada, name="Night; away", kind="auto_responder", channel_ids=[h.channels["away"].pk], at=NOON
    )
    other = add_virtual_agent(actor=h.ada, name="Álex", kind="virtual_agent", at=NOON)
    _handed_over(h, bot)
    _twice(h, bot, other)
    _resolved(h, bot)
    _elsewhere(h, bot)
    _away(h, away)
    delete_virtual_agent(actor=h.ada, virtual_agent_id=other.pk, at=on("03-30 09:00:00"))
    _surveys(h)


def _answers(h: History, agent: VirtualAgent, who: str, at: str, **answer: object) -> Message | None:
    answered = answer_as_virtual_agent(
        actor=h.system,
        virtual_agent_id=agent.pk,
        conversation_id=h.latest(who).pk,
        answer=AgentAnswer(**answer),  # type: ignore[arg-type]
        idempotency_key=f"{agent.pk}-{who}-{at}",
        at=on(at),
    )
    return answered.message


def _handed_over(h: History, bot: VirtualAgent) -> None:
    """For each of the three reasons, before a person wrote."""
    first = h.writes("olmo", "I want a person", "03-26 09:00:00", channel="bot")
    tags = ("Angry", "+Praise; big")
    _answers(h, bot, "olmo", "03-26 09:00:05", text="I am Robo", message_id=first.pk, tags=tags, topics=("Refunds",))
    h.writes("olmo", "A person, please", "03-26 09:01:00", channel="bot")
    _answers(h, bot, "olmo", "03-26 09:01:05", text="One moment", complete="HANDOVER", reason=Reason.REQUESTED)
    h.replies(h.ben, "olmo", "Here I am", "03-26 09:06:00")
    h.closes(h.ben, "olmo", "03-26 09:10:00")
    h.writes("pepa", "Hello robot", "03-26 10:00:00", channel="bot")
    _answers(h, bot, "pepa", "03-26 10:00:05", text="Which order?")
    h.writes("raul", "Robot?", "03-26 10:02:00", channel="bot")  # its program is silent
    end_silent_runs(clock=lambda: on("03-26 10:12:30"))
    h.replies(h.dora, "pepa", "You had a question", "03-26 10:20:00")
    h.replies(h.dora, "raul", "Robo is ill", "03-26 10:22:00")


def _twice(h: History, bot: VirtualAgent, other: VirtualAgent) -> None:
    """Handed over twice by one agent with two reasons, and once by another, after a person wrote as well."""
    h.writes("sara", "Hm", "03-27 09:00:00", channel="bot")
    _answers(h, bot, "sara", "03-27 09:00:05", complete="HANDOVER", reason=Reason.ERROR)
    conversation = h.latest("sara").pk
    delegate_conversation(actor=h.ben, virtual_agent_id=bot.pk, conversation_id=conversation, at=on("03-27 09:05:00"))
    h.writes("sara", "Still here", "03-27 09:06:00", channel="bot")
    _answers(h, bot, "sara", "03-27 09:07:00", text="Handing over", complete="HANDOVER", reason=Reason.REQUESTED)
    h.replies(h.ben, "sara", "Yes?", "03-27 09:10:00")
    delegate_conversation(actor=h.ben, virtual_agent_id=other.pk, conversation_id=conversation, at=on("03-27 09:11:00"))
    _answers(h, other, "sara", "03-27 09:12:00", text="Álex", topics=("=Sum",), complete="HANDOVER")
    h.replies(h.max, "sara", "After Álex", "03-27 09:30:00")


def _resolved(h: History, bot: VirtualAgent) -> None:
    """Resolved by the agent, with a note; a person resolved it again later."""
    h.writes("tono", "Thanks", "03-27 10:00:00", channel="bot")
    _answers(
        h, bot, "tono", "03-27 10:00:10", text=NASTY, complete="RESOLVED", category="Order status", summary="+done"
    )
    h.writes("tono", "Not quite", "03-27 12:00:00", channel="bot")
    h.replies(h.ben, "tono", "I take over", "03-27 12:01:00")
    h.closes(h.ben, "tono", "03-27 12:05:00")


def _elsewhere(h: History, bot: VirtualAgent) -> None:
    """Given conversations by hand, on channels that are not its own; it labels one and never writes there."""
    for who, channel, ends in (("tara", "wa", "RESOLVED"), ("teo", "chat", "HANDOVER")):
        sender = {"sender": f"visitor-{who}", "identity": ""} if channel == "chat" else {}
        first = h.writes(who, "Anybody?", "03-27 15:00:00", channel=channel, **sender)
        delegate_conversation(
            actor=h.max, virtual_agent_id=bot.pk, conversation_id=h.latest(who).pk, at=on("03-27 15:01:00")
        )
        text = "" if channel == "wa" else "A person comes"
        tags, topics = ("Angry",), ("Shipping; fast", "=Sum")
        _answers(h, bot, who, "03-27 15:02:00", text=text, message_id=first.pk, tags=tags, topics=topics, complete=ends)
    h.replies(h.dora, "teo", "Here", "03-27 15:02:00.5")
    h.sets(h.max, "tara", Status.NEW, "03-27 16:00:00")
    delegate_conversation(
        actor=h.max, virtual_agent_id=bot.pk, conversation_id=h.latest("tara").pk, at=on("03-27 16:01:00")
    )
    slip = _answers(h, bot, "tara", "03-27 16:02:00", text="A slip")
    assert slip is not None
    actions.take_back_message(actor=h.max, message_id=slip.pk, at=on("03-27 16:02:02"))
    _answers(h, bot, "tara", "03-27 16:03:00", complete="RESOLVED")


def _away(h: History, away: VirtualAgent) -> None:
    """An auto-responder answers and hands over; one is answered, one is not."""
    h.writes("unai", "At night", "03-28 02:00:00", channel="away")
    _answers(h, away, "unai", "03-28 02:00:01", text="We open at nine", complete="HANDOVER")
    h.replies(h.max, "unai", "Good morning", "03-28 08:00:00")
    h.writes("vera", "At night too", "03-28 02:10:00", channel="away")
    _answers(h, away, "vera", "03-28 02:10:01", text="-We open at nine", complete="HANDOVER")


def _surveys(h: History) -> None:
    """Every state that a survey can be in when the file is made."""
    rows = InboxSettings.objects.in_workspace(h.workspace_id)
    rows.update(survey_is_on=True, survey_question="What could we do better; = more?", survey_hours=24)
    for who, score, answer in (
        ("sol", 5, "-"), ("mar", 4, ""), ("luz", None, ""), ("paz", 1, "+1 for nobody\r\n=x"), ("flor", 3, "Fine"),
    ):  # fmt: skip
        survey = _closed_and_asked(h, who, "04-01")
        if score is not None:
            score_survey(actor=h.system, survey_id=survey.pk, score=score, at=on("04-01 10:30:00"))
        if answer:
            answer_survey(actor=h.system, survey_id=survey.pk, answer=answer, at=on("04-01 10:31:00"))
    rows.update(survey_question="", survey_hours=24 * 30)
    silent = _closed_and_asked(h, "cielo", "04-01")
    score_survey(actor=h.system, survey_id=silent.pk, score=2, at=on("04-01 23:59:59"))
    _closed_and_asked(h, "nube", "04-01")  # may still answer
    at_last = _closed_and_asked(h, "sol", "04-02")  # over at the very moment of the file
    Survey.objects.in_workspace(h.workspace_id).filter(pk=at_last.pk).update(expires_at=EXPORT_AT)
    h.sets(h.ben, "nube", Status.NEW, "04-02 11:00:00")
    second = _closed_and_asked(h, "nube", "04-02", hour=12)  # one conversation with two surveys
    score_survey(actor=h.system, survey_id=second.pk, score=4, at=on("04-02 13:00:00"))
    rows.update(survey_is_on=False)


def _closed_and_asked(h: History, who: str, day: str, *, hour: int = 10) -> Survey:
    h.writes(who, "Please", f"{day} {hour}:00:00", channel="wa")
    h.replies(h.dora if who in {"paz", "flor"} else h.ben, who, "Done", f"{day} {hour}:05:00")
    h.closes(h.max if who == "flor" else h.ben, who, f"{day} {hour}:10:00")
    found = Survey.objects.in_workspace(h.workspace_id).filter(contact_id=h.contacts[who]).order_by("-pk").first()
    assert found is not None
    return found
