"""A mail as it was sent, in a frame of its own: no script runs there, and nothing is fetched until somebody asks for it.

The frame has an address instead of `srcdoc`, because a page inside `srcdoc` inherits the policy of the page around it, which
forbids the styles that mails are made of.
"""

import base64

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from inbox.access import message_for_reading
from inbox.channels.email import html
from inbox.channels.email.reading import html_in
from inbox.file_store import open_file
from inbox.queries.mail_files import MailFiles, mail_files
from workspaces.scope import workspace_scope
from workspaces.web.scoping import actor_of, opens_its_own_scopes

SANDBOX = "sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'"


@opens_its_own_scopes
@require_safe
def inbox_mail(request: HttpRequest, workspace_id: int, message_id: int) -> HttpResponse:
    """Answer the frame's page; with `?images=1` the pictures of the web are in it."""
    with workspace_scope(workspace_id):
        message = message_for_reading(actor_of(request), message_id)
        files = mail_files(message)
    show_images = request.GET.get("images") == "1"
    page = html.frame_document(
        _html(files, cleaner=message.payload.get("cleaner")) or html.as_html(message.text),
        show_images=show_images,
        inside=_pictures(files),
    )
    response = HttpResponse(page)
    policy = f"{html.frame_policy(show_images=show_images)}; {SANDBOX}"
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _html(files: MailFiles, *, cleaner: object) -> str:
    """Return the mail's clean HTML; one that an older cleaner wrote is cleaned again from the source."""
    if not files.html_key:
        return ""
    if cleaner != html.CLEANER and files.source_key:
        try:
            return html.cleaned(html_in(_bytes(files.source_key)))
        except html.TooMuch:
            return ""
    return _bytes(files.html_key).decode("utf-8", "replace")


def _pictures(files: MailFiles) -> dict[str, str]:
    return {
        one.content_id: f"data:{one.media_type};base64,{base64.b64encode(data).decode()}"
        for one in files.pictures
        if (data := _bytes(one.key))
    }


def _bytes(key: str) -> bytes:
    try:
        with open_file(key) as file:
            return file.read()
    except FileNotFoundError:
        return b""
