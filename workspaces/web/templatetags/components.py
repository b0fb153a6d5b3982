"""Template tags and filters of the design system. They are builtins: templates use them without {% load %}."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, widgets
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from workspaces.queries import MemberPresence
from workspaces.web import formats
from workspaces.web.presence import KINDS, presence_words

register = template.Library()

TAG_COLOURS = ("grey", "red", "orange", "yellow", "green", "blue", "indigo", "purple")
BADGE_KINDS = ("good", "warn", "bad", "info", "plain", "bot")
HUES = 6
ERRORS = {
    400: (
        _("This request could not be read"),
        _(
            "Something in the address or the form is not as it should be. Nothing was changed. Go back and send it again."
        ),
    ),
    403: (
        _("This is not open to you"),
        _("Someone who manages the workspace can give you the right. Nothing was changed."),
    ),
    404: (
        _("There is nothing at this address"),
        _("It may have been deleted or merged, or it belongs to a workspace you are not in."),
    ),
    409: (
        _("This has changed meanwhile"),
        _("Nothing was written. Open it again to see how it stands now."),
    ),
    410: (_("This is gone"), _("It was used already, it was deleted, or its time has passed.")),
    429: (_("Too many tries"), _("Wait a little, then try again. Nothing was changed.")),
    500: (
        _("Something broke on our side"),
        _("The error is in the server's log. Try again; if it comes back, tell whoever runs this server."),
    ),
    503: (_("The server is not ready"), _("It is starting, being updated or very busy. Try again in a minute.")),
}
BAR_WIDTH = 1000


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """A symbol of icons.svg; silent beside words, named when it stands alone."""
    if not label:
        return _silent_icon(str(name), str(size))
    return _drawn(name, size, format_html(' role="img" aria-label="{}"', label))


@lru_cache(maxsize=1024)
def _silent_icon(name: str, size: str) -> SafeString:
    """Kept, as a page shows some seventy."""
    return _drawn(name, size, mark_safe(' aria-hidden="true"'))


def _drawn(name: str, size: str, named: SafeString) -> SafeString:
    return format_html(
        '<svg class="i{}"{}><use href="{}#{}"/></svg>',
        f" {size}" if size else "",
        named,
        static("workspaces/icons.svg"),
        name,
    )


@register.simple_tag
def avatar(name: object, id: int | str | None = None, size: str = "", picture: str = "") -> SafeString:  # noqa: A002 - reads well in templates
    """Initials on one of six hues by id. It is decoration: the name stands beside it in words."""
    shown = str(name or "")
    number = int(str(id)) if str(id).isdecimal() else sum(map(ord, shown))
    if picture:
        inside = format_html('<img src="{}" alt="">', picture)
    else:
        inside = conditional_escape(formats.initials(shown)) or icon("user")
    return format_html(
        '<span class="av h{}{}" aria-hidden="true">{}</span>', number % HUES + 1, f" {size}" if size else "", inside
    )


@register.simple_tag
def tag(name: object, colour: str = "grey", emoji: str = "") -> SafeString:
    """A tag's name with its mark, or with its emoji in the mark's place. `colour` may be written "tag-red" or "red"."""
    hue = (colour or "grey").removeprefix("tag-")
    return format_html(
        '<span class="tag tag-{}{}">{}<span>{}</span></span>',
        hue if hue in TAG_COLOURS else "grey",
        " has-emoji" if emoji else "",
        format_html('<span aria-hidden="true">{}</span>', emoji) if emoji else "",
        name,
    )


@register.simple_tag
def presence_of(presence: MemberPresence | None) -> dict[str, str]:
    """Words and kind of somebody's presence, for `components/presence.html`; whoever is not known is offline."""
    known = presence or MemberPresence(user_id=0, name="", state="offline")
    return {"words": presence_words(known), "kind": KINDS[known.state]}


@register.simple_tag(name="badge")
def badge_of(kind: str, text: object, icon_name: str = "") -> SafeString:
    """A state: {% badge "good" text "check" %}."""
    return format_html(
        '<span class="badge {}">{}{}</span>',
        kind if kind in BADGE_KINDS else "plain",
        icon(icon_name) if icon_name else "",
        text,
    )


@register.simple_tag
def bar(parts: Iterable[Mapping[str, Any]], total: int | None = None, label: str = "", kind: str = "") -> SafeString:
    """Parts of a whole as one line of SVG: parts are {"value": 12, "kind": "add|update|same|skip|error"}."""
    shown = [(int(part["value"]), str(part["kind"])) for part in parts if part["value"]]
    whole = max(total or 0, sum(value for value, _ in shown), 1)
    gap = 0 if kind == "slim" else 2
    rects, x = [], 0.0
    for value, name in shown:
        # A part that exists is never invisible, however small its share.
        width = max(BAR_WIDTH * value / whole, 6.0)
        rects.append((name, f"{x:.1f}", f"{max(width - gap, 4):.1f}"))
        x += width
    return format_html(
        '<svg class="bars{}" viewBox="0 0 {} 8" preserveAspectRatio="none" {}>{}</svg>',
        f" {kind}" if kind else "",
        f"{max(x - gap, BAR_WIDTH):.1f}",
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"'),
        format_html_join("", '<rect class="b-{}" x="{}" width="{}" height="8"/>', rects),
    )


