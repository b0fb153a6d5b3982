"""Conversations for an act on many: ids that somebody chose, or all that a listing shows; always among those visible."""

from dataclasses import dataclass

from django.db.models import QuerySet

from inbox.models import Conversation
from inbox.queries.narrowing import Listing, visible_latest
from workspaces.actors import Actor


@dataclass(frozen=True, slots=True)
class ConversationSelection:
    """Conversations for an act on many: those chosen by id, or all that a listing shows."""

    ids: tuple[int, ...] = ()
    listing: Listing | None = None

    def conversations(self, actor: Actor) -> QuerySet[Conversation]:
        """Return the chosen ones among those that the actor may see."""
        if self.listing is not None:
            return self.listing.conversations(actor)
        return visible_latest(actor).filter(pk__in=self.ids)
