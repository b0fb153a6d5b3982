"""The fields of a contact as pages show and edit them: standard ones and custom ones under one roof."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.countries import country_choices, country_name
from contacts.errors import ValueRefused
from contacts.inputs import ContactValues
from contacts.languages import language_choices, language_name
from contacts.models import Contact, ContactField, LifecycleStage
from contacts.values import FieldType, Value, read_value, show_value
from workspaces.models import Membership
from workspaces.web import formats

CUSTOM = "custom."
CHOSEN = frozenset({"country", "language", "stage", "assignee", FieldType.LIST, FieldType.CHECKBOX, "blocked"})


@dataclass(frozen=True, slots=True)
class Spec:
    """One field: `key` is its name in addresses and forms, `kind` decides how it is shown and typed."""

    key: str
    label: str
    kind: str
    allowed: tuple[str, ...] = ()
    hint: str = ""

    @property
    def slug(self) -> str:
        """The slug of a custom field; empty for a standard one."""
        return self.key.removeprefix(CUSTOM) if self.key.startswith(CUSTOM) else ""

    @property
    def dom_id(self) -> str:
        """An id for elements of this field."""
        return self.key.replace(".", "-")


@dataclass(frozen=True, slots=True)
class Links:
    """What stage and assignee can be."""

    stages: Sequence[LifecycleStage] = ()
    members: Sequence[Membership] = ()


def standard_specs() -> list[Spec]:
    """The standard fields, in the order of the page."""
    return [
        Spec("first_name", _("First name"), "text"),
        Spec("last_name", _("Last name"), "text"),
        Spec("phone", _("Phone"), "phone"),
        Spec("email", _("E-mail"), "email"),
        Spec("country", _("Country"), "country"),
        Spec("language", _("Language"), "language"),
        Spec("stage", _("Lifecycle"), "stage"),
        Spec("assignee", _("Assignee"), "assignee"),
    ]


def blocked_spec() -> Spec:
    """Blocked is switched by an act of its own, and told in the activity like a field."""
    return Spec("is_blocked", _("Blocked"), "blocked")


def custom_specs(fields: Iterable[ContactField]) -> list[Spec]:
    """The workspace's own fields, in the order that its people gave them."""
    return [
        Spec(f"{CUSTOM}{field.slug}", field.name, field.kind, tuple(field.allowed_values), field.description)
        for field in fields
    ]


def spec_named(key: str, fields: Iterable[ContactField]) -> Spec:
    """Return the field of that key; an unknown one is no page."""
    for spec in (*standard_specs(), blocked_spec(), *custom_specs(fields)):
        if spec.key == key:
            return spec
    raise Http404


def stored(spec: Spec, contact: Contact) -> str:
    """Return the contact's value as a form holds it."""
    if spec.slug:
        return stored_text(spec, contact.custom.get(spec.slug))
    if spec.key in {"stage", "assignee"}:
        return str(getattr(contact, f"{spec.key}_id") or "")
    if spec.key == "is_blocked":
        return "true" if contact.is_blocked else "false"
    return str(getattr(contact, spec.key))


def stored_text(spec: Spec, value: object) -> str:
    """Return a custom value as a form holds it."""
    if not isinstance(value, str | int | float | bool):
        return ""
    return show_value(FieldType(spec.kind), value)


def shown(spec: Spec, contact: Contact) -> str:
    """Return the contact's value as people read it; empty when there is none."""
    if spec.key == "stage":
        return contact.stage.name if contact.stage else ""
    if spec.key == "assignee":
        return contact.assignee.name if contact.assignee else ""
    return in_words(spec, stored(spec, contact))


def in_words(spec: Spec, value: str) -> str:
    """Return the words for a value as a form holds it; ids of stages and people stay as they are."""
    language = get_language() or "en"
    if not value:
        return ""
    match spec.kind:
        case "country":
            return country_name(value, language=language)
        case "language":
            return language_name(value, language=language)
        case FieldType.CHECKBOX | "blocked":
            return _("Yes") if value == "true" else _("No")
        case FieldType.DATE:
            try:
                return formats.day(date.fromisoformat(value))
            except ValueError:
                return value
    return value


def choices_of(spec: Spec, links: Links, *, empty: str = "") -> list[tuple[str, str]]:
    """Return what a chosen field can be, with the empty choice first."""
    language = get_language() or "en"
    match spec.kind:
        case "country":
            found = country_choices(language)
        case "language":
            found = language_choices(language)
        case "stage":
            found = [(str(stage.pk), stage.name) for stage in links.stages]
        case "assignee":
            found = [(str(member.user_id), member.user.name) for member in links.members]
        case FieldType.LIST:
            found = [(value, value) for value in spec.allowed]
        case FieldType.CHECKBOX | "blocked":
            found = [("true", _("Yes")), ("false", _("No"))]
        case _:
            found = []
    return [("", empty or (_("Nobody") if spec.kind == "assignee" else _("None"))), *found]


def values_for(spec: Spec, text: str) -> ContactValues:
    """Read what was typed into a field; raise ValueRefused naming the way to write it."""
    if spec.slug:
        custom: dict[str, object] = {spec.slug: read_custom(spec, text)}
        return {"custom": custom}
    match spec.key:
        case "stage":
            return {"stage_id": _id(text, spec)}
        case "assignee":
            return {"assignee_id": _id(text, spec)}
        case "is_blocked":
            return {"is_blocked": text == "true"}
    values: ContactValues = {}
    values[spec.key] = text  # type: ignore[literal-required]
    return values


def read_custom(spec: Spec, text: str) -> Value:
    """Read the text of a custom field."""
    read = read_value(FieldType(spec.kind), text, allowed=spec.allowed)
    if read.error:
        raise ValueRefused(field=spec.key, sentence=how_to_write(spec, read.error))
    return read.value


def how_to_write(spec: Spec, error: str) -> str:
    """Say what a value of this field looks like."""
    sentences = {
        "value_too_long": _("This is too long. At most 10,000 characters fit here."),
        "invalid_text": _("This holds characters that cannot be kept. Type it again by hand."),
        "not_in_list": _("Choose one of the values of the list."),
        "invalid_checkbox": _("Choose yes or no."),
        "invalid_email": _("Write the whole address, such as ada@example.com."),
        "invalid_number": _("Write a number with digits and a point for decimals, such as 12.5."),
        "invalid_url": _("Write the whole address, such as https://example.com."),
        "invalid_date": _("Write the date as year-month-day, such as 2026-11-21."),
        "invalid_time": _("Write the time with hours and minutes, such as 16:30."),
    }
    return sentences.get(error, _("“%(field)s” does not take this value.") % {"field": spec.label})


def _id(text: str, spec: Spec) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise ValueRefused(field=spec.key, sentence=_("Choose one of the list."))
    return int(text)
