"""Step 1: the file, and what is meant by it. Outside any scope, because the file goes into the store."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contacts.queries import tags
from imports import queries
from imports.actions import cancel_import, start_import
from imports.csv_files import LARGEST_FILE_BYTES, CsvRefused, inspect
from imports.errors import AlreadyRunning, refusal_of
from imports.models import WAITING_STATES, ContactImport, IdentifierField, Matching, Purpose
from imports.web.forms import ReadingForm, UploadForm, cards
from imports.web.presenting import step_url, steps, url
from imports.web.words import IDENTIFIERS, MATCHINGS, PURPOSES, STATES
from workspaces.actors import Actor
from workspaces.errors import DomainError, Kind
from workspaces.permissions import Permission
from workspaces.scope import workspace_scope
from workspaces.web.answers import NOT_VALID
from workspaces.web.scoping import actor_of, opens_its_own_scopes

MOST_TAGS_OFFERED = 500
CONFLICT = 409


@opens_its_own_scopes
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Ask for a file and take it in. `instead_of` is a waiting import whose place the new file takes."""
    actor = actor_of(request)
    actor.require(Permission.IMPORT_RUN)
    with workspace_scope(workspace_id):
        active = queries.active_import(actor)
        replaced = _replaced(active, request.GET.get("instead_of", ""))
        if active is not None and replaced is None:
            return _under_way(request, active)
        names = [*tags(actor).values_list("name", flat=True)[:MOST_TAGS_OFFERED]]
        initial = _initial(actor, replaced)
    form = UploadForm(request.POST or None, request.FILES or None, tag_names=names, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = _take_in(actor, form, replaced)
        except AlreadyRunning:
            with workspace_scope(workspace_id):
                active = queries.active_import(actor)
                if active is not None:
                    return _under_way(request, active)
            raise
        except DomainError as refusal:
            if refusal.kind not in {Kind.INVALID, Kind.TOO_LARGE}:
                raise
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            carried = f"?like={replaced.pk}" if replaced else ""
            return HttpResponseRedirect(url(row, "import_map") + carried)
    return _form_page(request, form, replaced)


def _take_in(actor: Actor, form: UploadForm, replaced: ContactImport | None) -> ContactImport:
    if replaced is not None:
        # A file that cannot be read must not cost the import that waits, so it is read before that one ends.
        try:
            inspect(form.content, encoding=form.chosen_encoding, delimiter=form.chosen_delimiter)
        except CsvRefused as refused:
            raise refusal_of(refused) from None
        form.content.seek(0)
        with workspace_scope(actor.workspace_id):
            cancel_import(actor=actor, import_id=replaced.pk, at=timezone.now())
    return start_import(
        actor=actor,
        file=form.content,
        file_name=form.file_name,
        request=form.request(),
        clock=timezone.now,
    )


def _form_page(request: HttpRequest, form: UploadForm, replaced: ContactImport | None) -> HttpResponse:
    reading = any(form[name].errors or form[name].value() for name in ReadingForm.base_fields)
    context = {
        "form": form,
        "replaced": replaced,
        "steps": steps(None, at_step="import_new"),
        "purposes": cards(PURPOSES, form.chosen("purpose")),
        "identifiers": cards(IDENTIFIERS, form.chosen("identifier")),
        "matchings": cards(MATCHINGS, form.chosen("matching")),
        "tag_names": form.tag_names,
        "chosen_tags": form["tags"].value() or [],
        "max_bytes": LARGEST_FILE_BYTES,
        "shows_reading": reading or bool(form["file"].errors and form.files),
    }
    return render(request, "imports/new.html", context, status=NOT_VALID if form.is_bound else 200)


def _under_way(request: HttpRequest, active: ContactImport) -> HttpResponse:
    context = {
        "row": active,
        "who": queries.who_asked(active),
        "look": STATES[active.state],
        "url": step_url(active),
        "steps": steps(None, at_step="import_new"),
        "was_sent": request.method == "POST",
        "list_url": reverse("imports", args=[active.workspace_id]),
    }
    status = CONFLICT if request.method == "POST" else 200
    return render(request, "imports/under_way.html", context, status=status)


def _replaced(active: ContactImport | None, text: str) -> ContactImport | None:
    """Return the import that waits for a person, if it is the one that was meant."""
    if active is not None and active.state in WAITING_STATES and active.rows and text == str(active.pk):
        return active
    return None


def _initial(actor: Actor, replaced: ContactImport | None) -> dict[str, object]:
    if replaced is None:
        return {
            "purpose": Purpose.ADD_AND_UPDATE.value,
            "identifier": IdentifierField.PHONE.value,
            "matching": Matching.NORMALIZED.value,
            "tags": [queries.proposed_tag(actor, at=timezone.now())],
        }
    return {
        "purpose": replaced.purpose,
        "identifier": replaced.identifier,
        "matching": replaced.matching,
        "tags": list(replaced.tags),
    }
