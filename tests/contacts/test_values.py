import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.values import (
    FORMULA_LEADS,
    FieldType,
    ReadValue,
    Value,
    read_value,
    reader_for,
    show_value,
    text_error,
    unguard,
    value_from_json,
)

COLOURS = ("Red", "Green", "Azul marino", "red ")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", " a\nb ", " a\nb "),
        ("text", "  ", None),
        ("list", "Red", "Red"),
        ("list", " green", "Green"),
        ("list", "AZUL MARINO", "Azul marino"),
        ("list", "red ", "red "),
        ("list", "", None),
        ("checkbox", "TRUE", True),
        ("checkbox", "Sí", True),
        ("checkbox", "si", True),
        ("checkbox", "1", True),
        ("checkbox", " no ", False),
        ("checkbox", "0", False),
        ("checkbox", " ", None),
        ("email", " Ana@example.com ", "Ana@example.com"),
        ("number", "42", 42),
        ("number", "007", 7),
        ("number", "-12.50", -12.5),
        ("number", "+3", 3),
        ("number", ".5", 0.5),
        ("number", "1.", 1),
        ("number", "1.00", 1),
        ("number", "-0", 0),
        ("number", "0.1", 0.1),
        ("number", "9007199254740991", 9007199254740991),
        ("url", "https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        ("url", "HTTP://localhost:8000", "HTTP://localhost:8000"),
        ("url", "https://müller.de/ñ", "https://müller.de/ñ"),
        ("url", "http://[::1]:80/", "http://[::1]:80/"),
        ("date", "2024-02-29", "2024-02-29"),
        ("time", "09:30", "09:30"),
        ("time", "23:59:59", "23:59:59"),
    ],
)
def test_a_value_is_read(kind: str, text: str, value: Value) -> None:
    read = read_value(FieldType(kind), text, allowed=COLOURS)
    assert read == ReadValue(value)
    assert type(read.value) is type(value)


@pytest.mark.parametrize(
    ("kind", "text", "error"),
    [
        ("text", "a\x07b", "invalid_text"),
        ("text", "a\x00b", "invalid_text"),
        ("text", "a\ud800b", "invalid_text"),
        ("text", "x" * 10_001, "value_too_long"),
        ("list", "Blue", "not_in_list"),
        ("list", "RED", "not_in_list"),  # two values differ only in writing
        ("checkbox", "maybe", "invalid_checkbox"),
        ("email", "ana", "invalid_email"),
        ("number", "1,5", "invalid_number"),
        ("number", "1.000.000", "invalid_number"),
        ("number", "1e5", "invalid_number"),
        ("number", "NaN", "invalid_number"),
        ("number", "٣", "invalid_number"),
        ("number", "9007199254740992", "invalid_number"),
        ("number", "0.12345678901234567891", "invalid_number"),
        ("number", "9" * 5000, "invalid_number"),
        ("number", ".", "invalid_number"),
        ("url", "ftp://example.com", "invalid_url"),
        ("url", "javascript:alert(1)", "invalid_url"),
        ("url", "example.com", "invalid_url"),
        ("url", "https://", "invalid_url"),
        ("url", "https://a b.com", "invalid_url"),
        ("url", "https://a..com", "invalid_url"),
        ("url", 'https://a.com/"x', "invalid_url"),
        ("date", "2023-02-29", "invalid_date"),
        ("date", "29/02/2024", "invalid_date"),
        ("date", "20240229", "invalid_date"),
        ("date", "0000-01-01", "invalid_date"),
        ("time", "9:30", "invalid_time"),
        ("time", "24:00", "invalid_time"),
        ("time", "09:30:60", "invalid_time"),
    ],
)
def test_a_wrong_value_is_refused_by_name(kind: str, text: str, error: str) -> None:
    assert read_value(FieldType(kind), text, allowed=COLOURS) == ReadValue(None, error)


@given(kind=st.sampled_from(FieldType), text=st.text(max_size=30))
def test_any_text_is_read_or_refused_and_shown_as_it_is_read(kind: FieldType, text: str) -> None:
    read = reader_for(kind, COLOURS)(text)
    assert read.value is None or read.error is None
    assert reader_for(kind, COLOURS)(show_value(kind, read.value)) == ReadValue(read.value)


@given(number=st.one_of(st.integers(-(2**53) + 1, 2**53 - 1), st.floats(-1e15, 1e15)))
def test_a_number_survives_text_and_json(number: float) -> None:
    read = value_from_json(FieldType.NUMBER, number)
    assert read.value == number
    assert read_value(FieldType.NUMBER, show_value(FieldType.NUMBER, read.value)) == read
    assert json.loads(json.dumps(read.value)) == number


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("number", 3.0, ReadValue(3)),
        ("number", "3.5", ReadValue(3.5)),
        ("number", True, ReadValue(None, "invalid_number")),
        ("number", float("nan"), ReadValue(None, "invalid_number")),
        ("number", float("inf"), ReadValue(None, "invalid_number")),
        ("checkbox", True, ReadValue(True)),
        ("checkbox", 1, ReadValue(True)),
        ("checkbox", 2, ReadValue(None, "invalid_checkbox")),
        ("text", 3, ReadValue("3")),
        ("text", 2**60, ReadValue(None, "invalid_text")),
        ("text", {"a": 1}, ReadValue(None, "invalid_text")),
        ("date", ["2024-01-01"], ReadValue(None, "invalid_date")),
        ("date", None, ReadValue(None)),
        ("list", False, ReadValue(None, "not_in_list")),
    ],
)
def test_what_the_api_sends_is_read_by_its_type(kind: str, value: object, read: ReadValue) -> None:
    assert value_from_json(FieldType(kind), value, allowed=COLOURS) == read


def test_an_apostrophe_goes_only_before_a_formula() -> None:
    for lead in FORMULA_LEADS:
        assert unguard(f"'{lead}1+1") == f"{lead}1+1"
        assert unguard(f"''{lead}1+1") == f"''{lead}1+1"
    for text in ("'hello'", "'", "", "=1", "'34"):
        assert unguard(text) == text


def test_what_makes_a_text_unfit_has_a_name() -> None:
    assert text_error("tab\t line\r\n \u202e 😀") is None
    assert text_error("\x1b[0m") == "invalid_text"
    assert text_error("x" * 10_001) == "value_too_long"
