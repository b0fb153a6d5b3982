from django.urls import path

from inbox.api import conversation_views as conversation
from inbox.api import helper_views as helper
from inbox.api import message_views as message
from inbox.api import space_views as space

urlpatterns = [
    path("contact/<str:identifier>/channels", space.ContactChannels.as_view(), name="api_contact_channels"),
    path("contact/<str:identifier>/message", message.ContactMessages.as_view(), name="api_contact_messages"),
    path(
        "contact/<str:identifier>/message/list", message.ContactMessageList.as_view(), name="api_contact_message_list"
    ),
    path(
        "contact/<str:identifier>/message/<int:message_id>",
        message.ContactMessage.as_view(),
        name="api_contact_message",
    ),
    path("contact/<str:identifier>/comment", conversation.ContactComments.as_view(), name="api_contact_comments"),
    path(
        "contact/<str:identifier>/conversation/assignee",
        conversation.ConversationAssignee.as_view(),
        name="api_conversation_assignee",
    ),
    path(
        "contact/<str:identifier>/conversation/status",
        conversation.ConversationStatus.as_view(),
        name="api_conversation_status",
    ),
    path("virtual-agent/list", helper.VirtualAgentList.as_view(), name="api_virtual_agents"),
    path(
        "virtual-agent/<int:virtual_agent_id>/conversation/<int:conversation_id>",
        helper.AgentConversation.as_view(),
        name="api_virtual_agent_conversation",
    ),
    path("broadcast", helper.Broadcasts.as_view(), name="api_broadcast"),
    path("broadcast/list", helper.BroadcastList.as_view(), name="api_broadcasts"),
    path("space/channel", space.SpaceChannels.as_view(), name="api_space_channels"),
    path("space/channel/<int:channel_id>/template", space.ChannelTemplates.as_view(), name="api_channel_templates"),
    path("space/closing_notes", space.ClosingNotes.as_view(), name="api_closing_notes"),
]
