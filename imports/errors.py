from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from imports.csv_files import CsvRefused
from imports.row_errors import file_error_text
from workspaces.errors import DomainError, Kind


class ImportNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "imports.import_not_found"
    text = _("No import %(import_id)s in this workspace.")


class AlreadyRunning(DomainError):
    """One import at a time; the facts say which runs, who started it (`who`) and when (`since`)."""

    kind = Kind.CONFLICT
    code = "imports.already_running"
    text = _(
        "Another import is under way: %(who)s started it at %(since)s and it is in the state “%(state)s”. Wait for it, or cancel it."
    )
    running_id: int | None = None
    started_at: datetime | None = None


class WrongState(DomainError):
    kind = Kind.CONFLICT
    code = "imports.wrong_state"
    text = _("This import is in the state “%(state)s”, which does not allow that.")


class PurposeNotValid(DomainError):
    kind = Kind.INVALID
    code = "imports.purpose_not_valid"
    text = _("Choose one of add_new, update_existing, add_and_update or add_all.")


class IdentifierNotAllowed(DomainError):
    """The identifier does not fit the purpose; `sentence` says what does."""

    kind = Kind.INVALID
    code = "imports.identifier_not_allowed"
    text = "%(sentence)s"


class MatchingNotValid(DomainError):
    kind = Kind.INVALID
    code = "imports.matching_not_valid"
    text = _("Choose exact or normalized.")


class TagsNotValid(DomainError):
    kind = Kind.INVALID
    code = "imports.tags_not_valid"
    text = "%(sentence)s"


class MappingNotValid(DomainError):
    """The mapping breaks a rule; `field` is the column, where it is about one."""

    kind = Kind.INVALID
    code = "imports.mapping_not_valid"
    text = "%(sentence)s"


class FileNotReady(DomainError):
    kind = Kind.NOT_FOUND
    code = "imports.file_not_ready"
    text = _("This import has no such file, or not yet.")


class ResultExpired(DomainError):
    kind = Kind.GONE
    code = "imports.result_expired"
    text = _("This file was kept for 7 days after the import and is gone.")


class NothingToUndo(DomainError):
    kind = Kind.CONFLICT
    code = "imports.nothing_to_undo"
    text = _("This import wrote no contact, so there is nothing to undo.")


class UndoExpired(DomainError):
    kind = Kind.GONE
    code = "imports.undo_expired"
    text = _("An import can be undone for 7 days after its end, and they are over.")


class UploadMissing(DomainError):
    kind = Kind.INVALID
    code = "imports.upload_missing"
    text = _("Send the CSV file as “file” in a multipart form.")


class StorageFailed(DomainError):
    kind = Kind.UNAVAILABLE
    code = "imports.storage_failed"
    text = _("The file could not be kept: the disk is full, or the file store does not answer. Try again later.")


class FileRefused(DomainError):
    """The file as a whole cannot be imported; made from what the reader of CSV files said."""

    kind = Kind.INVALID
    code = "imports.not_csv"
    text = "%(sentence)s"


class NotCsv(FileRefused):
    code = "imports.not_csv"


class NoRows(FileRefused):
    code = "imports.no_rows"


class TooManyRows(FileRefused):
    code = "imports.too_many_rows"


class Undecodable(FileRefused):
    code = "imports.undecodable"


class NoDelimiter(FileRefused):
    code = "imports.no_delimiter"


class BadHeader(FileRefused):
    code = "imports.bad_header"


class FileTooLarge(FileRefused):
    kind = Kind.TOO_LARGE
    code = "imports.file_too_large"


_REFUSALS: dict[str, type[FileRefused]] = {
    refusal.code.removeprefix("imports."): refusal
    for refusal in (NotCsv, NoRows, TooManyRows, Undecodable, NoDelimiter, BadHeader, FileTooLarge)
}


def refusal_of(refused: CsvRefused) -> FileRefused:
    """Return the refusal that pages and API show for a file that cannot be read."""
    return _REFUSALS[refused.code](field="file", sentence=file_error_text(refused))


# What the `error_code` of a failed import means.
FAILURE_TEXTS: dict[str, Promise] = {
    "imports.attempts_spent": _("The import was tried three times and did not come to its end. Start it again."),
    "imports.requester_not_allowed": _("Whoever asked for this import may no longer import contacts."),
    "imports.file_lost": _("The uploaded file is gone. Upload it again."),
    "imports.file_changed": _("The stored file is not the one that was uploaded. Upload it again."),
    "imports.session_expired": _("The session expired: nobody went on within an hour. Upload the file again."),
    "imports.unexpected": _("Something went wrong on our side. Start the import again."),
    "imports.storage_failed": _(
        "A file could not be kept: the disk is full, or the file store does not answer. Contacts that were written stay."
    ),
}

# What the `undo_error_code` of an import means: taking it back came to a halt.
UNDO_FAILURE_TEXTS: dict[str, Promise] = {
    "imports.attempts_spent": _("Undoing was tried three times and did not come to its end. Undo the import again."),
    "imports.requester_not_allowed": _("Whoever asked to undo this import may no longer do so."),
    "imports.unexpected": _("Something went wrong on our side. Undo the import again."),
}
