from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.actions.tagging import TAG_NAME_LENGTH
from imports import files
from imports.access import import_for_update
from imports.csv_files import CsvRefused, Inspection, inspect
from imports.errors import (
    AlreadyRunning,
    FileNotReady,
    IdentifierNotAllowed,
    MatchingNotValid,
    PurposeNotValid,
    StorageFailed,
    TagsNotValid,
    refusal_of,
)
from imports.events import ImportStarted
from imports.mapping import suggest
from imports.models import ContactImport, IdentifierField, Matching, Purpose, State
from imports.queries import active_import, mappable_fields, who_asked
from workspaces.actors import Actor, ActorKind
from workspaces.events import record
from workspaces.jobs import Clock, assert_no_open_transaction
from workspaces.permissions import Permission
from workspaces.scope import workspace_scope

SESSION = timedelta(hours=1)
MOST_TAGS = 20
EXAMPLE_LENGTH = 200
RETRY_AFTER = 60  # seconds, when the store is full or silent
DEFAULT_MATCHING = Matching.NORMALIZED


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What the person chose at upload; encoding and delimiter are detected unless they are given."""

    purpose: str
    identifier: str = ""
    matching: str = DEFAULT_MATCHING.value
    tags: Sequence[str] = ()
    encoding: str | None = None
    delimiter: str | None = None


def start_import(
    *, actor: Actor, file: BinaryIO, file_name: str, request: ImportRequest, clock: Clock
) -> ContactImport:
    """Take a file in: the workspace's place first, then the file, then what stands in it. A refusal leaves nothing.

    Opens its own scopes. Raises AlreadyRunning, FileRefused or what the request breaks.
    """
    assert_no_open_transaction()
    with workspace_scope(actor.workspace_id):
        row = _take_place(actor, file_name, request, at=clock())
    try:
        inspection = _inspected(file, encoding=request.encoding, delimiter=request.delimiter)
        _keep(row.file_key, file)
    except BaseException:
        files.forget(row.file_key)
        with workspace_scope(actor.workspace_id):
            ContactImport.objects.in_workspace(actor.workspace_id).filter(pk=row.pk, rows=0).delete()
        raise
    with workspace_scope(actor.workspace_id):
        row = import_for_update(actor, row.pk, states=(State.MAPPING,))
        at = clock()
        _show_reading(actor, row, inspection, at=at)
        record(ImportStarted(subject_id=row.pk, purpose=row.purpose, rows=row.rows), actor=actor, at=at)
    return row


def change_reading(
    *, actor: Actor, import_id: int, encoding: str | None, delimiter: str | None, clock: Clock
) -> ContactImport:
    """Read the stored file again with another encoding or delimiter; None detects. The mapping is proposed anew.

    Opens its own scopes.
    """
    assert_no_open_transaction()
    with workspace_scope(actor.workspace_id):
        row = import_for_update(actor, import_id, states=(State.MAPPING,))
    try:
        with files.open_stored(row.file_key) as file:
            inspection = _inspected(file, encoding=encoding or None, delimiter=delimiter or None)
    except FileNotFoundError:
        raise FileNotReady from None
    with workspace_scope(actor.workspace_id):
        row = import_for_update(actor, import_id, states=(State.MAPPING,))
        _show_reading(actor, row, inspection, at=clock())
    return row


def checked_tags(tags: Sequence[str]) -> list[str]:
    """Return the tags of an import, trimmed and once each; raise TagsNotValid."""
    names = [" ".join(tag.split()) for tag in tags]
    kept = list({name.lower(): name for name in reversed(names) if name}.values())[::-1]
    if len(kept) > MOST_TAGS:
        raise TagsNotValid(field="tags", sentence=_("An import adds at most %(most)s tags.") % {"most": MOST_TAGS})
    for name in kept:
        if len(name) > TAG_NAME_LENGTH or "\0" in name:
            sentence = _("A tag's name has 1 to %(most)s characters.") % {"most": TAG_NAME_LENGTH}
            raise TagsNotValid(field="tags", sentence=sentence)
    return kept


def _take_place(actor: Actor, file_name: str, request: ImportRequest, *, at: datetime) -> ContactImport:
    """Insert the row that holds the workspace's one place; the constraint decides between two at the same moment."""
    actor.require(Permission.IMPORT_RUN)
    _check_request(request)
    try:
        with transaction.atomic():
            return ContactImport.objects.create(
                workspace_id=actor.workspace_id,
                state=State.MAPPING,
                purpose=request.purpose,
                identifier=request.identifier,
                matching=request.matching,
                tags=checked_tags(request.tags),
                file_name=_plain_name(file_name),
                file_key=files.new_upload_key(actor.workspace_id),
                requested_by_id=actor.user_id,
                requested_token_id=actor.id if actor.kind is ActorKind.TOKEN else None,
                language=(get_language() or "en")[:8],
                requested_at=at,
                stage_started_at=at,
                review_expires_at=at + SESSION,
            )
    except IntegrityError:
        raise already_running(actor) from None


