"""Tags and filters escape what people wrote and say what a reader of the screen needs."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation

HOSTILE = "<script>alert(1)</script>"


def _render(source: str, **context: object) -> str:
    with translation.override("en"):
        return Template(source).render(Context(context))


class _Sample(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="As on the invoice.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    role = forms.ChoiceField(label="Role", choices=[("a", "Agent"), ("m", "Manager")], widget=forms.RadioSelect)
    mail = forms.BooleanField(label="Mail me", required=False, help_text="Once.")


@pytest.mark.parametrize(
    "source",
    [
        "{% tag name %}",
        "{% tag name name name %}",
        "{% badge 'good' name %}",
        "{% badge name name 'check' %}",
        "{% avatar name 1 %}",
        "{% icon 'x' label=name %}",
        "{% bar parts label=name %}",
        "{% include 'workspaces/components/notice.html' with title=name text=name kind='warn' %}",
        "{% include 'workspaces/components/empty.html' with title=name text=name %}",
        "{% include 'workspaces/components/diff.html' with before=name after=name %}",
        "{% include 'workspaces/components/reveal.html' with value=name label=name id='t' %}",
        "{% include 'workspaces/components/palette_results.html' with query=name %}",
    ],
)
def test_what_people_wrote_is_escaped(source: str) -> None:
    shown = _render(source, name=HOSTILE, parts=[{"value": 1, "kind": "add"}])
    assert "<script" not in shown


def test_an_icon_is_silent_beside_words_and_named_alone() -> None:
    assert 'aria-hidden="true"' in _render("{% icon 'x' %}")
    named = _render("{% icon 'x' size='lg' label='Close' %}")
    assert 'role="img"' in named
    assert 'aria-label="Close"' in named


def test_a_field_ties_its_hint_or_its_error_to_the_control() -> None:
    fresh = _render("{% field form.email %}", form=_Sample())
    assert 'aria-describedby="id_email-hint"' in fresh
    assert "As on the invoice." in fresh
    wrong = _render("{% field form.email %}", form=_Sample({"email": "ada@"}))
    assert 'aria-invalid="true"' in wrong
    assert 'aria-describedby="id_email-error"' in wrong
    assert 'id="id_email-error"' in wrong
    assert "As on the invoice." not in wrong


def test_only_optional_fields_say_so() -> None:
    assert "(optional)" in _render("{% field form.note %}", form=_Sample())
    assert "(optional)" not in _render("{% field form.email %}", form=_Sample())


def test_radios_are_a_named_group_and_a_switch_says_that_it_is_one() -> None:
    radios = _render("{% field form.role %}", form=_Sample())
    assert "<fieldset" in radios
    assert "<legend" in radios
    assert radios.count('type="radio"') == 2
    assert 'role="switch"' in _render("{% field form.mail switch=True %}", form=_Sample())


def test_parts_of_a_bar_are_in_proportion_and_none_is_lost() -> None:
    shown = _render(
        "{% bar parts %}",
        parts=[{"value": 99_999, "kind": "add"}, {"value": 1, "kind": "error"}, {"value": 0, "kind": "skip"}],
    )
    assert 'class="b-add"' in shown
    assert 'class="b-error"' in shown
    assert "b-skip" not in shown


def test_times_carry_the_moment_for_machines() -> None:
    at = datetime(2026, 11, 21, 10, 52, tzinfo=UTC)
    with timezone.override(UTC):
        assert (
            _render("{{ at|moment }}", at=at) == '<time datetime="2026-11-21T10:52:00+00:00">21 Nov 2026, 10:52</time>'
        )
    assert _render("{{ at|moment }}", at=None) == "–"


def test_the_summary_of_errors_links_to_its_fields() -> None:
    shown = _render("{% include 'workspaces/components/form_errors.html' %}", form=_Sample({"email": "", "role": "a"}))
    assert 'href="#id_email"' in shown
    assert "One field needs another look." in shown
