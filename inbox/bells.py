"""Telling open pages: of a contact by name, and of what is done at this moment (typing) without a row of its own."""

from django.db import transaction

from workspaces.bells import publish, ring_contacts


def ring_contact(workspace_id: int, contact_id: int, *, after_commit: bool = True) -> None:
    """Tell open pages that a contact's thread changed. Recorded events ring by themselves; this is for what records none."""
    if after_commit and transaction.get_connection().in_atomic_block:
        ring_contacts(workspace_id, [contact_id])
    else:
        publish({"kind": "contacts", "workspace": workspace_id, "ids": [contact_id], "left": [], "at": 0})
