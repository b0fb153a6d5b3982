"""The list of contacts: search, filter builder, columns, pages."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contacts.errors import ListTooSlow
from contacts.queries import contact_fields, stages
from contacts.queries.listing import ContactPage, Count, Sort, contacts_page, count_contacts
from contacts.web.answers import wants_fragment
from contacts.web.columns import Column, all_columns, choose_columns, chosen_columns, lines_of, width_class
from contacts.web.filter_view import Drawing
from contacts.web.list_state import SIZES, ListState, read_state
from contacts.web.specs import custom_specs
from workspaces.actors import Actor
from workspaces.models import Workspace
from workspaces.permissions import Permission
from workspaces.web import formats
from workspaces.web.scoping import actor_of

EMPTY_PAGE = ContactPage(rows=[], next_cursor="", previous_cursor="", first_number=0)
# Controls whose change leaves the shape of the filter builder as it is.
SHAPELESS = (".value", ".from", ".to")


def list_state(request: HttpRequest, actor: Actor) -> ListState:
    """Read what the request lists; the same for the page and for acts on all that match."""
    workspace: Workspace = request.workspace  # type: ignore[attr-defined]
    zone = timezone.get_current_timezone()
    return read_state(
        request.GET if request.method in {"GET", "HEAD"} else request.POST,
        fields=contact_fields(actor),
        workspace=workspace,
        zone=zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC"),
    )


@require_safe
def contacts(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List the contacts that the address asks for; to htmx the table, and what the builder needs beside it."""
    actor = actor_of(request)
    actor.require(Permission.CONTACT_LIST)
    state = list_state(request, actor)
    address = state.query(cursor=state.cursor)
    if "do" in request.GET and not wants_fragment(request):
        return HttpResponseRedirect(f"{reverse('contacts', args=[workspace_id])}?{address}")
    context = _context(request, actor, state)
    if not wants_fragment(request):
        return render(
            request, "contacts/list.html", {**context, "tree": Drawing(actor, state.vocabulary).draw(state.tree)}
        )
    is_form = request.headers.get("HX-Trigger") == "list-form"
    changed = request.headers.get("X-Filter-Changed", "")
    if is_form and changed != "q" and ("do" in request.GET or not changed.endswith(SHAPELESS)):
        context["tree"] = Drawing(actor, state.vocabulary).draw(state.tree)
    elif is_form:
        context["errors"] = list(state.tree.errors())
    response = render(request, "contacts/list_result.html", {**context, "oob": True})
    name = "HX-Replace-Url" if is_form else "HX-Push-Url"
    response.headers[name] = f"{reverse('contacts', args=[workspace_id])}{'?' if address else ''}{address}"
    return response


@require_POST
def contacts_columns(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Remember which columns this person wants in this workspace."""
    actor = actor_of(request)
    actor.require(Permission.CONTACT_LIST)
    columns = all_columns(custom_specs(contact_fields(actor)))
    choose_columns(request, workspace_id, request.POST.getlist("column"), columns)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("contacts", args=[workspace_id])
    return HttpResponseRedirect(back)


def _context(request: HttpRequest, actor: Actor, state: ListState) -> dict[str, Any]:
    specs = custom_specs(contact_fields(actor))
    columns = all_columns(specs)
    chosen = chosen_columns(request, actor.workspace_id, columns)
    page, matching, total, refusal = _read(actor, state)
    base = reverse("contacts", args=[actor.workspace_id])
    return {
        "state": state,
        "address": f"{base}?{state.query()}",
        "base_url": base,
        "lines": lines_of(page.rows, chosen, specs=specs, stages=stages(actor)),
        "heads": _heads(state, chosen, base),
        "name_head": _head(state, Column("name", _("Name"), Sort.NAME, Sort.NAME_DESC), base, ""),
        "columns": [(column, column in chosen) for column in columns],
        "count": words_of(matching),
        "total": words_of(total),
        "is_empty": not total.number and not refusal,
        "refusal": refusal,
        "words": _words(page, matching),
        "newer_url": f"{base}?{state.query(cursor=page.previous_cursor)}" if page.previous_cursor else "",
        "older_url": f"{base}?{state.query(cursor=page.next_cursor)}" if page.next_cursor else "",
        "clear_url": f"{base}?{state.order()}",
        "sizes": SIZES,
        "keep": _hidden(state),
        "has_more": bool(page.previous_cursor or page.next_cursor),
    }


def _read(actor: Actor, state: ListState) -> tuple[ContactPage, Count, Count, str]:
    """Return the page, how many match, how many there are, and why nothing is shown when it took too long."""
    total = count_contacts(actor)
    try:
        page = contacts_page(
            actor, search=state.search, filter=state.filter, sort=state.sort, cursor=state.cursor, limit=state.size
        )
        matching = count_contacts(actor, search=state.search, filter=state.filter) if state.is_narrowed else total
    except ListTooSlow as refusal:
        return EMPTY_PAGE, Count(0, is_more=False), total, refusal.message
    return page, matching, total, ""


def words_of(count: Count) -> str:
    """Return a count as it is said."""
    number = formats.number(count.number)
    return _("over %(number)s") % {"number": number} if count.is_more else number


def _words(page: ContactPage, matching: Count) -> str:
    if not page.rows:
        return _("No contacts")
    return _("%(first)s–%(last)s of %(count)s") % {
        "first": formats.number(page.first_number),
        "last": formats.number(page.first_number + len(page.rows) - 1),
        "count": words_of(matching),
    }


def _heads(state: ListState, columns: list[Column], base: str) -> list[dict[str, Any]]:
    return [_head(state, column, base, width_class(place)) for place, column in enumerate(columns)]


def _head(state: ListState, column: Column, base: str, css: str) -> dict[str, Any]:
    """Return a column's head; what a search found has its own order, so its heads do not sort."""
    head: dict[str, Any] = {"label": column.label, "css": css, "end": column.is_end, "url": "", "sorted": ""}
    if state.search or column.up is None or column.down is None:
        return head
    head["sorted"] = {column.up: "ascending", column.down: "descending"}.get(state.sort, "")
    # Names and addresses begin at A, moments at the newest; a second press turns the order.
    first, second = (column.down, column.up) if column.key == "added" else (column.up, column.down)
    following = second if state.sort is first else first
    head["url"] = f"{base}?{state.query(sort=following.value if following is not Sort.NEWEST else '')}"
    return head


def _hidden(state: ListState) -> str:
    """Return hidden inputs that keep filter, search and order when the page size is chosen."""
    sort = [("sort", state.sort.value)] if state.sort is not Sort.NEWEST else []
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', [*state.narrowing(), *sort])
