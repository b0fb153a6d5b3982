"""Settings: closing notes, topics, message tags, and how the inbox behaves."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inbox.actions.behaviour import change_inbox_settings
from inbox.actions.closing_notes import (
    add_closing_category,
    change_closing_category,
    delete_closing_category,
    move_closing_category,
)
from inbox.fingerprints import fingerprint
from inbox.models import ClosingCategory
from inbox.queries.behaviour import settings_of
from inbox.queries.settings_pages import closing_categories
from inbox.settings_errors import CategoryNotFound
from inbox.web.settings_forms import BehaviourForm, CategoryForm, ClosingForm
from inbox.web.settings_pages import (
    FormPage,
    Question,
    SeenForm,
    answer_form,
    answer_question,
    moved,
    place_of,
    put_refusal,
    url_of,
)
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.permissions import Permission
from workspaces.web.answers import NOT_VALID, done
from workspaces.web.scoping import actor_of

READ_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(READ_OR_POST)
def settings_closing(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Show the categories, and what agents are asked when they close."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.SETTINGS_MANAGE)
    form, answer = settings_form(request, actor, ClosingForm, "settings_closing")
    if answer is not None:
        return answer
    context = {**_categories(actor), "form": form}
    return render(request, "inbox/settings/closing.html", context, status=NOT_VALID if form.is_bound else 200)


@require_http_methods(READ_OR_POST)
def settings_behaviour(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Show and change how the inbox behaves."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.SETTINGS_MANAGE)
    form, answer = settings_form(request, actor, BehaviourForm, "settings_behaviour")
    if answer is not None:
        return answer
    return render(request, "inbox/settings/behaviour.html", {"form": form}, status=NOT_VALID if form.is_bound else 200)


@require_http_methods(READ_OR_POST)
def settings_category_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Add a category."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.SETTINGS_MANAGE)
    form = CategoryForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        row = add_closing_category(actor=actor, at=timezone.now(), **form.typed)
        return _("The category “%(name)s” is added.") % {"name": row.name}

    page = FormPage(title=_("Add category"), act_text=_("Add category"), back_url=url_of(actor, "settings_closing"))
    return answer_form(request, form, act, page)


@require_http_methods(READ_OR_POST)
def settings_category_edit(request: HttpRequest, workspace_id: int, category_id: int) -> HttpResponse:
    """Change a category."""
    del workspace_id
    actor = actor_of(request)
    row = _category(actor, category_id)
    values: dict[str, object] = {"name": row.name, "description": row.description}
    form = CategoryForm(
        request.POST if request.method == "POST" else None, initial={**values, "seen": fingerprint(values)}
    )

    def act() -> str:
        change_closing_category(
            actor=actor, category_id=row.pk, seen=form.cleaned_data["seen"], at=timezone.now(), **form.typed
        )
        return _("The category is saved.")

    page = FormPage(title=_("Edit category"), act_text=_("Save"), back_url=url_of(actor, "settings_closing"))
    return answer_form(request, form, act, page)


@require_http_methods(READ_OR_POST)
def settings_category_delete(request: HttpRequest, workspace_id: int, category_id: int) -> HttpResponse:
    """Ask before a category is deleted, and delete it."""
    del workspace_id
    actor = actor_of(request)
    row = _category(actor, category_id)

    def act() -> str:
        delete_closing_category(actor=actor, category_id=row.pk, at=timezone.now())
        return _("The category “%(name)s” is deleted.") % {"name": row.name}

    question = Question(
        title=_("Delete the category “%(name)s”?") % {"name": row.name},
        text=_("Conversations that were closed with it keep its name."),
        act_text=_("Delete category"),
        keep_text=_("Keep the category"),
        back_url=url_of(actor, "settings_closing"),
    )
    return answer_question(request, act, question)


@require_POST
def settings_category_move(request: HttpRequest, workspace_id: int, category_id: int) -> HttpResponse:
    """Put a category at another place of the list."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.SETTINGS_MANAGE)
    move_closing_category(actor=actor, category_id=category_id, to_position=place_of(request), at=timezone.now())
    back = url_of(actor, "settings_closing")
    return moved(request, back, "inbox/settings/categories_card.html", _categories(actor))


def settings_form(
    request: HttpRequest, actor: Actor, kind: type[SeenForm], page: str
) -> tuple[SeenForm, HttpResponse | None]:
    """Return the form over the inbox's settings, and the answer once it was saved."""
    row = settings_of(actor.workspace_id)
    values = {name: getattr(row, name) for name in kind.base_fields if name != "seen"}
    form = kind(request.POST if request.method == "POST" else None, initial={**values, "seen": fingerprint(values)})
    form.use_required_attribute = False
    if form.is_bound and form.is_valid():
        try:
            change_inbox_settings(actor=actor, values=form.typed, seen=form.cleaned_data["seen"], at=timezone.now())
        except DomainError as refusal:
            put_refusal(form, refusal)
        else:
            return form, done(request, url_of(actor, page), _("The settings are saved."))
    return form, None


def _categories(actor: Actor) -> dict[str, Any]:
    rows = closing_categories(actor)
    return {
        "categories": [{"row": row, "up": place - 1, "down": place + 1} for place, row in enumerate(rows)],
    }


def _category(actor: Actor, category_id: int) -> ClosingCategory:
    actor.require(Permission.SETTINGS_MANAGE)
    for row in closing_categories(actor):
        if row.pk == category_id:
            return row
    raise CategoryNotFound(category_id=category_id)
