"""Settings: the workspace's own contact fields and its lifecycle stages."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.actions import (
    add_contact_field,
    add_stage,
    change_contact_field,
    delete_contact_field,
    delete_stage,
    move_contact_field,
    move_stage,
    rename_stage,
)
from contacts.errors import FieldNotFound, StageNotFound
from contacts.models import ContactField, LifecycleStage
from contacts.queries import contact_fields, field_usage, stages
from contacts.values import FieldType
from contacts.web.answers import NOT_VALID, dialog, put_refusal, wants_fragment
from contacts.web.forms import KIND_WORDS, FieldForm, NewField, StageForm, field_form_values
from contacts.web.presenting import stage_badge
from contacts.web.specs import standard_specs
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.permissions import Permission
from workspaces.web import formats
from workspaces.web.answers import done
from workspaces.web.scoping import actor_of


@require_safe
def settings_fields(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List the fields and the stages."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.FIELD_MANAGE)
    return render(request, "contacts/settings/fields.html", _page(actor))


@require_http_methods(["GET", "HEAD", "POST"])
def settings_field_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Add a custom field."""
    actor = actor_of(request)
    actor.require(Permission.FIELD_MANAGE)
    form = NewField(request.POST if request.method == "POST" else None, use_required_attribute=False)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            field = add_contact_field(
                actor=actor,
                name=values["name"],
                slug=values["slug"],
                description=values["description"],
                kind=values["kind"],
                allowed_values=form.allowed() if values["kind"] == FieldType.LIST else (),
                at=timezone.now(),
            )
        except DomainError as refusal:
            put_refusal(form, refusal)
        else:
            return done(request, _url(actor), _("The field “%(name)s” is added.") % {"name": field.name})
    context = {"form": form, "action": reverse("settings_field_new", args=[workspace_id]), "is_new": True}
    return _dialog(request, actor, "contacts/settings/field_form.html", _("Add field"), context, is_bound=form.is_bound)


@require_http_methods(["GET", "HEAD", "POST"])
def settings_field_edit(request: HttpRequest, workspace_id: int, field_id: int) -> HttpResponse:
    """Change name, description and allowed values of a field."""
    actor = actor_of(request)
    field = _field(actor, field_id)
    form = FieldForm(
        request.POST if request.method == "POST" else None,
        initial=field_form_values(field),
        use_required_attribute=False,
    )
    if field.kind != FieldType.LIST:
        del form.fields["allowed_values"]
    if form.is_bound and form.is_valid():
        try:
            change_contact_field(
                actor=actor,
                field_id=field.pk,
                name=form.cleaned_data["name"],
                description=form.cleaned_data["description"],
                allowed_values=form.allowed() if field.kind == FieldType.LIST else (),
                at=timezone.now(),
            )
        except DomainError as refusal:
            put_refusal(form, refusal)
        else:
            return done(request, _url(actor), _("The field is saved."))
    context = {
        "form": form,
        "field": field,
        "kind": KIND_WORDS[FieldType(field.kind)],
        "action": reverse("settings_field_edit", args=[workspace_id, field.pk]),
    }
    return _dialog(
        request, actor, "contacts/settings/field_form.html", _("Edit field"), context, is_bound=form.is_bound
    )


@require_http_methods(["GET", "HEAD", "POST"])
def settings_field_delete(request: HttpRequest, workspace_id: int, field_id: int) -> HttpResponse:
    """Say how many contacts lose a value, and delete the field."""
    actor = actor_of(request)
    actor.require(Permission.FIELD_DELETE)
    field = _field(actor, field_id)
    if request.method == "POST":
        delete_contact_field(actor=actor, field_id=field.pk, at=timezone.now())
        return done(request, _url(actor), _("The field “%(name)s” is deleted.") % {"name": field.name})
    number = field_usage(actor, field.slug)
    words = ngettext(
        "%(count)s contact holds a value in it, which goes for good.",
        "%(count)s contacts hold a value in it; all of them go for good.",
        number,
    ) % {"count": formats.number(number)}
    act = ngettext("Delete field and %(count)s value", "Delete field and %(count)s values", number)
    context = {
        "title": _("Delete the field “%(name)s”?") % {"name": field.name},
        "text": words if number else _("No contact holds a value in it."),
        "action": reverse("settings_field_delete", args=[workspace_id, field.pk]),
        "keep_text": _("Keep the field"),
        "keep_url": _url(actor),
        "act_text": act % {"count": formats.number(number)} if number else _("Delete field"),
    }
    return _dialog(request, actor, "workspaces/components/confirm.html", _("Delete field"), context, is_bound=False)


@require_POST
def settings_field_move(request: HttpRequest, workspace_id: int, field_id: int) -> HttpResponse:
    """Put a field at another place of the list."""
    del workspace_id
    actor = actor_of(request)
    move_contact_field(actor=actor, field_id=field_id, to_position=_place(request), at=timezone.now())
    return _moved(request, actor, "contacts/settings/fields_card.html", f"field-{field_id}")


