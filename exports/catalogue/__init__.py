"""The catalogue: every data set that can be exported, in the order in which people see them."""

from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Dataset, Family, RangeRule
from exports.catalogue.listed import DATASETS, title_of
from reports.definitions.filters import Filter

__all__ = ["DATASETS", "Column", "Dataset", "Family", "Filter", "Kind", "RangeRule", "title_of"]
