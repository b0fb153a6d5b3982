"""What a review shows of the plan: its counts, the effect on each field, examples of before and after."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports.models import UPDATING_PURPOSES, ContactImport
from imports.web.presenting import count_of
from workspaces.web import formats

EXAMPLES_SHOWN = 8


def review_counts(contact_import: ContactImport) -> list[dict[str, object]]:
    """Return the five counts of a review; they add up to the rows of the file."""
    row = contact_import
    by_meaning = row.matched_by_normalization
    matched = ngettext("%(n)s matched by an equivalent form", "%(n)s matched by an equivalent form", by_meaning)
    return [
        count_of(_("Add"), row.to_add, "add", _("new contacts")),
        count_of(
            _("Update"),
            row.to_update,
            "update",
            matched % {"n": formats.number(by_meaning)} if by_meaning else _("contacts you have"),
        ),
        count_of(_("Unchanged"), row.unchanged, "same", _("already the same")),
        count_of(_("Skip"), row.to_skip, "skip", _skipped(row)),
        count_of(_("Errors"), row.with_errors, "error", _("stay out; the others go on")),
    ]


def _skipped(row: ContactImport) -> str:
    if not row.to_skip:
        return _("no row is left out")
    return {
        "add_new": _("contacts that you have already"),
        "update_existing": _("no such contact here"),
    }.get(row.purpose, _("left out"))


def effects(contact_import: ContactImport, names: Mapping[str, str | Promise]) -> list[dict[str, object]]:
    """Return what happens to each field, in the order of the file's columns."""
    columns = {column["field"]: column["name"] for column in contact_import.columns if column["field"]}
    places = {key: place for place, key in enumerate(columns)}
    for part in ("first_name", "last_name"):  # a full name becomes both
        if "full_name" in columns:
            columns.setdefault(part, columns["full_name"])
            places.setdefault(part, places["full_name"])
    lines = []
    for key in sorted(contact_import.effects, key=lambda key: places.get(key, len(places))):
        effect = contact_import.effects[key]
        lines.append(
            {
                "name": names.get(key, key),
                "column": columns.get(key, ""),
                "parts": [
                    {"value": effect["gets"], "kind": "add"},
                    {"value": effect["changes"], "kind": "update"},
                    {"value": effect["loses"], "kind": "error"},
                ],
                **effect,
            }
        )
    return lines


def losses(contact_import: ContactImport, names: Mapping[str, str | Promise]) -> dict[str, object] | None:
    """Return how many values the import empties and in which fields, or None when it empties none."""
    if not contact_import.values_lost:
        return None
    fields = [
        str(names.get(key, key)) for key, effect in contact_import.effects.items() if effect["loses"] and key != "tags"
    ]
    return {
        "values": contact_import.values_lost,
        "fields": get_text_list(fields, _("and")),
        "can_be_kept": contact_import.purpose in UPDATING_PURPOSES,
    }


def examples(
    contact_import: ContactImport, names: Mapping[str, str | Promise], *, only: str, start: int
) -> dict[str, object]:
    """Return some of the kept examples of before and after; `start` pages through them and comes round again."""
    kept = [example for example in contact_import.examples if not only or example["kind"] == only]
    start = start if 0 <= start < len(kept) else 0
    shown = kept[start : start + EXAMPLES_SHOWN]
    following = start + EXAMPLES_SHOWN
    return {
        "lines": [
            {**example, "field": names.get(example["field"], example["field"]), "is_tags": example["field"] == "tags"}
            for example in shown
        ],
        "only": only,
        "total": len(kept),
        "first": start + 1,
        "last": start + len(shown),
        "next": following if following < len(kept) else 0,
        "has_more": len(kept) > EXAMPLES_SHOWN,
        "has_losses": any(example["kind"] == "loses" for example in contact_import.examples),
        "has_any": bool(contact_import.examples),
    }
