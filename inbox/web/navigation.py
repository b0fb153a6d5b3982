"""The inboxes that a member can open, each with its count."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inbox.queries.custom import custom_inboxes
from inbox.queries.listing import MOST_COUNTED, count_up_to, has_blocked
from inbox.queries.lists import teams
from inbox.queries.narrowing import Listing
from workspaces.actors import Actor
from workspaces.models import Team
from workspaces.permissions import Role


@dataclass(frozen=True, slots=True)
class InboxLink:
    """An inbox in the navigation; `group` is "", team or custom. A view that cannot be counted has no count."""

    view: str
    label: str
    url: str
    group: str
    count: str
    is_own: bool = False

    @property
    def number(self) -> int:
        """The id in a team's or a saved inbox's name."""
        return int(self.view.rpartition("-")[2])


def inbox_links(actor: Actor) -> list[InboxLink]:
    """Return the inboxes that the actor may open, in their order."""
    links = []
    if not actor.sees_own_contacts_only:
        links.append(_link(actor, "all", pgettext("conversations", "All")))
    links.append(_link(actor, "mine", _("Mine")))
    if not actor.sees_own_contacts_only and not actor.sees_team_contacts_only:
        links.append(_link(actor, "unassigned", _("Unassigned")))
    links += [_link(actor, f"team-{team.pk}", team.name, group="team") for team in teams_shown(actor)]
    links += [
        _link(actor, f"custom-{row.pk}", row.name, group="custom", is_own=row.owner_id == actor.user_id)
        for row in custom_inboxes(actor)
    ]
    if has_blocked(actor):
        links.append(_link(actor, "blocked", _("Blocked")))
    return links


def teams_shown(actor: Actor) -> list[Team]:
    """Return the teams whose inboxes the actor may open: all for owners and managers, the own one for agents."""
    if actor.sees_own_contacts_only:
        return []
    known = teams(actor)
    return list(known if actor.role is not Role.AGENT else known.filter(pk=actor.team_id or 0))


def view_of(actor: Actor, view: str) -> InboxLink | None:
    """Return one inbox, if the actor may open it."""
    if view == "assigned" and not actor.sees_own_contacts_only:
        # The dashboard leads here; beside Unassigned and the teams' inboxes the navigation need not have it.
        return _link(actor, view, pgettext("conversations", "Assigned"))
    return next((link for link in inbox_links(actor) if link.view == view), None)


def _link(actor: Actor, view: str, label: str, *, group: str = "", is_own: bool = False) -> InboxLink:
    url = reverse("inbox_view", args=[actor.workspace_id, view])
    if group == "custom":  # its conditions may cost more than a glance at the navigation is worth
        return InboxLink(view, label, url, group, "", is_own)
    number = count_up_to(Listing(view=view).conversations(actor))
    return InboxLink(view, label, url, group, str(number) if number < MOST_COUNTED else f"{MOST_COUNTED}+")
