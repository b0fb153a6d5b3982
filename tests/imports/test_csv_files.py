import csv
import io
import time
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.values import FORMULA_LEADS, guard, unguard
from imports.csv_files import (
    DELIMITERS,
    ENCODINGS,
    CsvRefused,
    Inspection,
    append_cells,
    byte_order_mark,
    encode,
    inspect,
    open_csv,
    quote,
    read_records,
    sniff,
    write_record,
)

FULL = 20 * 1024 * 1024 - 1
GOLDEN = "Nombre;Nota\r\nJosé Ñandú €;buñuelos\r\n"


def look(data: bytes, *, encoding: str | None = None, delimiter: str | None = None) -> Inspection:
    return inspect(io.BytesIO(data), encoding=encoding, delimiter=delimiter)


def refusal(data: bytes, *, encoding: str | None = None, delimiter: str | None = None) -> CsvRefused:
    with pytest.raises(CsvRefused) as caught:
        look(data, encoding=encoding, delimiter=delimiter)
    return caught.value


def rows(data: bytes, *, encoding: str = "utf-8", delimiter: str = ",") -> list[tuple[list[str], str | None]]:
    return [(row.cells, row.error) for row in read_records(io.BytesIO(data), encoding=encoding, delimiter=delimiter)]


def test_a_file_is_told_by_one_look() -> None:
    data = '\ufeffName, Phone ,Note\nAna,+34600123456,"a, ""b""\nc"\n\nEva,,\n'.encode()
    assert look(data) == Inspection(
        encoding="utf-8",
        delimiter=",",
        has_bom=True,
        header=["Name", "Phone", "Note"],
        rows=2,
        examples=[["Ana", "+34600123456", 'a, "b"\nc'], ["Eva", "", ""]],
        size_bytes=len(data),
    )


@pytest.mark.parametrize(
    ("data", "encoding", "has_bom"),
    [
        (GOLDEN.encode(), "utf-8", False),
        (GOLDEN.encode("utf-8-sig"), "utf-8", True),
        (GOLDEN.encode("utf-16"), "utf-16", True),
        (b"\xfe\xff" + GOLDEN.encode("utf-16-be"), "utf-16", True),
        (GOLDEN.encode("cp1252"), "windows-1252", False),
    ],
)
def test_each_encoding_gives_the_same_text(data: bytes, encoding: str, *, has_bom: bool) -> None:
    seen = look(data)
    assert (seen.encoding, seen.has_bom, seen.delimiter) == (encoding, has_bom, ";")
    assert seen.header == ["Nombre", "Nota"]
    assert seen.examples == [["José Ñandú €", "buñuelos"]]
    assert sniff(data) == (encoding, ";", has_bom)


def test_what_windows_1252_lacks_is_latin_1_and_the_person_can_choose() -> None:
    data = "a,b\nJosé\x81,1\n".encode("latin-1")
    assert look(data).encoding == "latin-1"
    assert look("a,b\nJosé,1\n".encode("cp1252"), encoding="latin-1").encoding == "latin-1"
    assert refusal(data, encoding="windows-1252").code == "undecodable"
    assert refusal(data, encoding="utf-8").facts == {"reason": "bad_bytes", "line": 2}
    assert refusal(b"a,b\n1,2\n", encoding="utf-16").reason == "no_byte_order_mark"
    assert refusal(b"a,b\n1,2\n", encoding="ebcdic").reason == "unknown_encoding"


def test_one_late_byte_decides_the_encoding_of_the_whole() -> None:
    assert look(b"a,b\n" + b"1,2\n" * 50_000 + b"\xf1,2\n").encoding == "windows-1252"


