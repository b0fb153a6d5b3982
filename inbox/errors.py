from datetime import datetime

from django.utils.translation import gettext_lazy as _

from workspaces.errors import DomainError, Kind


class ConversationNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.conversation_not_found"
    text = _("No conversation %(conversation_id)s in this workspace.")


class MessageNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.message_not_found"
    text = _("No message %(message_id)s in this workspace.")


class ChannelNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.channel_not_found"
    text = _("No channel %(channel_id)s in this workspace.")


class TopicNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.topic_not_found"
    text = _("No topic %(topic_id)s in this workspace, or it is switched off.")


class ContactBlocked(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.contact_blocked"
    text = _("Contact %(contact_id)s is blocked. Unblock the contact first.")


class NoConversationOpen(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.no_conversation_open"
    text = _("Contact %(contact_id)s has no open conversation. Open one first.")


class ConversationOpenAlready(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.conversation_open_already"
    text = _("Contact %(contact_id)s has an open conversation already.")


class ConversationClosedAlready(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.conversation_closed_already"
    text = _("The conversation is closed already.")


class ConversationLocked(DomainError):
    """Somebody else is answering; `user_id` holds the conversation since `since`."""

    kind = Kind.CONFLICT
    code = "inbox.conversation_locked"
    text = _("%(name)s is answering this conversation. Take over before you write.")

    def __init__(self, *, name: str, user_id: int, since: datetime) -> None:
        super().__init__(name=name)
        self.user_id = user_id
        self.since = since


class NotLockable(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.not_lockable"
    text = _("The conversation is closed. Open it before you answer.")


class NoChannel(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.no_channel"
    text = _("Contact %(contact_id)s has no channel to write on. Name a channel that can write first.")


class ChannelCannotWriteFirst(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.channel_cannot_write_first"
    text = _("%(channel)s cannot write to this contact first. Wait for a message, or choose another channel.")


class ChannelDisconnected(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.channel_disconnected"
    text = _("%(channel)s is disconnected. Choose another channel.")


class ContactUnreachable(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.contact_unreachable"
    text = _("The contact cannot be reached on %(channel)s any more. Choose another channel.")


class WindowClosed(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.window_closed"
    text = _("The time to reply on %(channel)s is over: %(hours)s hours after the contact's last message.")


class ContentNotSupported(DomainError):
    kind = Kind.INVALID
    code = "inbox.content_not_supported"
    text = _("%(channel)s cannot send “%(content_type)s”. Choose one of: %(known)s.")


class ContentEmpty(DomainError):
    kind = Kind.INVALID
    code = "inbox.content_empty"
    text = _("The message is empty. Write a text or attach a file.")


class TextTooLong(DomainError):
    kind = Kind.INVALID
    code = "inbox.text_too_long"
    text = _("The text has %(length)s characters; %(most)s are possible here. Shorten it.")


class TooManyFiles(DomainError):
    kind = Kind.INVALID
    code = "inbox.too_many_files"
    text = _("%(count)s files are too many for one message; %(most)s are possible. Send the others in another one.")


class FileNotUsable(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.file_not_usable"
    text = _("No file %(file_id)s that you may send. Upload it again.")


class IdempotencyKeyReused(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.idempotency_key_reused"
    text = _("This key was used for another message. Use a fresh key for a new message.")


class MessageNotWaiting(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.message_not_waiting"
    text = _("The message is on its way already and cannot be taken back.")


class MessageNotRepeatable(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.message_not_repeatable"
    text = _("Only a message that failed, or may have been sent, can be sent again.")


class CommentEmpty(DomainError):
    kind = Kind.INVALID
    code = "inbox.comment_empty"
    text = _("The comment is empty. Write something.")


class CategoryRequired(DomainError):
    kind = Kind.INVALID
    code = "inbox.category_required"
    text = _("Choose a category before you close.")


class CategoryNotKnown(DomainError):
    kind = Kind.INVALID
    code = "inbox.category_not_known"
    text = _("“%(category)s” is not a closing category of this workspace. Choose one of: %(known)s.")


class SummaryRequired(DomainError):
    kind = Kind.INVALID
    code = "inbox.summary_required"
    text = _("Write a summary before you close.")


class TopicRequired(DomainError):
    kind = Kind.INVALID
    code = "inbox.topic_required"
    text = _("Choose a topic before you close.")


class SnoozeNotAhead(DomainError):
    kind = Kind.INVALID
    code = "inbox.snooze_not_ahead"
    text = _("Choose a moment that lies ahead, within a year.")


class NotSnoozed(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.not_snoozed"
    text = _("The conversation is not snoozed.")


class LanguageNotKnown(DomainError):
    kind = Kind.INVALID
    code = "inbox.language_not_known"
    text = _("“%(language)s” is not a language code. Write two letters, such as es.")


class TooManyChosen(DomainError):
    kind = Kind.INVALID
    code = "inbox.too_many_chosen"
    text = _("At most %(most)s conversations can be changed at once. Narrow the choice, or do it in parts.")


class CustomInboxNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.custom_inbox_not_found"
    text = _("No saved inbox %(inbox_id)s, or it is not shared with you.")


class CustomInboxNameMissing(DomainError):
    kind = Kind.INVALID
    code = "inbox.custom_inbox_name_missing"
    text = _("Give the inbox a name of at most 80 characters.")


class InboxNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.inbox_not_found"
    text = _("There is no inbox “%(view)s” here, or your access does not show it.")


class VirtualAgentNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.virtual_agent_not_found"
    text = _("No virtual agent %(virtual_agent_id)s in this workspace.")


class ConversationNotWithAgent(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.conversation_not_with_agent"
    text = _("Conversation %(conversation_id)s is not with %(name)s.")


class ConversationWithAnother(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.conversation_with_another"
    text = _("%(name)s holds this conversation. It must hand over first.")


class VirtualAgentIsOff(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.virtual_agent_is_off"
    text = _("%(name)s is switched off and takes no conversation.")


class ResponderCannotResolve(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.responder_cannot_resolve"
    text = _("%(name)s is an auto-responder: it answers and hands over, and resolves nothing.")


class BroadcastNotKnown(DomainError):
    kind = Kind.INVALID
    code = "inbox.broadcast_not_known"
    text = _("No broadcast %(broadcast_id)s in this workspace.")


class SurveyNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.survey_not_found"
    text = _("There is no survey at this address.")


class SurveyOver(DomainError):
    kind = Kind.GONE
    code = "inbox.survey_over"
    text = _("The time to answer this survey is over.")


class ScoreNotValid(DomainError):
    kind = Kind.INVALID
    code = "inbox.score_not_valid"
    text = _("Choose a score from 1 to 5.")
