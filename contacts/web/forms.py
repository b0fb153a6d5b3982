"""Forms of the contact pages. What a value means is decided by the actions; forms hold words and choices."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.models import ContactField
from contacts.models.settings import TAG_COLOURS
from contacts.values import FieldType
from contacts.web.specs import CHOSEN, Links, Spec, choices_of

KIND_WORDS = {
    FieldType.TEXT: _("Text"),
    FieldType.LIST: _("List of values"),
    FieldType.CHECKBOX: _("Yes or no"),
    FieldType.EMAIL: _("E-mail"),
    FieldType.NUMBER: _("Number"),
    FieldType.URL: _("Web address"),
    FieldType.DATE: _("Date"),
    FieldType.TIME: _("Time"),
}
COLOUR_WORDS = {
    "tag-grey": _("Grey"),
    "tag-red": _("Red"),
    "tag-orange": _("Orange"),
    "tag-yellow": _("Yellow"),
    "tag-green": _("Green"),
    "tag-blue": _("Blue"),
    "tag-indigo": _("Indigo"),
    "tag-purple": _("Purple"),
}
# Beyond this many choices a list is typed into instead of scrolled.
LONG_LIST = 12


def control_of(spec: Spec, links: Links, *, value: str = "", typed: str = "") -> forms.Field:
    """Return the form field in which a contact's field is typed or chosen."""
    if spec.kind in CHOSEN:
        choices = choices_of(spec, links)
        if value and value not in {code for code, _words in choices}:
            choices.append((value, value))  # a value that the list has lost meanwhile is still shown
        attrs = {"data-combobox": "1"} if len(choices) > LONG_LIST else {}
        return forms.ChoiceField(
            label=spec.label, help_text=spec.hint, required=False, choices=choices, widget=forms.Select(attrs=attrs)
        )
    return forms.CharField(
        label=spec.label, help_text=spec.hint, required=False, strip=False, widget=_typed_widget(spec, value, typed)
    )


def _typed_widget(spec: Spec, value: str, typed: str) -> forms.Widget:
    plain = {"autocomplete": "off"}
    match spec.kind:
        case "phone":
            return forms.TextInput({**plain, "type": "tel", "inputmode": "tel"})
        case "email" | FieldType.EMAIL:
            return forms.TextInput({**plain, "type": "email"})
        case FieldType.URL:
            return forms.TextInput({**plain, "inputmode": "url", "placeholder": "https://"})
        case FieldType.NUMBER:
            return forms.TextInput({**plain, "inputmode": "decimal"})
        case FieldType.DATE if not typed:
            return forms.TextInput({**plain, "type": "date"})
        case FieldType.TIME if not typed:
            return forms.TextInput({**plain, "type": "time", **({"step": "1"} if value.count(":") == 2 else {})})
        case FieldType.TEXT if spec.slug and ("\n" in value or len(value) > 80):
            return forms.Textarea({"rows": 4})
    return forms.TextInput(plain)


