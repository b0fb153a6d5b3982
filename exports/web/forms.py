"""The form that asks for a file: the fields of the chosen data set, and what was typed as a request."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exports.actions import ExportRequest
from exports.catalogue import Dataset
from exports.catalogue.filters import choices_of
from exports.models import Export, Format
from exports.web.words import FILTER_NAMES, FORMATS
from reports.definitions.ranges import earliest_day
from workspaces.models import Workspace
from workspaces.web import formats
from workspaces.web.zones import zone_choices

USUAL_DAYS = 30
# The names of the actions' fields where the page's differ.
FIELD_OF = {"from": "first", "to": "last", "timezone": "time_zone", "headers": "header_language"}


def _a_day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})  # what browsers read, whatever the language


class ExportForm(forms.Form):
    """What is asked for. Filters are the data set's own; ids of its rows, or values of an enumeration."""

    first = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    last = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    header_language = forms.ChoiceField(label=_("Headers"), choices=[("en", "English"), ("es", "Español")])
    format = forms.ChoiceField(label=_("File"), choices=FORMATS)
    for_excel = forms.BooleanField(
        label=_("For Excel"),
        required=False,
        help_text=_("Adds a byte order mark, so that accents show as they are. For CSV only."),
    )
    is_gzipped = forms.BooleanField(
        label=_("Packed with gzip"), required=False, help_text=_("About a fifth of the size. For CSV only.")
    )
    contacts = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, dataset: Dataset, workspace: Workspace, today: date, **kwargs: Any) -> None:
        self.dataset = dataset
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices(first=workspace.time_zone)  # type: ignore[attr-defined]
        if dataset.needs_range:
            earliest = formats.day(earliest_day(today))
            self.fields["first"].required = self.fields["last"].required = True
            for name in ("first", "last"):
                self.fields[name].widget.attrs |= {"min": earliest_day(today).isoformat(), "max": today.isoformat()}
            self.range_hint = _("Whole days, both included. A year at most, and no further back than %(day)s.") % {
                "day": earliest
            }
        else:
            del self.fields["first"], self.fields["last"]
        for name in dataset.filters:
            choices = choices_of(workspace.pk, name, dataset)
            if not choices:
                continue
            self.fields[name.value] = forms.MultipleChoiceField(
                label=FILTER_NAMES[name], required=False, choices=choices, widget=forms.CheckboxSelectMultiple
            )

    def clean_contacts(self) -> dict[str, Any] | None:
        """Refuse a selection that cannot be read: leaving it out would give everybody's row instead of those chosen."""
        text = self.cleaned_data["contacts"]
        found = _json(text)
        if text and found is None:
            raise forms.ValidationError(
                _("What was chosen on the contacts page cannot be read any more. Choose again.")
            )
        return found

    def add_error(self, field: str | None, error: Any) -> None:
        """Put what is wrong with the chosen contacts over the form: nobody sees a field of theirs."""
        super().add_error(None if field == "contacts" else field, error)

    @property
    def filter_fields(self) -> list[forms.BoundField]:
        """The fields that narrow, for the template."""
        return [self[name.value] for name in self.dataset.filters if name.value in self.fields]

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is chosen."""
        return any(self[name.value].value() for name in self.dataset.filters if name.value in self.fields)

    def request(self) -> ExportRequest:
        """Return what was typed as the action takes it; the form is valid."""
        typed = self.cleaned_data
        filters: dict[str, list[object]] = {}
        for name in self.dataset.filters:
            chosen = typed.get(name.value) or []
            filters[name.value] = [int(value) if value.lstrip("-").isdigit() else value for value in chosen]
        return ExportRequest(
            dataset=self.dataset.key,
            from_day=typed.get("first"),
            to_day=typed.get("last"),
            time_zone=typed["time_zone"],
            filters=filters,
            header_language=typed["header_language"],
            for_excel=typed["for_excel"],
            format=typed["format"],
            is_gzipped=typed["is_gzipped"],
            contacts=typed["contacts"],
        )


def usual_values(dataset: Dataset, *, workspace: Workspace, today: date) -> dict[str, object]:
    """Return what the form shows before anybody chose."""
    values: dict[str, object] = {
        "time_zone": workspace.time_zone,
        "header_language": "es" if (get_language() or "en").startswith("es") else "en",
        "format": Format.CSV.value,
        "for_excel": True,
    }
    if dataset.needs_range:
        values |= {"first": today - timedelta(days=USUAL_DAYS - 1), "last": today}
    return values


def kept_values(address: Mapping[str, str]) -> dict[str, object]:
    """Return what an address says of the form: choices that outlive a change of the data set, or a range chosen by a link."""
    kept: dict[str, object] = {}
    for name in ("first", "last"):
        with suppress(ValueError):
            kept[name] = date.fromisoformat(address.get(name, ""))
    for name in ("time_zone", "format", "header_language"):
        if address.get(name):
            kept[name] = address[name]
    return kept


def named_filters(address: QueryDict, dataset: Dataset) -> dict[str, object]:
    """Return the filters of the data set that an address names, as the links of reports do."""
    return {
        name.value: [value for text in address.getlist(name.value) for value in text.split(",")]
        for name in dataset.filters
        if address.get(name.value)
    }


def values_of(row: Export) -> dict[str, object]:
    """Return what the form shows when an export is asked for again."""
    return {
        "first": row.from_day,
        "last": row.to_day,
        "time_zone": row.time_zone,
        "header_language": row.header_language,
        "format": row.format,
        "for_excel": row.for_excel,
        "is_gzipped": row.is_gzipped,
        "contacts": json.dumps(row.chosen_contacts) if row.chosen_contacts is not None else "",
        **{name: [str(value) for value in chosen] for name, chosen in row.filters.items()},
    }


def _json(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
