import pytest

from imports.csv_files import CsvRefused
from imports.row_errors import DETAILED_TEXTS, ERROR_TEXTS, FILE_ERROR_TEXTS, file_error_text, row_error_text
from tests.imports.test_error_codes import SPEC_ROW_CODES


def test_every_rule_has_a_sentence_that_names_the_fix() -> None:
    assert set(SPEC_ROW_CODES) <= set(ERROR_TEXTS)
    for code in ERROR_TEXTS:
        sentences = row_error_text(code).split(". ")
        assert len(sentences) >= 2, code


def test_a_sentence_names_the_rows_that_are_meant() -> None:
    assert "12, 15" in row_error_text("duplicate_in_file", detail="12, 15")
    assert set(DETAILED_TEXTS) <= set(ERROR_TEXTS)


@pytest.mark.parametrize("case", FILE_ERROR_TEXTS)
def test_every_refusal_of_a_file_can_be_said(case: str) -> None:
    code, _, reason = case.partition(".")
    told = file_error_text(CsvRefused(code, reason=reason, line=7, limit=200, column=3, name="a % b"))
    assert told.endswith(".")
    assert "%(" not in told
    assert "%(" not in file_error_text(CsvRefused(code, reason=reason))