class EditField(forms.Form):
    """One field of one contact, edited in place."""

    def __init__(self, *args: Any, spec: Spec, links: Links, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec = spec
        value = str(self.data.get("value", self.initial.get("value", "")))
        self.fields["value"] = control_of(spec, links, value=value)
        self.use_required_attribute = False


class NewContact(forms.Form):
    """Everything that can be known about a person when they are added by hand."""

    tags = forms.MultipleChoiceField(label=_("Tags"), required=False)

    def __init__(self, *args: Any, specs: list[Spec], links: Links, tags: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.specs = specs
        for spec in specs:
            self.fields[spec.key] = control_of(spec, links, value=str(self.data.get(spec.key, "")))
        # A name that is typed and new becomes a tag, so it is among the choices once it was sent.
        given = self.data.getlist("tags") if hasattr(self.data, "getlist") else []
        known = {name for name, _words in tags}
        choices = [*tags, *((name, name) for name in dict.fromkeys(given) if name not in known)]
        field = self.fields["tags"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - said to the type checker
        field.choices = choices
        field.widget = forms.SelectMultiple(
            attrs={"data-combobox": "1", "data-combobox-create": "", "size": "4"}, choices=choices
        )
        self.use_required_attribute = False

    def group(self, *keys: str) -> list[forms.BoundField]:
        """Return some of the fields, in the order asked for."""
        return [self[key] for key in keys if key in self.fields]

    @property
    def custom(self) -> list[forms.BoundField]:
        """The workspace's own fields."""
        return [self[spec.key] for spec in self.specs if spec.slug]


class FieldForm(forms.Form):
    """Name and description of a custom field, and the values of a list."""

    name = forms.CharField(label=_("Name"), max_length=50)
    description = forms.CharField(
        label=_("Description"), max_length=255, required=False, help_text=_("Shown to the people who fill it in.")
    )
    allowed_values = forms.CharField(
        label=_("Allowed values"),
        required=False,
        help_text=_("For a list only: one value a line."),
        widget=forms.Textarea({"rows": 5}),
    )

    def allowed(self) -> list[str]:
        """The values of a list, one a line."""
        return [line.strip() for line in str(self.cleaned_data["allowed_values"]).splitlines() if line.strip()]


class NewField(FieldForm):
    """A custom field; type and id never change afterwards."""

    kind = forms.ChoiceField(label=_("Type"), choices=[(kind.value, words) for kind, words in KIND_WORDS.items()])
    slug = forms.CharField(
        label=_("Id"),
        max_length=50,
        required=False,
        help_text=_("Small letters, digits and underscores; made from the name when left empty. It never changes."),
        widget=forms.TextInput({"autocapitalize": "off", "spellcheck": "false"}),
    )
    field_order = ("name", "kind", "allowed_values", "slug", "description")


class StageForm(forms.Form):
    """A lifecycle stage."""

    name = forms.CharField(label=_("Name"), max_length=60)


class TagForm(forms.Form):
    """A contact tag."""

    name = forms.CharField(label=_("Name"), max_length=255)
    colour = forms.ChoiceField(
        label=_("Colour"),
        choices=[(code, COLOUR_WORDS[code]) for code in TAG_COLOURS],
        widget=forms.RadioSelect,
        initial=TAG_COLOURS[0],
    )
    emoji = forms.CharField(
        label=_("Emoji"), max_length=16, required=False, help_text=_("Stands in place of the colour's mark.")
    )
    description = forms.CharField(label=_("Description"), max_length=255, required=False)


class ChoiceForm(forms.Form):
    """One choice for many contacts."""

    value = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, label: str, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = {"data-combobox": "1"} if len(choices) > LONG_LIST else {}
        self.fields["value"] = forms.ChoiceField(
            label=label, required=False, choices=choices, widget=forms.Select(attrs=attrs)
        )


class TagsForm(forms.Form):
    """Tags for many contacts; where it may create, a name that is typed becomes a tag."""

    def __init__(self, *args: Any, names: list[str], may_create: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.data.getlist("value") if may_create and hasattr(self.data, "getlist") else []
        choices = [(name, name) for name in dict.fromkeys([*names, *given])]
        create = {"data-combobox-create": ""} if may_create else {}
        self.fields["value"] = forms.MultipleChoiceField(
            label=_("Tags"),
            choices=choices,
            error_messages={"required": _("Choose at least one tag.")},
            widget=forms.SelectMultiple(attrs={"data-combobox": "1", "size": "5", **create}),
        )
        self.use_required_attribute = False


class DeleteForm(forms.Form):
    """The number of contacts, typed by hand when they are many."""

    TYPED_ABOVE = 100

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = number
        self.use_required_attribute = False
        if number > self.TYPED_ABOVE:
            self.fields["value"] = forms.CharField(
                label=_("Type %(number)s to go on") % {"number": number},
                error_messages={"required": _("Type the number of contacts.")},
                widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
            )

    def clean_value(self) -> str:
        """Compare what was typed with the number that there is now."""
        typed = "".join(sign for sign in str(self.cleaned_data["value"]) if sign.isdecimal())
        if typed != str(self.number):
            raise forms.ValidationError(
                _("This is not the number: %(number)s contacts are chosen.") % {"number": self.number}
            )
        return typed


def field_form_values(field: ContactField) -> dict[str, str]:
    """Return what a form to change a field begins with."""
    return {
        "name": field.name,
        "description": field.description,
        "allowed_values": "\n".join(field.allowed_values),
    }
