"""What the address of the dashboard says, and back into an address."""

from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from inbox.queries.listing import Place
from inbox.queries.narrowing import Listing
from reports.dashboard.counters import ListingOfMember, Reach, Show, listing_behind, reaches, shows
from workspaces.actors import Actor

LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class DashboardState:
    """Whose contacts, which counter, whose of them, and which page of its list; `first` numbers the page's first row."""

    workspace_id: int
    reach: Reach
    show: Show
    member_id: int | None = None
    after: Place | None = None
    before: Place | None = None
    first: int = 1
    usual: Reach = Reach.TEAM

    @classmethod
    def read(cls, request: HttpRequest, actor: Actor) -> Self:
        """Read it as far as the actor may choose; what is not known counts as not said."""
        given = request.GET
        choices = reaches(actor)
        reach = next((one for one in choices if one == given.get("reach")), choices[0])
        known = shows(actor, reach)
        member_id = _number(given.get("member", "")) if Show.ASSIGNED in known else None
        show = next((one for one in known if one == given.get("show")), known[0])
        after, before = Place.parse(given.get("after", "")), Place.parse(given.get("before", ""))
        has_place = after is not None or before is not None
        return cls(
            workspace_id=actor.workspace_id,
            reach=reach,
            show=show if member_id is None else Show.ASSIGNED,
            member_id=member_id,
            after=after,
            before=before,
            first=max(1, _number(given.get("first", "")) or 1) if has_place else 1,
            usual=choices[0],
        )

    @property
    def listing(self) -> Listing:
        """The inbox's list behind the counter, without the choice of a member: what Messages opens."""
        return listing_behind(self.show, self.reach)

    @property
    def listed(self) -> Listing:
        """The list on the page."""
        listing = self.listing
        return listing if self.member_id is None else ListingOfMember(view=listing.view, member_id=self.member_id)

    def but(self, *, show: Show | None = None, reach: Reach | None = None, member_id: int | None = None) -> Self:
        """Return another choice, at the beginning of its list. Another reach begins with its first counter."""
        kept = self.show if reach is None or reach is self.reach else Show.OPEN
        return replace(
            self,
            reach=reach or self.reach,
            show=Show.ASSIGNED if member_id else show or kept,
            member_id=member_id,
            after=None,
            before=None,
            first=1,
        )

    def url(self) -> str:
        """Return the page of this choice."""
        return _with(reverse("dashboard", args=[self.workspace_id]), self._query())

    def now_url(self) -> str:
        """Return where that page asks for its blocks."""
        return _with(reverse("dashboard_now", args=[self.workspace_id]), self._query())

    def _query(self) -> str:
        query = {
            "reach": self.reach.value if self.reach is not self.usual else "",
            "show": self.show.value if self.show is not Show.OPEN and self.member_id is None else "",
            "member": str(self.member_id or ""),
            "after": str(self.after or ""),
            "before": str(self.before or ""),
            "first": str(self.first) if self.first > 1 else "",
        }
        return urlencode({name: value for name, value in query.items() if value})


def _with(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address


def _number(text: str) -> int | None:
    return min(int(text), LARGEST) if text.isascii() and text.isdecimal() and len(text) < 20 else None
