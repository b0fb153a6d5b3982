"""The catalogue is the one that was agreed: data sets, columns, headers and their order, word for word."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from exports.catalogue import DATASETS, Column, Dataset
from reports.definitions.enums import ENUMS

AGREED: dict[str, Any] = json.loads((Path(__file__).parent / "columns.json").read_text())


def test_there_are_17_data_sets_and_288_columns() -> None:
    assert list(DATASETS) == list(AGREED)
    assert len(DATASETS) == 17
    assert sum(len(dataset.columns) for dataset in DATASETS.values()) == 288


@pytest.mark.parametrize("key", AGREED)
def test_a_data_set_has_the_agreed_columns_in_the_agreed_order(key: str) -> None:
    dataset, agreed = DATASETS[key], AGREED[key]
    assert [_told(column) for column in dataset.columns] == agreed["columns"]
    assert (dataset.family, dataset.range_rule) == (agreed["family"], agreed["range_rule"])
    assert list(dataset.filters) == agreed["filters"]
    assert [_in(language, dataset) for language in ("en", "es")] == agreed["title"]


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_every_column_says_what_it_means_in_both_languages(dataset: Dataset) -> None:
    for column in dataset.columns:
        meanings = []
        for language in ("en", "es"):
            with override(language):
                meanings.append(str(column.meaning))
        assert all(meaning.endswith(".") for meaning in meanings), column.key
        assert meanings[0] != meanings[1], f"{dataset.key}.{column.key} is not translated"
        assert column.example or column.may_be_empty, column.key
        if column.enum:
            assert set(column.values or ENUMS[column.enum]) <= set(ENUMS[column.enum])
            assert not column.example or set(column.example.split("; ")) <= set(ENUMS[column.enum])


def _told(column: Column) -> list[object]:
    return [
        column.key,
        column.header,
        column.header_es,
        column.kind.value,
        column.may_be_empty,
        column.enum,
        column.may_hold_phone,
    ]


def _in(language: str, dataset: Dataset) -> str:
    with override(language):
        return str(dataset.title)
