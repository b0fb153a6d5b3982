"""Variables in texts: what is filled, and what is left as it is written."""

import pytest

from inbox.variables import has_variables, render

FACTS = {"contact.firstname": "Cleo", "contact.name": "Cleo Marín", "contact.shoe_size": "", "assignee.name": "Ada"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hola $contact.firstname, soy $assignee.name.", "Hola Cleo, soy Ada."),
        ("Hola {{$contact.firstname}}!", "Hola Cleo!"),
        ("Hola {{ $contact.name }}", "Hola Cleo Marín"),
        ("It costs $5 and $contact is no variable", "It costs $5 and $contact is no variable"),
        ("{{contact.name}} {{@user.7}}", "{{contact.name}} {{@user.7}}"),
        ("", ""),
    ],
)
def test_variables_with_a_value_are_filled(text: str, filled: str) -> None:
    assert render(text, FACTS) == (filled, ())


def test_a_variable_without_a_value_stays_and_is_named_once() -> None:
    text = "$contact.shoe_size, {{$contact.shoe_size}} and $contact.nothing for $contact.firstname"
    filled, missing = render(text, FACTS)
    assert filled == "$contact.shoe_size, {{$contact.shoe_size}} and $contact.nothing for Cleo"
    assert missing == ("$contact.shoe_size", "$contact.nothing")


def test_a_value_that_looks_like_a_variable_is_not_filled_again() -> None:
    facts = {"contact.name": "$assignee.email", "assignee.email": "secret@example.com"}
    assert render("$contact.name", facts) == ("$assignee.email", ())


def test_a_sentence_may_end_after_a_variable() -> None:
    assert render("Gracias, $contact.firstname.", FACTS) == ("Gracias, Cleo.", ())


def test_text_without_variables_is_known_as_such() -> None:
    assert not has_variables("It costs $5")
    assert has_variables("Hola $contact.name")