@register.simple_tag
def key(kind: str) -> SafeString:
    """The small square that ties a word to its part of a bar."""
    return format_html(
        '<svg class="key" viewBox="0 0 10 10" aria-hidden="true"><rect class="b-{}" width="10" height="10"/></svg>',
        kind,
    )


@register.simple_tag
def field(bound: BoundField, **options: Any) -> SafeString:
    """A form field with label, hint and error. Options: label, hint, icon, placeholder, switch, combobox, autofocus, inline;
    every other option becomes an attribute of the control, with `_` read as `-`.
    """
    control = _Control(bound, dict(options))
    return mark_safe(render_to_string("workspaces/components/field.html", control.context()))  # noqa: S308 - a rendered template


class _Control:
    """Decides which layout a field has, and which attributes its control carries."""

    OWN = ("label", "hint", "icon", "switch", "combobox", "inline", "sm")

    def __init__(self, bound: BoundField, options: dict[str, Any]) -> None:
        self.bound = bound
        self.own = {name: options.pop(name, None) for name in self.OWN}
        self.attributes = {name.replace("_", "-"): value for name, value in options.items() if value is not False}

    def layout(self) -> str:
        widget = self.bound.field.widget
        if isinstance(widget, widgets.HiddenInput):
            return "hidden"
        if isinstance(widget, widgets.CheckboxInput):
            return "check"
        if isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple):
            return "choices"
        return "text"

    @property
    def takes_none(self) -> bool:
        """Whether no box at all is an answer as good as some."""
        return isinstance(self.bound.field.widget, widgets.CheckboxSelectMultiple)

    def context(self) -> dict[str, Any]:
        bound, layout = self.bound, self.layout()
        identity = bound.id_for_label or bound.auto_id
        hint = self.own["hint"] if self.own["hint"] is not None else bound.help_text
        described = [f"{identity}-error"] if bound.errors else []
        described += [f"{identity}-hint"] if hint and not bound.errors else []
        attributes = dict(self.attributes)
        if described:
            attributes["aria-describedby"] = " ".join(described)
        if layout == "text":
            attributes["class"] = "input sm" if self.own["sm"] else "input"
        if self.own["combobox"]:
            attributes["data-combobox"] = self.own["combobox"]
        if self.own["switch"]:
            attributes["role"] = "switch"
        if bound.errors:
            attributes["aria-invalid"] = "true"
        return {
            "bound": bound,
            "layout": layout,
            "identity": identity,
            "label": self.own["label"] if self.own["label"] is not None else bound.label,
            "hint": hint,
            "described": " ".join(described),
            "icon": self.own["icon"],
            "inline": self.own["inline"],
            "optional": not bound.field.required and layout != "check" and not self.takes_none,
            "control": "" if layout == "choices" else bound.as_widget(attrs=attributes),
        }


@register.simple_tag
def error_title(status: int) -> str:
    """What happened, for a status; unknown ones read as the general refusal of their hundred."""
    return str(_error_words(status)[0])


@register.simple_tag
def error_text(status: int) -> str:
    """What a status means and what to do about it."""
    return str(_error_words(status)[1])


def _error_words(status: object) -> tuple[Any, Any]:
    code = int(str(status or 500))
    return ERRORS.get(code) or ERRORS[400 if code < 500 else 500]


@register.filter
def number(value: float | Decimal | None) -> str:
    return formats.number(value)


@register.filter
def size(value: int | None) -> str:
    return formats.size(value)


@register.filter
def percent(part: float, whole: float) -> str:
    return formats.share(part, whole)


def _time(at: datetime, words: str, *, title: str = "") -> SafeString:
    named = format_html(' title="{}"', title) if title and title != words else ""
    return format_html('<time datetime="{}"{}>{}</time>', formats.local(at).isoformat(timespec="seconds"), named, words)


@register.filter
def moment(at: datetime | None) -> str:
    """21 Nov 2026, 11:52 in a <time> element."""
    return _time(at, formats.moment(at)) if at else formats.UNKNOWN


@register.filter
def day(on: date | None) -> str:
    """21 Nov 2026 in a <time> element."""
    if not on:
        return formats.UNKNOWN
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), formats.day(on))


@register.filter
def when(at: datetime | None) -> str:
    """10:46, Fri, 12 Aug or 12 Aug 2025, with the whole moment in its title."""
    return _time(at, formats.when(at, now=timezone.now()), title=formats.moment(at)) if at else formats.UNKNOWN


@register.filter
def clock(at: datetime | None) -> str:
    """10:46, for what stands under its day, with the whole moment in its title."""
    return _time(at, formats.clock(at), title=formats.moment(at)) if at else formats.UNKNOWN


@register.filter
def ago(at: datetime | None) -> str:
    """7 min ago, with the whole moment in its title."""
    return _time(at, formats.ago(at, now=timezone.now()), title=formats.moment(at)) if at else formats.UNKNOWN


@register.filter
def duration(length: timedelta | float | None) -> str:
    return formats.duration(length) if length is not None else formats.UNKNOWN
