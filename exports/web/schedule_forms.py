"""The form of a schedule: what is exported, how often, and where the files go. Secrets go in, and never come out."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exports.actions import ScheduleForm
from exports.catalogue import DATASETS, Dataset, Family
from exports.catalogue.filters import choices_of
from exports.destinations import destination_of
from exports.models import ExportSchedule, Format
from exports.web.schedule_words import EVERY, WEEKDAYS, WHERE_TO
from exports.web.words import FAMILY_NAMES, FILTER_NAMES, FORMATS
from workspaces.models import Workspace
from workspaces.web.zones import zone_choices

# The names of the actions' fields where the page's differ.
FIELD_OF = {"timezone": "time_zone", "headers": "header_language"}
# The server that a secret is for: when one of these changes, what is stored is not sent there.
PLACE = ("host", "port", "username", "endpoint_url", "bucket", "access_key_id")
SECRETS = ("password", "private_key", "passphrase", "secret_access_key")
SETTINGS = ("host", "port", "username", "folder", "host_key", "endpoint_url", "region", "bucket", "prefix", "access_key_id")  # fmt: skip
MOST = 8_000
# Never marked as optional: which of them must be there is up to the destination, and to how often it runs.
NEEDED = ("on_weekday", "at_hour", "host", "port", "username", "password", "host_key", "bucket", "access_key_id", "secret_access_key")  # fmt: skip


def _text(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=False, max_length=300)


def _secret(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=300,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class UnshownText(forms.Textarea):
    """Several lines that are a secret: what was typed is not written back into a page."""

    def format_value(self, value: Any) -> None:
        """Show nothing."""
        del value


class SchedulePageForm(forms.Form):
    """What a person chooses. Its filters are those of the data set that is chosen in it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    dataset = forms.ChoiceField(label=_("Data set"))
    every = forms.ChoiceField(label=_("How often"), choices=EVERY)
    on_weekday = forms.TypedChoiceField(label=_("Day"), choices=WEEKDAYS, coerce=int, required=False, empty_value="0")
    at_hour = forms.TypedChoiceField(
        label=_("From this hour on"),
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        coerce=int,
        required=False,
        empty_value="6",
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
    destination = forms.ChoiceField(label=_("Where the files go"), choices=WHERE_TO, widget=forms.RadioSelect)

    host = _text(_("Server"), _("Its name, such as files.example.com."))
    port = _text(_("Port"))
    username = _text(_("User name"))
    password = _secret(_("Password"))
    private_key = forms.CharField(
        label=_("Private key"),
        required=False,
        max_length=MOST,
        help_text=_("Instead of a password. The whole of it, in OpenSSH or PEM form."),
        widget=UnshownText(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    passphrase = _secret(_("Passphrase of the key"))
    folder = _text(_("Folder"), _("Files lie below it, under export/ and the data set’s name."))
    host_key = _text(
        _("Key of the server"),
        _("Found out when you try it. Compare it with your server’s: from then on no other is trusted."),
    )

    endpoint_url = _text(_("Address of the store"), _("Leave it empty for Amazon S3."))
    region = _text(_("Region"), _("Such as eu-south-2."))
    bucket = _text(_("Bucket"))
    prefix = _text(_("Folder in the bucket"))  # type: ignore[assignment]  # a setting of the bucket, not of the form
    access_key_id = _text(_("Id of the access key"))
    secret_access_key = _secret(_("Secret of the access key"))

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices(first=workspace.time_zone)  # type: ignore[attr-defined]
        self.fields["dataset"].choices = [  # type: ignore[attr-defined]
            (FAMILY_NAMES[family], [(one.key, one.title) for one in DATASETS.values() if one.family is family])
            for family in Family
        ]
        self.chosen_dataset: Dataset = DATASETS.get(str(self["dataset"].value())) or DATASETS["conversations"]
        for name in self.chosen_dataset.filters:
            choices = choices_of(workspace.pk, name, self.chosen_dataset)
            if choices:
                self.fields[name.value] = forms.MultipleChoiceField(
                    label=FILTER_NAMES[name], required=False, choices=choices, widget=forms.CheckboxSelectMultiple
                )

        self._mark(is_needed=True)

    def full_clean(self) -> None:
        """Look at what was typed; what a destination needs is said by the destination."""
        self._mark(is_needed=False)
        super().full_clean()
        self._mark(is_needed=True)

    def _mark(self, *, is_needed: bool) -> None:
        for name in NEEDED:
            self.fields[name].required = is_needed

    @property
    def filter_fields(self) -> list[forms.BoundField]:
        """The fields that narrow, for the template."""
        return [self[name.value] for name in self.chosen_dataset.filters if name.value in self.fields]

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is chosen."""
        return any(bound.value() for bound in self.filter_fields)

    def settings(self) -> dict[str, str]:
        """Return the destination's settings as they were typed; what belongs to another destination is left out."""
        destination = destination_of(self.cleaned_data["destination"])
        names = destination.settings if destination is not None else ()
        return {name: self.cleaned_data.get(name, "") for name in names}

    def secrets(self) -> dict[str, str]:
        """Return the secrets that were typed; one that was left empty stays as it is."""
        destination = destination_of(self.cleaned_data["destination"])
        names = destination.secrets if destination is not None else ()
        return {name: value for name in names if (value := self.cleaned_data.get(name, ""))}

    def schedule(self) -> ScheduleForm:
        """Return what was chosen as the actions take it; the form is valid."""
        typed = self.cleaned_data
        filters: dict[str, list[object]] = {}
        for name in self.chosen_dataset.filters:
            chosen = typed.get(name.value) or []
            filters[name.value] = [int(value) if value.isdigit() else value for value in chosen]
        return ScheduleForm(
            name=typed["name"],
            dataset=typed["dataset"],
            every=typed["every"],
            at_hour=int(typed["at_hour"]),
            on_weekday=int(typed["on_weekday"]),
            time_zone=typed["time_zone"],
            filters=filters,
            header_language=typed["header_language"],
            for_excel=typed["for_excel"],
            format=typed["format"],
            is_gzipped=typed["is_gzipped"],
            destination=typed["destination"],
            settings=self.settings(),
            secrets=self.secrets(),
        )


def is_same_place(row: ExportSchedule | None, destination: str, settings: Mapping[str, str]) -> bool:
    """Tell whether files go on to the same account of the same server, so that its stored secrets may be used."""
    if row is None or row.destination != destination:
        return False
    usual = {"port": "22"} if destination == ExportSchedule.Destination.SFTP else {}
    return all(
        (row.settings.get(name) or usual.get(name, "")) == (settings.get(name) or usual.get(name, "")) for name in PLACE
    )


def usual_values(workspace: Workspace, *, dataset: str = "") -> dict[str, object]:
    """Return what the form of a new schedule shows first."""
    return {
        "dataset": dataset if dataset in DATASETS else "conversations",
        "every": ExportSchedule.Every.DAY.value,
        "at_hour": 6,
        "on_weekday": 0,
        "time_zone": workspace.time_zone,
        "header_language": "es" if (get_language() or "en").startswith("es") else "en",
        "format": Format.CSV.value,
        "destination": ExportSchedule.Destination.HISTORY.value,
        "port": "22",
    }


def values_of(row: ExportSchedule) -> dict[str, object]:
    """Return what the form of a schedule shows first: everything but its secrets."""
    return {
        **{name: row.settings.get(name, "") for name in SETTINGS},
        **{name: [str(value) for value in chosen] for name, chosen in row.filters.items()},
        "name": row.name,
        "dataset": row.dataset,
        "every": row.every,
        "at_hour": row.at_hour,
        "on_weekday": row.on_weekday,
        "time_zone": row.time_zone,
        "header_language": row.header_language,
        "format": row.format,
        "for_excel": row.for_excel,
        "is_gzipped": row.is_gzipped,
        "destination": row.destination,
    }
