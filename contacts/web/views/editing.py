"""Fields and tags of a contact, changed in place."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contacts.access import contact_for_reading
from contacts.actions import tag_contact, untag_contact, update_contact
from contacts.errors import ContactChanged, ContactNotFound
from contacts.identifiers import Identifier
from contacts.models import Contact
from contacts.queries import contact_fields
from contacts.web.activity import activity_of
from contacts.web.answers import NOT_VALID, put_refusal, wants_fragment
from contacts.web.forms import EditField
from contacts.web.presenting import head_of, links_for, property_of, tags_card
from contacts.web.specs import Spec, shown, spec_named, stored, values_for
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.permissions import Permission
from workspaces.web.answers import done
from workspaces.web.scoping import actor_of


@require_safe
def contact_field(request: HttpRequest, workspace_id: int, contact_id: int, key: str) -> HttpResponse:
    """Show one field again, as it is when nothing is changed."""
    actor = actor_of(request)
    row, spec = _field(actor, contact_id, key)
    if not wants_fragment(request):
        return HttpResponseRedirect(reverse("contact", args=[workspace_id, row.pk]))
    return render(request, "contacts/field_row.html", {"item": property_of(actor, row, spec, focus=True)})


@require_safe
def contact_field_edit(request: HttpRequest, workspace_id: int, contact_id: int, key: str) -> HttpResponse:
    """Show one field as a form; without htmx on a page of its own."""
    actor = actor_of(request)
    actor.require(Permission.CONTACT_WRITE)
    row, spec = _field(actor, contact_id, key)
    form = EditField(initial={"value": stored(spec, row)}, spec=spec, links=links_for(actor, [spec]))
    return _form(request, row, spec, form, version=row.version, before=stored(spec, row))


@require_POST
def contact_save(request: HttpRequest, workspace_id: int, contact_id: int, key: str) -> HttpResponse:
    """Save one field. A contact that changed meanwhile is refused only where this very field did."""
    actor = actor_of(request)
    actor.require(Permission.CONTACT_WRITE)
    row, spec = _field(actor, contact_id, key)
    form = EditField(request.POST, spec=spec, links=links_for(actor, [spec]))
    version, before = _number(request.POST.get("version", "")), request.POST.get("before", "")
    if form.is_valid():
        try:
            saved = _save(actor, row, spec, form.cleaned_data["value"], version=version, before=before)
        except ContactChanged as refusal:
            now = contact_for_reading(actor, Identifier.of(row.pk))
            form.add_error("value", f"{refusal.message} {_now_reads(spec, now)}")
            return _form(request, now, spec, form, version=now.version, before=stored(spec, now), status=NOT_VALID)
        except DomainError as refusal:
            put_refusal(form, refusal, names=dict.fromkeys((spec.key, f"{spec.key}_id"), "value"))
        else:
            if saved is None:
                home = reverse("workspace_home", args=[workspace_id])
                return done(request, home, _("Saved. The contact is with somebody else now."))
            return _saved(request, actor, saved, spec)
    return _form(request, row, spec, form, version=version, before=before, status=NOT_VALID)


@require_POST
def contact_tags(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Add the chosen tags, or take one off."""
    actor = actor_of(request)
    identifier = Identifier.of(contact_id)
    error, at = "", timezone.now()
    try:
        if gone := request.POST.getlist("remove"):
            row = untag_contact(actor=actor, contact=identifier, names=gone, at=at)
        else:
            names = [name for name in request.POST.getlist("add") if name.strip()]
            row = tag_contact(actor=actor, contact=identifier, names=names, at=at)
    except DomainError as refusal:
        if refusal.field != "tags":
            raise
        row, error = contact_for_reading(actor, identifier), refusal.message
    if not wants_fragment(request) and not error:
        return done(request, reverse("contact", args=[workspace_id, row.pk]), _("The tags are saved."))
    context = {**tags_card(actor, row), "error": error, "activity": activity_of(actor, row.pk), "focus": True}
    template = "contacts/tags_changed.html" if wants_fragment(request) else "contacts/tags_page.html"
    return render(request, template, {**head_of(row), **context}, status=NOT_VALID if error else 200)


def _field(actor: Actor, contact_id: int, key: str) -> tuple[Contact, Spec]:
    row = contact_for_reading(actor, Identifier.of(contact_id))
    return row, spec_named(key, contact_fields(actor) if key.startswith("custom.") else [])


def _save(actor: Actor, row: Contact, spec: Spec, text: str, *, version: int | None, before: str) -> Contact | None:
    values, at, contact = values_for(spec, text), timezone.now(), Identifier.of(row.pk)
    try:
        update_contact(actor=actor, contact=contact, values=values, at=at, version=version)
    except ContactChanged:
        # Another field's change is no reason to refuse this one.
        if stored(spec, row) != before:
            raise
        update_contact(actor=actor, contact=contact, values=values, at=at, version=row.version)
    try:
        return contact_for_reading(actor, contact)
    except ContactNotFound:  # a new assignee can take the contact out of the person's own sight
        return None


def _saved(request: HttpRequest, actor: Actor, row: Contact, spec: Spec) -> HttpResponse:
    url = reverse("contact", args=[actor.workspace_id, row.pk])
    if spec.key == "is_blocked":
        return done(request, url, _("The contact is blocked.") if row.is_blocked else _("The contact is not blocked."))
    if not wants_fragment(request):
        return done(request, url, _("%(field)s is saved.") % {"field": spec.label})
    context = {
        **head_of(row),
        "item": property_of(actor, row, spec, focus=True),
        "activity": activity_of(actor, row.pk),
    }
    return render(request, "contacts/field_saved.html", context)


def _form(
    request: HttpRequest,
    row: Contact,
    spec: Spec,
    form: EditField,
    *,
    version: int | None,
    before: str,
    status: int = 200,
) -> HttpResponse:
    if spec.key == "is_blocked":
        raise Http404  # it has a button and no form
    context: dict[str, Any] = {
        **head_of(row),
        "form": form,
        "spec": spec,
        "version": version if version is not None else "",
        "before": before,
    }
    template = "contacts/field_form.html" if wants_fragment(request) else "contacts/field_page.html"
    return render(request, template, context, status=status)


def _now_reads(spec: Spec, now: Contact) -> str:
    value = shown(spec, now)
    if not value:
        return _("%(field)s is empty now.") % {"field": spec.label}
    return _("%(field)s now reads “%(value)s”.") % {"field": spec.label, "value": value}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
