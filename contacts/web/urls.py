"""The pages of contacts, and of the settings that belong to them."""

from django.urls import include, path

from contacts.web.views import adding, bulk, editing, listing, merging, pages, searching, settings_fields, settings_tags

CONTACTS = [
    path("contacts", listing.contacts, name="contacts"),
    path("contacts/columns", listing.contacts_columns, name="contacts_columns"),
    path("contacts/bulk", bulk.contacts_bulk, name="contacts_bulk"),
    path("contacts/new", adding.contact_new, name="contact_new"),
    path("contacts/<int:contact_id>", pages.contact, name="contact"),
    path("contacts/<int:contact_id>/activity", pages.contact_activity, name="contact_activity"),
    path("contacts/<int:contact_id>/tags", editing.contact_tags, name="contact_tags"),
    path("contacts/<int:contact_id>/delete", adding.contact_delete, name="contact_delete"),
    path("contacts/<int:contact_id>/merge", merging.contact_merge, name="contact_merge"),
    path("contacts/<int:contact_id>/merge/<int:other_id>", merging.contact_merge_review, name="contact_merge_review"),
    path("contacts/<int:contact_id>/fields/<str:key>", editing.contact_field, name="contact_field"),
    path("contacts/<int:contact_id>/fields/<str:key>/edit", editing.contact_field_edit, name="contact_field_edit"),
    path("contacts/<int:contact_id>/fields/<str:key>/save", editing.contact_save, name="contact_save"),
    path("search", searching.search, name="search"),
]

FIELDS = [
    path("", settings_fields.settings_fields, name="settings_fields"),
    path("/new", settings_fields.settings_field_new, name="settings_field_new"),
    path("/<int:field_id>", settings_fields.settings_field_edit, name="settings_field_edit"),
    path("/<int:field_id>/delete", settings_fields.settings_field_delete, name="settings_field_delete"),
    path("/<int:field_id>/move", settings_fields.settings_field_move, name="settings_field_move"),
]

STAGES = [
    path("new", settings_fields.settings_stage_new, name="settings_stage_new"),
    path("<int:stage_id>", settings_fields.settings_stage_edit, name="settings_stage_edit"),
    path("<int:stage_id>/delete", settings_fields.settings_stage_delete, name="settings_stage_delete"),
    path("<int:stage_id>/move", settings_fields.settings_stage_move, name="settings_stage_move"),
]

TAGS = [
    path("", settings_tags.settings_tags, name="settings_tags"),
    path("/new", settings_tags.settings_tag_new, name="settings_tag_new"),
    path("/<int:tag_id>", settings_tags.settings_tag_edit, name="settings_tag_edit"),
    path("/<int:tag_id>/delete", settings_tags.settings_tag_delete, name="settings_tag_delete"),
]

urlpatterns = [
    path("w/<int:workspace_id>/", include(CONTACTS)),
    path("w/<int:workspace_id>/settings/fields", include(FIELDS)),
    path("w/<int:workspace_id>/settings/stages/", include(STAGES)),
    path("w/<int:workspace_id>/settings/tags", include(TAGS)),
]
