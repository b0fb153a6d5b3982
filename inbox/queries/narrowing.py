"""An inbox and how it is looked at: which conversations it shows, always among those that the actor may see."""

from dataclasses import dataclass, replace
from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet

from contacts.models import ContactTag
from inbox.models import Conversation, Status
from inbox.queries.custom import conversations_meeting, custom_inbox
from workspaces.actors import Actor
from workspaces.models import Membership
from workspaces.permissions import Permission

PEOPLES_QUEUES = frozenset({"mine", "assigned", "unassigned", "team"})  # what a program holds waits for nobody there


class State(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    ALL = "all"


class Only(StrEnum):
    EVERY = ""
    UNREAD = "unread"
    UNREPLIED = "unreplied"


class Sort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Listing:
    """An inbox (all, mine, assigned, unassigned, blocked, team-N, custom-N) and how it is looked at."""

    view: str = "all"
    state: State = State.OPEN
    only: Only = Only.EVERY
    sort: Sort = Sort.NEWEST
    channel_id: int | None = None
    tag_id: int | None = None

    def conversations(self, actor: Actor) -> QuerySet[Conversation]:
        """Return the latest conversation of every contact that the inbox shows, in no order."""
        rows = _in_view(actor, visible_latest(actor), self.view)
        match self.state:
            case State.OPEN:
                rows = rows.exclude(status=Status.RESOLVED)
                if self.only is Only.EVERY:
                    rows = rows.filter(snoozed_until=None)
            case State.SNOOZED:
                rows = rows.filter(snoozed_until__isnull=False)
            case State.CLOSED:
                rows = rows.filter(status=Status.RESOLVED)
        if self.only is Only.UNREAD:
            rows = rows.filter(unread_count__gt=0)
        elif self.only is Only.UNREPLIED or self.sort is Sort.WAITING:
            rows = rows.filter(waiting_since__isnull=False)
        if self.channel_id is not None:
            rows = rows.filter(last_channel_id=self.channel_id)
        if self.tag_id is not None:
            tagged = ContactTag.objects.in_workspace(actor.workspace_id).filter(
                contact_id=OuterRef("contact_id"), tag_id=self.tag_id
            )
            rows = rows.filter(Exists(tagged))
        return rows

    @property
    def is_narrowed(self) -> bool:
        """Whether something beside the inbox itself chooses."""
        return bool(self.only or self.channel_id or self.tag_id) or self.state is not State.OPEN

    def widened(self) -> "Listing":
        """Return the inbox without filters."""
        return replace(self, state=State.OPEN, only=Only.EVERY, channel_id=None, tag_id=None)


def visible_latest(actor: Actor) -> QuerySet[Conversation]:
    """Return each visible contact's latest conversation. Its assignee is its contact's, so that no contact need be read."""
    actor.require(Permission.MESSAGE_READ)
    rows = Conversation.objects.in_workspace(actor.workspace_id).filter(is_latest=True)
    if actor.sees_own_contacts_only:
        return rows.filter(assignee_id=actor.user_id)
    if actor.sees_team_contacts_only:
        return rows.filter(assignee_id__in=_mates(actor, actor.team_id)) if actor.team_id is not None else rows.none()
    return rows


def _in_view(actor: Actor, rows: QuerySet[Conversation], view: str) -> QuerySet[Conversation]:
    if view == "blocked":
        return rows.filter(contact__is_blocked=True)
    rows = rows.filter(contact__is_blocked=False)
    kind, _dash, number = view.partition("-")
    if kind in PEOPLES_QUEUES:
        rows = rows.filter(held_by_bot=False)
    match kind:
        case "mine":
            return rows.filter(assignee_id=actor.user_id)
        case "assigned":
            return rows.filter(assignee_id__isnull=False)
        case "unassigned":
            return rows.filter(assignee_id=None)
        case "team" if number.isdecimal():
            return rows.filter(assignee_id__in=_mates(actor, int(number)))
        case "custom" if number.isdecimal():
            return conversations_meeting(actor, rows, custom_inbox(actor, int(number)))
    return rows


def _mates(actor: Actor, team_id: int) -> QuerySet[Membership, int]:
    return Membership.objects.in_workspace(actor.workspace_id).filter(team_id=team_id).values_list("user_id", flat=True)
