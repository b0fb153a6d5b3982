from contacts.actions.adding import add_contact, create_or_update_contact
from contacts.actions.bulk import (
    assign_contacts,
    delete_contacts,
    set_stage_of_contacts,
    tag_contacts,
    untag_contacts,
)
from contacts.actions.deleting import delete_contact
from contacts.actions.fields import add_contact_field, change_contact_field, delete_contact_field, move_contact_field
from contacts.actions.merging import merge_contacts
from contacts.actions.stages import add_stage, delete_stage, move_stage, rename_stage, seed_contact_settings
from contacts.actions.tagging import tag_contact, untag_contact
from contacts.actions.tags import change_tag, create_tag, delete_tag
from contacts.actions.updating import assign_contact, set_stage, update_contact

__all__ = [
    "add_contact",
    "add_contact_field",
    "add_stage",
    "assign_contact",
    "assign_contacts",
    "change_contact_field",
    "change_tag",
    "create_or_update_contact",
    "create_tag",
    "delete_contact",
    "delete_contact_field",
    "delete_contacts",
    "delete_stage",
    "delete_tag",
    "merge_contacts",
    "move_contact_field",
    "move_stage",
    "rename_stage",
    "seed_contact_settings",
    "set_stage",
    "set_stage_of_contacts",
    "tag_contact",
    "tag_contacts",
    "untag_contact",
    "untag_contacts",
    "update_contact",
]
