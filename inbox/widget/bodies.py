"""Reading what a visitor's browser sends, without trusting its size or its shape."""

import json
import logging
from collections.abc import Mapping
from typing import BinaryIO, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contacts.languages import language_code
from inbox.file_errors import FileIsEmpty
from workspaces.errors import DomainError, Kind

logger = logging.getLogger("inbox.widget")

LARGEST_JSON_BYTES = 64 * 1024
LARGEST_ID = 2**63 - 1


class BodyTooLarge(DomainError):
    kind = Kind.TOO_LARGE
    code = "widget.body_too_large"
    text = _("The body is larger than this address takes.")


class BodyNotReadable(DomainError):
    kind = Kind.INVALID
    code = "widget.body_not_readable"
    text = _("The body is not a JSON object.")


class MethodUnknown(DomainError):
    kind = Kind.INVALID
    code = "widget.method_not_allowed"
    text = _("This address does not take this method.")


class NumberNotValid(DomainError):
    kind = Kind.INVALID
    code = "widget.number_not_valid"
    text = _("This is not a whole number.")


def json_of(request: HttpRequest) -> Mapping[str, object]:
    """Return the body's object; an empty body is an empty one."""
    length = request.headers.get("Content-Length", "") or "0"
    if length.isdigit() and int(length) > LARGEST_JSON_BYTES:
        raise BodyTooLarge
    if not request.body:
        return {}
    if len(request.body) > LARGEST_JSON_BYTES:
        raise BodyTooLarge
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BodyNotReadable from None
    if not isinstance(found, dict):
        raise BodyNotReadable
    return found


def number_of(request: HttpRequest, name: str) -> int | None:
    """Return a number of the query, None where there is none."""
    given = request.GET.get(name, "")
    if not given:
        return None
    if not given.isascii() or not given.isdecimal() or len(given) > 19 or int(given) > LARGEST_ID:
        raise NumberNotValid(field=name)
    return int(given)


def file_of(request: HttpRequest) -> tuple[str, BinaryIO]:
    """Return the one uploaded file and its name."""
    file = request.FILES.get("file")
    if file is None:
        raise FileIsEmpty(field="file")
    return file.name or "file", cast("BinaryIO", file)


def language_of(request: HttpRequest) -> str:
    """Return the language that the visitor's browser asks for first, if it is one that contacts can have."""
    first = request.headers.get("Accept-Language", "").partition(",")[0].partition(";")[0].strip().lower()
    code = first.partition("-")[0]
    return (language_code(code) or "") if len(code) == 2 else ""
