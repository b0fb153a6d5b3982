"""Settings: snippets, one by one or as a file."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from inbox.actions.snippets import (
    MOST_SNIPPETS,
    SnippetParts,
    add_snippet,
    change_snippet,
    delete_snippet,
    import_snippets,
    values_of_snippet,
)
from inbox.fingerprints import fingerprint
from inbox.models import Snippet
from inbox.queries.settings_pages import ROWS_PER_PAGE, files_offered, snippet_list, topic_list
from inbox.settings_errors import SnippetFileNotReadable, SnippetNotFound
from inbox.snippet_files import read_snippets
from inbox.web.settings_forms import SnippetForm, UploadForm
from inbox.web.settings_pages import FormPage, Question, answer_form, answer_question, id_of, url_of
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.web import formats
from workspaces.web.scoping import actor_of

READ_OR_POST = ["GET", "HEAD", "POST"]
LONGEST_SEARCH = 100


@require_safe
def settings_snippets(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List the snippets, all or those with the words that were searched for."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.SNIPPET_MANAGE)
    search = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    pages = Paginator(snippet_list(actor, search=search), ROWS_PER_PAGE)
    page = pages.get_page(id_of(request.GET.get("page")) or 1)
    rows = list(page.object_list)
    total = pages.count
    words = _("%(first)s–%(last)s of %(total)s") % {
        "first": formats.number(page.start_index()),
        "last": formats.number(page.end_index()),
        "total": formats.number(total),
    }
    context = {
        "rows": rows,
        "q": search,
        "total": total,
        "words": words,
        "newer_url": _page_url(search, page.previous_page_number()) if page.has_previous() else "",
        "older_url": _page_url(search, page.next_page_number()) if page.has_next() else "",
    }
    return render(request, "inbox/settings/snippets.html", context)


@require_http_methods(READ_OR_POST)
def settings_snippet_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Add a snippet."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.SNIPPET_MANAGE)
    form = _form(request, actor, None)

    def act() -> str:
        row = add_snippet(actor=actor, parts=SnippetParts(**form.typed), at=timezone.now())
        return _("The snippet “%(name)s” is added.") % {"name": row.name}

    return answer_form(request, form, act, _form_page(actor, _("Add snippet"), _("Add snippet")))


@require_http_methods(READ_OR_POST)
def settings_snippet_edit(request: HttpRequest, workspace_id: int, snippet_id: int) -> HttpResponse:
    """Change a snippet."""
    del workspace_id
    actor = actor_of(request)
    row = _snippet(actor, snippet_id)
    form = _form(request, actor, row)

    def act() -> str:
        change_snippet(
            actor=actor,
            snippet_id=row.pk,
            parts=SnippetParts(**form.typed),
            seen=form.cleaned_data["seen"],
            at=timezone.now(),
        )
        return _("The snippet is saved.")

    return answer_form(request, form, act, _form_page(actor, _("Edit snippet"), _("Save")))


@require_http_methods(READ_OR_POST)
def settings_snippet_delete(request: HttpRequest, workspace_id: int, snippet_id: int) -> HttpResponse:
    """Ask before a snippet is deleted, and delete it."""
    del workspace_id
    actor = actor_of(request)
    row = _snippet(actor, snippet_id)

    def act() -> str:
        delete_snippet(actor=actor, snippet_id=row.pk, at=timezone.now())
        return _("The snippet “%(name)s” is deleted.") % {"name": row.name}

    question = Question(
        title=_("Delete the snippet “%(name)s”?") % {"name": row.name},
        text=_("Messages that were written with it stay as they are, and so do its files."),
        act_text=_("Delete snippet"),
        keep_text=_("Keep the snippet"),
        back_url=url_of(actor, "settings_snippets"),
    )
    return answer_question(request, act, question)


@require_http_methods(READ_OR_POST)
def settings_snippets_import(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Bring in a file of snippets: all of it or nothing."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.SNIPPET_MANAGE)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    extra: dict[str, Any] = {
        "lead": _("A CSV file in UTF-8 with the columns name and text. Up to %(most)s snippets fit into a workspace.")
        % {"most": formats.number(MOST_SNIPPETS)},
        "accept": ".csv,text/csv",
    }

    def act() -> str:
        try:
            lines = read_snippets(form.cleaned_data["file"].read())
            count = import_snippets(actor=actor, lines=lines, at=timezone.now())
        except SnippetFileNotReadable as bad:
            extra["problems"] = bad.problems
            raise
        words = ngettext("%(count)s snippet is added.", "%(count)s snippets are added.", count)
        return words % {"count": formats.number(count)}

    page = FormPage(
        title=_("Import snippets"),
        act_text=_("Import snippets"),
        back_url=url_of(actor, "settings_snippets"),
        template="inbox/settings/upload.html",
        extra=extra,
    )
    return answer_form(request, form, act, page)


def _form(request: HttpRequest, actor: Actor, row: Snippet | None) -> SnippetForm:
    initial: dict[str, object] = {}
    if row is not None:
        values = values_of_snippet(row)
        initial = {**values, "seen": fingerprint(values)}
    kept = set(row.topic_ids) if row else set()
    return SnippetForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        files=files_offered(actor, also=row.file_ids if row else ()),
        topics=[topic for topic in topic_list(actor) if topic.is_active or topic.pk in kept],
    )


def _form_page(actor: Actor, title: str, act_text: str) -> FormPage:
    return FormPage(title=title, act_text=act_text, back_url=url_of(actor, "settings_snippets"))


def _page_url(search: str, number: int) -> str:
    return "?" + urlencode([*([("q", search)] if search else []), ("page", str(number))])


def _snippet(actor: Actor, snippet_id: int) -> Snippet:
    actor.require(Permission.SNIPPET_MANAGE)
    row = snippet_list(actor).filter(pk=snippet_id).first()
    if row is None:
        raise SnippetNotFound(snippet_id=snippet_id)
    return row
