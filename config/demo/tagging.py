"""Tags on messages of the demo: by whoever answered first, and by the virtual agent."""

from datetime import timedelta

from config.demo.history import Ground
from config.demo.pouring import number, pour
from config.demo.rows import row_of
from config.demo.story import Story
from inbox.models import MessageTag, MessageTagging

TAGGED_EVERY, TAKEN_OFF_EVERY = 10, 25


def tag_messages(ground: Ground, stories: list[Story]) -> None:
    """Let the virtual agent tag what it was told to, and whoever answered first the question of every tenth conversation."""
    tags = list(MessageTag.objects.in_workspace(ground.workspace_id).order_by("pk"))
    ids = {tag.name: tag.pk for tag in tags}
    rows = []
    for place, story in enumerate(stories):
        by_program = story.tag_by_program
        if not by_program and place % TAGGED_EVERY:
            continue
        reply = next(
            (
                each
                for each in story.messages
                if (each.sender_kind == "bot" if by_program else each.user_id is not None)
            ),
            None,
        )
        question = next((each for each in story.messages if each.direction == "incoming"), None)
        if reply is None or question is None:
            continue
        tag_id = ids[by_program] if by_program else tags[place // TAGGED_EVERY % len(tags)].pk
        rows.append(
            row_of(
                MessageTagging,
                workspace_id=ground.workspace_id,
                message_id=question.pk,
                tag_id=tag_id,
                applied_at=reply.created_at,
                applied_by_id=reply.user_id,
                applied_team_id=reply.team_id,
                virtual_agent_id=reply.sender_id if by_program else None,
            )
        )
    for row in rows[::TAKEN_OFF_EVERY]:
        row.removed_at = min(row.applied_at + timedelta(minutes=7), ground.until)
    number(MessageTagging, rows)
    pour(MessageTagging, rows)
