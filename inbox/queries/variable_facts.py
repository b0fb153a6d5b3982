from datetime import datetime
from zoneinfo import ZoneInfo

from contacts.countries import country_name
from contacts.models import Contact
from contacts.queries import contact_fields
from contacts.values import FieldType, show_value
from workspaces.actors import Actor
from workspaces.models import User, Workspace


def variable_facts(actor: Actor, contact: Contact, *, at: datetime) -> dict[str, str]:
    """Return every variable that a text to this contact can hold, by name; one without a value is empty."""
    facts = {
        "contact.id": str(contact.pk),
        "contact.name": f"{contact.first_name} {contact.last_name}".strip(),
        "contact.firstname": contact.first_name,
        "contact.lastname": contact.last_name,
        "contact.email": contact.email,
        "contact.phone": contact.phone,
        "contact.language": contact.language,
        "contact.country": country_name(contact.country, language="en") if contact.country else "",
    }
    for field in contact_fields(actor):
        value = contact.custom.get(field.slug)
        known = isinstance(value, str | int | float | bool)
        facts.setdefault(f"contact.{field.slug}", show_value(FieldType(field.kind), value) if known else "")
    return facts | _assignee(contact) | _system(actor, at=at)


def _assignee(contact: Contact) -> dict[str, str]:
    user = User.objects.filter(pk=contact.assignee_id).first() if contact.assignee_id else None
    return {
        "assignee.id": str(user.pk) if user else "",
        "assignee.name": user.name if user else "",
        "assignee.firstname": user.first_name if user else "",
        "assignee.lastname": user.last_name if user else "",
        "assignee.email": user.email if user else "",
    }


def _system(actor: Actor, *, at: datetime) -> dict[str, str]:
    zone = Workspace.objects.filter(pk=actor.workspace_id).values_list("time_zone", flat=True).get()
    here = at.astimezone(ZoneInfo(zone))
    return {
        "system.current_datetime": here.strftime("%Y-%m-%d %H:%M:%S"),
        "system.current_date": here.strftime("%Y-%m-%d"),
        "system.current_time": here.strftime("%H:%M:%S"),
    }