@pytest.mark.parametrize(
    ("data", "code", "reason"),
    [
        (b"PK\x03\x04rest", "not_csv", "zip"),
        (b"\x1f\x8b\x08rest", "not_csv", "gzip"),
        (b"%PDF-1.7", "not_csv", "pdf"),
        (b"MZ\x90\0\x03", "not_csv", "program"),
        (b"\xd0\xcf\x11\xe0\xa1", "not_csv", "xls"),
        (b"\n <!DOCTYPE html><html>", "not_csv", "markup"),
        (b"", "no_rows", "empty_file"),
        (b"\xef\xbb\xbf", "no_rows", "empty_file"),
        (b"\r\n\r\n", "no_rows", "empty_file"),
        (b"a,b\n", "no_rows", "header_only"),
        (b"a,b", "no_rows", "header_only"),
        (b"a,b\n1,\0\n", "undecodable", "nul"),
        ("a,b\n1,\0\n".encode("utf-16"), "undecodable", "nul"),
        ("a,b\n1,2\n".encode("utf-16-le"), "undecodable", "nul"),
        ("a,b\n1,2\n".encode("utf-16")[:-1], "undecodable", "bad_bytes"),
        ("a,b\n1,2\n".encode("utf-32"), "undecodable", "utf_32"),
        ("a,b\nñ,ñ".encode()[:-1], "undecodable", "bad_bytes"),
        ("a,b\nñ,1\n".encode() + "ñ,2\n".encode("cp1252"), "undecodable", "bad_bytes"),
        (b"\xef\xbb\xbfa,b\n\xf1,2\n", "undecodable", "bad_bytes"),
        (b"a:b\n1;2\n3;4\n", "no_delimiter", "header_has_none"),
        (b"\na,b\n1,2\n", "bad_header", "missing"),
        (b" , \n1,2\n", "bad_header", "missing"),
        (b"a,,c\n1,2,3\n", "bad_header", "empty_name"),
        (b"a, a\n1,2\n", "bad_header", "duplicate_name"),
        (b"a,b\x07\n1,2\n", "bad_header", "unfit_characters"),
        (b",".join(b"c%d" % n for n in range(201)) + b"\n1\n", "bad_header", "too_many_columns"),
        (b'a,b\n"x"y,3\n', "not_csv", "text_after_quote"),
        (b'a,b\n1,"x\n', "not_csv", "unclosed_quote"),
        (b"a,b\n" + b"1,2\n" * 200_001, "too_many_rows", ""),
        (b"a" * (FULL + 1), "file_too_large", ""),
    ],
)
def test_a_file_that_is_not_fit_is_refused_by_name(data: bytes, code: str, reason: str) -> None:
    refused = refusal(data)
    assert (refused.code, refused.reason) == (code, reason)


def test_two_hundred_thousand_rows_and_two_hundred_columns_are_not_too_many() -> None:
    assert look(b"a,b\n" + b"1,2\n" * 200_000).rows == 200_000
    wide = ",".join(f"c{n}" for n in range(200))
    assert len(look(f"{wide}\n{wide}\n".encode()).header) == 200


