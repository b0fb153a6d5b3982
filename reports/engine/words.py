"""What codes are called on pages; files of logs, the API and links keep the codes."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SOURCES: dict[str, Promise | str] = {
    "user": _("User"),
    "contact": _("Contact"),
    "import": pgettext_lazy("source", "Import"),
    "api": _("API"),
    "incoming_message": _("Incoming message"),
    "echo_message": _("Echo message"),
    "echo": _("Echo message"),
    "zapier": _("Zapier"),
    "make": _("Make"),
    "n8n": _("n8n"),
    "broadcast": _("Broadcast"),
    "workflow": _("Workflow"),
    "bot": _("Bot"),
    "ai_agent": _("AI agent"),
    "system": _("System"),
    "import_undo": _("Undone import"),
    "auto_close": _("Closed after inactivity"),
    "reply": _("First reply"),
    "merge": pgettext_lazy("source", "Merge"),
    "ctc_ads": _("Click-to-chat ad"),
    "growth_widget": _("Growth widget"),
}
CONTACT_TYPES = {"new": pgettext_lazy("of one contact", "New"), "returning": _("Returning")}
DIRECTIONS = {
    "incoming": pgettext_lazy("of one message", "Incoming"),
    "outgoing": pgettext_lazy("of one message", "Outgoing"),
}
MESSAGE_STATUSES = {
    "pending": _("Pending"),
    "sent": _("Sent"),
    "delivered": _("Delivered"),
    "read": _("Read"),
    "failed": pgettext_lazy("of one message", "Failed"),
}
MESSAGE_CLASSES = {"message": _("Message"), "template": _("Template"), "tagged": _("Tagged")}
CONTENT_TYPES = {
    "text": _("Text"),
    "attachment": _("Attachment"),
    "quick_reply": _("Quick reply"),
    "custom_payload": _("Custom payload"),
    "whatsapp_template": _("WhatsApp template"),
    "facebook_template": _("Facebook template"),
    "whatsapp_interactive": _("WhatsApp interactive"),
    "whatsapp_order": _("WhatsApp order"),
    "location": _("Location"),
    "email": _("E-mail"),
    "card": _("Card"),
    "rating": _("Rating"),
    "story_reply": _("Story reply"),
    "post": _("Post"),
    "unsupported": _("Unsupported"),
}
ALL: dict[str, Promise | str] = {
    **CONTENT_TYPES,
    **MESSAGE_CLASSES,
    **MESSAGE_STATUSES,
    **DIRECTIONS,
    **CONTACT_TYPES,
    **SOURCES,
}


def word(code: str) -> str:
    """Return what a code is called; one that nobody named stands as it is, underscores as spaces."""
    return str(ALL.get(code) or code.replace("_", " "))
