"""Writing: replies and comments, drafts, uploads, snippets, and taking a message back or sending it again."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contacts.identifiers import Identifier
from contacts.models import Contact
from contacts.web.presenting import head_of
from inbox import actions
from inbox.access import message_for_reading
from inbox.errors import IdempotencyKeyReused
from inbox.models import Message
from inbox.queries.thread import drafts_of, snippets_found
from inbox.web.answers import CHANGED, acted, page_url
from inbox.web.composer_context import Composer, urls_of, variable_names
from inbox.web.composing import Written
from inbox.web.mentions import mention_names
from inbox.web.thread_context import thread_contact
from inbox.web.writing import (
    VariablesMissing,
    composer_now,
    given_back,
    stored_upload,
    write_comment,
    write_reply,
)
from workspaces.actors import Actor
from workspaces.errors import DomainError, Kind
from workspaces.permissions import Permission
from workspaces.queries import members
from workspaces.scope import workspace_scope
from workspaces.web.answers import NOT_VALID, is_htmx
from workspaces.web.scoping import actor_of, opens_its_own_scopes

MENDED_HERE = frozenset({Kind.INVALID, Kind.CONFLICT, Kind.NOT_FOUND, Kind.TOO_LARGE})


@require_safe
def inbox_composer(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Show the composer again, as it stands now; without scripts the page has it."""
    actor = actor_of(request)
    contact = thread_contact(actor, contact_id)
    if not is_htmx(request):
        return HttpResponseRedirect(page_url(request, contact.pk))
    return _composer(
        request, contact, composer_now(actor, contact, at=timezone.now(), mode=request.GET.get("mode", ""))
    )


@opens_its_own_scopes
@require_POST
def inbox_write(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponseBase:
    """Send a reply or add a comment. What is refused comes back with every word still in it."""
    actor, at, written = actor_of(request), timezone.now(), Written.of(request)
    with workspace_scope(workspace_id):
        actor.require(Permission.CONVERSATION_WRITE if written.is_comment else Permission.MESSAGE_SEND)
        contact = thread_contact(actor, contact_id)
    error = ""
    missing: tuple[str, ...] = ()
    try:
        # Files that a browser without scripts sends along: they are stored first, outside of any transaction.
        for upload in request.FILES.getlist("upload"):
            written.file_ids.append(stored_upload(actor, upload, at=at))
        with workspace_scope(workspace_id):
            (write_comment if written.is_comment else write_reply)(actor, contact, written, at=at)
    except VariablesMissing as incomplete:
        missing = incomplete.names
    except DomainError as refusal:
        if refusal.kind not in MENDED_HERE:
            raise
        error = refusal.message
        if isinstance(refusal, IdempotencyKeyReused):
            written.key = ""
    with workspace_scope(workspace_id):
        if error or missing:
            composer = given_back(actor, contact, written, error=error, missing=missing, at=at)
            return _composer(request, contact, composer, status=NOT_VALID)
        if is_htmx(request):
            mode = "comment" if written.is_comment else "reply"
            fresh = composer_now(actor, contact, at=at, mode=mode, channel_id=written.channel_id)
            response = _composer(request, contact, fresh)
            told: dict[str, object] = {CHANGED: {"contact": contact.pk, "mine": True}}
            if written.closes:
                told["tertulia:close"] = {"contact": contact.pk}
            response.headers["HX-Trigger"] = json.dumps(told)
            return response
        url = reverse("inbox_close", args=[workspace_id, contact.pk]) if written.closes else ""
        return HttpResponseRedirect(url or page_url(request, contact.pk))


@require_POST
def inbox_draft(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Keep what was begun; an empty text forgets it."""
    actor, written = actor_of(request), Written.of(request)
    actions.save_draft(
        actor=actor,
        contact=Identifier.of(contact_id),
        text=written.comment if written.is_comment else written.text,
        is_comment=written.is_comment,
        channel_id=written.channel_id,
        at=timezone.now(),
    )
    return HttpResponse(status=204)


@opens_its_own_scopes
@require_POST
def inbox_upload(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponseBase:
    """Store one file for a message that is being written."""
    actor = actor_of(request)
    actor.require(Permission.MESSAGE_SEND)
    with workspace_scope(workspace_id):
        thread_contact(actor, contact_id)
    upload = request.FILES.get("upload")
    if upload is None:
        return JsonResponse({"error": _("No file came with the request.")}, status=400)
    try:
        file_id = stored_upload(actor, upload, at=timezone.now())
    except DomainError as refusal:
        return JsonResponse({"error": refusal.message}, status=refusal.status)
    return JsonResponse({"id": str(file_id), "name": upload.name or ""})


@require_safe
def inbox_snippets(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Answer the snippets that a person may be looking for."""
    actor = actor_of(request)
    thread_contact(actor, contact_id)
    found = snippets_found(actor, request.GET.get("q", "").strip()[:80])
    rows: list[dict[str, Any]] = [
        {
            "name": one.row.name,
            "text": one.row.text,
            "files": [{"id": str(file_id), "name": name} for file_id, name in one.files],
            "topics": [str(topic_id) for topic_id in one.row.topic_ids],
        }
        for one in found
    ]
    return JsonResponse({"snippets": rows})


@require_POST
def inbox_take_back(request: HttpRequest, workspace_id: int, contact_id: int, message_id: int) -> HttpResponse:
    """Take a reply back before it is sent; its words return to the composer unless something new stands there."""
    actor, at = actor_of(request), timezone.now()
    message = _message_of(actor, contact_id, message_id)
    actions.take_back_message(actor=actor, message_id=message.pk, at=at)
    if message.text and False not in drafts_of(actor, message.contact_id):
        actions.save_draft(
            actor=actor,
            contact=Identifier.of(message.contact_id),
            text=message.text,
            is_comment=False,
            channel_id=message.channel_id,
            at=at,
        )
    return acted(request, contact_id, _("Taken back."), triggers={"tertulia:composer": {"contact": contact_id}})


@require_POST
def inbox_send_again(request: HttpRequest, workspace_id: int, contact_id: int, message_id: int) -> HttpResponse:
    """Send a message once more that failed, or that may have been sent."""
    actor = actor_of(request)
    message = _message_of(actor, contact_id, message_id)
    actions.send_again(actor=actor, message_id=message.pk, at=timezone.now())
    return acted(request, contact_id)


def _message_of(actor: Actor, contact_id: int, message_id: int) -> Message:
    actor.require(Permission.MESSAGE_SEND)
    return message_for_reading(actor, message_id, contact_id=thread_contact(actor, contact_id).pk)


def _composer(request: HttpRequest, contact: Contact, composer: Composer, *, status: int = 200) -> HttpResponse:
    """Show the composer; what was refused without scripts stands on a page of its own."""
    actor = actor_of(request)
    names = mention_names(members(actor))
    context: dict[str, Any] = {
        **head_of(contact),
        "composer": composer,
        "composer_urls": urls_of(actor.workspace_id, contact.pk),
        "variables": variable_names(actor),
        "mentions": [(user_id, name) for user_id, name in names.items() if user_id != actor.user_id],
        "back_url": page_url(request, contact.pk),
    }
    template = "inbox/_composer.html" if is_htmx(request) else "inbox/composer_page.html"
    return render(request, template, context, status=status)
