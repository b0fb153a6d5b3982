"""What the contact page shows: plain rows, made once, so that templates ask for nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.models import Contact, LifecycleStage
from contacts.models.contact import Source
from contacts.queries import contact_fields, stages, tags
from contacts.queries.listing import ContactRow
from contacts.queries.one_contact import contacts_sharing, tags_of_contact
from contacts.values import FieldType
from contacts.web.activity import activity_of
from contacts.web.specs import Links, Spec, custom_specs, shown, standard_specs, stored
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.queries import members

STAGE_BADGES = ("info", "good", "bot", "warn", "plain")


@dataclass(frozen=True, slots=True)
class Property:
    """One field of a contact, ready to show: its words, and where to go with them."""

    spec: Spec
    text: str
    edit_url: str
    href: str = ""
    icon: str = ""
    person_id: int | None = None
    badge: str = ""
    focus: bool = False


def links_for(actor: Actor, specs: Sequence[Spec]) -> Links:
    """Read what stage and assignee can be, where one of the fields needs it."""
    kinds = {spec.kind for spec in specs}
    return Links(
        stages=stages(actor) if "stage" in kinds else (),
        members=list(members(actor)) if "assignee" in kinds else (),
    )


def stage_badge(stage: LifecycleStage | None) -> str:
    """Return the look of a stage's badge, by its place in the list."""
    return STAGE_BADGES[stage.position % len(STAGE_BADGES)] if stage else ""


def property_of(actor: Actor, contact: Contact, spec: Spec, *, focus: bool = False) -> Property:
    """Return one field of a contact as the page shows it."""
    text = shown(spec, contact)
    href, icon = _way_out(spec, stored(spec, contact)) if text else ("", "")
    return Property(
        spec=spec,
        text=text,
        edit_url=reverse("contact_field_edit", args=[actor.workspace_id, contact.pk, spec.key])
        if actor.may(Permission.CONTACT_WRITE)
        else "",
        href=href,
        icon=icon,
        person_id=contact.assignee_id if spec.key == "assignee" else None,
        badge=stage_badge(contact.stage) if spec.key == "stage" else "",
        focus=focus,
    )


def head_of(contact: Contact) -> dict[str, Any]:
    """Return what the head of the page says."""
    return {"contact": contact, "name": name_of(contact), "source": source_words(contact.source)}


def name_of(contact: Contact) -> str:
    """Return the contact's name, or words for one who has neither name, phone nor e-mail."""
    return contact.name or _("Contact %(id)s") % {"id": contact.pk}


def shown_name(row: ContactRow) -> str:
    """Return the name of a row of the list, or words for one who has neither name, phone nor e-mail."""
    return row.name or _("Contact %(id)s") % {"id": row.id}


def ways_to_reach(row: ContactRow) -> str:
    """Return phone and e-mail in one line, for lists in which names alone could be confused."""
    return " · ".join(words for words in (row.phone, row.email) if words and words != row.name)


def source_words(source: str) -> str:
    """Say how a contact came about."""
    words = {
        Source.USER.value: _("added by hand"),
        Source.IMPORT.value: _("added by import"),
        Source.API.value: _("added over the API"),
        Source.INCOMING_MESSAGE.value: _("added by an incoming message"),
        Source.ECHO_MESSAGE.value: _("added by a message sent outside Tertulia"),
        Source.ZAPIER.value: _("added over Zapier"),
    }
    return words.get(source, _("added by the product"))


def page_of(actor: Actor, contact: Contact) -> dict[str, Any]:
    """Return everything on the page of one contact."""
    standard, custom = standard_specs(), custom_specs(contact_fields(actor))
    return {
        **head_of(contact),
        **tags_card(actor, contact),
        "standard": [property_of(actor, contact, spec) for spec in standard],
        "custom": [property_of(actor, contact, spec) for spec in custom],
        "activity": activity_of(actor, contact.pk),
        "twins": twins_of(actor, contact),
    }


def tags_card(actor: Actor, contact: Contact) -> dict[str, Any]:
    """Return the tags on a contact and those that can be added."""
    mine = tags_of_contact(actor, contact.pk)
    present = {tag.pk for tag in mine}
    return {"contact": contact, "tags": mine, "more_tags": [tag for tag in tags(actor) if tag.pk not in present]}


@dataclass(frozen=True, slots=True)
class Twin:
    """Another contact with the same phone or e-mail."""

    id: int
    name: str
    why: str


def twins_of(actor: Actor, contact: Contact) -> list[Twin]:
    """Return who else holds this contact's phone or e-mail."""
    if not actor.may(Permission.CONTACT_DELETE):
        return []
    rows = contacts_sharing(
        actor, phone_match_key=contact.phone_match_key, email_key=contact.email_key, besides=contact.pk
    )
    return [Twin(row.pk, name_of(row), why_twin(row, contact)) for row in rows]


def why_twin(row: Contact, contact: Contact) -> str:
    """Say what two contacts have in common."""
    phone = bool(contact.phone_match_key) and row.phone_match_key == contact.phone_match_key
    email = bool(contact.email_key) and row.email_key == contact.email_key
    if phone and email:
        return _("Same phone and e-mail")
    return _("Same phone") if phone else _("Same e-mail")


def _way_out(spec: Spec, value: str) -> tuple[str, str]:
    """Return where a value leads outside, and the icon for it."""
    if spec.kind == "phone":
        return "tel:" + "".join(sign for sign in value if sign.isdigit() or sign == "+"), "phone"
    if spec.kind in {"email", FieldType.EMAIL}:
        return f"mailto:{value}", "mail"
    if spec.kind == FieldType.URL and value.lower().startswith(("http://", "https://")):
        return value, "external"
    return "", ""
