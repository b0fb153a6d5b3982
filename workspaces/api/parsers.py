"""JSON as we take it: whole, of a sane size and depth, and free of what PostgreSQL cannot store."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from workspaces.errors import ValueNotValid

MOST_VALUES = 20_000
DEEPEST = 32
LARGEST_WHOLE = 2**63 - 1

_UNFIT = re.compile("[\x00\ud800-\udfff]").search


class StrictJson(BaseParser):
    """Parses a JSON body; raises ValueNotValid with the rule that it breaks."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return document_of(stream.read())


class AlwaysJson(BaseContentNegotiation):
    """Answers JSON whatever the Accept header says, and reads a body by its Content-Type."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:  # type: ignore[override]
        kind = str(request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(  # type: ignore[override]  # the stubs ask for lists of classes, the framework passes objects
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


def document_of(body: bytes) -> Any:
    """Read a JSON document; raise ValueNotValid."""
    try:
        document = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise ValueNotValid(sentence=_("The body is not UTF-8.")) from None
    except RecursionError:
        raise ValueNotValid(sentence=_("The body is nested too deeply.")) from None
    except json.JSONDecodeError as error:
        sentence = _("The body is not JSON: line %(line)s, column %(column)s.") % {
            "line": error.lineno,
            "column": error.colno,
        }
        raise ValueNotValid(sentence=sentence) from None
    except ValueError:  # an integer of thousands of digits, NaN or Infinity
        raise ValueNotValid(sentence=_("The body holds a number that is too large or no number at all.")) from None
    _check(document)
    return document


def _refuse_constant(_text: str) -> NoReturn:
    raise ValueError


def _check(document: Any) -> None:
    """Walk the document without recursion; raise ValueNotValid at the first thing that cannot be kept."""
    waiting: list[tuple[Any, int]] = [(document, 1)]
    seen = 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if seen > MOST_VALUES or len(waiting) > MOST_VALUES:
            raise ValueNotValid(sentence=_("The body holds more than %(most)s values.") % {"most": MOST_VALUES})
        if isinstance(value, str):
            _check_text(value)
        elif isinstance(value, int):
            if not -LARGEST_WHOLE <= value <= LARGEST_WHOLE:
                raise ValueNotValid(sentence=_("The body holds a whole number of more than 64 bits."))
        elif isinstance(value, float):
            if not math.isfinite(value):
                raise ValueNotValid(sentence=_("The body holds a number that is too large."))
        elif value is not None:
            if depth > DEEPEST:
                raise ValueNotValid(sentence=_("The body is nested too deeply."))
            if isinstance(value, dict):
                for key in value:
                    _check_text(key)
                value = list(value.values())
            waiting.extend((item, depth + 1) for item in value)


def _check_text(text: str) -> None:
    if _UNFIT(text):
        raise ValueNotValid(sentence=_("The body holds the character NUL or half a character."))
