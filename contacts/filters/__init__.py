"""Filters over contacts: the public API's grammar, read with care and turned into SQL by Django."""

from contacts.filters.conditions import Condition
from contacts.filters.parsing import DEEPEST, MOST_CONDITIONS, MOST_VALUES, parse_filter
from contacts.filters.tree import Filter, Group, Joiner
from contacts.filters.vocabulary import (
    LISTS,
    OPERATOR_NAMES,
    OPERATORS_OF,
    PAIRS,
    VALUELESS,
    Category,
    FilterField,
    Kind,
    Operator,
    filter_fields,
    operator_name,
)

__all__ = [
    "DEEPEST",
    "LISTS",
    "MOST_CONDITIONS",
    "MOST_VALUES",
    "OPERATORS_OF",
    "OPERATOR_NAMES",
    "PAIRS",
    "VALUELESS",
    "Category",
    "Condition",
    "Filter",
    "FilterField",
    "Group",
    "Joiner",
    "Kind",
    "Operator",
    "filter_fields",
    "operator_name",
    "parse_filter",
]
