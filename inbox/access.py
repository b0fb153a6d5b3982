"""The doors: an outside id becomes a conversation, a message or a channel of the actor's workspace, or a refusal.

Whoever sees the contact sees the thread. What is changed is locked contact first, then conversation, then message.
"""

from contacts.access import contact_for_update
from contacts.identifiers import Identifier
from contacts.models import Contact
from contacts.queries.visibility import visible_contacts
from inbox.errors import (
    ChannelNotFound,
    ContactBlocked,
    ConversationNotFound,
    FileNotUsable,
    MessageNotFound,
    VirtualAgentNotFound,
)
from inbox.models import Channel, Conversation, Message, Status, StoredFile, VirtualAgent
from workspaces.actors import Actor
from workspaces.permissions import Permission


def conversation_for_reading(actor: Actor, conversation_id: int) -> Conversation:
    """Return a conversation of a contact that the actor may see."""
    actor.require(Permission.MESSAGE_READ)
    row = (
        Conversation.objects.in_workspace(actor.workspace_id)
        .filter(pk=conversation_id, contact__in=visible_contacts(actor))
        .select_related("contact", "assignee", "opened_channel", "last_channel")
        .first()
    )
    if row is None:
        raise ConversationNotFound(conversation_id=conversation_id)
    return row


def conversation_for_update(
    actor: Actor, conversation_id: int, *, needs: Permission = Permission.CONVERSATION_WRITE
) -> tuple[Contact, Conversation]:
    """Lock a conversation and its contact."""
    actor.require(needs)
    contact_id = (
        Conversation.objects.in_workspace(actor.workspace_id)
        .filter(pk=conversation_id)
        .values_list("contact_id", flat=True)
        .first()
    )
    contact = (
        visible_contacts(actor).select_for_update(of=("self",)).filter(pk=contact_id).first()
        if contact_id is not None
        else None
    )
    if contact is None:
        raise ConversationNotFound(conversation_id=conversation_id)
    conversations = Conversation.objects.in_workspace(actor.workspace_id).select_for_update(of=("self",))
    return contact, conversations.get(pk=conversation_id)


def thread_for_update(
    actor: Actor,
    contact: Identifier,
    *,
    needs: Permission = Permission.CONVERSATION_WRITE,
    refuse_blocked: bool = True,
) -> tuple[Contact, Conversation | None]:
    """Lock a contact and its latest conversation, if it has one."""
    row = contact_for_update(actor, contact, needs=needs)
    if refuse_blocked and row.is_blocked:
        raise ContactBlocked(contact_id=row.pk)
    return row, latest_for_update(row)


def contact_for_work(workspace_id: int, contact_id: int | None) -> Contact | None:
    """Lock a contact for what the product itself does to its thread, so that nobody's view bounds it; None when it is gone."""
    rows = Contact.objects.in_workspace(workspace_id).select_for_update(of=("self",))
    return rows.filter(pk=contact_id).first() if contact_id is not None else None


def latest_for_update(contact: Contact) -> Conversation | None:
    """Lock the latest conversation of a contact that is locked already."""
    conversations = Conversation.objects.in_workspace(contact.workspace_id).select_for_update(of=("self",))
    return conversations.filter(contact_id=contact.pk, is_latest=True).first()


def open_one(conversation: Conversation | None) -> Conversation | None:
    """Return the conversation if it is open."""
    return conversation if conversation is not None and conversation.status != Status.RESOLVED else None


def message_for_update(
    actor: Actor, message_id: int, *, needs: Permission = Permission.MESSAGE_SEND
) -> tuple[Contact, Message]:
    """Lock a message and its contact."""
    actor.require(needs)
    messages = Message.objects.in_workspace(actor.workspace_id)
    contact_id = messages.filter(pk=message_id).values_list("contact_id", flat=True).first()
    contact = (
        visible_contacts(actor).select_for_update(of=("self",)).filter(pk=contact_id).first()
        if contact_id is not None
        else None
    )
    if contact is None:
        raise MessageNotFound(message_id=message_id)
    return contact, messages.select_for_update(of=("self",)).get(pk=message_id)


def message_for_reading(actor: Actor, message_id: int, *, contact_id: int | None = None) -> Message:
    """Return a message of a contact that the actor may see, of that contact only when one is named."""
    actor.require(Permission.MESSAGE_READ)
    rows = Message.objects.in_workspace(actor.workspace_id).filter(pk=message_id, contact__in=visible_contacts(actor))
    row = (rows if contact_id is None else rows.filter(contact_id=contact_id)).first()
    if row is None:
        raise MessageNotFound(message_id=message_id)
    return row


def channel_for_update(actor: Actor, channel_id: int, *, needs: Permission = Permission.CHANNEL_MANAGE) -> Channel:
    """Lock a channel that is not deleted."""
    actor.require(needs)
    rows = Channel.objects.in_workspace(actor.workspace_id).select_for_update(of=("self",))
    row = rows.filter(pk=channel_id).exclude(state=Channel.State.DELETED).first()
    if row is None:
        raise ChannelNotFound(channel_id=channel_id)
    return row


def channel_for_reading(actor: Actor, channel_id: int, *, needs: Permission = Permission.SPACE_READ) -> Channel:
    """Return a channel of the workspace that is not deleted."""
    actor.require(needs)
    rows = Channel.objects.in_workspace(actor.workspace_id).exclude(state=Channel.State.DELETED)
    row = rows.filter(pk=channel_id).first()
    if row is None:
        raise ChannelNotFound(channel_id=channel_id)
    return row


def virtual_agent_for_work(actor: Actor, virtual_agent_id: int) -> VirtualAgent:
    """Return a virtual agent or auto-responder in whose name a program acts; it writes, so it needs the right to."""
    actor.require(Permission.MESSAGE_SEND)
    rows = VirtualAgent.objects.in_workspace(actor.workspace_id).filter(deleted_at=None)
    row = rows.filter(pk=virtual_agent_id).first()
    if row is None:
        raise VirtualAgentNotFound(virtual_agent_id=virtual_agent_id)
    return row


def files_for_sending(actor: Actor, file_ids: tuple[int, ...]) -> list[StoredFile]:
    """Return files that the actor may put on a message, in the order given: own uploads and the library's."""
    rows = {row.pk: row for row in StoredFile.objects.in_workspace(actor.workspace_id).filter(pk__in=file_ids)}
    for file_id in file_ids:
        row = rows.get(file_id)
        mine = row is not None and (row.in_library or actor.user_id is None or row.uploaded_by_id == actor.user_id)
        if not mine:
            raise FileNotUsable(file_id=file_id)
    return [rows[file_id] for file_id in file_ids]
