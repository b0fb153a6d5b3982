from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workspaces.errors import DomainError, Kind


class ExportNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "exports.export_not_found"
    text = _("No export %(export_id)s in this workspace.")


class AlreadyRunning(DomainError):
    """One export at a time; the facts say which data set is read, who asked (`who`) and when (`since`)."""

    kind = Kind.CONFLICT
    code = "exports.already_running"
    text = _("Another export is under way: %(who)s asked for “%(title)s” at %(since)s. Wait for it, or cancel it.")
    running_id: int | None = None


class Pausing(DomainError):
    """After an export that took too long the workspace waits."""

    kind = Kind.CONFLICT
    code = "exports.pausing"
    text = _("An export took longer than 15 minutes and was discarded. The next one can be asked for at %(when)s.")
    not_before: datetime | None = None


class PlanWithoutExport(DomainError):
    kind = Kind.FORBIDDEN
    code = "exports.plan"
    text = _(
        "The plan of this organisation does not include data exports. Whoever runs this installation can switch them on."
    )


class WrongState(DomainError):
    kind = Kind.CONFLICT
    code = "exports.wrong_state"
    text = _("This export is in the state “%(state)s”, which does not allow that.")


class RequestNotValid(DomainError):
    """A choice breaks a rule; `field` names it and the sentence says what is right."""

    kind = Kind.INVALID
    code = "exports.request_not_valid"
    text = "%(sentence)s"


class FileNotReady(DomainError):
    kind = Kind.NOT_FOUND
    code = "exports.file_not_ready"
    text = _("This export has no file, or not yet.")


class FileExpired(DomainError):
    kind = Kind.GONE
    code = "exports.file_expired"
    text = _("This file was kept for 7 days from the request and is gone. Ask for it again.")


# What the `error_code` of an export means.
FAILURE_TEXTS: dict[str, Promise] = {
    "exports.attempts_spent": _("The export was tried three times and did not come to its end. Ask for it again."),
    "exports.requester_not_allowed": _("Whoever asked for this export may no longer export data."),
    "exports.plan": _("The plan of this organisation does not include data exports."),
    "exports.too_long": _("It took longer than 15 minutes. Choose a shorter range, or fewer channels."),
    "exports.too_many_rows_for_excel": _("An Excel sheet holds 1,048,575 rows, and this file has more. Choose CSV."),
    "exports.text_too_long_for_excel": _(
        "An Excel cell holds 32,767 characters, and a text here has more. Choose CSV."
    ),
    "exports.selection_gone": _("What was chosen on the contacts page cannot be read any more. Choose again."),
    "exports.storage_failed": _("The file could not be kept: the disk is full, or the file store does not answer."),
    "exports.unexpected": _("Something went wrong on our side. Ask for the export again."),
}
