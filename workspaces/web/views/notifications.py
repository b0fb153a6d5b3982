"""A member's own notifications: new ones, archived ones, all; and the count that every page shows."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from workspaces import queries
from workspaces.actions import archive_all, archive_notification, mark_seen, unarchive_notification
from workspaces.models import Notification
from workspaces.notices import Words, kinds
from workspaces.queries import LARGEST_ID, NOTIFICATIONS_ON_A_PAGE
from workspaces.web.answers import done
from workspaces.web.context import count_words
from workspaces.web.formats import number
from workspaces.web.scoping import actor_of

TABS = {"new": False, "archived": True, "all": None}


@dataclass(frozen=True, slots=True)
class Line:
    """One notification as the list shows it."""

    row: Notification
    words: Words
    is_unseen: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the lists somebody is: the tab, and below which notification."""

    workspace_id: int
    tab: str
    before: int | None

    def address(self, *, tab: str | None = None, before: int | None = None) -> str:
        """Return the address of a list; without words, of the first page of this tab."""
        shown = tab or self.tab
        parts = [f"tab={shown}"] if shown != "new" else []
        parts += [f"before={before}"] if before is not None else []
        return reverse("notifications", args=[self.workspace_id]) + (f"?{'&'.join(parts)}" if parts else "")


@require_safe
def notifications(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Show one of the lists. What it shows is seen from now on, though this time it still looks new."""
    actor = actor_of(request)
    place = _place(request.GET.get("tab", ""), request.GET.get("before", ""), workspace_id)
    rows = queries.notifications_page(
        actor, is_archived=TABS[place.tab], before=place.before, most=NOTIFICATIONS_ON_A_PAGE + 1
    )
    shown = rows[:NOTIFICATIONS_ON_A_PAGE]
    lines = [Line(row=row, words=kinds()[row.kind].words(row.facts), is_unseen=not row.is_seen) for row in shown]
    unseen = [line.row.pk for line in lines if line.is_unseen]
    if unseen:
        mark_seen(actor=actor, notification_ids=unseen, at=timezone.now())
    context = {
        "place": place,
        "lines": lines,
        "tabs": [
            {"label": label, "url": place.address(tab=tab), "current": tab == place.tab, "count": ""}
            for tab, label in (("new", _("New")), ("archived", _("Archived")), ("all", _("All")))
        ],
        "first_url": place.address() if place.before is not None else "",
        "older_url": place.address(before=shown[-1].pk) if len(rows) > len(shown) else "",
        "up_to": lines[0].row.pk if lines and place.tab == "new" and place.before is None else None,
        "has_one_page": len(rows) == len(shown),
    }
    return render(request, "workspaces/notifications/notifications.html", context)


@require_safe
def notification(request: HttpRequest, workspace_id: int, notification_id: int) -> HttpResponse:
    """Lead to what a notification is about; mails link here."""
    actor = actor_of(request)
    found = queries.notification(actor, notification_id)
    if not found.is_seen:
        mark_seen(actor=actor, notification_ids=[found.pk], at=timezone.now())
    return HttpResponseRedirect(reverse(kinds()[found.kind].route, args=[workspace_id, found.subject_id]))


@require_safe
def notifications_count(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Answer the count alone, for pages that stand open."""
    count = count_words(queries.unseen_count(actor_of(request)))
    return HttpResponse(render_to_string("workspaces/notifications/counts.html", {"count": count}))


@require_POST
def notification_archive(request: HttpRequest, workspace_id: int, notification_id: int) -> HttpResponse:
    """Put one away."""
    archive_notification(actor=actor_of(request), notification_id=notification_id, at=timezone.now())
    return done(request, _back(request, workspace_id), _("Notification archived"))


@require_POST
def notification_unarchive(request: HttpRequest, workspace_id: int, notification_id: int) -> HttpResponse:
    """Bring one back."""
    unarchive_notification(actor=actor_of(request), notification_id=notification_id, at=timezone.now())
    return done(request, _back(request, workspace_id), _("Notification moved back to the new ones"))


@require_POST
def notifications_archive_all(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Put away all new ones, as far as the page showed that there are any."""
    count = archive_all(actor=actor_of(request), up_to=_id(request.POST.get("up_to", "")) or 0, at=timezone.now())
    said = ngettext("%(count)s notification archived", "%(count)s notifications archived", count)
    return done(request, _back(request, workspace_id), said % {"count": number(count)})


def _back(request: HttpRequest, workspace_id: int) -> str:
    place = _place(request.POST.get("tab", ""), request.POST.get("before", ""), workspace_id)
    return place.address(before=place.before)


def _place(tab: str, before: str, workspace_id: int) -> Place:
    return Place(workspace_id=workspace_id, tab=tab if tab in TABS else "new", before=_id(before))


def _id(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_ID))
    return min(int(text), LARGEST_ID) if is_number else None
