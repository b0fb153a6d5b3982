from django.utils.translation import gettext_lazy as _

from workspaces.errors import DomainError, Kind


class IdentifierNotValid(DomainError):
    kind = Kind.INVALID
    code = "contacts.identifier_not_valid"
    text = _("“%(identifier)s” names no contact. Write id:123, email:name@example.com or phone:+34600123456.")


class ContactNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "contacts.contact_not_found"
    text = _("No contact %(identifier)s in this workspace.")


class IdentifierAmbiguous(DomainError):
    """Several contacts hold the identifier; `contact_ids` lists them."""

    kind = Kind.CONFLICT
    code = "contacts.identifier_ambiguous"
    text = _("Several contacts hold %(identifier)s: %(ids)s. Name one by id, or merge them.")

    def __init__(self, *, identifier: str, contact_ids: list[int]) -> None:
        super().__init__(identifier=identifier, ids=", ".join(map(str, contact_ids)))
        self.contact_ids = contact_ids


class ContactExists(DomainError):
    """One contact or several hold the identifier already; `contact_ids` lists them."""

    kind = Kind.CONFLICT
    code = "contacts.contact_exists"
    text = _("%(identifier)s belongs to contact %(contact_id)s already. Update that one, or use create_or_update.")

    def __init__(self, *, identifier: str, contact_ids: list[int]) -> None:
        super().__init__(identifier=identifier, contact_id=", ".join(map(str, contact_ids)))
        self.contact_ids = contact_ids


class ContactChanged(DomainError):
    kind = Kind.STALE
    code = "contacts.contact_changed"
    text = _("Someone changed this contact meanwhile. Look at the present values, then save again.")


class MergeWithItself(DomainError):
    kind = Kind.INVALID
    code = "contacts.merge_with_itself"
    text = _("A contact cannot be merged with itself. Name two different contacts.")


class ValueRefused(DomainError):
    """A value breaks its field's rule; `sentence` names the fix."""

    kind = Kind.INVALID
    code = "contacts.value_refused"
    text = "%(sentence)s"


class FieldUnknown(DomainError):
    kind = Kind.INVALID
    code = "contacts.field_unknown"
    text = _("This workspace has no contact field “%(slug)s”. GET /space/custom_field lists them.")


class FieldNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "contacts.field_not_found"
    text = _("No contact field %(field_id)s in this workspace.")


class TagNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "contacts.tag_not_found"
    text = _("No tag “%(tag)s” in this workspace.")


class StageNotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "contacts.stage_not_found"
    text = _("No lifecycle stage “%(stage)s” in this workspace.")


class FilterNotValid(DomainError):
    """The filter breaks its grammar; `sentence` names the place and the fix."""

    kind = Kind.INVALID
    code = "contacts.filter_not_valid"
    text = "%(sentence)s"


class ListTooSlow(DomainError):
    kind = Kind.UNAVAILABLE
    code = "contacts.list_too_slow"
    text = _("Looking through the contacts took longer than %(seconds)s seconds. Narrow the search or the filter.")


class TooManySelected(DomainError):
    kind = Kind.INVALID
    code = "contacts.too_many_selected"
    text = _("Choose at most %(limit)s contacts by hand, or choose all that match.")
