"""What one can do with a conversation beside writing: answer it, hand it on, put it off, close it, describe it."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contacts.access import contact_for_reading
from contacts.errors import ContactNotFound
from contacts.identifiers import Identifier
from inbox import actions
from inbox.errors import NoConversationOpen
from inbox.models import ClosingMode, Conversation, Status
from inbox.queries.behaviour import settings_of
from inbox.queries.thread import active_topics, closing_categories, latest_conversation, topics_on
from inbox.web.answers import acted, dialog
from inbox.web.thread_context import thread_contact
from inbox.web.thread_forms import CloseForm, LanguageForm, SnoozeForm, TopicsForm
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.permissions import Permission
from workspaces.web import formats
from workspaces.web.answers import NOT_VALID, refuse_in
from workspaces.web.scoping import actor_of

LONGEST_SNOOZE_MINUTES = 366 * 24 * 60


@require_POST
def inbox_lock(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Take, release, take over or keep the conversation; a heartbeat that finds its lock gone is told so."""
    actor, at = actor_of(request), timezone.now()
    actor.require(Permission.MESSAGE_SEND)
    conversation_id = _latest(actor, contact_id).pk
    act = request.POST.get("act", "")
    if act == "keep":
        kept = actions.keep_lock(actor=actor, conversation_id=conversation_id, at=at)
        return HttpResponse(status=204) if kept else acted(request, contact_id)
    if act == "release":
        actions.release_lock(actor=actor, conversation_id=conversation_id, at=at)
        return acted(request, contact_id)
    actions.take_lock(actor=actor, conversation_id=conversation_id, steal=act == "steal", at=at)
    return acted(request, contact_id, triggers={"tertulia:write": {"focus": True}})


