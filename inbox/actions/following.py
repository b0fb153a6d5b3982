"""What the inbox does when a contact is merged, assigned or deleted elsewhere; `contacts/followers.py` says why it is called so."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from contacts.followers import Reassigned
from contacts.models import Contact
from inbox.access import latest_for_update
from inbox.actions.forgetting import forget_threads
from inbox.actions.telling import tell_of_reassigned
from inbox.actions.threads import Move, Thread, move
from inbox.models import (
    Assignment,
    Comment,
    ContactChannel,
    Conversation,
    Draft,
    Handover,
    LockSession,
    Message,
    Response,
    Status,
    StatusChange,
    Survey,
    VirtualAgentRun,
)
from workspaces.actors import Actor

# One statement for one contact and for 100,000: a fact each, and the open conversation's figures.
NOTE_ASSIGNMENTS = """
WITH moved AS (
    SELECT * FROM unnest(%(contact_ids)s::bigint[], %(olds)s::bigint[], %(news)s::bigint[]) AS given (contact_id, old, new)
), latest AS (
    SELECT c.id, c.contact_id, c.status FROM inbox_conversation c JOIN moved USING (contact_id)
     WHERE c.workspace_id = %(workspace_id)s AND c.is_latest
), noted AS (
    INSERT INTO inbox_assignment (workspace_id, contact_id, conversation_id, old_user_id, new_user_id, new_team_id,
                                  by_user_id, source, occurred_at)
    SELECT %(workspace_id)s, moved.contact_id, latest.id, moved.old, moved.new,
           (SELECT m.team_id FROM workspaces_membership m
             WHERE m.workspace_id = %(workspace_id)s AND m.user_id = moved.new),
           %(by_user_id)s, %(source)s, %(at)s
      FROM moved LEFT JOIN latest ON latest.contact_id = moved.contact_id AND latest.status <> 'resolved'
     ORDER BY moved.contact_id
)
UPDATE inbox_conversation c
   SET assignee_id = moved.new, updated_at = %(at)s, version = c.version + 1,
       assignment_count = c.assignment_count + (c.status <> 'resolved')::int,
       first_assigned_at = CASE WHEN counts THEN coalesce(c.first_assigned_at, %(at)s) ELSE c.first_assigned_at END,
       first_assignee_id = CASE WHEN counts AND c.first_assigned_at IS NULL THEN moved.new ELSE c.first_assignee_id END,
       changed_at = CASE WHEN c.status <> 'resolved' THEN greatest(c.changed_at, %(at)s) ELSE c.changed_at END,
       last_assigned_at = CASE WHEN counts THEN %(at)s ELSE c.last_assigned_at END,
       response_after_assignment_at = CASE
           WHEN counts THEN (SELECT min(r.to_at) FROM inbox_response r
                              WHERE r.workspace_id = %(workspace_id)s AND r.conversation_id = c.id AND r.to_at >= %(at)s)
           ELSE c.response_after_assignment_at END,
       last_assignee_id = CASE WHEN counts THEN moved.new ELSE c.last_assignee_id END
  FROM moved, latest, LATERAL (SELECT latest.status <> 'resolved' AND moved.new IS NOT NULL AS counts) AS rule
 WHERE c.workspace_id = %(workspace_id)s AND c.id = latest.id AND latest.contact_id = moved.contact_id
"""

OF_CONTACT = (Conversation, Message, ContactChannel, Comment)
OF_CONVERSATION = (LockSession, StatusChange, Response, Assignment, Handover, Survey, VirtualAgentRun)


class InboxFollower:
    """The inbox as the follower of contacts."""

    def merging(self, *, actor: Actor, primary: Contact, secondary: Contact, at: datetime) -> None:
        """Give the secondary's thread to the primary. Where both are open, the secondary's conversation is closed with a note."""
        kept, moved = latest_for_update(primary), latest_for_update(secondary)
        if kept is not None and moved is not None and kept.is_open and moved.is_open:
            thread = Thread(actor, secondary, moved, at)
            note = f"Merged into contact {primary.pk}"
            move(thread, Move(to=Status.RESOLVED, cause="merge", source="user", user_id=actor.user_id, summary=note))
            thread.save()
        workspace_id = actor.workspace_id
        last = _later(kept, moved)
        Conversation.objects.in_workspace(workspace_id).filter(contact_id__in=[primary.pk, secondary.pk]).exclude(
            pk=last.pk if last is not None else 0
        ).update(is_latest=False)
        drafts = Draft.objects.in_workspace(workspace_id)
        mine = drafts.filter(contact_id=primary.pk).values("user_id")
        drafts.filter(contact_id=secondary.pk).exclude(user_id__in=mine).update(contact_id=primary.pk)
        _only_the_first_is_new(workspace_id, [primary.pk, secondary.pk])
        moved_ids = list(
            Conversation.objects.in_workspace(workspace_id).filter(contact_id=secondary.pk).values_list("pk", flat=True)
        )
        for model in OF_CONTACT:
            model.objects.in_workspace(workspace_id).filter(contact_id=secondary.pk).update(contact_id=primary.pk)
        for fact in OF_CONVERSATION:  # they are found by conversation: no index of theirs begins with the contact
            fact.objects.in_workspace(workspace_id).filter(conversation_id__in=moved_ids).update(contact_id=primary.pk)
        if last is not None:
            primary.is_open = last.is_open
            primary.snoozed_until = last.snoozed_until
            assignee_id = primary.assignee_id or secondary.assignee_id
            Conversation.objects.in_workspace(workspace_id).filter(pk=last.pk).update(assignee_id=assignee_id)
        moments = [each for each in (primary.last_interaction_at, secondary.last_interaction_at) if each is not None]
        primary.last_interaction_at = max(moments, default=None)
        primary.save(update_fields=["is_open", "snoozed_until", "last_interaction_at"])

    def assigned(self, *, actor: Actor, changes: Sequence[Reassigned], source: str, at: datetime) -> None:
        """Note assignments that were made on the pages and by the API of contacts, and tell of them."""
        if not changes:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                NOTE_ASSIGNMENTS,
                {
                    "workspace_id": actor.workspace_id,
                    "contact_ids": [change.contact_id for change in changes],
                    "olds": [change.old for change in changes],
                    "news": [change.new for change in changes],
                    "by_user_id": actor.user_id,
                    "source": source,
                    "at": at,
                },
            )
        tell_of_reassigned(actor, changes, at=at)

    def deleting(self, *, actor: Actor, contact_ids: Sequence[int], at: datetime) -> None:
        """Close and empty the threads of contacts that are about to be deleted."""
        forget_threads(actor=actor, contact_ids=contact_ids, at=at)


FOLLOWER = InboxFollower()


def _only_the_first_is_new(workspace_id: int, contact_ids: Sequence[int]) -> None:
    """Of all conversations of contacts that become one, let only the earliest be that of a new contact."""
    new = Conversation.objects.in_workspace(workspace_id).filter(contact_id__in=contact_ids, is_returning=False)
    later_ones = list(new.order_by("pk").values_list("pk", flat=True))[1:]
    if later_ones:
        new.filter(pk__in=later_ones).update(is_returning=True)


def _later(one: Conversation | None, other: Conversation | None) -> Conversation | None:
    """Return the conversation that stays the contact's latest: the open one, else the newer one."""
    both = [each for each in (one, other) if each is not None]
    return max(both, key=lambda each: (each.is_open, each.pk), default=None)
