"""Contacts and users: no range, as they are now."""

from datetime import datetime
from types import SimpleNamespace as Row

from tests.exports.oracle import writing
from tests.exports.oracle.asking import Cells
from tests.exports.oracle.stories import Story
from tests.exports.oracle.world import World

GUARDED_FIELDS = frozenset({"text", "list", "email", "url", "date", "time"})


def contacts(world: World) -> list[Cells]:
    """One row per contact, its custom fields behind the fixed columns."""
    facts, asked, write = world.facts, world.asked, world.write
    latest: dict[int, datetime] = {}
    for message in facts.messages:
        latest[message.contact_id] = max(latest.get(message.contact_id, message.created_at), message.created_at)
    open_ones = {story.row.contact_id for story in world.stories.values() if story.is_open}
    fields = sorted(facts.contact_fields, key=lambda row: (row.position, row.id))
    rows = []
    for contact in facts.contacts.values():
        tag_ids = [row.tag_id for row in facts.contact_tags[contact.id]]
        channel_ids = {row.channel_id for row in facts.links.values() if row.contact_id == contact.id}
        state = "open" if contact.id in open_ones else "closed"
        if not (
            world.sees(contact.id)
            and asked.allows_any("channels", channel_ids)
            and asked.allows("conversation_states", state)
            and asked.allows_any("contact_tags", tag_ids)
            and asked.allows_assignee(contact.assignee_id)
        ):
            continue
        rows.append(
            {
                "contact_id": writing.number(contact.id),
                "first_name": write.text(contact.first_name),
                "last_name": write.text(contact.last_name),
                "phone_number": write.number_or_text(contact.phone_e164 or contact.phone),
                "email": write.text(contact.email),
                "country": write.text(contact.country),
                "language": write.text(contact.language),
                "tags": write.texts(sorted(facts.tags[tag_id].name for tag_id in tag_ids)),
                "status": state,
                "lifecycle": write.text(facts.stages[contact.stage_id].name if contact.stage_id else ""),
                "assignee": writing.number(contact.assignee_id),
                "last_interaction_time": write.plain_moment(latest.get(contact.id)),
                "date_time_created": write.plain_moment(contact.created_at),
                "channels": write.texts(sorted(facts.channels[channel_id].name for channel_id in channel_ids)),
                **{f"field_{field.slug}": _value(world, field, contact) for field in fields},
            }
        )
    return rows


def _value(world: World, field: Row, contact: Row) -> str:
    value = contact.custom.get(field.slug)
    if value is None:
        return ""
    if isinstance(value, bool):
        return writing.flag(value)
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return world.write.text(text) if field.kind in GUARDED_FIELDS else text


def users(world: World) -> list[Cells]:
    """One row per member, open invitation and former member."""
    facts, asked = world.facts, world.asked
    found: list[tuple[datetime, str, Cells]] = []
    for member in facts.members.values():
        if asked.allows("user_statuses", "active") and asked.allows("teams", member.team_id):
            found.append(_user(world, member, since=member.created_at, status="active", team_id=member.team_id))
    for former in facts.former_members.values():
        if asked.allows("user_statuses", "removed") and asked.allows("teams", None):
            found.append(_user(world, former, since=former.joined_at, status="removed", team_id=None))
    for invitation in facts.invitations:
        is_open = invitation.used_at is None and invitation.withdrawn_at is None
        if is_open and asked.allows("user_statuses", "invited") and asked.allows("teams", None):
            found.append(_user(world, invitation, since=invitation.created_at, status="invited", team_id=None))
    return [cells for _since, _email, cells in sorted(found, key=lambda each: each[:2])]


def _user(world: World, row: Row, *, since: datetime, status: str, team_id: int | None) -> tuple[datetime, str, Cells]:
    write = world.write
    user = world.facts.users.get(getattr(row, "user_id", 0))
    email = user.email if user is not None else row.email
    cells = {
        "user_id": writing.number(user.id if user is not None else None),
        "first_name": write.text(user.first_name if user is not None else ""),
        "last_name": write.text(user.last_name if user is not None else ""),
        "email": write.text(email),
        "access_level": row.role,
        "team": write.text(world.facts.teams[team_id].name if team_id is not None else ""),
        "restrictions": write.texts(sorted(row.restrictions)),
        "status": status,
        "last_active": write.plain_moment(getattr(row, "last_seen_at", None)),
        "date_added": write.plain_moment(since),
    }
    return since, email, cells


def conversations(world: World) -> list[Cells]:
    """One row per conversation that was opened in the range."""
    asked = world.asked
    found = [
        story
        for story in world.stories.values()
        if asked.covers(story.row.opened_at)
        and world.counts(story)
        and asked.allows("conversation_states", "open" if story.is_open else "closed")
        and asked.allows_assignee(story.assignee_id)
    ]
    found.sort(key=lambda story: (story.row.opened_at, story.row.id))
    return [_conversation(world, story) for story in found]


def _conversation(world: World, story: Story) -> Cells:
    write, row, closing = world.write, story.row, story.closing
    closed_at = closing.occurred_at if closing is not None else None
    first = story.answers[0].message if story.answers else None
    responded_at = first.created_at if first is not None else None
    one, last = (story.assigned[0], story.assigned[-1]) if story.assigned else (None, None)
    first_at = one.occurred_at if one is not None else None
    last_at = last.occurred_at if last is not None else None
    after = (each.message.created_at for each in story.answers if last_at and each.message.created_at >= last_at)
    team_id = closing.team_id if closing is not None and closing.user_id is not None else None
    return {
        "conversation_id": writing.number(row.id),
        "started_at": write.plain_moment(row.opened_at),
        "resolved_at": write.plain_moment(closed_at),
        "contact_id": writing.number(row.contact_id),
        "assignee": writing.number(story.assignee_id),
        "number_of_outgoing_messages": writing.number(len(story.outgoing)),
        "number_of_incoming_messages": writing.number(len(story.incoming)),
        "first_response_at": write.plain_moment(responded_at),
        "conversation_category": write.text(closing.category if closing is not None else ""),
        "closing_note_summary": write.text(closing.summary if closing is not None else ""),
        "closed_by": writing.number(closing.user_id if closing is not None else None),
        "first_response_time": writing.hms(writing.between(row.opened_at, responded_at)),
        "resolution_time": writing.hms(writing.between(row.opened_at, closed_at)),
        "first_assignee": writing.number(one.new_user_id if one is not None else None),
        "closed_by_source": closing.source if closing is not None else "",
        "closed_by_team": write.text(world.facts.teams[team_id].name if team_id is not None else ""),
        "opened_by_source": row.opened_by_source,
        "opened_by_channel": writing.number(row.opened_channel_id),
        "first_assigned_at": write.plain_moment(first_at),
        "first_response_by": writing.number(first.user_id if first is not None else None),
        "last_assigned_at": write.plain_moment(last_at),
        "last_assignee": writing.number(last.new_user_id if last is not None else None),
        "time_to_first_assignment": writing.hms(writing.between(row.opened_at, first_at)),
        "first_assignment_to_first_response_time": writing.hms(writing.between(first_at, responded_at)),
        "last_assignment_to_response_time": writing.hms(writing.between(last_at, next(after, None))),
        "first_assignment_to_close_time": writing.hms(writing.between(first_at, closed_at)),
        "last_assignment_to_close_time": writing.hms(writing.between(last_at, closed_at)),
        "average_response_time": writing.hms(writing.mean(each.length for each in story.answers)),
        "number_of_assignments": writing.number(len(story.assignments)),
        "number_of_responses": writing.number(len(story.answers)),
    }
