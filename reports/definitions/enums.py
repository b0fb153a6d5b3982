"""The values of enumerations as files hold them, never translated; docs/EXPORTS.md says what each means."""

ENUMS: dict[str, tuple[str, ...]] = {
    "conversation_state": ("open", "closed"),
    "conversation_status": ("NEW", "PENDING", "RESOLVED"),
    "opened_by_source": ("user", "contact", "workflow", "api", "zapier", "make", "ctc_ads", "growth_widget"),
    "closed_by_source": (
        "user", "workflow", "api", "zapier", "bot", "make", "n8n", "ai_agent", "auto_close",
    ),
    "sender_type": (
        "contact", "user", "echo", "workflow", "broadcast", "api", "zapier", "bot", "make", "n8n", "ai_agent", "system",
    ),
    "message_flow": ("incoming", "outgoing"),
    "content_type": (
        "text", "attachment", "quick_reply", "custom_payload", "whatsapp_template", "facebook_template",
        "whatsapp_interactive", "whatsapp_order", "location", "email", "card", "rating", "story_reply", "post",
        "unsupported",
    ),
    "message_class": ("message", "template", "tagged"),
    "message_status": ("pending", "sent", "delivered", "read", "failed"),
    "access_level": ("owner", "manager", "agent"),
    "user_status": ("active", "invited", "removed"),
    "restriction": (
        "restrict_data_export", "restrict_contact_deletion", "restrict_space_setting", "restrict_space_integration",
        "restrict_shortcuts", "show_team_contacts", "show_only_mine",
    ),
    "medium": (
        "whatsapp", "facebook", "instagram", "twitter", "line", "telegram", "viber", "wechat", "sms", "email", "web_chat",
        "custom_channel",
    ),
    "network_message_type": ("private message", "dm", "comment", "post", "story reply"),
    "direction": ("inbound", "outbound"),
    "origin": ("CONTACT", "AGENT_DESKTOP", "NATIVE", "API", "VIRTUAL_AGENT"),
    "outbound_message_type": ("AGENT", "NATIVE", "PROACTIVE", "VIRTUAL_AGENT", "AUTO_RESPONDER"),
    "system_user_type": ("VIRTUAL_AGENT", "AUTO_RESPONDER", "CSAT", "AUTOMATION", "PROACTIVE", "SYSTEM"),
    "resolved_by": ("AGENT", "VIRTUAL_AGENT", "BULK_RESOLVE", "SYSTEM"),
    "resolve_trigger": ("HUMAN_AGENT", "VIRTUAL_AGENT", "AUTOMATION", "AUTO_RESOLVE"),
    "csat_status": ("SENT", "COMPLETED", "PARTIAL", "EXPIRED"),
    "started_by": (
        "INBOUND_MESSAGE_RECEIVED", "VA_HANDED_OVER_CONVERSATION", "AR_HANDED_OVER_CONVERSATION", "BOOMERANG_EXPIRED",
        "AGENT_SET_TO_NEW",
    ),
    "handover_reason": ("VA_REQUESTED", "CONTACT_TIMEOUT", "VA_ERROR"),
    "presence_type": ("AVAILABLE", "AWAY"),
    "attribute_type": ("DEFAULT", "CUSTOM", "MEDIUM"),
}  # fmt: skip
