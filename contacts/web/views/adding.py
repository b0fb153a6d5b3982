"""Adding a contact by hand, and deleting one."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contacts.access import contact_for_reading
from contacts.actions import add_contact, delete_contact
from contacts.actions.updating import default_country_of
from contacts.emails import email_key
from contacts.errors import ContactNotFound, ValueRefused
from contacts.identifiers import Identifier
from contacts.inputs import ContactValues, phone_columns
from contacts.models import Contact
from contacts.models.contact import Source
from contacts.queries import contact_fields, tags
from contacts.queries.one_contact import contacts_sharing
from contacts.web.answers import NOT_VALID, dialog, put_refusal
from contacts.web.forms import NewContact
from contacts.web.presenting import Twin, links_for, name_of, why_twin
from contacts.web.specs import Spec, custom_specs, standard_specs, values_for
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.permissions import Permission
from workspaces.web.answers import done
from workspaces.web.scoping import actor_of

FORM_NAMES = {"stage_id": "stage", "assignee_id": "assignee"}


@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Ask who the new contact is, warn once when phone or e-mail is known already, and add them."""
    actor = actor_of(request)
    actor.require(Permission.CONTACT_WRITE)
    specs = [*standard_specs(), *custom_specs(contact_fields(actor))]
    choices = [(tag.name, tag.name) for tag in tags(actor)]
    form = NewContact(
        request.POST if request.method == "POST" else None, specs=specs, links=links_for(actor, specs), tags=choices
    )
    twins: list[Twin] = []
    if request.method == "POST" and form.is_valid():
        values = _values(form, specs)
        if not form.errors:
            twins = _twins(actor, values)
            seen = ",".join(str(twin.id) for twin in twins)
            if not twins or request.POST.get("seen") == seen:
                row = _add(actor, form, values)
                if row is not None:
                    return _added(request, actor, row)
    context = {
        "form": form,
        "twins": twins,
        "seen": ",".join(str(twin.id) for twin in twins),
        "action": reverse("contact_new", args=[workspace_id]),
        "page_title": _("Add contact"),
        "is_form": True,
        "back_url": _home(actor),
        "back_text": _("Contacts") if actor.may(Permission.CONTACT_LIST) else _("Home"),
    }
    return dialog(request, "contacts/new.html", context, status=NOT_VALID if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_delete(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Ask before a contact is deleted, and delete it."""
    actor = actor_of(request)
    actor.require(Permission.CONTACT_DELETE)
    row = contact_for_reading(actor, Identifier.of(contact_id))
    name, page = name_of(row), reverse("contact", args=[workspace_id, row.pk])
    if request.method == "POST":
        delete_contact(actor=actor, contact=Identifier.of(row.pk), at=timezone.now())
        return done(request, _home(actor), _("%(name)s is deleted.") % {"name": name})
    context = {
        "title": _("Delete %(name)s?") % {"name": name},
        "text": _("Name, phone, e-mail, tags and all other values go for good. A line in the contact log stays."),
        "action": reverse("contact_delete", args=[workspace_id, row.pk]),
        "keep_text": _("Keep the contact"),
        "keep_url": page,
        "act_text": _("Delete contact"),
        "page_title": _("Delete contact"),
        "back_url": page,
        "back_text": name,
    }
    return dialog(request, "workspaces/components/confirm.html", context)


def _home(actor: Actor) -> str:
    return reverse("contacts" if actor.may(Permission.CONTACT_LIST) else "workspace_home", args=[actor.workspace_id])


def _values(form: NewContact, specs: Sequence[Spec]) -> ContactValues:
    """Read every field; what cannot be read is said beside it."""
    values: ContactValues = {}
    custom: dict[str, object] = {}
    for spec in specs:
        text = str(form.cleaned_data.get(spec.key) or "")
        if not text.strip():
            continue
        try:
            read = values_for(spec, text)
        except ValueRefused as refusal:
            form.add_error(spec.key, refusal.message)
            continue
        custom |= read.get("custom", {})
        values.update(read)
    if custom:
        values["custom"] = custom
    if not any(values.get(key) for key in ("first_name", "last_name", "phone", "email")) and not form.errors:
        form.add_error(
            None, _("Write a name, a phone or an e-mail address, so that the contact can be told from others.")
        )
    return values


def _twins(actor: Actor, values: ContactValues) -> list[Twin]:
    """Return who holds this phone or e-mail already; a phone that cannot be read has none."""
    try:
        phone = phone_columns(values.get("phone", ""), default_country=default_country_of(actor))
    except ValueRefused:
        phone = {}
    keys = Contact(phone_match_key=str(phone.get("phone_match_key", "")), email_key=email_key(values.get("email", "")))
    rows = contacts_sharing(actor, phone_match_key=keys.phone_match_key, email_key=keys.email_key)
    return [Twin(row.pk, name_of(row), why_twin(row, keys)) for row in rows]


def _add(actor: Actor, form: NewContact, values: ContactValues) -> Contact | None:
    names = list(form.cleaned_data["tags"])
    try:
        return add_contact(actor=actor, values=values, tags=names, source=Source.USER, at=timezone.now())
    except DomainError as refusal:
        put_refusal(form, refusal, names=FORM_NAMES)
        return None


def _added(request: HttpRequest, actor: Actor, row: Contact) -> HttpResponse:
    text = _("%(name)s is added.") % {"name": name_of(row)}
    try:
        contact_for_reading(actor, Identifier.of(row.pk))
    except ContactNotFound:  # who sees own contacts only, and gave this one to somebody else
        return done(request, _home(actor), text)
    return done(request, reverse("contact", args=[actor.workspace_id, row.pk]), text)
