"""Every code that a row or a file can be refused with, and the smallest file that brings it about."""

import io
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from django.utils.translation import override

from contacts.actions import add_contact, add_contact_field, seed_contact_settings
from contacts.models.contact import Source
from imports.csv_files import CsvRefused, inspect
from imports.errors import _REFUSALS, refusal_of
from imports.queries import error_lines
from imports.row_errors import ERROR_TEXTS, FILE_ERROR_TEXTS, file_error_text, row_error_text
from tests.factories import NOON, Cast
from tests.imports.steps import a_csv, reviewed, rows_of, uploaded
from workspaces.actors import Actor
from workspaces.scope import workspace_scope

SPEC_ROW_CODES = [
    "missing_name",
    "missing_identifier",
    "invalid_phone",
    "invalid_email",
    "invalid_number",
    "invalid_date",
    "invalid_time",
    "invalid_url",
    "invalid_checkbox",
    "not_in_list",
    "invalid_country",
    "invalid_language",
    "invalid_contact_id",
    "duplicate_in_file",
    "ambiguous_in_workspace",
    "value_too_long",
    "wrong_number_of_columns",
    "too_many_tags",
]
SPEC_FILE_CODES = ["not_csv", "file_too_large", "no_rows", "too_many_rows", "undecodable", "no_delimiter", "bad_header"]


class Smallest(NamedTuple):
    """The smallest file for a row's code; by phone, unless it says otherwise."""

    header: str
    row: str
    purpose: str = "add_and_update"
    identifier: str = "phone"
    times: int = 1


ROWS: dict[str, Smallest] = {
    "missing_name": Smallest("Name,Phone", ",+34600123456"),
    "missing_identifier": Smallest("Name,Phone", "Ada,"),
    "invalid_phone": Smallest("Name,Phone", "Ada,x"),
    "invalid_email": Smallest("Name,E-mail", "Ada,x", identifier="email"),
    "invalid_number": Smallest("Name,Amount", 'Ada,"1,5"', "add_all", ""),
    "invalid_date": Smallest("Name,Day", "Ada,31/12/2024", "add_all", ""),
    "invalid_time": Smallest("Name,Hour", "Ada,25:00", "add_all", ""),
    "invalid_url": Smallest("Name,Site", "Ada,example", "add_all", ""),
    "invalid_checkbox": Smallest("Name,Member", "Ada,perhaps", "add_all", ""),
    "invalid_text": Smallest("Name,Phone", "A\x01,+34600123456"),
    "not_in_list": Smallest("Name,Size", "Ada,XL", "add_all", ""),
    "invalid_country": Smallest("Name,Country", "Ada,Atlantis", "add_all", ""),
    "invalid_language": Smallest("Name,Language", "Ada,Klingon", "add_all", ""),
    "invalid_lifecycle": Smallest("Name,Stage", "Ada,Nowhere", "add_all", ""),
    "invalid_contact_id": Smallest("Contact ID,Name", "9007199254740993,Ada", "update_existing", "contact_id"),
    "duplicate_in_file": Smallest("Name,Phone", "Ada,+34600123456", times=2),
    "ambiguous_in_workspace": Smallest("Name,Phone", "Ada,+34600000014"),
    "value_too_long": Smallest("Name,Phone", "A" * 256 + ",+34600123456"),
    "wrong_number_of_columns": Smallest("Name,Phone", "Ada"),
    "too_many_tags": Smallest("Name,Tags", "Ada," + ";".join(f"t{number}" for number in range(51)), "add_all", ""),
}

LINE = b"x" * 65_537
FILES: dict[str, tuple[bytes, dict[str, str]]] = {
    "not_csv": (b"PK\x03\x04", {}),
    "not_csv.line_too_long": (b"a,b\n" + LINE, {}),
    "not_csv.unclosed_quote": (b'a,b\n"1,2\n', {}),
    "not_csv.text_after_quote": (b'a,b\n"1"x,2\n', {}),
    "not_csv.record_too_long": (b"a,b\n" + b",".join([b'"' + b"x" * 60_000 + b'\n"'] * 67) + b"\n", {}),
    "file_too_large": (b"a\n" + b"1\n" * (10 * 1024 * 1024), {}),
    "no_rows": (b"", {}),
    "too_many_rows": (b"a\n" + b"1\n" * 200_001, {}),
    "too_many_rows.empty_lines": (b"a,b\n" + b"\n" * 200_001, {}),
    "undecodable": (b"\xff\xfe\x00\x00a\x00\x00\x00", {}),
    "undecodable.bad_bytes": (b"a,b\nJos\xe9,1\n", {"encoding": "utf-8"}),
    "undecodable.nul": (b"a,b\n1,\x00\n", {}),
    "undecodable.no_byte_order_mark": (b"a,b\n1,2\n", {"encoding": "utf-16"}),
    "undecodable.unknown_encoding": (b"a,b\n1,2\n", {"encoding": "ebcdic"}),
    "no_delimiter": (b"a\n1,2\n3,4\n", {}),
    "no_delimiter.unknown_delimiter": (b"a,b\n1,2\n", {"delimiter": "#"}),
    "bad_header": (b",\n1,2\n", {}),
    "bad_header.too_many_columns": (",".join(f"c{number}" for number in range(201)).encode() + b"\n1\n", {}),
    "bad_header.empty_name": (b"a,\n1,2\n", {}),
    "bad_header.duplicate_name": (b"a, a\n1,2\n", {}),
    "bad_header.name_too_long": (b"a," + b"b" * 10_001 + b"\n1,2\n", {}),
    "bad_header.unfit_characters": (b"a,b\x01\n1,2\n", {}),
}


