"""Resolved and open conversations, and the times of single responses."""

from types import SimpleNamespace as Row

from tests.exports.oracle import writing
from tests.exports.oracle.asking import Cells
from tests.exports.oracle.stories import Answer, Story
from tests.exports.oracle.world import World

RESOLVED_BY = {
    "user": ("AGENT", "HUMAN_AGENT"),
    "bot": ("VIRTUAL_AGENT", "VIRTUAL_AGENT"),
    "ai_agent": ("VIRTUAL_AGENT", "VIRTUAL_AGENT"),
    "auto_close": ("SYSTEM", "AUTO_RESOLVE"),
    **dict.fromkeys(("workflow", "api", "zapier", "make", "n8n"), ("SYSTEM", "AUTOMATION")),
}


def resolved_conversations(world: World) -> list[Cells]:
    """One row per conversation that was first resolved in the range."""
    found: list[tuple[Story, Row]] = []
    for story in world.stories.values():
        first = story.first_resolution
        if first is None or not world.asked.covers(first.occurred_at) or not world.counts(story):
            continue
        if world.asked.allows("teams", first.team_id if first.user_id is not None else None):
            found.append((story, first))
    found.sort(key=lambda each: (each[1].occurred_at, each[0].row.id))
    return [_resolved(world, story, first) for story, first in found]


def _resolved(world: World, story: Story, first: Row) -> Cells:
    write, survey = world.write, story.survey
    return {
        **_head(world, story),
        **_resolution(world, first),
        "resolve_reason": write.text(first.category),
        "resolve_comment": write.text(first.summary),
        "resolve_trigger": RESOLVED_BY[first.source][1],
        **_figures(world, story),
        "csat_score": writing.number(survey.score if survey is not None else None),
        "csat_completed_status": _survey_status(world, survey),
        "csat_follow_up_question": write.text(survey.question if survey is not None else ""),
        "csat_follow_up_answer": write.text(survey.answer if survey is not None else ""),
    }


def open_conversations(world: World) -> list[Cells]:
    """One row per conversation that is open now."""
    found = [
        story
        for story in world.stories.values()
        if story.is_open and world.counts(story) and world.asked.allows("statuses", story.status.upper())
    ]
    found.sort(key=lambda story: (story.row.opened_at, story.row.id))
    return [
        {**_head(world, story), **_resolution(world, story.first_resolution), **_figures(world, story)}
        for story in found
    ]


def _head(world: World, story: Story) -> Cells:
    row, settling = story.row, story.settling
    link = world.link_on(row.contact_id, world.medium(story.channel_id), channel_id=story.channel_id)
    by_id = settling.user_id if settling is not None else None
    team_id = settling.team_id if settling is not None and by_id is not None else None
    return {
        "conversation_id": writing.number(row.id),
        **world.channel_cells(story.channel_id),
        "contact_profile_id": writing.number(row.contact_id),
        **world.identity_cells(link if story.channel_id is not None else None),
        "created_at": world.write.moment(row.opened_at),
        **world.person_cells(by_id, prefix="last_status_change_agent"),
        **world.team_cells(team_id, prefix="last_status_change_team"),
        "current_status": story.status.upper(),
    }


def _resolution(world: World, first: Row | None) -> Cells:
    if first is None:
        return {"resolved_by": "", "resolved_at": "", **world.person_cells(None, prefix="resolved_agent")}
    by = RESOLVED_BY[first.source][0]
    return {
        "resolved_by": "BULK_RESOLVE" if by == "AGENT" and first.in_bulk else by,
        "resolved_at": world.write.moment(first.occurred_at),
        **world.person_cells(first.user_id, prefix="resolved_agent"),
    }


def _figures(world: World, story: Story) -> Cells:
    write, topics = world.write, story.topics_now
    return {
        "number_of_inbound_messages": writing.number(len(story.incoming)),
        "number_of_outbound_messages": writing.number(len(story.outgoing)),
        "first_response_time": writing.seconds(story.first_response_time),
        "handle_time": writing.seconds(story.locked_for("handle")),
        "no_reply_time": writing.seconds(story.locked_for("no_reply")),
        "cherry_picking_time": writing.seconds(story.locked_for("cherry_picking")),
        "resolution_time": writing.seconds(story.resolution_time),
        "topic_ids": writing.ids(each.topic_id for each in topics),
        "topic_names": write.texts(world.facts.topics[each.topic_id].name for each in topics),
        "conversation_url": world.conversation_url(story.row.id),
        "last_updated": write.moment(story.changed_at),
        "language": write.text(story.row.language),
    }


def _survey_status(world: World, survey: Row | None) -> str:
    if survey is None:
        return ""
    if survey.score is not None:
        return "PARTIAL" if survey.question and not survey.answer else "COMPLETED"
    return "EXPIRED" if survey.expires_at <= world.asked.export_at else "SENT"


def response_times(world: World) -> list[Cells]:
    """One row per response that ended in the range."""
    asked = world.asked
    found: list[tuple[Story, Answer]] = []
    for story in world.stories.values():
        for answer in story.answers:
            message = answer.message
            if (
                asked.covers(message.created_at)
                and world.sees(message.contact_id)
                and asked.allows("channels", _heard_on(answer))
                and asked.allows("agents", message.user_id)
                and asked.allows("teams", message.team_id)
            ):
                found.append((story, answer))
    found.sort(key=lambda each: (each[1].message.created_at, each[1].message.id))
    return [_response(world, story, answer) for story, answer in found]


def _heard_on(answer: Answer) -> int:
    channel_id: int = (answer.inbound or answer.message).channel_id
    return channel_id


def _response(world: World, story: Story, answer: Answer) -> Cells:
    write, message, start = world.write, answer.message, answer.start
    passed = (each.reason for each in story.handovers if each.occurred_at == start.occurred_at)
    return {
        "conversation_id": writing.number(story.row.id),
        **world.channel_cells(_heard_on(answer), prefix="sender_channel"),
        "contact_profile_id": writing.number(message.contact_id),
        "started_by": start.kind,
        "handover_reason": next(passed, "") if start.kind == "VA_HANDED_OVER_CONVERSATION" else "",
        "from_at": write.moment(start.occurred_at),
        "to_at": write.moment(message.created_at),
        "agent_response_time": writing.seconds(answer.length),
        **world.person_cells(message.user_id, prefix="responding_agent"),
        "inbound_message_id": writing.number(answer.inbound.id if answer.inbound is not None else None),
        "outbound_message_id": writing.number(message.id),
        "conversation_url": world.conversation_url(story.row.id),
    }