@require_http_methods(["GET", "HEAD", "POST"])
def settings_stage_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Add a lifecycle stage."""
    actor = actor_of(request)
    actor.require(Permission.FIELD_MANAGE)
    form = StageForm(request.POST if request.method == "POST" else None, use_required_attribute=False)
    if form.is_bound and form.is_valid():
        try:
            stage = add_stage(actor=actor, name=form.cleaned_data["name"], at=timezone.now())
        except DomainError as refusal:
            put_refusal(form, refusal)
        else:
            return done(request, _url(actor), _("The stage “%(name)s” is added.") % {"name": stage.name})
    context = {"form": form, "action": reverse("settings_stage_new", args=[workspace_id]), "act_text": _("Add stage")}
    return _dialog(request, actor, "contacts/settings/stage_form.html", _("Add stage"), context, is_bound=form.is_bound)


@require_http_methods(["GET", "HEAD", "POST"])
def settings_stage_edit(request: HttpRequest, workspace_id: int, stage_id: int) -> HttpResponse:
    """Rename a stage."""
    actor = actor_of(request)
    stage = _stage(actor, stage_id)
    form = StageForm(
        request.POST if request.method == "POST" else None, initial={"name": stage.name}, use_required_attribute=False
    )
    if form.is_bound and form.is_valid():
        try:
            rename_stage(actor=actor, stage_id=stage.pk, name=form.cleaned_data["name"], at=timezone.now())
        except DomainError as refusal:
            put_refusal(form, refusal)
        else:
            return done(request, _url(actor), _("The stage is saved."))
    context = {
        "form": form,
        "action": reverse("settings_stage_edit", args=[workspace_id, stage.pk]),
        "act_text": _("Save"),
    }
    return _dialog(
        request, actor, "contacts/settings/stage_form.html", _("Rename stage"), context, is_bound=form.is_bound
    )


@require_http_methods(["GET", "HEAD", "POST"])
def settings_stage_delete(request: HttpRequest, workspace_id: int, stage_id: int) -> HttpResponse:
    """Ask before a stage is deleted, and delete it."""
    actor = actor_of(request)
    stage = _stage(actor, stage_id)
    if request.method == "POST":
        delete_stage(actor=actor, stage_id=stage.pk, at=timezone.now())
        return done(request, _url(actor), _("The stage “%(name)s” is deleted.") % {"name": stage.name})
    context = {
        "title": _("Delete the stage “%(name)s”?") % {"name": stage.name},
        "text": _("Contacts in this stage stay, and are in no stage afterwards."),
        "action": reverse("settings_stage_delete", args=[workspace_id, stage.pk]),
        "keep_text": _("Keep the stage"),
        "keep_url": _url(actor),
        "act_text": _("Delete stage"),
    }
    return _dialog(request, actor, "workspaces/components/confirm.html", _("Delete stage"), context, is_bound=False)


@require_POST
def settings_stage_move(request: HttpRequest, workspace_id: int, stage_id: int) -> HttpResponse:
    """Put a stage at another place of the list."""
    del workspace_id
    actor = actor_of(request)
    move_stage(actor=actor, stage_id=stage_id, to_position=_place(request), at=timezone.now())
    return _moved(request, actor, "contacts/settings/stages_card.html", f"stage-{stage_id}")


def _page(actor: Actor) -> dict[str, Any]:
    fields, found = contact_fields(actor), stages(actor)
    return {
        "fields": [
            {"row": row, "kind": KIND_WORDS[FieldType(row.kind)], "up": place - 1, "down": place + 1}
            for place, row in enumerate(fields)
        ],
        "stages": [
            {"row": row, "badge": stage_badge(row), "up": place - 1, "down": place + 1}
            for place, row in enumerate(found)
        ],
        "standard": standard_specs(),
    }


def _dialog(
    request: HttpRequest, actor: Actor, template: str, title: str, context: dict[str, Any], *, is_bound: bool
) -> HttpResponse:
    around = {
        "is_form": "form" in context,
        "page_title": title,
        "back_url": _url(actor),
        "back_text": _("Contact fields"),
    }
    return dialog(request, template, {**around, **context}, status=NOT_VALID if is_bound else 200)


def _moved(request: HttpRequest, actor: Actor, template: str, moved: str) -> HttpResponse:
    if not wants_fragment(request):
        return HttpResponseRedirect(_url(actor))
    return render(request, template, {**_page(actor), "moved": moved})


def _url(actor: Actor) -> str:
    return reverse("settings_fields", args=[actor.workspace_id])


def _place(request: HttpRequest) -> int:
    text = request.POST.get("to", "")
    if not text.isascii() or not text.isdecimal() or len(text) > 4:
        raise Http404
    return int(text)


def _field(actor: Actor, field_id: int) -> ContactField:
    actor.require(Permission.FIELD_MANAGE)
    for row in contact_fields(actor):
        if row.pk == field_id:
            return row
    raise FieldNotFound(field_id=field_id)


def _stage(actor: Actor, stage_id: int) -> LifecycleStage:
    actor.require(Permission.FIELD_MANAGE)
    for row in stages(actor):
        if row.pk == stage_id:
            return row
    raise StageNotFound(stage=stage_id)
