"""Settings: the tags of contacts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from contacts.actions import change_tag, create_tag, delete_tag
from contacts.errors import TagNotFound
from contacts.models import Tag
from contacts.queries import tag_counts
from contacts.web.answers import NOT_VALID, dialog, put_refusal
from contacts.web.filter_form import address_of_tag
from contacts.web.forms import TagForm
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.permissions import Permission
from workspaces.web import formats
from workspaces.web.answers import done
from workspaces.web.scoping import actor_of

PARTS = ("name", "colour", "emoji", "description")


@require_safe
def settings_tags(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List the tags with the number of their contacts."""
    actor = actor_of(request)
    actor.require(Permission.TAG_MANAGE)
    may_list = actor.may(Permission.CONTACT_LIST)
    rows = [
        {
            "row": row,
            "url": f"{reverse('contacts', args=[workspace_id])}?{address_of_tag(row.name)}" if may_list else "",
        }
        for row in tag_counts(actor)
    ]
    return render(request, "contacts/settings/tags.html", {"tags": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def settings_tag_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Add a tag."""
    actor = actor_of(request)
    actor.require(Permission.TAG_MANAGE)
    form = TagForm(request.POST if request.method == "POST" else None, use_required_attribute=False)
    if form.is_bound and form.is_valid():
        try:
            tag = create_tag(actor=actor, at=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            put_refusal(form, refusal, names={"tags": "name"})
        else:
            return done(request, _url(actor), _("The tag “%(name)s” is added.") % {"name": tag.name})
    context = {"form": form, "action": reverse("settings_tag_new", args=[workspace_id]), "act_text": _("Add tag")}
    return _dialog(request, actor, "contacts/settings/tag_form.html", _("Add tag"), context, is_bound=form.is_bound)


@require_http_methods(["GET", "HEAD", "POST"])
def settings_tag_edit(request: HttpRequest, workspace_id: int, tag_id: int) -> HttpResponse:
    """Change a tag everywhere at once."""
    actor = actor_of(request)
    tag = _tag(actor, tag_id)
    first = {name: getattr(tag, name) for name in PARTS}
    form = TagForm(request.POST if request.method == "POST" else None, initial=first, use_required_attribute=False)
    if form.is_bound and form.is_valid():
        try:
            change_tag(actor=actor, tag=tag.pk, at=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            put_refusal(form, refusal, names={"tags": "name"})
        else:
            return done(request, _url(actor), _("The tag is saved."))
    context = {
        "form": form,
        "action": reverse("settings_tag_edit", args=[workspace_id, tag.pk]),
        "act_text": _("Save"),
    }
    return _dialog(request, actor, "contacts/settings/tag_form.html", _("Edit tag"), context, is_bound=form.is_bound)


@require_http_methods(["GET", "HEAD", "POST"])
def settings_tag_delete(request: HttpRequest, workspace_id: int, tag_id: int) -> HttpResponse:
    """Say how many contacts carry the tag, and delete it."""
    actor = actor_of(request)
    tag = _tag(actor, tag_id)
    if request.method == "POST":
        delete_tag(actor=actor, tag=tag.pk, at=timezone.now())
        return done(request, _url(actor), _("The tag “%(name)s” is deleted.") % {"name": tag.name})
    number = tag.contact_count  # type: ignore[attr-defined]
    words = ngettext("%(count)s contact carries it.", "%(count)s contacts carry it.", number)
    act = ngettext("Take it off %(count)s contact", "Take it off %(count)s contacts", number)
    count = {"count": formats.number(number)}
    context = {
        "title": _("Delete the tag “%(name)s”?") % {"name": tag.name},
        "text": (words % count + " " + _("The contacts stay.")) if number else _("No contact carries it."),
        "action": reverse("settings_tag_delete", args=[workspace_id, tag.pk]),
        "keep_text": _("Keep the tag"),
        "keep_url": _url(actor),
        "act_text": act % count if number else _("Delete tag"),
    }
    return _dialog(request, actor, "workspaces/components/confirm.html", _("Delete tag"), context, is_bound=False)


def _dialog(
    request: HttpRequest, actor: Actor, template: str, title: str, context: dict[str, Any], *, is_bound: bool
) -> HttpResponse:
    around = {"is_form": "form" in context, "page_title": title, "back_url": _url(actor), "back_text": _("Tags")}
    return dialog(request, template, {**around, **context}, status=NOT_VALID if is_bound else 200)


def _url(actor: Actor) -> str:
    return reverse("settings_tags", args=[actor.workspace_id])


def _tag(actor: Actor, tag_id: int) -> Tag:
    actor.require(Permission.TAG_MANAGE)
    tag = tag_counts(actor).filter(pk=tag_id).first()
    if tag is None:
        raise TagNotFound(tag=tag_id)
    return tag
