from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from contacts.languages import language_code
from inbox.access import conversation_for_update, message_for_update
from inbox.actions.threads import Thread, changed
from inbox.errors import LanguageNotKnown, TopicNotFound
from inbox.events import LanguageChanged, MessageChanged, TopicsChanged
from inbox.models import Conversation, ConversationTopic, MessageTag, MessageTagging, Topic
from inbox.queries.behaviour import team_of
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.permissions import Permission


@transaction.atomic
def put_topics(
    *, actor: Actor, conversation_id: int, topic_ids: Sequence[int], virtual_agent_id: int | None = None, at: datetime
) -> Conversation:
    """Put topics on a conversation, by the actor or by a virtual agent; those it has already stay as they are."""
    contact, conversation = conversation_for_update(actor, conversation_id)
    thread = Thread(actor, contact, conversation, at)
    apply_topics(thread, topic_ids, virtual_agent_id=virtual_agent_id)
    thread.save()
    return conversation


@transaction.atomic
def remove_topic(*, actor: Actor, conversation_id: int, topic_id: int, at: datetime) -> Conversation:
    """Take a topic off a conversation; its row remembers when."""
    contact, conversation = conversation_for_update(actor, conversation_id)
    applied = ConversationTopic.objects.in_workspace(actor.workspace_id)
    if applied.filter(conversation_id=conversation.pk, topic_id=topic_id, removed_at=None).update(removed_at=at):
        thread = Thread(actor, contact, conversation, at)
        changed(thread)
        thread.tell(TopicsChanged(subject_id=contact.pk, conversation_id=conversation.pk, added=[], removed=[topic_id]))
        thread.save()
    return conversation


def apply_topics(thread: Thread, topic_ids: Iterable[int], *, virtual_agent_id: int | None = None) -> None:
    """Put topics on the thread's conversation, by the actor or by a virtual agent; the caller saves."""
    asked = set(topic_ids)
    conversation = thread.conversation
    if not asked or conversation is None:
        return
    workspace_id = thread.contact.workspace_id
    topics = Topic.objects.in_workspace(workspace_id).filter(pk__in=asked, is_active=True)
    known = set(topics.values_list("pk", flat=True))
    if unknown := asked - known:
        raise TopicNotFound(topic_id=min(unknown), field="topics")
    applied = ConversationTopic.objects.in_workspace(workspace_id).filter(conversation_id=conversation.pk)
    added = sorted(known - set(applied.filter(removed_at=None).values_list("topic_id", flat=True)))
    ConversationTopic.objects.bulk_create(
        [
            ConversationTopic(
                workspace_id=workspace_id,
                conversation_id=conversation.pk,
                topic_id=topic_id,
                applied_at=thread.at,
                virtual_agent_id=virtual_agent_id,
                **_applied_by(thread.actor, virtual_agent_id),
            )
            for topic_id in added
        ]
    )
    if added:
        changed(thread)
        thread.tell(
            TopicsChanged(subject_id=thread.contact.pk, conversation_id=conversation.pk, added=added, removed=[])
        )


@transaction.atomic
def tag_message(
    *, actor: Actor, message_id: int, tag_id: int, virtual_agent_id: int | None = None, at: datetime
) -> None:
    """Put a message tag on a message, by the actor or by a virtual agent; once is enough."""
    contact, message = message_for_update(actor, message_id, needs=Permission.CONVERSATION_WRITE)
    tag = MessageTag.objects.in_workspace(actor.workspace_id).filter(pk=tag_id, is_active=True).first()
    if tag is None:
        raise TopicNotFound(topic_id=tag_id, field="tag")
    taggings = MessageTagging.objects.in_workspace(actor.workspace_id)
    if taggings.filter(message_id=message.pk, tag_id=tag.pk, removed_at=None).exists():
        return
    taggings.create(
        workspace_id=actor.workspace_id,
        message_id=message.pk,
        tag_id=tag.pk,
        applied_at=at,
        virtual_agent_id=virtual_agent_id,
        **_applied_by(actor, virtual_agent_id),
    )
    _message_changed(actor, contact.pk, message.conversation_id, message.pk, at=at)


@transaction.atomic
def untag_message(*, actor: Actor, message_id: int, tag_id: int, at: datetime) -> None:
    """Take a message tag off a message; its row remembers when."""
    contact, message = message_for_update(actor, message_id, needs=Permission.CONVERSATION_WRITE)
    taggings = MessageTagging.objects.in_workspace(actor.workspace_id)
    if taggings.filter(message_id=message.pk, tag_id=tag_id, removed_at=None).update(removed_at=at):
        _message_changed(actor, contact.pk, message.conversation_id, message.pk, at=at)


@transaction.atomic
def set_language(*, actor: Actor, conversation_id: int, language: str, at: datetime) -> Conversation:
    """Say in which language a conversation is held; an empty one means unknown."""
    contact, conversation = conversation_for_update(actor, conversation_id)
    code = language_code(language) if language else ""
    if code is None:
        raise LanguageNotKnown(language=language, field="language")
    if code != conversation.language:
        thread = Thread(actor, contact, conversation, at)
        conversation.language = code
        thread.tell(LanguageChanged(subject_id=contact.pk, conversation_id=conversation.pk, language=code))
        thread.save()
    return conversation


def _applied_by(actor: Actor, virtual_agent_id: int | None) -> dict[str, int | None]:
    """Return whose application it is: a person's with their team of now, or nobody's when a virtual agent applies."""
    if virtual_agent_id is not None:
        return {"applied_by_id": None, "applied_team_id": None}
    return {"applied_by_id": actor.user_id, "applied_team_id": team_of(actor, actor.user_id)}


def _message_changed(
    actor: Actor, contact_id: int, conversation_id: int | None, message_id: int, *, at: datetime
) -> None:
    record(
        MessageChanged(subject_id=contact_id, conversation_id=conversation_id, message_id=message_id),
        actor=actor,
        at=at,
    )
