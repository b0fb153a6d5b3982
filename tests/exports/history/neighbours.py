"""The other workspace, which looks alike and must never be seen."""

from dataclasses import replace

from inbox import actions
from tests.exports.history.ground import History, on
from tests.inbox.steps import a_channel, hears, says
from workspaces.actions import create_team
from workspaces.models import PresenceInterval
from workspaces.scope import enter_workspace


def neighbours(history: History) -> None:
    """Let the other workspace have the same names, numbers and moments."""
    gus = history.cast.gus
    enter_workspace(gus.workspace_id)
    team = create_team(actor=gus, name="Support; day", member_ids=[gus.user_id or 0], at=on("03-02 12:00:00"))
    channel = a_channel(gus, account="+34911222333")
    there = replace(gus, team_id=team.pk)
    message = hears(there, channel, "Where is my parcel?", at=on("03-10 09:00:00"))
    says(there, message, "On its way", at=on("03-10 09:04:10"))
    topic = actions.add_topic(actor=there, name="Refunds", at=on("03-02 12:00:00"))
    tag = actions.add_message_tag(actor=there, name="Angry", at=on("03-02 12:00:00"))
    conversation_id = message.conversation_id or 0
    actions.put_topics(actor=there, conversation_id=conversation_id, topic_ids=[topic.pk], at=on("03-10 09:05:00"))
    actions.tag_message(actor=there, message_id=message.pk, tag_id=tag.pk, at=on("03-10 09:05:00"))
    actions.take_lock(actor=there, conversation_id=conversation_id, at=on("03-10 09:06:00"))
    actions.release_lock(actor=there, conversation_id=conversation_id, at=on("03-10 09:07:00"))
    PresenceInterval.objects.create(
        workspace_id=gus.workspace_id, user_id=gus.user_id or 0, team_id=team.pk, kind="AVAILABLE",
        started_at=on("03-10 09:00:00"), ended_at=on("03-10 10:00:00"),
    )  # fmt: skip
