import re
from datetime import datetime
from typing import Any

from django.db import transaction

from contacts.identifiers import Identifier
from contacts.models import Contact
from inbox.access import conversation_for_update, thread_for_update
from inbox.actions.holding import end_run
from inbox.actions.telling import see_thread_news, tell_of_mentions
from inbox.actions.threads import Thread
from inbox.errors import CommentEmpty, TextTooLong
from inbox.events import BlockChanged, CommentAdded, ReadChanged
from inbox.models import Comment, Conversation, Draft, Status, VirtualAgentRun
from workspaces.actors import Actor
from workspaces.models import Membership
from workspaces.permissions import Permission

LONGEST_COMMENT = 1000
MENTION = re.compile(r"\{\{@user\.(\d{1,18})\}\}")


@transaction.atomic
def add_comment(*, actor: Actor, contact: Identifier, text: str, source: str = "user", at: datetime) -> Comment:
    """Write a note under a contact; `{{@user.ID}}` mentions a member, who is told if they may see the contact."""
    row, latest = thread_for_update(actor, contact, refuse_blocked=False)
    text = text.strip()
    if not text:
        raise CommentEmpty(field="text")
    if len(text) > LONGEST_COMMENT:
        raise TextTooLong(length=len(text), most=LONGEST_COMMENT, field="text")
    asked = {int(number) for number in MENTION.findall(text)}
    members = Membership.objects.in_workspace(actor.workspace_id).filter(user_id__in=asked)
    mentions = sorted(members.values_list("user_id", flat=True))
    thread = Thread(actor, row, latest, at)
    comment = Comment.objects.create(
        workspace_id=actor.workspace_id,
        contact_id=row.pk,
        conversation_id=latest.pk if latest is not None else None,
        author_id=actor.user_id,
        source=source,
        text=text,
        mentions=mentions,
        created_at=at,
    )
    thread.tell(
        CommentAdded(
            subject_id=row.pk,
            conversation_id=comment.conversation_id,
            comment_id=comment.pk,
            source=source,
            mentions=mentions,
        )
    )
    thread.save()
    tell_of_mentions(thread, comment, at=at)
    return comment


@transaction.atomic
def mark_read(*, actor: Actor, conversation_id: int, at: datetime) -> Conversation:
    """Take the unread marks off a conversation."""
    contact, conversation = conversation_for_update(actor, conversation_id, needs=Permission.CONVERSATION_WRITE)
    see_thread_news(actor=actor, contact_ids=[contact.pk], at=at)
    return _mark(actor, contact, conversation, 0, at=at)


@transaction.atomic
def mark_unread(*, actor: Actor, conversation_id: int, at: datetime) -> Conversation:
    """Put the unread mark back, so that somebody looks again."""
    contact, conversation = conversation_for_update(actor, conversation_id, needs=Permission.CONVERSATION_WRITE)
    return _mark(actor, contact, conversation, max(conversation.unread_count, 1), at=at)


def _mark(actor: Actor, contact: Contact, conversation: Conversation, unread: int, *, at: datetime) -> Conversation:
    if conversation.unread_count != unread:
        conversation.unread_count = unread
        thread = Thread(actor, contact, conversation, at)
        thread.tell(ReadChanged(subject_id=contact.pk, conversation_id=conversation.pk, is_read=unread == 0))
        thread.save()
    return conversation


@transaction.atomic
def block_contact(*, actor: Actor, contact: Identifier, at: datetime) -> Contact:
    """Block a contact: its messages are stored and open nothing, and nobody writes to it."""
    return _block(actor, contact, is_blocked=True, at=at)


@transaction.atomic
def unblock_contact(*, actor: Actor, contact: Identifier, at: datetime) -> Contact:
    """Lift the block of a contact."""
    return _block(actor, contact, is_blocked=False, at=at)


def _block(actor: Actor, contact: Identifier, *, is_blocked: bool, at: datetime) -> Contact:
    row, latest = thread_for_update(actor, contact, refuse_blocked=False)
    if row.is_blocked != is_blocked:
        row.is_blocked = is_blocked
        row.save(update_fields=["is_blocked"])
        thread = Thread(actor, row, latest, at)
        if latest is not None and latest.status != Status.RESOLVED and is_blocked:
            latest.unread_count = 0
            end_run(latest, ending=VirtualAgentRun.Ending.TAKEN, at=at)
        thread.tell(
            BlockChanged(
                subject_id=row.pk, conversation_id=latest.pk if latest is not None else None, is_blocked=is_blocked
            )
        )
        thread.save()
    return row


@transaction.atomic
def save_draft(
    *, actor: Actor, contact: Identifier, text: str, is_comment: bool, channel_id: int | None, at: datetime
) -> None:
    """Keep what a person has begun to write; an empty text forgets it."""
    row, _latest = thread_for_update(actor, contact, needs=Permission.MESSAGE_SEND, refuse_blocked=False)
    drafts = Draft.objects.in_workspace(actor.workspace_id)
    mine: dict[str, Any] = {"user_id": actor.user_id, "contact_id": row.pk, "is_comment": is_comment}
    if not text.strip():
        drafts.filter(**mine).delete()
        return
    Draft.objects.update_or_create(
        workspace_id=actor.workspace_id,
        **mine,
        defaults={"text": text[:20_000], "channel_id": channel_id, "updated_at": at},
    )