def test_a_file_of_just_under_the_limit_is_read() -> None:
    line = b"x" * 5_000 + b",y\n"
    data = b"a,b\n" + line * ((FULL - 4) // len(line))
    assert look(data + b"1,2" + b"\n" * (FULL - len(data) - 3)).size_bytes == FULL


@pytest.mark.parametrize(
    ("data", "code", "facts"),
    [
        (b"," * FULL, "bad_header", {"reason": "too_many_columns"}),
        (b"\n" * FULL, "no_rows", {}),
        (b"a,b\n" + b"\n" * (FULL - 4), "too_many_rows", {"reason": "empty_lines"}),
        (b"a,b\n" + b"x" * (FULL - 4), "not_csv", {"reason": "line_too_long", "line": 2}),
        ((b"1," * 10**6 + b"1\n") * 10, "bad_header", {"reason": "too_many_columns"}),
        (b"a,b\n" + (b"1," * 10**6 + b"1\n") * 9, "not_csv", {"reason": "line_too_long", "line": 2}),
        (b'a,b\n1,2\n3,"4\n' + b"5,6\n" * 10**6, "not_csv", {"reason": "unclosed_quote", "line": 3}),
        (b'a,b\n"' + b"x\n" * 10**7, "not_csv", {"reason": "unclosed_quote", "line": 2}),
        (b'a,b\n"' + (b'\n",' + b"1," * 30_000 + b'"') * 300, "not_csv", {"line": 2, "reason": "record_too_long"}),
    ],
)
def test_a_monstrous_file_is_refused_early_and_in_little_memory(
    data: bytes, code: str, facts: dict[str, object]
) -> None:
    file = io.BytesIO(data)
    tracemalloc.start()
    started = time.perf_counter()
    try:
        with pytest.raises(CsvRefused) as caught:
            inspect(file)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.code == code
    assert facts.items() <= caught.value.facts.items()
    assert peak < 64 * 1024 * 1024
    assert time.perf_counter() - started < 10


def test_memory_does_not_grow_with_the_rows() -> None:
    file = io.BytesIO(b"a,b,c\n" + b'some text,"more, text",\xc3\xb1\n' * 100_000)
    tracemalloc.start()
    try:
        assert inspect(file).rows == 100_000
        assert tracemalloc.get_traced_memory()[1] < 4 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_errors_of_a_row_stay_with_the_row() -> None:
    long = "x" * 10_001
    data = f"a,b\n1\n1,2,3\n{long},2\n1,\x07\n1,{'y' * 10_000}\n,\n\n9,9".encode() + b"\n\xed\xa0\x80,1\n"
    assert [(error, len(cells)) for cells, error in rows(data)] == [
        ("wrong_number_of_columns", 1),
        ("wrong_number_of_columns", 3),
        ("value_too_long", 2),
        ("invalid_text", 2),
        (None, 2),
        (None, 2),
        (None, 2),
        ("invalid_text", 2),  # half a character
    ]
    assert rows(b"a,b\n" + b"," * 60_000 + b"\n") == [([""] * 201, "wrong_number_of_columns")]


def test_a_row_knows_its_number_its_line_and_its_own_text() -> None:
    data = b'a,b\r\n"x\r\ny","q""q"\r\n\r\n 1 ,"2"\n3,4'
    opened = open_csv(io.BytesIO(data), encoding="utf-8", delimiter=",")
    assert (opened.raw_header, opened.line_end) == ("a,b", "\r\n")
    assert [(row.number, row.line, row.raw, row.cells) for row in opened.records] == [
        (1, 2, '"x\r\ny","q""q"', ["x\r\ny", 'q"q']),
        (2, 5, ' 1 ,"2"', [" 1 ", "2"]),
        (3, 6, "3,4", ["3", "4"]),
    ]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1,5;2\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("id,notes;extra,phone\n1,x,2\n3,y,4\n", ","),
        ("Nombre;Importe, EUR;Correo\nAna;1,5;a@b.es\n", ";"),
        ('"a,b";c\n"1,2";3\n', ";"),
        ("Phone\n+34600123456\n", ","),
        ('Address\n"Main St, 5"\n', ","),
        ('a;b\n1;"one\ntwo, three\nfour"\n', ";"),
        ("a,b\r1,2\r", ","),
    ],
)
def test_the_delimiter_is_found(text: str, delimiter: str) -> None:
    assert look(text.encode()).delimiter == delimiter


def test_the_delimiter_can_be_chosen() -> None:
    assert look(b"a,b;c\n1,2;3\n", delimiter=";").header == ["a,b", "c"]
    assert look(b"a:b\n1;2\n3;4\n", delimiter=",").header == ["a:b"]
    assert refusal(b"a,b\n1,2\n", delimiter=":").reason == "unknown_delimiter"


