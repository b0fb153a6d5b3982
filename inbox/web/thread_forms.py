"""The forms of a thread's dialogs: closing with a note, snoozing until a moment, language and topics."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contacts.languages import language_choices
from inbox.models import ClosingCategory, ClosingMode, InboxSettings, Topic


class CloseForm(forms.Form):
    """A closing note, as complete as the workspace asks for."""

    category = forms.ChoiceField(label=_("Category"), required=False)
    summary = forms.CharField(
        label=_("Summary"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    topics = forms.MultipleChoiceField(label=_("Topics"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        *args: Any,
        behaviour: InboxSettings,
        categories: list[ClosingCategory],
        known_topics: list[Topic],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        asks = behaviour.closing_mode != ClosingMode.OFF
        self.fields["category"].required = behaviour.closing_mode in {ClosingMode.CATEGORY, ClosingMode.ALL}
        self.fields["summary"].required = behaviour.closing_mode == ClosingMode.ALL
        self.fields["topics"].required = behaviour.topic_required
        self.fields["category"].choices = [("", ""), *((row.name, row.name) for row in categories)]  # type: ignore[attr-defined]
        self.fields["topics"].choices = [(str(row.pk), row.name) for row in known_topics]  # type: ignore[attr-defined]
        if not known_topics:
            del self.fields["topics"]
        if not asks or not categories:
            del self.fields["category"]
        if not asks:
            del self.fields["summary"]

    @property
    def topic_ids(self) -> list[int]:
        """The ids of the chosen topics."""
        return [int(one) for one in self.cleaned_data.get("topics", ())]


class SnoozeForm(forms.Form):
    """A moment of one's choice, in the zone that is active, and a note for then."""

    until = forms.DateTimeField(
        label=_("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=255, help_text=_("What to do then."))

    @property
    def moment(self) -> datetime:
        """The chosen moment."""
        chosen: datetime = self.cleaned_data["until"]
        return chosen


class LanguageForm(forms.Form):
    """The language of a conversation."""

    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = language_choices(language=get_language() or "en")
        self.fields["language"].choices = [("", ""), *choices]  # type: ignore[attr-defined]


class TopicsForm(forms.Form):
    """The topics of a conversation: all that are on it afterwards."""

    topics = forms.MultipleChoiceField(label=_("Topics"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, known_topics: list[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].choices = [(str(row.pk), row.name) for row in known_topics]  # type: ignore[attr-defined]

    @property
    def topic_ids(self) -> set[int]:
        """The ids of the chosen topics."""
        return {int(one) for one in self.cleaned_data.get("topics", ())}
