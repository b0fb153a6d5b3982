"""The forms of webhooks."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workspaces.actions import HookValues
from workspaces.hook_kinds import SOURCES, event_choices
from workspaces.models import HookEndpoint

MINUTE = "%Y-%m-%dT%H:%M"


def _events() -> list[tuple[str, str]]:
    return [(name, f"{title} · {name}") for name, title in event_choices().items()]


def _sources() -> list[tuple[str, Any]]:
    return list(SOURCES.items())


class HookForm(forms.Form):
    """Where to, and what."""

    url = forms.CharField(
        label=_("Address"),
        max_length=2000,
        help_text=_("A public address that begins with https://. We send POST requests with JSON to it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )
    event_types = forms.MultipleChoiceField(
        label=_("Events"), choices=_events, widget=forms.CheckboxSelectMultiple, required=True
    )
    sources = forms.MultipleChoiceField(
        label=_("Only from these sources"),
        choices=_sources,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none to be told whatever the source is."),
    )

    @staticmethod
    def values_of(hook: HookEndpoint) -> dict[str, object]:
        """Return what the form shows first."""
        return {"url": hook.url, "event_types": hook.events, "sources": hook.sources}

    def values(self) -> HookValues:
        """Return what was typed."""
        return HookValues(**self.cleaned_data)


class ReplayForm(forms.Form):
    """Which stretch of the log goes out again."""

    since = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE)
    )
    until = forms.DateTimeField(
        label=_("Until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE)
    )
    with_delivered = forms.BooleanField(
        label=_("Also what was delivered"),
        required=False,
        help_text=_("Otherwise only what was parked goes out again."),
    )

    @staticmethod
    def first() -> dict[str, object]:
        """Return the last day, until the next full minute."""
        now = timezone.localtime().replace(second=0, microsecond=0) + timedelta(minutes=1)
        return {"since": now - timedelta(days=1), "until": now}
