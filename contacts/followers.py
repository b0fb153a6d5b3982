"""What an app above must do in the transaction of a contact's change, without this app knowing that app.

A merge moves conversations, an assignment is a fact of the inbox and a deletion empties threads, but people do all of it on this
app's pages and API too.
The settings name one follower (docs/adr/0014-a-follower-of-contacts.md); it is called by name, inside the action, and never by a signal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from contacts.models import Contact
from workspaces.actors import Actor


@dataclass(frozen=True, slots=True)
class Reassigned:
    """A contact that went from one assignee to another; None is nobody."""

    contact_id: int
    old: int | None
    new: int | None


class Follower(Protocol):
    """Who follows. Contacts are locked, in the order of their ids."""

    def merging(self, *, actor: Actor, primary: Contact, secondary: Contact, at: datetime) -> None:
        """Move what belongs to the secondary; it is deleted right afterwards."""

    def assigned(self, *, actor: Actor, changes: Sequence[Reassigned], source: str, at: datetime) -> None:
        """Note that contacts were assigned; their rows say so already."""

    def deleting(self, *, actor: Actor, contact_ids: Sequence[int], at: datetime) -> None:
        """Let go of contacts that are deleted right afterwards, one or thousands of them."""


@cache
def follower() -> Follower:
    """Return the follower that the settings name."""
    found: Follower = import_string(settings.CONTACT_FOLLOWER)
    return found
