"""Forms of virtual agents and of the satisfaction survey."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inbox.actions.virtual_agents import LONGEST_WAIT_MINUTES
from inbox.models import Channel, VirtualAgent
from inbox.web.settings_forms import NameForm
from inbox.web.settings_pages import SeenForm

KIND_NAMES = {
    VirtualAgent.Kind.VIRTUAL_AGENT.value: _("Virtual agent"),
    VirtualAgent.Kind.AUTO_RESPONDER.value: _("Auto-responder"),
}
KINDS = (
    (VirtualAgent.Kind.VIRTUAL_AGENT.value, _("Virtual agent: answers, hands over, and resolves")),
    (VirtualAgent.Kind.AUTO_RESPONDER.value, _("Auto-responder: answers and hands over")),
)


class VirtualAgentForm(NameForm):
    """A virtual agent; what it is, is chosen once."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, widget=forms.RadioSelect)
    channel_ids = forms.TypedMultipleChoiceField(
        label=_("Channels"),
        required=False,
        coerce=int,
        help_text=_("It takes the conversations that contacts start there. Others can be given to it over the API."),
    )
    timeout_minutes = forms.IntegerField(
        label=_("Wait for the contact, in minutes"),
        min_value=1,
        max_value=LONGEST_WAIT_MINUTES,
        initial=10,
        help_text=_("After so long without an answer it hands over to people."),
    )
    field_order = ("seen", "name", "kind", "channel_ids", "timeout_minutes")

    def __init__(self, *args: Any, channels: list[Channel], is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["kind"]
        choices = [(str(row.pk), row.name) for row in channels]
        field = self.fields["channel_ids"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - said to the type checker
        field.choices = choices
        field.widget = forms.SelectMultiple(attrs={"data-combobox": "1", "size": "4"}, choices=choices)


class SurveySettingsForm(SeenForm):
    """Whether contacts are asked how it was, and in which words."""

    survey_is_on = forms.BooleanField(label=_("Ask after a conversation is resolved"), required=False)
    survey_text = forms.CharField(
        label=_("Text of the message"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("The address of the survey follows it. Empty: our own words, in the contact’s language."),
    )
    survey_question = forms.CharField(
        label=_("Question after the score"),
        required=False,
        max_length=255,
        help_text=_("Empty: the score alone is asked for."),
    )
    survey_hours = forms.IntegerField(
        label=_("Time to answer, in hours"),
        min_value=1,
        max_value=24 * 30,
        help_text=_("After that the page takes no answer any more."),
    )


class AnswerForm(forms.Form):
    """What a contact says after the score."""

    answer = forms.CharField(max_length=2000, widget=forms.Textarea({"rows": 4, "maxlength": 2000}))
