from django.urls import path

from contacts.api import contact_views as contact
from contacts.api import space_views as space
from contacts.api.list_view import ContactList

urlpatterns = [
    path("contact/list", ContactList.as_view(), name="api_contact_list"),
    path("contact/merge", contact.ContactMerging.as_view(), name="api_contact_merge"),
    path(
        "contact/create_or_update/<str:identifier>",
        contact.ContactCreateOrUpdate.as_view(),
        name="api_contact_create_or_update",
    ),
    path("contact/<str:identifier>", contact.ContactByIdentifier.as_view(), name="api_contact"),
    path("contact/<str:identifier>/tag", contact.ContactTags.as_view(), name="api_contact_tags"),
    path("contact/<str:identifier>/lifecycle/update", contact.ContactLifecycle.as_view(), name="api_contact_lifecycle"),
    path("space/user", space.SpaceUsers.as_view(), name="api_space_users"),
    path("space/user/<int:user_id>", space.SpaceUser.as_view(), name="api_space_user"),
    path("space/custom_field", space.CustomFields.as_view(), name="api_custom_fields"),
    path("space/custom_field/<int:field_id>", space.CustomField.as_view(), name="api_custom_field"),
    path("space/tag", space.SpaceTags.as_view(), name="api_space_tags"),
]
