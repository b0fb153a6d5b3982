"""Why a message was not sent, where the reason is ours: code and sentence. The network's own words stand as they came."""

from django.utils.translation import gettext_lazy as _

FAILURE_TEXTS = {
    "inbox.no_address": _("The contact's address on this channel is gone."),
    "inbox.channel_gone": _("The channel was disconnected before the message was sent."),
    "inbox.contact_deleted": _("The contact was deleted before the message was sent."),
    "inbox.contact_blocked": _("The contact was blocked before the message was sent."),
    "inbox.contact_unreachable": _("The contact cannot be reached on this channel any more."),
    "inbox.window_closed": _("The time to reply was over before the message was sent."),
    "inbox.file_gone": _("A file of the message is gone from the store."),
    "inbox.not_unsealable": _("The channel's secrets cannot be opened. Enter them again."),
    "inbox.sender_stopped": _("The server stopped while the message was being sent."),
    "inbox.unexpected": _("Something broke on our side while the message was being sent."),
}
