"""Refusals of the inbox's settings."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from workspaces.errors import DomainError, Kind


class ChangedMeanwhile(DomainError):
    kind = Kind.STALE
    code = "inbox.changed_meanwhile"
    text = _("Someone changed this meanwhile. Look at the page again, then save what you want to keep.")


class ChannelKindNotKnown(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.channel_kind_not_known"
    text = _("“%(kind)s” is not a kind of channel here.")


class ChannelIsDisconnected(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.channel_is_disconnected"
    text = _("%(channel)s is disconnected. Connect it again first.")


class ChannelIsConnected(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.channel_is_connected"
    text = _("%(channel)s is connected. Disconnect it first.")


class SecretNotOurs(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.secret_not_ours"
    text = _("%(channel)s has no secret “%(name)s” that is made here.")


class CategoryNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.category_not_found"
    text = _("No closing category %(category_id)s in this workspace.")


class CategoryNeeded(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.category_needed"
    text = _("Closing asks for a category, so there must be one. Add a category, or ask for none.")


class TopicNeeded(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.topic_needed"
    text = _("Closing asks for a topic, so one must be switched on. Add a topic, or ask for none.")


class MessageTagNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.message_tag_not_found"
    text = _("No message tag %(tag_id)s in this workspace.")


class SnippetNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.snippet_not_found"
    text = _("No snippet %(snippet_id)s in this workspace.")


class SnippetFileNotReadable(DomainError):
    """A file of snippets breaks a rule; nothing of it is kept. `problems` holds (line, sentence) in the file's order."""

    kind = Kind.INVALID
    code = "inbox.snippet_file_not_readable"
    text = _("Nothing was imported. Mend the lines below and bring the file again.")

    def __init__(self, problems: Sequence[tuple[int, str]]) -> None:
        super().__init__(field="file")
        self.problems = list(problems)


class FileInUse(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.file_in_use"
    text = _("“%(name)s” is in use: by messages %(messages)s, by snippets %(snippets)s. It cannot be deleted.")


class ChannelHasVirtualAgent(DomainError):
    kind = Kind.CONFLICT
    code = "inbox.channel_has_virtual_agent"
    text = _("%(name)s takes what starts on %(channel)s already. Switch it off first, or choose another channel.")
