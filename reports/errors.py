from django.utils.translation import gettext_lazy as _

from workspaces.errors import DomainError, Kind


class ReportNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "reports.report_not_found"
    text = _("There is no report, chart or log “%(key)s”.")


class RangeNotValid(DomainError):
    kind = Kind.INVALID
    code = "reports.range_not_valid"
    text = _("A report covers one day to three years, from 2000 on. Choose a first day that is not after the last one.")


class FilterNotValid(DomainError):
    """A filter's value breaks a rule; `field` names it and the sentence says what is right."""

    kind = Kind.INVALID
    code = "reports.filter_not_valid"
    text = "%(sentence)s"


class ReportTooSlow(DomainError):
    """The statement was ended so that the inbox is not held up."""

    kind = Kind.UNAVAILABLE
    code = "reports.too_slow"
    text = _(
        "This took too long and was stopped, so that the inbox is not held up. Choose a shorter range, or try later."
    )
