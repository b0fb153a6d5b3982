"""Forms of the inbox's settings: they read what was typed; the rules are the actions'."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inbox.channels.contract import Connector, SettingField
from inbox.models import ClosingMode, StoredFile, Topic
from inbox.web.settings_pages import SeenForm

LONGEST_VALUE = 500
SELF_CHOSEN = {"autocomplete": "off"}
PREFIX = "set_"  # settings of the connector, beside the channel's own name and limit
MODES = (
    (ClosingMode.OPTIONAL.value, _("Ask, and let category and summary be left out")),
    (ClosingMode.CATEGORY.value, _("Require a category; the summary can be left out")),
    (ClosingMode.ALL.value, _("Require category and summary")),
    (ClosingMode.OFF.value, _("Do not ask")),
)


class ChannelForm(SeenForm):
    """A channel's name and limit, and one field for each setting of its connector. Secrets are written and never shown."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("Agents choose the channel by it."),
        widget=forms.TextInput(SELF_CHOSEN),
    )
    sends_per_minute = forms.IntegerField(
        label=_("Messages per minute"),
        min_value=1,
        max_value=6000,
        help_text=_("At most so many are sent; the others wait their turn."),
    )

    def __init__(
        self,
        *args: Any,
        connector: Connector,
        made: frozenset[str],
        is_set: frozenset[str] = frozenset(),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.connector_fields = [one for one in connector.fields if not (one.is_secret and one.name in made)]
        for one in self.connector_fields:
            self.fields[PREFIX + one.name] = _control(one, is_set=one.name in is_set)

    def settings(self) -> dict[str, object]:
        """Return what was typed into the connector's open settings."""
        return {one.name: self.cleaned_data[PREFIX + one.name] for one in self.connector_fields if not one.is_secret}

    def secrets(self) -> dict[str, str]:
        """Return what was typed into secrets; empty is nothing."""
        return {one.name: self.cleaned_data[PREFIX + one.name] for one in self.connector_fields if one.is_secret}

    @property
    def names(self) -> dict[str, str]:
        """The form's names of the connector's settings."""
        return {one.name: PREFIX + one.name for one in self.connector_fields}

    @staticmethod
    def first_values(connector: Connector, settings: Mapping[str, object] | None) -> dict[str, object]:
        """Return what the connector's fields show first: the settings, else their defaults."""
        values: dict[str, object] = {}
        for one in connector.fields:
            if not one.is_secret:
                value = one.default if settings is None else settings.get(one.name, one.default)
                values[PREFIX + one.name] = "\n".join(map(str, value)) if isinstance(value, list | tuple) else value
        return values


class ClosingForm(SeenForm):
    """What agents are asked when they close a conversation."""

    closing_mode = forms.ChoiceField(
        label=_("When an agent closes a conversation"), choices=MODES, widget=forms.RadioSelect
    )
    topic_required = forms.BooleanField(
        label=_("A topic is required"), required=False, help_text=_("Only for closing by hand.")
    )


class BehaviourForm(SeenForm):
    """How conversations and agents are treated over time."""

    reopen_hours = forms.IntegerField(
        label=_("Reopen within, in hours"),
        min_value=0,
        max_value=24 * 365,
        help_text=_("A message this soon after closing opens the same conversation again. 0: always a new one."),
    )
    auto_resolve_days = forms.IntegerField(
        label=_("Close by itself after, in days"),
        min_value=0,
        max_value=365,
        help_text=_("When nobody wrote for so long. 0: never."),
    )
    amber_minutes = forms.IntegerField(label=_("Waiting turns amber after, in minutes"), min_value=1, max_value=10_080)
    red_minutes = forms.IntegerField(label=_("Waiting turns red after, in minutes"), min_value=1, max_value=10_080)
    undo_seconds = forms.IntegerField(
        label=_("Take back a message within, in seconds"),
        min_value=0,
        max_value=30,
        help_text=_("It leaves only then. 0: at once."),
    )
    offline_minutes = forms.IntegerField(
        label=_("Offline after, in minutes"),
        min_value=1,
        max_value=120,
        help_text=_("When no page of the agent was open for so long."),
    )
    unassign_at_logout = forms.BooleanField(
        label=_("Take an agent’s contacts away from them when they log out"), required=False
    )
    tell_all_of_unassigned = forms.BooleanField(
        label=_("Tell everybody of messages that nobody is assigned to"), required=False
    )


class NameForm(SeenForm):
    """One name: of a topic, a message tag or a file."""

    name = forms.CharField(label=_("Name"), max_length=255, widget=forms.TextInput({**SELF_CHOSEN, "autofocus": True}))


class CategoryForm(NameForm):
    """A category of closing notes."""

    description = forms.CharField(
        label=_("Description"), max_length=255, required=False, help_text=_("Shown to agents when they choose.")
    )


class SnippetForm(NameForm):
    """A snippet."""

    text = forms.CharField(
        label=_("Text"),
        max_length=20_000,
        strip=False,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("Variables are filled when it is used: $contact.firstname, $contact.name, $assignee.firstname."),
    )
    file_ids = forms.TypedMultipleChoiceField(
        label=_("Files"), required=False, coerce=int, help_text=_("At most 5, from the files library.")
    )
    topic_ids = forms.TypedMultipleChoiceField(
        label=_("Topics"), required=False, coerce=int, help_text=_("Put on the conversation when the snippet is used.")
    )

    def __init__(self, *args: Any, files: list[StoredFile], topics: list[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("file_ids", [(str(row.pk), row.name) for row in files]),
            ("topic_ids", [(str(row.pk), row.name) for row in topics]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - said to the type checker
            field.choices = choices
            field.widget = forms.SelectMultiple(attrs={"data-combobox": "1", "size": "4"}, choices=choices)


class UploadForm(forms.Form):
    """A file for the library, or a file of snippets."""

    file = forms.FileField(label=_("File"))


def _control(one: SettingField, *, is_set: bool) -> forms.Field:
    said: dict[str, Any] = {"label": one.label, "help_text": one.help, "required": one.is_required}
    match one.kind:
        case "check":
            return forms.BooleanField(**{**said, "required": False})
        case "choice":
            return forms.ChoiceField(choices=one.choices, **said)
        case "number":
            return forms.IntegerField(min_value=0, max_value=999_999_999, **said)
        case "lines":
            return forms.CharField(widget=forms.Textarea({"rows": 3, "spellcheck": "false"}), **said)
    if one.is_secret or one.kind == "password":
        if is_set:
            said = {**said, "required": False, "help_text": _("It is set. Leave this empty to keep it.")}
        return forms.CharField(
            strip=False, max_length=4000, widget=forms.PasswordInput({"autocomplete": "new-password"}), **said
        )
    kinds = {"url": {"inputmode": "url", "placeholder": "https://"}, "email": {"type": "email"}}
    widget = forms.TextInput({**SELF_CHOSEN, **kinds.get(one.kind, {})})
    return forms.CharField(max_length=LONGEST_VALUE, widget=widget, **said)
