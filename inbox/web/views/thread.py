"""The thread itself: what changed in it, what is before it, and the whole of it on paper."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contacts.web.presenting import head_of
from inbox.queries.thread import ThreadCursor, latest_conversation, thread_cursor
from inbox.web.answers import page_url
from inbox.web.thread_context import rows_context, thread_again, thread_contact
from workspaces.web.answers import is_htmx
from workspaces.web.scoping import actor_of

ON_PAPER = 500


@require_safe
def inbox_since(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Show what changed since an event's id: nothing, or the thread's newest page with its head, lock and new cursor."""
    actor, at = actor_of(request), timezone.now()
    contact = thread_contact(actor, contact_id)
    if not is_htmx(request):
        return HttpResponseRedirect(page_url(request, contact.pk))
    seen = request.GET.get("cursor", "")
    if seen.isascii() and seen.isdecimal() and seen == str(thread_cursor(actor, contact.pk)):
        return HttpResponse(status=204)
    context = thread_again(actor, contact, at=at, had_lock=request.GET.get("mine") == "1")
    return render(request, "inbox/_since.html", {**context, "back_url": request.GET.get("back", "")})


@require_safe
def inbox_earlier(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Show the page before a place in the thread; without scripts it is read on the transcript."""
    actor = actor_of(request)
    contact = thread_contact(actor, contact_id)
    if not is_htmx(request):
        return inbox_transcript(request, workspace_id, contact_id)
    context = rows_context(
        actor,
        contact,
        at=timezone.now(),
        conversation=latest_conversation(actor, contact.pk),
        before=ThreadCursor.parse(request.GET.get("before", "")),
    )
    return render(request, "inbox/_messages.html", context)


@require_safe
def inbox_transcript(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Show a thread for printing, its newest five hundred things first."""
    actor, at = actor_of(request), timezone.now()
    contact = thread_contact(actor, contact_id)
    before = request.GET.get("before", "")
    context = rows_context(actor, contact, at=at, before=ThreadCursor.parse(before) if before else None, most=ON_PAPER)
    return render(request, "inbox/transcript.html", {**head_of(contact), **context, "now": at})
