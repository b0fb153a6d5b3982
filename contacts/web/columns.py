"""The columns of the contact list: what each shows, which are chosen, and which one sorts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from contacts.countries import country_name
from contacts.languages import language_name
from contacts.models import LifecycleStage
from contacts.queries.listing import ContactRow, Sort, TagChip
from contacts.web.presenting import shown_name, stage_badge
from contacts.web.specs import Spec, in_words, stored_text

CHOSEN_FIRST = ("phone", "email", "stage", "tags", "assignee", "added")
MOST_COLUMNS = 14
TAGS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, the two orders it offers, and whether it holds numbers."""

    key: str
    label: str
    up: Sort | None = None
    down: Sort | None = None
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, ready to draw: `kind` picks its look."""

    kind: str
    text: str = ""
    css: str = ""
    at: datetime | None = None
    badge: str = ""
    person_id: int | None = None
    tags: Sequence[TagChip] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    id: int
    name: str
    initials_of: str
    picture_url: str
    is_blocked: bool
    cells: list[Cell] = field(default_factory=list)


def all_columns(specs: Iterable[Spec]) -> list[Column]:
    """Return every column that can be shown beside the name, in their order."""
    return [
        Column("phone", _("Phone")),
        Column("email", _("E-mail"), Sort.EMAIL, Sort.EMAIL_DESC),
        Column("stage", _("Lifecycle")),
        Column("tags", _("Tags")),
        Column("assignee", _("Assignee")),
        Column("country", _("Country")),
        Column("language", _("Language")),
        *(Column(spec.key, spec.label, is_end=spec.kind == "number") for spec in specs),
        Column("last", _("Last message"), is_end=True),
        Column("added", pgettext("when a contact was added", "Added"), Sort.OLDEST, Sort.NEWEST, is_end=True),
    ]


def chosen_columns(request: HttpRequest, workspace_id: int, columns: Sequence[Column]) -> list[Column]:
    """Return the columns that this person chose for this workspace."""
    keys = request.session.get(_session_key(workspace_id), CHOSEN_FIRST)
    return [column for column in columns if column.key in keys]


def choose_columns(request: HttpRequest, workspace_id: int, keys: Sequence[str], columns: Sequence[Column]) -> None:
    """Remember the columns; what is no column is left out."""
    known = [column.key for column in columns if column.key in keys]
    request.session[_session_key(workspace_id)] = known[:MOST_COLUMNS]


def width_class(place: int) -> str:
    """Return from which width on a column is shown, by its place: narrow sheets keep the first ones."""
    if place == 0:
        return ""
    if place <= 2:
        return "not-narrow"
    return "on-medium" if place == 3 else "on-wide"


def lines_of(
    rows: Iterable[ContactRow], columns: Sequence[Column], *, specs: Sequence[Spec], stages: Sequence[LifecycleStage]
) -> list[Line]:
    """Return the rows of the table."""
    by_key = {spec.key: spec for spec in specs}
    by_id = {stage.pk: stage for stage in stages}
    return [
        Line(
            id=row.id,
            name=shown_name(row),
            initials_of=row.name,
            picture_url=row.picture_url,
            is_blocked=row.is_blocked,
            cells=[_cell(row, column, width_class(place), by_key, by_id) for place, column in enumerate(columns)],
        )
        for row in rows
    ]


def _cell(row: ContactRow, column: Column, css: str, specs: dict[str, Spec], stages: dict[int, LifecycleStage]) -> Cell:
    if column.key in specs:
        spec = specs[column.key]
        text = in_words(spec, stored_text(spec, row.custom.get(spec.slug)))
        return Cell("end" if column.is_end else "text", text, css)
    match column.key:
        case "phone":
            return Cell("number", row.phone, css)
        case "stage":
            return Cell("stage", row.stage, css, badge=stage_badge(stages.get(row.stage_id or 0)))
        case "tags":
            return Cell("tags", "", css, tags=row.tags[:TAGS_SHOWN], more=max(0, len(row.tags) - TAGS_SHOWN))
        case "assignee":
            return Cell("person", row.assignee, css, person_id=row.assignee_id)
        case "last":
            return Cell("ago", css=css, at=row.last_interaction_at)
        case "added":
            return Cell("ago", css=css, at=row.created_at)
    return Cell("text", _plain(row, column.key), css)


def _plain(row: ContactRow, key: str) -> str:
    language = get_language() or "en"
    if key == "country":
        return country_name(row.country, language=language) if row.country else ""
    if key == "language":
        return language_name(row.language, language=language) if row.language else ""
    return row.email


def _session_key(workspace_id: int) -> str:
    return f"contact_columns:{workspace_id}"
