"""Mentions in comments: `@Max Marín` as people write it, `{{@user.7}}` as it is stored, and a link-like name as it is shown."""

import re
from collections.abc import Iterable, Mapping

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from workspaces.models import Membership

_MENTION = re.compile(r"\{\{@user\.(\d{1,18})\}\}")


def mention_names(members: Iterable[Membership]) -> dict[int, str]:
    """Return each member's name for mentions; where two share one, the e-mail address tells them apart."""
    people = [row.user for row in members]
    names = [user.name.casefold() for user in people]
    return {
        user.pk: user.name if names.count(user.name.casefold()) == 1 else f"{user.name} ({user.email})"
        for user in people
    }


def to_stored(text: str, names: Mapping[int, str]) -> str:
    """Turn written names into mentions; longer names first, so that one that begins another is not taken for it."""
    for user_id, name in sorted(names.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        written = re.compile(rf"(?<![\w@])@{re.escape(name)}(?!\w)", re.IGNORECASE)
        text = written.sub(f"{{{{@user.{user_id}}}}}", text)
    return text


def mentioned_in(text: str) -> list[int]:
    """Return the ids of the members whom a stored text mentions."""
    return [int(user_id) for user_id in _MENTION.findall(text)]


def to_html(text: str, people: Mapping[int, str]) -> SafeString:
    """Show a stored text: its lines, and mentions by name."""

    def shown(match: re.Match[str]) -> str:
        name = people.get(int(match[1])) or _("a former member")
        return format_html('<span class="mention">@{}</span>', name)

    return mark_safe(_MENTION.sub(shown, escape(text)).replace("\n", "<br>"))  # noqa: S308 - escaped before