def prepared(actor: Actor) -> None:
    """A field of each kind, and two contacts with one phone."""
    kinds = {"Amount": "number", "Day": "date", "Hour": "time", "Site": "url", "Member": "checkbox", "Size": "list"}
    with workspace_scope(actor.workspace_id):
        seed_contact_settings(actor=actor, at=NOON)
        for name, kind in kinds.items():
            add_contact_field(
                actor=actor, name=name, kind=kind, allowed_values=("S",) if kind == "list" else (), at=NOON
            )
        for _ in range(2):
            values = {"first_name": "Twin", "phone": "+34600000014"}
            add_contact(actor=actor, values=values, source=Source.USER, at=NOON)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("code", ROWS)
def test_the_smallest_file_with_an_error_in_a_row(cast: Cast, code: str) -> None:
    prepared(cast.ada)
    header, line, purpose, identifier, times = ROWS[code]
    content = a_csv(header, *[line] * times)
    row = reviewed(cast.ada, uploaded(cast.ada, content, purpose=purpose, identifier=identifier))
    assert [(told.code, told.rows) for told in error_lines(row)] == [(code, times)]
    assert (row.rows, row.with_errors, row.to_write) == (times, times, 0)
    assert [record[-1] != "" for record in rows_of(row.errors_key)[1:]] == [True] * times


@pytest.mark.parametrize("case", FILES)
def test_the_smallest_file_that_is_refused(case: str) -> None:
    content, choices = FILES[case]
    with pytest.raises(CsvRefused) as refused:
        inspect(io.BytesIO(content), **choices)  # type: ignore[arg-type]
    code, _, reason = case.partition(".")
    assert refused.value.code == code
    if reason:
        assert refused.value.reason == reason
    else:  # a case without a sentence of its own is said by its code's
        assert f"{code}.{refused.value.reason}" not in FILE_ERROR_TEXTS
    for language in ("en", "es"):
        with override(language):
            sentence = refusal_of(refused.value).message
        assert sentence.endswith(".")
        assert "%(" not in sentence


def test_the_tables_have_every_code() -> None:
    assert set(ROWS) == set(ERROR_TEXTS) >= set(SPEC_ROW_CODES)
    assert set(FILES) == set(FILE_ERROR_TEXTS)
    assert {case.partition(".")[0] for case in FILES} == set(_REFUSALS) == set(SPEC_FILE_CODES)


def test_the_reader_refuses_with_no_code_or_reason_that_has_no_sentence() -> None:
    folder = Path(inspect.__code__.co_filename).parent
    raised = {
        (found[1], found[2] or "")
        for path in folder.glob("*.py")
        for found in re.finditer(r'CsvRefused\("(\w+)"(?:, reason="(\w+)")?', path.read_text(encoding="utf-8"))
    }
    assert {code for code, _ in raised} == set(SPEC_FILE_CODES)
    for code, reason in raised:
        assert code in FILE_ERROR_TEXTS or f"{code}.{reason}" in FILE_ERROR_TEXTS


def test_both_languages_have_a_sentence_of_their_own_for_each_code() -> None:
    def said() -> list[str]:
        rows = [row_error_text(code) for code in ERROR_TEXTS] + [row_error_text("not_in_list", detail="S, M")]
        return rows + [
            file_error_text(CsvRefused(*case.split(".")[:1], reason=case.partition(".")[2], line=7, limit=200, column=3, name="a"))
            for case in FILE_ERROR_TEXTS
        ]  # fmt: skip

    with override("en"):
        english = said()
    with override("es"):
        spanish = said()
    assert [one for one, other in zip(english, spanish, strict=True) if one == other] == []
