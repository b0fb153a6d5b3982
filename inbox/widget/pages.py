"""What a customer's site loads: one script, and the page in the frame that it opens. Both are public and know no cookie."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from inbox.channels.web_chat import FILES_PER_MESSAGE, TEXT_LIMIT, Looks
from inbox.visitors.doors import chat_at
from inbox.visitors.errors import OriginNotAllowed, WidgetNotFound
from inbox.widget import limits
from inbox.widget.shapes import socket_address

LOADER = Path(__file__).with_name("loader.js")
LOADER_AGE_SECONDS = 300  # how long a change of colour takes to reach every site
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)

# The loader speaks before the frame is there, so it carries its few words in every language.
LOADER_WORDS = {
    "open": gettext_noop("Open chat"),
    "close": gettext_noop("Close chat"),
    "unread": gettext_noop("unread messages"),
}


@require_safe
def loader(request: HttpRequest, key: str) -> HttpResponseBase:
    """Answer the script that a site includes."""
    try:
        limits.take_any(request)
        looks = chat_at(key).looks
    except WidgetNotFound:
        return HttpResponse("/* There is no web chat at this address. */", status=404, content_type="text/javascript")
    config = {
        "name": looks.name,
        "colour": looks.colour,
        "ink": ink_on(looks.colour),
        "position": looks.position,
        "words": {code: _words(code) for code in LANGUAGES},
    }
    script = _source().replace("__CONFIG__", json.dumps(config, separators=(",", ":")))
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={LOADER_AGE_SECONDS}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def frame(request: HttpRequest, key: str) -> HttpResponseBase:
    """Answer the chat itself, to be shown in a frame of one of the channel's sites and nowhere else."""
    limits.take_any(request)
    chat = chat_at(key)
    parent = request.GET.get("parent", "")
    if not chat.looks.allows(parent):
        raise OriginNotAllowed
    wanted = request.GET.get("language", "")[:2].lower()
    language = wanted if wanted in LANGUAGES else translation.get_language_from_request(request)
    with translation.override(language):
        response = render(request, "inbox/widget/frame.html", _context(key, parent, chat.looks, language))
    response.headers["Content-Security-Policy"] = policy_of(
        chat.looks,
        nonce=str(request.csp_nonce),  # type: ignore[attr-defined]
        socket=socket_address(request.get_host(), key).removesuffix(f"/ws/widget/{key}"),
    )
    response.headers["Content-Language"] = language
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.xframe_options_exempt = True  # type: ignore[attr-defined]  # frame-ancestors says who may, which this header cannot
    return response


def policy_of(looks: Looks, *, nonce: str, socket: str) -> str:
    """Return the frame's content policy: only our own files, and only inside the channel's sites."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'nonce-{nonce}' 'strict-dynamic'",
            "style-src 'self'",
            "img-src 'self' blob:",
            "media-src 'self'",
            f"connect-src 'self' {socket}".strip(),
            "form-action 'none'",
            "base-uri 'none'",
            f"frame-ancestors {' '.join(looks.origins) or chr(39) + 'none' + chr(39)}",
        ]
    )


def ink_on(colour: str) -> str:
    """Return black or white, whichever is read better on a colour."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#000000"


@lru_cache(maxsize=1)
def _source() -> str:
    return LOADER.read_text(encoding="utf-8")


def _words(language: str) -> dict[str, str]:
    with translation.override(language):
        return {name: _(text) for name, text in LOADER_WORDS.items()}


def _context(key: str, parent: str, looks: Looks, language: str) -> dict[str, object]:
    config = {
        "key": key,
        "parent": parent,
        "api": f"/widget/{key}/",
        "colour": looks.colour,
        "ink": ink_on(looks.colour),
        "textLimit": TEXT_LIMIT,
        "mostFiles": FILES_PER_MESSAGE,
        "language": language,
        "words": {
            "waiting": _("Waiting for the connection"),
            "sent": _("Sent"),
            "failed": _("Not sent"),
            "again": _("Try again"),
            "remove": _("Remove"),
            "you": _("You"),
            "typing": _("%(name)s is writing") % {"name": looks.name},
            "offline": _("No connection. What you write is kept and sent later."),
            "tooLong": _("Too long: %(most)s characters are possible.") % {"most": TEXT_LIMIT},
            "login": _("Log in on this site to write to us here."),
            "broken": _("The chat cannot be reached. Load the page again in a moment."),
            "uploading": _("Uploading"),
        },
    }
    return {"looks": looks, "config": json.dumps(config), "language": language}