def already_running(actor: Actor) -> AlreadyRunning:
    """Return the refusal that says which import holds the workspace's place, whose it is and since when."""
    running = active_import(actor)
    if running is None:  # it ended in this very moment
        return AlreadyRunning(who=_("somebody"), since="", state="")
    since = formats.date_format(timezone.localtime(running.requested_at), "DATETIME_FORMAT")
    refusal = AlreadyRunning(who=who_asked(running) or _("somebody"), since=since, state=running.state)
    refusal.running_id = running.pk
    refusal.started_at = running.requested_at
    return refusal


def _check_request(request: ImportRequest) -> None:
    if request.purpose not in Purpose.values:
        raise PurposeNotValid(field="purpose")
    if request.matching not in Matching.values:
        raise MatchingNotValid(field="matching")
    if request.purpose == Purpose.ADD_ALL:
        if request.identifier:
            sentence = _("Every row is added as a new contact, so there is no identifier. Leave it out.")
            raise IdentifierNotAllowed(field="identifier", sentence=sentence)
        return
    if request.identifier not in IdentifierField.values or not request.identifier:
        raise IdentifierNotAllowed(field="identifier", sentence=_("Choose phone, email or contact_id."))
    if request.identifier == IdentifierField.CONTACT_ID and request.purpose != Purpose.UPDATE_EXISTING:
        sentence = _("A new contact has no ID yet. Choose phone or email, or update existing contacts only.")
        raise IdentifierNotAllowed(field="identifier", sentence=sentence)


def _keep(key: str, file: BinaryIO) -> None:
    try:
        files.keep(key, file)
    except OSError as error:
        raise StorageFailed(retry_after=RETRY_AFTER) from error


def _inspected(file: BinaryIO, *, encoding: str | None, delimiter: str | None) -> Inspection:
    try:
        return inspect(file, encoding=encoding, delimiter=delimiter)
    except CsvRefused as refused:
        raise refusal_of(refused) from None


def _show_reading(actor: Actor, row: ContactImport, inspection: Inspection, *, at: datetime) -> None:
    """Write down what the file is and which column is probably which field."""
    fields = mappable_fields(actor, identifier=row.identifier)
    suggested = suggest(inspection.header, fields)
    if "first_name" in suggested or "last_name" in suggested:  # a full name beside them would say the same twice
        suggested = [None if key == "full_name" else key for key in suggested]
    row.encoding = inspection.encoding
    row.delimiter = inspection.delimiter
    row.has_byte_order_mark = inspection.has_bom
    row.rows = inspection.rows
    row.size_bytes = inspection.size_bytes
    row.review_expires_at = at + SESSION
    row.columns = [
        {
            "name": name,
            "field": key,
            "suggested_field": key,
            "automatic": key is not None,
            "do_not_overwrite": False,
            "examples": [_shown(cells[place]) for cells in inspection.examples if place < len(cells)],
        }
        for place, (name, key) in enumerate(zip(inspection.header, suggested, strict=True))
    ]
    row.save(
        update_fields=[
            "encoding", "delimiter", "has_byte_order_mark", "rows", "size_bytes", "review_expires_at", "columns",
        ]
    )  # fmt: skip


def _shown(cell: str) -> str:
    """Shorten an example, and replace what JSON in PostgreSQL cannot hold."""
    return cell[:EXAMPLE_LENGTH].encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _plain_name(file_name: str) -> str:
    """Return the last part of what the browser said, without control characters."""
    name = file_name.replace("\\", "/").rpartition("/")[2].encode("utf-8", "replace").decode()
    return "".join(character for character in name if character.isprintable())[-255:] or "contacts.csv"