def test_a_byte_cut_at_the_end_of_what_is_looked_at_harms_nobody() -> None:
    head = "a;b\n" + "ñ;1\n" * 13_107
    for shift in range(4):
        data = f"{'x' * shift}{head}ñ;1\n".encode()
        assert look(data).encoding == "utf-8"
        assert sniff(data) == sniff(data[:65_536]) == ("utf-8", ";", False)
    assert sniff("a;b\nñ;ñ".encode()[:-1]).encoding == "utf-8"
    assert sniff("a;b\n1;€".encode("cp1252")).encoding == "windows-1252"


@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.text(alphabet='a,;"\n\r\t|ñ\0 \ufeff\x85\u2028', max_size=80).map(lambda text: f"h,i\n{text}".encode()),
    ),
    encoding=st.sampled_from(list(ENCODINGS)),
    delimiter=st.sampled_from(DELIMITERS),
)
def test_no_bytes_raise_anything_but_a_refusal(data: bytes, encoding: str, delimiter: str) -> None:
    for read in (
        lambda: list(read_records(io.BytesIO(data), encoding=encoding, delimiter=delimiter)),
        lambda: inspect(io.BytesIO(data)),
        lambda: inspect(io.BytesIO(data), encoding=encoding, delimiter=delimiter),
    ):
        with suppress(CsvRefused):
            read()


CELLS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters='\n\r\t",;|='), max_size=12)


@given(
    table=st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=6),
    delimiter=st.sampled_from(DELIMITERS),
    encoding=st.sampled_from(["utf-8", "utf-16"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    is_quoted=st.booleans(),
)
def test_raw_texts_joined_are_the_file_and_cells_are_what_was_written(
    table: list[list[str]], delimiter: str, encoding: str, line_end: str, *, is_quoted: bool
) -> None:
    def line(cells: list[str]) -> str:
        if is_quoted:
            return delimiter.join('"' + cell.replace('"', '""') + '"' for cell in cells)
        return write_record(cells, delimiter=delimiter)

    text = "".join(line(cells) + line_end for cells in (["a", "b"], *table))
    data = byte_order_mark(encoding) + encode(text, encoding=encoding)
    opened = open_csv(io.BytesIO(data), encoding=encoding, delimiter=delimiter)
    records = list(opened.records)
    assert [record.cells for record in records] == table
    again = "".join(f"{raw}{opened.line_end}" for raw in (opened.raw_header, *(record.raw for record in records)))
    assert byte_order_mark(encoding) + encode(again, encoding=encoding) == data


@given(cells=st.lists(CELLS, min_size=1, max_size=5), delimiter=st.sampled_from(DELIMITERS))
def test_what_is_written_is_read_back(cells: list[str], delimiter: str) -> None:
    text = write_record(cells, delimiter=delimiter)
    assert next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)) == cells
    longer = append_cells(text, ["Error", "=1+1"], delimiter=delimiter, missing=1)
    read = next(csv.reader(io.StringIO(longer, newline=""), delimiter=delimiter, strict=True))
    assert read == [*cells, "", "Error", "'=1+1"]


def test_a_formula_of_ours_is_guarded_and_the_importer_takes_the_guard_away() -> None:
    for lead in FORMULA_LEADS:
        assert guard(f"{lead}x") == f"'{lead}x"
        assert unguard(guard(f"{lead}x")) == f"{lead}x"
    assert (guard(""), guard("x"), quote("a;b", ","), quote("a;b", ";")) == ("", "x", "a;b", '"a;b"')


def test_a_result_in_an_old_encoding_repeats_the_original_bytes() -> None:
    data = "a,b\nJosé €,1\n".encode("cp1252")
    record = next(read_records(io.BytesIO(data), encoding="windows-1252", delimiter=","))
    assert encode(record.raw, encoding="windows-1252") == b"Jos\xe9 \x80,1"
    assert encode("ñ Ж", encoding="latin-1") == b"\xf1 ?"
    assert encode("\ud800", encoding="utf-8") == b"\xed\xa0\x80"


def test_the_file_stays_open_and_can_be_read_twice() -> None:
    file = io.BytesIO(b"a,b\n1,2\n")
    assert inspect(file) == inspect(file)
    assert not file.closed
