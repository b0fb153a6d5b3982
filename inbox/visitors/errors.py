"""What the web chat refuses. The sentences are read by whoever puts the widget on a site, and some by visitors."""

from django.utils.translation import gettext_lazy as _

from workspaces.errors import DomainError, Kind


class WidgetNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "widget.not_found"
    text = _("There is no web chat at this address. Copy the script line again from the channel's page.")


class OriginNotAllowed(DomainError):
    kind = Kind.FORBIDDEN
    code = "widget.origin_not_allowed"
    text = _("This site is not on the channel's list of allowed sites. Add its address there.")


class VisitorUnknown(DomainError):
    kind = Kind.UNAUTHENTICATED
    code = "widget.visitor_unknown"
    text = _("The visitor's token is missing, over or of another chat. Start a session again.")


class IdentityNotValid(DomainError):
    kind = Kind.UNAUTHENTICATED
    code = "widget.identity_not_valid"
    text = _("The identity is not signed with the channel's secret, or its time is over. Sign it again on the server.")


class IdentityRequired(DomainError):
    kind = Kind.UNAUTHENTICATED
    code = "widget.identity_required"
    text = _("Log in on this site to write to us here.")


class FilesNotAllowed(DomainError):
    kind = Kind.FORBIDDEN
    code = "widget.files_not_allowed"
    text = _("Files can be sent once you are logged in on this site.")


class FileUnknown(DomainError):
    kind = Kind.NOT_FOUND
    code = "widget.file_unknown"
    text = _("This file is not there, or its address is over. Load the conversation again.")
