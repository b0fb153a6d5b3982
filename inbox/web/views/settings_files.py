"""Settings: the files library."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inbox.actions.files import add_to_library, delete_file, file_for_update, rename_file
from inbox.file_store import LARGEST_UPLOAD_BYTES
from inbox.queries.settings_pages import files_page, names_of_people, uses_of_files
from inbox.web.settings_forms import NameForm, UploadForm
from inbox.web.settings_pages import FormPage, Question, answer_form, answer_question, id_of, url_of
from workspaces.permissions import Permission
from workspaces.web import formats
from workspaces.web.scoping import actor_of, opens_its_own_scopes

READ_OR_POST = ["GET", "HEAD", "POST"]
LONGEST_SEARCH = 100


@require_safe
def settings_files(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List the library, the newest first."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.FILE_MANAGE)
    search = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    page = files_page(
        actor, search=search, before=id_of(request.GET.get("before")), after=id_of(request.GET.get("after"))
    )
    names = names_of_people([row.uploaded_by_id for row in page.rows])
    messages, snippets = uses_of_files(actor, [row.pk for row in page.rows])
    rows = [
        {
            "row": row,
            "uploader": names.get(row.uploaded_by_id or 0, ""),
            "messages": messages.get(row.pk, 0),
            "snippets": snippets.get(row.pk, []),
            "is_used": row.pk in messages or row.pk in snippets,
        }
        for row in page.rows
    ]
    context = {
        "rows": rows,
        "q": search,
        "newer_url": _page_url(search, after=page.newer) if page.newer else "",
        "older_url": _page_url(search, before=page.older) if page.older else "",
    }
    return render(request, "inbox/settings/files.html", context)


@opens_its_own_scopes
@require_http_methods(READ_OR_POST)
def settings_file_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Upload a file into the library."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.FILE_MANAGE)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()

    def act() -> str:
        given = form.cleaned_data["file"]
        row = add_to_library(actor=actor, name=given.name, data=given, at=timezone.now())
        return _("“%(name)s” is in the library.") % {"name": row.name}

    page = FormPage(
        title=_("Upload a file"),
        act_text=_("Upload"),
        back_url=url_of(actor, "settings_files"),
        template="inbox/settings/upload.html",
        extra={
            "lead": _("Pictures, sound, video, PDF, office documents, plain text and ZIP, up to %(most)s each.")
            % {"most": formats.size(LARGEST_UPLOAD_BYTES)}
        },
    )
    return answer_form(request, form, act, page)


@require_http_methods(READ_OR_POST)
def settings_file_edit(request: HttpRequest, workspace_id: int, file_id: int) -> HttpResponse:
    """Rename a file."""
    del workspace_id
    actor = actor_of(request)
    row = file_for_update(actor, file_id)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": row.name})

    def act() -> str:
        rename_file(actor=actor, file_id=row.pk, name=form.cleaned_data["name"], at=timezone.now())
        return _("The file is renamed.")

    page = FormPage(title=_("Rename file"), act_text=_("Save"), back_url=url_of(actor, "settings_files"))
    return answer_form(request, form, act, page)


@require_http_methods(READ_OR_POST)
def settings_file_delete(request: HttpRequest, workspace_id: int, file_id: int) -> HttpResponse:
    """Ask before a file is deleted, and delete it once nothing points to it."""
    del workspace_id
    actor = actor_of(request)
    row = file_for_update(actor, file_id)

    def act() -> str:
        delete_file(actor=actor, file_id=row.pk, at=timezone.now())
        return _("“%(name)s” is deleted.") % {"name": row.name}

    question = Question(
        title=_("Delete “%(name)s”?") % {"name": row.name},
        text=_("It goes for good. A file that a message or a snippet holds is not deleted."),
        act_text=_("Delete file"),
        keep_text=_("Keep the file"),
        back_url=url_of(actor, "settings_files"),
    )
    return answer_question(request, act, question)


def _page_url(search: str, **place: int) -> str:
    return "?" + urlencode(
        [*([("q", search)] if search else []), *((name, str(value)) for name, value in place.items())]
    )
