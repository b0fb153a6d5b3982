"""Forms of the import pages: they read what was chosen; the rules are the actions'."""

from typing import Any, BinaryIO, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from imports.actions import ImportRequest
from imports.models import ContactImport, IdentifierField, Matching, Purpose
from imports.web.words import DELIMITER_KEYS, DELIMITERS, ENCODINGS, IDENTIFIERS, MATCHINGS, PURPOSES, Choice

DETECT = ("", _("Detect"))
LOOK = {"class": "input"}
DELIMITER_CHOICES = [(key, delimiter.name) for key, delimiter in DELIMITERS.items()]


class AnyTags(forms.MultipleChoiceField):
    """Names of tags, known or new: the action decides what a good name is."""

    def valid_value(self, value: str) -> bool:
        return bool(value.strip())


class ReadingForm(forms.Form):
    """How the bytes of the file become cells."""

    encoding = forms.ChoiceField(
        label=_("Encoding"), choices=[DETECT, *ENCODINGS.items()], required=False, widget=forms.Select(attrs=LOOK)
    )
    delimiter = forms.ChoiceField(
        label=_("What separates the columns"),
        choices=[DETECT, *DELIMITER_CHOICES],
        required=False,
        widget=forms.Select(attrs=LOOK),
    )

    @property
    def reading_fields(self) -> list[forms.BoundField]:
        """The two fields, which always have a value and so are neither required nor optional."""
        return [self[name] for name in ReadingForm.base_fields]

    @property
    def chosen_encoding(self) -> str | None:
        """The encoding that was chosen, or None to have it detected."""
        return self.cleaned_data["encoding"] or None

    @property
    def chosen_delimiter(self) -> str | None:
        """The character that was chosen, or None to have it detected."""
        key = self.cleaned_data["delimiter"]
        return DELIMITERS[key].character if key else None

    @staticmethod
    def values_of(contact_import: ContactImport) -> dict[str, str]:
        """Return what the form shows first: how the file is read now."""
        return {
            "encoding": contact_import.encoding,
            "delimiter": DELIMITER_KEYS.get(contact_import.delimiter, ""),
        }


class UploadForm(ReadingForm):
    """The first step: the file and what is meant by it."""

    file = forms.FileField(label=_("File"), allow_empty_file=True, error_messages={"required": _("Choose a CSV file.")})
    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=[(one.value, one.name) for one in PURPOSES], widget=forms.RadioSelect
    )
    identifier = forms.ChoiceField(
        label=_("How a contact is found"),
        choices=[(one.value, one.name) for one in IDENTIFIERS],
        widget=forms.RadioSelect,
        required=False,
    )
    matching = forms.ChoiceField(
        label=_("How they are compared"),
        choices=[(one.value, one.name) for one in MATCHINGS],
        widget=forms.RadioSelect,
        required=False,
    )
    tags = AnyTags(
        label=_("Tags"),
        required=False,
        help_text=_("Every contact that this import adds or updates gets them. Remove or add as you like."),
        error_messages={"invalid_choice": _("A tag needs a name.")},
    )

    field_order = ("file", "purpose", "identifier", "matching", "tags", "encoding", "delimiter")

    def __init__(self, *args: Any, tag_names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self["tags"].value() or []
        self.tag_names = [name for name in dict.fromkeys([*chosen, *tag_names]) if name.strip()]
        self.fields["tags"].choices = [(name, name) for name in self.tag_names]  # type: ignore[attr-defined]

    def clean_identifier(self) -> str:
        """Drop an identifier that stands hidden beside “add every row as new”."""
        chosen = str(self.cleaned_data["identifier"])
        purpose = self.cleaned_data.get("purpose")
        if purpose == Purpose.ADD_ALL:
            return IdentifierField.NONE
        if not chosen:
            raise forms.ValidationError(_("Choose how a contact is found."))
        if chosen == IdentifierField.CONTACT_ID and purpose != Purpose.UPDATE_EXISTING:
            raise forms.ValidationError(
                _("New people have no contact ID yet. Choose phone or e-mail, or update existing contacts only.")
            )
        return chosen

    @property
    def file_name(self) -> str:
        """What the browser called the file."""
        return str(self.cleaned_data["file"].name or "")

    @property
    def content(self) -> BinaryIO:
        """The file itself, as it came."""
        return cast("BinaryIO", self.cleaned_data["file"].file)

    def request(self) -> ImportRequest:
        """Return what was asked for."""
        return ImportRequest(
            purpose=self.cleaned_data["purpose"],
            identifier=self.cleaned_data["identifier"],
            matching=self.cleaned_data["matching"] or Matching.EXACT,
            tags=tuple(name.strip() for name in self.cleaned_data["tags"]),
            encoding=self.chosen_encoding,
            delimiter=self.chosen_delimiter,
        )

    def chosen(self, name: str) -> str:
        """Return the present value of a set of radio buttons."""
        return str(self[name].value() or "")


def cards(choices: tuple[Choice, ...], chosen: str) -> list[dict[str, object]]:
    """Return radio buttons with their explanations, for the template."""
    return [
        {"value": one.value, "name": one.name, "text": one.text, "is_chosen": one.value == chosen} for one in choices
    ]
