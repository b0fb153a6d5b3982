"""Step 2: which column is which field."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contacts.queries import tags
from imports import queries
from imports.actions import ColumnChoice, NewField, back_to_mapping, change_reading, save_mapping
from imports.errors import ImportNotFound, MappingNotValid, TagsNotValid, WrongState
from imports.mapping import STANDARD_FIELDS
from imports.models import UPDATING_PURPOSES, WAITING_STATES, ContactImport, State
from imports.web.forms import ReadingForm
from imports.web.presenting import page_of, step_url, time_left, url
from imports.web.views.elsewhere import moved_on
from imports.web.words import NEW_FIELD_KINDS
from workspaces.actors import Actor
from workspaces.errors import DomainError, Kind
from workspaces.scope import workspace_scope
from workspaces.web.answers import NOT_VALID
from workspaces.web.scoping import actor_of, opens_its_own_scopes

NEW = "+new"  # no slug begins so
MOST_TAGS_OFFERED = 500
STANDARD_KEYS = frozenset(field.key for field in STANDARD_FIELDS)


@dataclass(slots=True)
class Column:
    """A column of the file as the form shows it: what was found, what was chosen, what is wrong."""

    place: int
    name: str
    examples: list[str]
    suggested: str
    choice: str
    keep: bool
    new_name: str = ""
    new_kind: str = "text"
    error: str = ""

    @property
    def as_choice(self) -> ColumnChoice:
        """What the action is told."""
        if self.choice == NEW:
            made = NewField(name=self.new_name, kind=self.new_kind)
            return ColumnChoice(column=self.name, do_not_overwrite=self.keep, new_field=made)
        return ColumnChoice(column=self.name, field=self.choice or None, do_not_overwrite=self.keep)


@require_http_methods(["GET", "HEAD", "POST"])
def import_map(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponse:
    """Show the columns and the fields that they become; on POST have the rows checked."""
    actor = actor_of(request)
    row = queries.import_for_page(actor, import_id)
    if row.state not in WAITING_STATES:
        return HttpResponseRedirect(step_url(row))
    if not row.rows:
        return render(request, "imports/arriving.html", page_of(row, at_step="import_map"))
    if request.method != "POST":
        columns = _columns_kept(actor, row, like=request.GET.get("like", ""))
        return _page(request, actor, row, columns)
    columns = _columns_sent(row, request.POST)
    chosen_tags = [name for name in request.POST.getlist("tags") if name.strip()]
    unnamed = [column for column in columns if column.choice == NEW and not column.new_name]
    for column in unnamed:
        column.error = _("Give the new field a name.")
    if unnamed:
        return _page(request, actor, row, columns, chosen_tags=chosen_tags)
    try:
        row = save_mapping(
            actor=actor,
            import_id=row.pk,
            columns=[column.as_choice for column in columns],
            tags=chosen_tags,
            at=timezone.now(),
        )
    except (MappingNotValid, TagsNotValid) as refusal:
        about = next((column for column in columns if column.name == refusal.field), None)
        if about is not None:
            about.error = refusal.message
        words = "" if about else refusal.message
        return _page(request, actor, row, columns, chosen_tags=chosen_tags, error=words)
    except WrongState as refusal:
        return moved_on(request, row, refusal)
    return HttpResponseRedirect(step_url(row))


@opens_its_own_scopes
@require_POST
def import_read(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponse:
    """Read the file again in another encoding, or with another delimiter; the columns are proposed anew."""
    actor = actor_of(request)
    form = ReadingForm(request.POST)
    with workspace_scope(workspace_id):
        row = queries.import_for_page(actor, import_id)
        if row.state == State.REVIEW:
            row = back_to_mapping(actor=actor, import_id=import_id, at=timezone.now())
    if row.state != State.MAPPING:
        return HttpResponseRedirect(step_url(row))
    if form.is_valid():
        try:
            change_reading(
                actor=actor,
                import_id=import_id,
                encoding=form.chosen_encoding,
                delimiter=form.chosen_delimiter,
                clock=timezone.now,
            )
        except DomainError as refusal:
            if refusal.kind not in {Kind.INVALID, Kind.TOO_LARGE}:
                raise
            form.add_error(None, refusal.message)
        else:
            return HttpResponseRedirect(url(row, "import_map"))
    with workspace_scope(workspace_id):
        return _page(request, actor, row, _columns_kept(actor, row), reading=form)


@require_POST
def import_back(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponse:
    """Leave the check or the review and change the mapping, which is kept."""
    actor = actor_of(request)
    try:
        row = back_to_mapping(actor=actor, import_id=import_id, at=timezone.now())
    except WrongState as refusal:
        return moved_on(request, queries.import_for_page(actor, import_id), refusal)
    return HttpResponseRedirect(step_url(row))


def _page(
    request: HttpRequest,
    actor: Actor,
    row: ContactImport,
    columns: list[Column],
    *,
    chosen_tags: list[str] | None = None,
    reading: ReadingForm | None = None,
    error: str = "",
) -> HttpResponse:
    fields = queries.mappable_fields(actor, identifier=row.identifier)
    known_tags = tags(actor).values_list("name", flat=True)[:MOST_TAGS_OFFERED]
    chosen = row.tags if chosen_tags is None else chosen_tags
    wrong = [column for column in columns if column.error]
    context: dict[str, Any] = {
        **page_of(row, at_step="import_map"),
        "columns": columns,
        "standard": [field for field in fields if field.key in STANDARD_KEYS],
        "custom": [field for field in fields if field.key not in STANDARD_KEYS],
        "kinds": NEW_FIELD_KINDS,
        "new": NEW,
        "may_keep": row.purpose in UPDATING_PURPOSES,
        "reading": reading or ReadingForm(initial=ReadingForm.values_of(row)),
        "first_rows": _first_rows(row),
        "tag_names": list(dict.fromkeys([*chosen, *known_tags])),
        "chosen_tags": chosen,
        "left": time_left(row, at=timezone.now()),
        "error": error,
        "wrong": wrong,
        "recognised": sum(1 for column in columns if column.suggested),
    }
    status = NOT_VALID if error or wrong or (reading and reading.errors) else 200
    return render(request, "imports/map.html", context, status=status)


def _columns_kept(actor: Actor, row: ContactImport, *, like: str = "") -> list[Column]:
    """Return the columns as they are mapped now, or as columns of the same name were in the import before."""
    before = _mapping_before(actor, like) if like and row.state == State.MAPPING else {}
    known = {field.key for field in queries.mappable_fields(actor, identifier=row.identifier)} if before else set()
    columns = []
    for place, column in enumerate(row.columns):
        field, keep = before.get(column["name"], (column["field"] or "", column["do_not_overwrite"]))
        columns.append(
            Column(
                place=place,
                name=column["name"],
                examples=column["examples"],
                suggested=column["suggested_field"] or "",
                choice=field if not before or field in known else "",
                keep=keep,
                new_name=column["name"][:50],
            )
        )
    return columns


def _mapping_before(actor: Actor, like: str) -> dict[str, tuple[str, bool]]:
    try:
        before = queries.import_for_page(actor, int(like) if like.isascii() and like.isdecimal() else 0)
    except ImportNotFound:
        return {}
    return {column["name"]: (column["field"] or "", column["do_not_overwrite"]) for column in before.columns}


def _columns_sent(row: ContactImport, sent: QueryDict) -> list[Column]:
    return [
        Column(
            place=place,
            name=column["name"],
            examples=column["examples"],
            suggested=column["suggested_field"] or "",
            choice=sent.get(f"field-{place}", ""),
            keep=f"keep-{place}" in sent,
            new_name=sent.get(f"new-name-{place}", "").strip(),
            new_kind=sent.get(f"new-kind-{place}", "text"),
        )
        for place, column in enumerate(row.columns)
    ]


def _first_rows(row: ContactImport) -> list[list[str]]:
    examples: list[list[str]] = [column["examples"] for column in row.columns]
    most = max(map(len, examples), default=0)
    return [[cells[line] if line < len(cells) else "" for cells in examples] for line in range(most)]
