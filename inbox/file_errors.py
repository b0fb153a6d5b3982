from django.utils.translation import gettext_lazy as _

from workspaces.errors import DomainError, Kind


class StoredFileNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "inbox.file_not_found"
    text = _("No such file here.")


class FileTooLarge(DomainError):
    kind = Kind.TOO_LARGE
    code = "inbox.file_too_large"
    text = _("The file is larger than %(megabytes)s MB. Send a smaller one, or a link to it.")


class FileIsEmpty(DomainError):
    kind = Kind.INVALID
    code = "inbox.file_is_empty"
    text = _("The file is empty.")


class FileTypeNotAllowed(DomainError):
    kind = Kind.INVALID
    code = "inbox.file_type_not_allowed"
    text = _(
        "Files like “%(name)s” are not taken. Pictures, sound, video, PDF, office documents, plain text and ZIP are."
    )


class FileNotWhatItSays(DomainError):
    kind = Kind.INVALID
    code = "inbox.file_not_what_it_says"
    text = _("“%(name)s” holds something else than its name says. Save it again under its true type.")


class PictureTooLarge(DomainError):
    kind = Kind.INVALID
    code = "inbox.picture_too_large"
    text = _("The picture has more than %(megapixels)s megapixels. Make it smaller.")


class PictureNotReadable(DomainError):
    kind = Kind.INVALID
    code = "inbox.picture_not_readable"
    text = _("The picture “%(name)s” cannot be read. Save it again and send that.")
