"""Merging two contacts: choose the other one, compare them side by side, say which values stay."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from contacts.access import contact_for_reading
from contacts.actions import merge_contacts
from contacts.errors import MergeWithItself
from contacts.identifiers import Identifier
from contacts.inputs import ContactValues
from contacts.models import Contact
from contacts.queries import contact_fields
from contacts.queries.listing import find_contacts
from contacts.web.answers import dialog, wants_fragment
from contacts.web.presenting import Twin, name_of, shown_name, twins_of, ways_to_reach
from contacts.web.specs import Spec, custom_specs, shown, standard_specs, stored
from workspaces.permissions import Permission
from workspaces.web.answers import done
from workspaces.web.scoping import actor_of


@dataclass(frozen=True, slots=True)
class Choice:
    """One field of which the two contacts hold different values."""

    name: str
    label: str
    primary: str
    secondary: str
    keeps_primary: bool


@require_safe
def contact_merge(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Find the contact that goes into this one; those with the same phone or e-mail come first."""
    actor = actor_of(request)
    actor.require(Permission.CONTACT_DELETE)
    row = contact_for_reading(actor, Identifier.of(contact_id))
    query = request.GET.get("q", "").strip()[:200]
    if query:
        found = [other for other in find_contacts(actor, query, most=9) if other.id != row.pk]
        others = [Twin(other.id, shown_name(other), ways_to_reach(other)) for other in found]
    else:
        others = twins_of(actor, row)
    context = {
        "contact": row,
        "name": name_of(row),
        "query": query,
        "others": others[:8],
        "page_title": _("Merge contacts"),
        "back_url": reverse("contact", args=[workspace_id, row.pk]),
        "back_text": name_of(row),
    }
    if request.headers.get("HX-Target") == "merge-found" and wants_fragment(request):
        return dialog(request, "contacts/merge_found.html", context)
    return dialog(request, "contacts/merge_find.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_merge_review(request: HttpRequest, workspace_id: int, contact_id: int, other_id: int) -> HttpResponse:
    """Show both contacts side by side, take the choice of values, and merge the second into the first."""
    actor = actor_of(request)
    actor.require(Permission.CONTACT_DELETE)
    primary = contact_for_reading(actor, Identifier.of(contact_id))
    secondary = contact_for_reading(actor, Identifier.of(other_id))
    if primary.pk == secondary.pk:
        if primary.pk != contact_id or primary.pk != other_id:  # they were merged already
            return HttpResponseRedirect(reverse("contact", args=[workspace_id, primary.pk]))
        raise MergeWithItself
    specs = [*standard_specs(), *custom_specs(contact_fields(actor))]
    if request.method == "POST":
        values = _kept(request, specs, primary, secondary)
        merge_contacts(actor=actor, primary_id=primary.pk, secondary_id=secondary.pk, values=values, at=timezone.now())
        text = _("%(other)s is merged into this contact.") % {"other": name_of(secondary)}
        return done(request, reverse("contact", args=[workspace_id, primary.pk]), text)
    context = {
        "primary": primary,
        "secondary": secondary,
        "primary_name": name_of(primary),
        "secondary_name": name_of(secondary),
        "choices": [choice for spec in specs if (choice := _choice(spec, primary, secondary))],
        "same": [(spec.label, text) for spec in specs if (text := _same(spec, primary, secondary))],
        "back_url": reverse("contact", args=[workspace_id, primary.pk]),
    }
    if wants_fragment(request):  # comparing needs room, so the dialog that found the other contact goes on to the page
        return HttpResponse(status=204, headers={"HX-Redirect": request.get_full_path()})
    return render(request, "contacts/merge_review.html", context)


def _choice(spec: Spec, primary: Contact, secondary: Contact) -> Choice | None:
    first, second = shown(spec, primary), shown(spec, secondary)
    if stored(spec, primary) == stored(spec, secondary):
        return None
    return Choice(spec.key, spec.label, first, second, keeps_primary=bool(first))


def _same(spec: Spec, primary: Contact, secondary: Contact) -> str:
    return shown(spec, primary) if stored(spec, primary) == stored(spec, secondary) else ""


def _kept(request: HttpRequest, specs: list[Spec], primary: Contact, secondary: Contact) -> ContactValues:
    """Return the values of the contact that was chosen for each field in which they differ."""
    values: ContactValues = {}
    custom: dict[str, object] = {}
    for spec in specs:
        if not _choice(spec, primary, secondary) or request.POST.get(f"keep.{spec.key}") not in {
            "primary",
            "secondary",
        }:
            continue
        source = primary if request.POST[f"keep.{spec.key}"] == "primary" else secondary
        if source is primary and stored(spec, primary):
            continue  # what the primary holds stays as it is, unread
        if spec.slug:
            custom[spec.slug] = source.custom.get(spec.slug)
        elif spec.key in {"stage", "assignee"}:
            values[f"{spec.key}_id"] = getattr(source, f"{spec.key}_id")  # type: ignore[literal-required]
        else:
            values[spec.key] = stored(spec, source)  # type: ignore[literal-required]
    if custom:
        values["custom"] = custom
    return values