@require_POST
def inbox_assign(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Assign the contact to a member or to nobody; that can take it out of the person's own sight."""
    actor = actor_of(request)
    actor.require(Permission.CONVERSATION_WRITE)
    given = request.POST.get("user", "")
    user_id = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None
    actions.assign_contact(actor=actor, contact=Identifier.of(contact_id), user_id=user_id, at=timezone.now())
    try:
        contact_for_reading(actor, Identifier.of(contact_id))
    except ContactNotFound:
        home = f"/w/{workspace_id}/inbox"
        return acted(request, contact_id, _("The contact is with somebody else now."), to=home)
    return acted(request, contact_id, _("Assigned.") if user_id else _("The contact is with nobody now."))


@require_POST
def inbox_open(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Open a conversation with a contact that has none open."""
    actor = actor_of(request)
    actor.require(Permission.CONVERSATION_WRITE)
    actions.open_conversation(actor=actor, contact=Identifier.of(contact_id), at=timezone.now())
    return acted(request, contact_id, _("The conversation is open."))


@require_http_methods(["GET", "HEAD", "POST"])
def inbox_close(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Close the conversation with the note that the workspace asks for."""
    actor, at = actor_of(request), timezone.now()
    actor.require(Permission.CONVERSATION_WRITE)
    contact = thread_contact(actor, contact_id)
    conversation = latest_conversation(actor, contact.pk)
    behaviour = settings_of(actor.workspace_id)
    topics_now = [str(row.pk) for row in topics_on(actor, conversation.pk)] if conversation else []
    posted = request.POST if request.method == "POST" else None
    form = CloseForm(
        posted,
        initial={"topics": topics_now},
        behaviour=behaviour,
        categories=closing_categories(actor),
        known_topics=active_topics(actor)
        if behaviour.topic_required or behaviour.closing_mode != ClosingMode.OFF
        else [],
    )
    status = 200
    if posted is not None:
        if form.is_valid():
            try:
                actions.close_conversation(
                    actor=actor,
                    contact=Identifier.of(contact.pk),
                    category=form.cleaned_data.get("category", ""),
                    summary=form.cleaned_data.get("summary", ""),
                    topics=form.topic_ids,
                    at=at,
                )
            except DomainError as refusal:
                refuse_in(form, refusal)
            else:
                return acted(request, contact.pk, _("The conversation is closed."))
        status = NOT_VALID
    words = {"page_title": _("Close the conversation"), "act_text": _("Close the conversation")}
    return dialog(request, contact, {"form": form, **words}, status=status)


@require_POST
def inbox_status(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Set the conversation to new or to pending by hand."""
    actor = actor_of(request)
    actor.require(Permission.CONVERSATION_WRITE)
    status = Status.NEW if request.POST.get("status") == Status.NEW else Status.PENDING
    actions.set_conversation_status(actor=actor, contact=Identifier.of(contact_id), status=status, at=timezone.now())
    return acted(request, contact_id, _("Set to new.") if status == Status.NEW else _("Set to pending."))


@require_http_methods(["GET", "HEAD", "POST"])
def inbox_snooze(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Snooze for one of the usual spans, or until a moment that a form asks for."""
    actor, at = actor_of(request), timezone.now()
    actor.require(Permission.CONVERSATION_WRITE)
    contact = thread_contact(actor, contact_id)
    minutes = request.POST.get("minutes", "")
    if minutes.isascii() and minutes.isdecimal() and 0 < int(minutes[:9]) <= LONGEST_SNOOZE_MINUTES:
        until = at + timedelta(minutes=int(minutes))
        actions.snooze_conversation(actor=actor, contact=Identifier.of(contact.pk), until=until, at=at)
        return acted(request, contact.pk, _("Snoozed until %(moment)s.") % {"moment": formats.moment(until)})
    tomorrow = timezone.localtime(at).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
    form = SnoozeForm(request.POST if request.method == "POST" else None, initial={"until": tomorrow})
    status = 200
    if form.is_bound:
        if form.is_valid():
            try:
                actions.snooze_conversation(
                    actor=actor,
                    contact=Identifier.of(contact.pk),
                    until=form.moment,
                    note=form.cleaned_data["note"],
                    at=at,
                )
            except DomainError as refusal:
                refuse_in(form, refusal)
            else:
                words = _("Snoozed until %(moment)s.") % {"moment": formats.moment(form.moment)}
                return acted(request, contact.pk, words)
        status = NOT_VALID
    context = {"form": form, "page_title": _("Snooze the conversation"), "act_text": _("Snooze")}
    return dialog(request, contact, context, status=status)


@require_POST
def inbox_snooze_end(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """End a snooze early."""
    actor = actor_of(request)
    actor.require(Permission.CONVERSATION_WRITE)
    actions.cancel_snooze(actor=actor, contact=Identifier.of(contact_id), at=timezone.now())
    return acted(request, contact_id, _("The snooze is over."))


@require_POST
def inbox_unread(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Mark the conversation unread and go back to the list, where the mark can be seen; or read, as an open page does."""
    actor = actor_of(request)
    actor.require(Permission.CONVERSATION_WRITE)
    if request.POST.get("act") == "read":
        actions.mark_read(actor=actor, conversation_id=_latest(actor, contact_id).pk, at=timezone.now())
        return HttpResponse(status=204)
    actions.mark_unread(actor=actor, conversation_id=_latest(actor, contact_id).pk, at=timezone.now())
    back = request.POST.get("back", "")
    home = f"/w/{workspace_id}/inbox"
    is_ours = back == home or back.startswith((f"{home}/", f"{home}?"))
    return acted(request, contact_id, _("Marked as unread."), to=back if is_ours else home)


@require_http_methods(["GET", "HEAD", "POST"])
def inbox_language(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Say in which language the conversation is held."""
    actor = actor_of(request)
    actor.require(Permission.CONVERSATION_WRITE)
    contact = thread_contact(actor, contact_id)
    conversation = _latest(actor, contact.pk)
    form = LanguageForm(request.POST if request.method == "POST" else None, initial={"language": conversation.language})
    if form.is_bound and form.is_valid():
        language = form.cleaned_data["language"]
        actions.set_language(actor=actor, conversation_id=conversation.pk, language=language, at=timezone.now())
        return acted(request, contact.pk, _("The language is saved."))
    context = {"form": form, "page_title": _("Language of the conversation"), "act_text": _("Save")}
    return dialog(request, contact, context, status=NOT_VALID if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def inbox_topics(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Put topics on the conversation and take others off."""
    actor, at = actor_of(request), timezone.now()
    actor.require(Permission.CONVERSATION_WRITE)
    contact = thread_contact(actor, contact_id)
    conversation = _latest(actor, contact.pk)
    now = {row.pk for row in topics_on(actor, conversation.pk)}
    form = TopicsForm(
        request.POST if request.method == "POST" else None,
        initial={"topics": [str(one) for one in now]},
        known_topics=active_topics(actor),
    )
    if form.is_bound and form.is_valid():
        for topic_id in sorted(now - form.topic_ids):
            actions.remove_topic(actor=actor, conversation_id=conversation.pk, topic_id=topic_id, at=at)
        put = sorted(form.topic_ids - now)
        if put:
            actions.put_topics(actor=actor, conversation_id=conversation.pk, topic_ids=put, at=at)
        return acted(request, contact.pk, _("The topics are saved."))
    context = {"form": form, "page_title": _("Topics of the conversation"), "act_text": _("Save")}
    return dialog(request, contact, context, status=NOT_VALID if form.is_bound else 200)


@require_POST
def inbox_block(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Block the contact, or lift the block."""
    actor, at = actor_of(request), timezone.now()
    actor.require(Permission.CONVERSATION_WRITE)
    if request.POST.get("act") == "unblock":
        actions.unblock_contact(actor=actor, contact=Identifier.of(contact_id), at=at)
        return acted(request, contact_id, _("The contact is not blocked."))
    actions.block_contact(actor=actor, contact=Identifier.of(contact_id), at=at)
    return acted(request, contact_id, _("The contact is blocked."))


def _latest(actor: Actor, contact_id: int) -> Conversation:
    contact = thread_contact(actor, contact_id)
    conversation = latest_conversation(actor, contact.pk)
    if conversation is None:
        raise NoConversationOpen(contact_id=contact.pk)
    return conversation
