"""All that is stored of a workspace, as plain rows. Of a conversation only what nobody can compute: no kept figure."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import SimpleNamespace as Row
from typing import Any

from contacts.models import Contact, ContactField, ContactLogEntry, ContactTag, LifecycleStage, Tag
from inbox.models import (
    Assignment,
    Attachment,
    Broadcast,
    Channel,
    Comment,
    ContactChannel,
    Conversation,
    ConversationTopic,
    Handover,
    LockSession,
    Message,
    MessageStatus,
    MessageTag,
    MessageTagging,
    StartEvent,
    StatusChange,
    Survey,
    Topic,
    VirtualAgent,
)
from workspaces.models import FormerMember, FormerTeam, Invitation, Membership, PresenceInterval, Team, User

# Whose it is now, how it began, and what a person or a program said of it; all else follows from messages and facts.
OF_CONVERSATION = ("id", "contact_id", "opened_at", "opened_by_source", "opened_channel_id", "language")
# The open state and the last interaction of a contact are figures of its conversations and messages.
OF_CONTACT = (
    "id", "first_name", "last_name", "phone", "phone_e164", "email", "language", "country", "stage_id", "assignee_id",
    "custom", "created_at", "updated_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The rows of one workspace, each list in the order of its ids."""

    workspace_id: int
    contacts: dict[int, Row]
    contact_fields: list[Row]
    contact_lines: list[Row]  # that they came, were connected, went and became one
    contact_tags: dict[int, list[Row]]  # by contact
    tags: dict[int, Row]
    stages: dict[int, Row]
    conversations: list[Row]
    messages: list[Row]  # without those that were taken back before they were sent
    statuses: dict[int, list[Row]]  # by message
    attachments: dict[int, list[Row]]  # by message
    comments: list[Row]
    channels: dict[int, Row]
    links: dict[int, Row]
    changes: list[Row]
    assignments: list[Row]
    locks: list[Row]
    starts: list[Row]
    handovers: list[Row]
    surveys: list[Row]
    topics: dict[int, Row]
    topic_uses: list[Row]
    message_tags: dict[int, Row]
    taggings: list[Row]
    virtual_agents: dict[int, Row]
    broadcasts: dict[int, Row]
    presences: list[Row]
    members: dict[int, Row]  # by person
    former_members: dict[int, Row]  # by person
    invitations: list[Row]
    users: dict[int, Row]
    teams: dict[int, Row]  # those that were deleted as well, by the id they had


def facts_of(workspace_id: int) -> Facts:
    """Read a workspace; runs in its scope."""

    def rows(model: Any, *columns: str) -> list[Row]:
        found = model.objects.in_workspace(workspace_id).order_by("pk")
        return [Row(**values) for values in found.values(*columns)]

    def by_id(model: Any, *columns: str) -> dict[int, Row]:
        return {row.id: row for row in rows(model, *columns)}

    former_teams = [Row(id=row.team_id, name=row.name, created_at=row.created_at) for row in rows(FormerTeam)]
    members = {row.user_id: row for row in rows(Membership)}
    former_members = {row.user_id: row for row in rows(FormerMember)}
    people = [*members, *former_members]
    return Facts(
        workspace_id=workspace_id,
        contacts=by_id(Contact, *OF_CONTACT),
        contact_fields=rows(ContactField),
        contact_lines=rows(ContactLogEntry),
        contact_tags=grouped(rows(ContactTag), lambda row: row.contact_id),
        tags=by_id(Tag),
        stages=by_id(LifecycleStage),
        conversations=rows(Conversation, *OF_CONVERSATION),
        messages=[row for row in rows(Message) if row.status != "cancelled"],
        statuses=grouped(rows(MessageStatus), lambda row: row.message_id),
        attachments=grouped(rows(Attachment), lambda row: row.message_id),
        channels=by_id(Channel),
        comments=rows(Comment),
        links=by_id(ContactChannel),
        changes=rows(StatusChange),
        assignments=rows(Assignment),
        locks=rows(LockSession),
        starts=rows(StartEvent),
        handovers=rows(Handover),
        surveys=rows(Survey),
        topics=by_id(Topic),
        topic_uses=rows(ConversationTopic),
        message_tags=by_id(MessageTag),
        taggings=rows(MessageTagging),
        virtual_agents=by_id(VirtualAgent),
        broadcasts=by_id(Broadcast),
        presences=rows(PresenceInterval),
        members=members,
        former_members=former_members,
        invitations=rows(Invitation),
        users={values["id"]: Row(**values) for values in User.objects.filter(pk__in=people).values()},
        teams={row.id: row for row in (*former_teams, *rows(Team))},
    )


def grouped(rows: Iterable[Row], key: Callable[[Row], int]) -> dict[int, list[Row]]:
    """Return rows by a key of theirs, in their order; one that is not there has none."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
