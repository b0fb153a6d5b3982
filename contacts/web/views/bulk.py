"""Acts on many contacts: first the question with its number, then the act."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from contacts.actions import assign_contacts, delete_contacts, set_stage_of_contacts, tag_contacts, untag_contacts
from contacts.queries import stages, tags
from contacts.selection import Selection
from contacts.web.answers import NOT_VALID, dialog, put_refusal
from contacts.web.forms import ChoiceForm, DeleteForm, TagsForm
from contacts.web.list_state import ListState
from contacts.web.views.listing import list_state
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.permissions import Permission
from workspaces.queries import members
from workspaces.web import formats
from workspaces.web.answers import done
from workspaces.web.scoping import actor_of


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before an act: its words, and the form that answers it."""

    title: str
    act_text: str
    form: forms.Form
    is_danger: bool = False
    text: str = ""
    run: Callable[[], tuple[int, str]] = field(default=lambda: (0, ""))


@require_POST
def contacts_bulk(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Ask what exactly is to be done with the chosen contacts, and do it once `sure` comes along."""
    actor = actor_of(request)
    actor.require(Permission.CONTACT_BULK)
    state = list_state(request, actor)
    selection = _selection(request, state)
    number = selection.contacts(actor).count()
    is_sure = request.POST.get("sure") == "1"
    question = _question(request, actor, selection, number, is_sure=is_sure)
    back = _back(request, workspace_id)
    if is_sure and question.form.is_valid():
        try:
            _changed, text = question.run()
        except DomainError as refusal:
            put_refusal(question.form, refusal, names={"assignee_id": "value", "tags": "value", "name": "value"})
        else:
            return done(request, back, text)
    context: dict[str, Any] = {
        "question": question,
        "form": question.form,
        "number": number,
        "act": request.POST.get("act"),
        "hidden": _hidden(request, state, selection, back),
        "action": reverse("contacts_bulk", args=[workspace_id]),
        "page_title": question.title,
        "back_url": back,
        "back_text": _("Contacts"),
    }
    return dialog(request, "contacts/bulk_question.html", context, status=NOT_VALID if is_sure else 200)


def _selection(request: HttpRequest, state: ListState) -> Selection:
    is_all = request.POST.get("all_matching") == "1"
    return Selection.from_form(
        ids=request.POST.getlist("chosen"), is_all=is_all, search=state.search, filter=state.filter
    )


def _question(request: HttpRequest, actor: Actor, selection: Selection, number: int, *, is_sure: bool) -> Question:
    data, at = (request.POST if is_sure else None), timezone.now()
    match request.POST.get("act"):
        case "assign":
            return _assigning(actor, selection, number, data)
        case "tag":
            return _tagging(actor, selection, number, data)
        case "untag":
            return _untagging(actor, selection, number, data)
        case "stage":
            return _staging(actor, selection, number, data)
        case "delete":
            actor.require(Permission.CONTACT_DELETE)
            form = DeleteForm(data, number=number)
            words = ngettext("Delete %(count)s contact", "Delete %(count)s contacts", number)
            asked = ngettext("Delete %(count)s contact?", "Delete %(count)s contacts?", number)
            return Question(
                title=asked % _count(number),
                act_text=words % _count(number),
                form=form,
                is_danger=True,
                text=_("Names, phones, e-mails, tags and all other values go for good. Lines in the contact log stay."),
                run=lambda: _said(
                    delete_contacts(actor=actor, selection=selection, at=at),
                    lambda n: ngettext("%(count)s contact is deleted.", "%(count)s contacts are deleted.", n),
                ),
            )
    raise Http404


def _assigning(actor: Actor, selection: Selection, number: int, data: Any) -> Question:
    people = [(str(row.user_id), row.user.name) for row in members(actor)]
    form = ChoiceForm(data, label=_("Assignee"), choices=[("", _("Nobody")), *people])
    words = ngettext("Assign %(count)s contact", "Assign %(count)s contacts", number)

    def run() -> tuple[int, str]:
        user_id = int(form.cleaned_data["value"]) if form.cleaned_data["value"] else None
        changed = assign_contacts(actor=actor, selection=selection, user_id=user_id, at=timezone.now())
        name = dict(people).get(form.cleaned_data["value"], "")
        if not name:
            return _said(
                changed,
                lambda n: ngettext(
                    "%(count)s contact has no assignee now.", "%(count)s contacts have no assignee now.", n
                ),
            )
        return _said(
            changed,
            lambda n: ngettext(
                "%(count)s contact is assigned to %(name)s.", "%(count)s contacts are assigned to %(name)s.", n
            ),
            name=name,
        )

    return Question(title=words % _count(number), act_text=words % _count(number), form=form, run=run)


def _tagging(actor: Actor, selection: Selection, number: int, data: Any) -> Question:
    form = TagsForm(data, names=[tag.name for tag in tags(actor)], may_create=True)
    words = ngettext("Tag %(count)s contact", "Tag %(count)s contacts", number)

    def run() -> tuple[int, str]:
        names = form.cleaned_data["value"]
        return _said(
            tag_contacts(actor=actor, selection=selection, names=names, at=timezone.now()),
            lambda n: ngettext("%(count)s contact has a new tag.", "%(count)s contacts have new tags.", n),
        )

    return Question(title=words % _count(number), act_text=words % _count(number), form=form, run=run)


def _untagging(actor: Actor, selection: Selection, number: int, data: Any) -> Question:
    form = TagsForm(data, names=[tag.name for tag in tags(actor)], may_create=False)
    words = ngettext("Remove tags from %(count)s contact", "Remove tags from %(count)s contacts", number)

    def run() -> tuple[int, str]:
        names = form.cleaned_data["value"]
        return _said(
            untag_contacts(actor=actor, selection=selection, names=names, at=timezone.now()),
            lambda n: ngettext("%(count)s contact lost a tag.", "%(count)s contacts lost tags.", n),
        )

    return Question(title=words % _count(number), act_text=words % _count(number), form=form, run=run)


def _staging(actor: Actor, selection: Selection, number: int, data: Any) -> Question:
    choices = [("", _("None")), *((stage.name, stage.name) for stage in stages(actor))]
    form = ChoiceForm(data, label=_("Lifecycle"), choices=choices)
    words = ngettext("Set the lifecycle of %(count)s contact", "Set the lifecycle of %(count)s contacts", number)

    def run() -> tuple[int, str]:
        name = form.cleaned_data["value"] or None
        return _said(
            set_stage_of_contacts(actor=actor, selection=selection, name=name, at=timezone.now()),
            lambda n: ngettext(
                "%(count)s contact is in another stage now.", "%(count)s contacts are in another stage now.", n
            ),
        )

    return Question(title=words % _count(number), act_text=words % _count(number), form=form, run=run)


def _said(changed: int, words: Callable[[int], str], **names: str) -> tuple[int, str]:
    """Return how many changed, in words; acts leave alone what was as asked already."""
    if not changed:
        return 0, _("Nothing changed: all chosen contacts were like that already.")
    return changed, words(changed) % {**_count(changed), **names}


def _count(number: int) -> dict[str, str]:
    return {"count": formats.number(number)}


def _hidden(request: HttpRequest, state: ListState, selection: Selection, back: str) -> list[tuple[str, str]]:
    """Return what the question's form carries along: who is chosen, and where the list goes on."""
    if selection.is_all:
        chosen = [("all_matching", "1"), *state.narrowing()]
    else:
        chosen = [("chosen", str(contact_id)) for contact_id in selection.ids]
    return [*chosen, ("act", request.POST.get("act", "")), ("next", back), ("sure", "1")]


def _back(request: HttpRequest, workspace_id: int) -> str:
    back = request.POST.get("next", "")
    return (
        back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else reverse("contacts", args=[workspace_id])
    )
