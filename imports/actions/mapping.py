from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from contacts.actions import add_contact_field
from contacts.values import FieldType
from imports.access import import_for_update, refuse_expired
from imports.actions.starting import SESSION, checked_tags
from imports.errors import FileNotReady, MappingNotValid
from imports.models import ADDING_PURPOSES, UPDATING_PURPOSES, ContactImport, IdentifierField, State
from imports.queries import mappable_fields
from workspaces import jobs
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.jobs import Job


@dataclass(frozen=True, slots=True)
class NewField:
    """A custom field to create while mapping; kind: one of contacts.values.FieldType but list, which needs values."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What a column of the file becomes; with neither field nor new field it is left out."""

    column: str
    field: str | None = None
    do_not_overwrite: bool = False
    new_field: NewField | None = None


@transaction.atomic
def save_mapping(
    *,
    actor: Actor,
    import_id: int,
    columns: Sequence[ColumnChoice],
    tags: Sequence[str] | None = None,
    at: datetime,
) -> ContactImport:
    """Map columns to fields and have the rows checked; columns that are not named are left out.

    tags: the import's tags, where they are to change.
    """
    row = import_for_update(actor, import_id, states=(State.MAPPING, State.REVIEW))
    refuse_expired(row, at=at)
    if not row.rows:  # the file is still on its way into the store
        raise FileNotReady
    choices = _by_column(row, columns)
    made = {name: _made_field(actor, choice, at=at) for name, choice in choices.items()}
    known = {field.key for field in mappable_fields(actor, identifier=row.identifier)}
    mapped: dict[str, str] = {}
    for name, key in made.items():
        if key is None:
            continue
        if key not in known:
            raise _refused(_("There is no field “%(field)s”.") % {"field": key[:60]}, column=name)
        if key in mapped:
            raise _refused(_("“%(field)s” is mapped twice. A field takes one column.") % {"field": key}, column=name)
        mapped[key] = name
    _check_rules(row, mapped)
    may_keep = row.purpose in UPDATING_PURPOSES
    row.columns = [
        {
            **column,
            "field": made.get(column["name"]),
            "automatic": column["suggested_field"] is not None
            and made.get(column["name"]) == column["suggested_field"],
            "do_not_overwrite": may_keep and column["name"] in choices and choices[column["name"]].do_not_overwrite,
        }
        for column in row.columns
    ]
    if tags is not None:
        row.tags = checked_tags(tags)
    _begin(row, at=at)
    jobs.wake(Job.VALIDATE_IMPORT, workspace_id=actor.workspace_id, import_id=row.pk)
    return row


@transaction.atomic
def back_to_mapping(*, actor: Actor, import_id: int, at: datetime) -> ContactImport:
    """Leave the check or the review and change the mapping, which is kept."""
    row = import_for_update(actor, import_id, states=(State.VALIDATING, State.REVIEW, State.MAPPING))
    refuse_expired(row, at=at)
    row.state = State.MAPPING
    row.lease_token = row.lease_until = None
    row.stage_started_at = at
    row.review_expires_at = at + SESSION
    row.save(update_fields=["state", "lease_token", "lease_until", "stage_started_at", "review_expires_at"])
    return row


def _begin(row: ContactImport, *, at: datetime) -> None:
    row.state = State.VALIDATING
    row.attempt = 0
    row.error_code = ""
    row.progress_done, row.progress_total, row.progress_at = 0, row.rows, at
    row.stage_started_at = at
    row.review_ready_at = row.review_expires_at = None
    row.save(
        update_fields=[
            "columns", "tags", "state", "attempt", "error_code", "progress_done", "progress_total", "progress_at",
            "stage_started_at", "review_ready_at", "review_expires_at",
        ]
    )  # fmt: skip


def _by_column(row: ContactImport, columns: Sequence[ColumnChoice]) -> dict[str, ColumnChoice]:
    header = set(row.header)
    choices: dict[str, ColumnChoice] = {}
    for choice in columns:
        if choice.column not in header:
            raise _refused(
                _("The file has no column “%(column)s”.") % {"column": choice.column[:60]}, column=choice.column
            )
        if choice.column in choices:
            raise _refused(_("This column is named twice."), column=choice.column)
        choices[choice.column] = choice
    return choices


def _made_field(actor: Actor, choice: ColumnChoice, *, at: datetime) -> str | None:
    """Return the field of a column, created where the person asked for a new one."""
    if choice.new_field is None:
        return choice.field or None
    if choice.new_field.kind == FieldType.LIST:
        raise _refused(_("Create a list in the contact fields, where its values are written."), column=choice.column)
    try:
        made = add_contact_field(actor=actor, name=choice.new_field.name, kind=choice.new_field.kind, at=at)
    except DomainError as refusal:
        raise _refused(refusal.message, column=choice.column) from refusal
    return made.slug


def _check_rules(row: ContactImport, mapped: dict[str, str]) -> None:
    if not mapped:
        raise _refused(_("No column is mapped. Map at least one."))
    if row.purpose in ADDING_PURPOSES and not mapped.keys() & {"first_name", "full_name"}:
        raise _refused(_("New contacts need a name. Map a column to the first name or the full name."))
    if "full_name" in mapped and mapped.keys() & {"first_name", "last_name"}:
        sentence = _("Map either the full name, or first and last name: both would write the same fields.")
        raise _refused(sentence, column=mapped["full_name"])
    if row.identifier and row.identifier not in mapped:
        sentence = _("Contacts are found by %(identifier)s. Map the column that holds it.")
        raise _refused(sentence % {"identifier": IdentifierField(row.identifier).label})
    if row.identifier == IdentifierField.CONTACT_ID and len(mapped) == 1 and not row.tags:
        raise _refused(_("Besides the contact ID, map what is to change."))


def _refused(sentence: str, *, column: str | None = None) -> MappingNotValid:
    return MappingNotValid(field=column, sentence=sentence)
