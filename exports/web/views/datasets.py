"""The help page: every data set with all its columns, and what each means."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from exports.catalogue import DATASETS, Family, Kind
from exports.web.words import FAMILY_NAMES, FILTER_NAMES
from reports.definitions.enums import ENUMS
from workspaces.permissions import Permission
from workspaces.web.scoping import actor_of

KIND_NAMES = {
    Kind.ID: _("ID"),
    Kind.STRING: _("text"),
    Kind.TEXT: _("long text"),
    Kind.INTEGER: _("whole number"),
    Kind.NUMBER: _("number"),
    Kind.BOOLEAN: _("true or false"),
    Kind.DATETIME: _("date and time"),
    Kind.SECONDS: _("duration in seconds"),
    Kind.HMS: _("duration, H:MM:SS"),
    Kind.ENUM: _("one of"),
    Kind.ID_LIST: _("list of IDs"),
    Kind.STRING_LIST: _("list of texts"),
    Kind.URL: _("web address"),
    Kind.EMAIL: _("e-mail address"),
    Kind.PHONE: _("phone number"),
    Kind.LANGUAGE: _("language"),
}


@require_safe
def export_datasets(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Explain the data sets; each has an anchor of its key."""
    del workspace_id
    actor_of(request).require(Permission.DATA_EXPORT)
    families = [
        {
            "name": FAMILY_NAMES[family],
            "datasets": [
                {
                    "dataset": dataset,
                    "filters": [FILTER_NAMES[name] for name in dataset.filters],
                    "columns": [
                        {
                            "column": column,
                            "kind": KIND_NAMES[column.kind],
                            "values": (column.values or ENUMS[column.enum]) if column.enum else (),
                        }
                        for column in dataset.columns
                    ],
                }
                for dataset in DATASETS.values()
                if dataset.family is family
            ],
        }
        for family in Family
    ]
    return render(request, "exports/datasets.html", {"families": families})
