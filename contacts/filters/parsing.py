"""Reads a filter from JSON that anybody may have written; every refusal names its place and its fix."""

from collections.abc import Mapping, Sequence
from typing import NoReturn
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from contacts.errors import FilterNotValid
from contacts.filters.conditions import Condition
from contacts.filters.operands import FIXES, Operand, Reading, read_operand
from contacts.filters.tree import Filter, Group, Joiner
from contacts.filters.vocabulary import (
    LISTS,
    PAIRS,
    STAGE_FIELD,
    STANDARD_FIELDS,
    TAG_FIELD,
    VALUELESS,
    Category,
    FilterField,
    Operator,
    custom_field,
)
from contacts.models import ContactField

DEEPEST = 5
MOST_CONDITIONS = 50
MOST_VALUES = 100  # of one condition
_MOST_LISTED = 20  # names that a sentence lists


def parse_filter(
    body: object, *, fields: Sequence[ContactField], zone: ZoneInfo, default_country: str = "", path: str = "filter"
) -> Filter | None:
    """Read a filter; None, {} and groups without conditions are no filter. Raise FilterNotValid with its place.

    fields: the workspace's custom fields. zone: where days begin. default_country: of phones without a country code.
    """
    if body is None:
        return None
    if not isinstance(body, Mapping):
        _refuse(path, _("Write the filter as {“$and”: […]} or {“$or”: […]}."))
    if not body:
        return None
    root = _Reader(fields, Reading(zone, default_country)).group(body, path=path, depth=1)
    return Filter(root) if root else None


class _Reader:
    """Reads one filter and counts its conditions."""

    def __init__(self, fields: Sequence[ContactField], reading: Reading) -> None:
        self._fields = {field.key: field for field in [*map(custom_field, fields), *STANDARD_FIELDS]}
        self._reading = reading
        self._count = 0

    def group(self, body: Mapping[object, object], *, path: str, depth: int) -> Group | None:
        joiner = self._joiner(body, path)
        path = f"{path}.{joiner.value}"
        if depth > DEEPEST:
            _refuse(path, _("Groups nest at most %(most)s deep. Move this condition up.") % {"most": DEEPEST})
        parts = body[joiner.value]
        if not isinstance(parts, list):
            _refuse(path, _("Write a list of conditions here."))
        if len(parts) > MOST_CONDITIONS:
            self._too_many(path)
        found = []
        for number, part in enumerate(parts):
            read = self._part(part, path=f"{path}[{number}]", depth=depth)
            if read is not None:
                found.append(read)
        return Group(joiner, tuple(found)) if found else None

    def _joiner(self, body: Mapping[object, object], path: str) -> Joiner:
        if len(body) != 1 or next(iter(body)) not in tuple(Joiner):
            _refuse(path, _("A group has one key: “$and” for all of its conditions, or “$or” for any of them."))
        return Joiner(str(next(iter(body))))

    def _part(self, part: object, *, path: str, depth: int) -> Condition | Group | None:
        if not isinstance(part, Mapping):
            _refuse(path, _("Write a condition: {“category”, “field”, “operator”, “value”}."))
        if any(joiner.value in part for joiner in Joiner):
            return self.group(part, path=path, depth=depth + 1)
        if not part:
            return None
        self._count += 1
        if self._count > MOST_CONDITIONS:
            self._too_many(path)
        field = self._field(part, path)
        operator = self._operator(part, field, path)
        operands, is_list = self._operands(part.get("value"), field=field, operator=operator, path=f"{path}.value")
        return Condition(field=field, operator=operator, operands=operands, is_list=is_list)

    def _field(self, part: Mapping[object, object], path: str) -> FilterField:
        category = part.get("category")
        if category == Category.TAG:
            return TAG_FIELD
        if category == Category.LIFECYCLE:
            return STAGE_FIELD
        if category != Category.FIELD:
            _refuse(f"{path}.category", _("Choose a category: %(names)s.") % {"names": ", ".join(Category)})
        key = part.get("field")
        found = self._fields.get(key) if isinstance(key, str) else None
        if found is None:
            _refuse(
                f"{path}.field",
                _("There is no field %(key)s. Choose one of: %(names)s.")
                % {"key": _shown(key), "names": self._known()},
            )
        return found

    def _known(self) -> str:
        names = [field.key for field in STANDARD_FIELDS]
        names += [key for key in self._fields if key not in names]
        return ", ".join(names[:_MOST_LISTED]) + (" …" if len(names) > _MOST_LISTED else "")

    def _operator(self, part: Mapping[object, object], field: FilterField, path: str) -> Operator:
        operator = part.get("operator")
        if (
            not isinstance(operator, str)
            or operator not in tuple(Operator)
            or Operator(operator) not in field.operators
        ):
            _refuse(
                f"{path}.operator",
                _("“%(field)s” cannot be compared by %(operator)s. Choose one of: %(names)s.")
                % {"field": field.name, "operator": _shown(operator), "names": ", ".join(field.operators)},
            )
        return Operator(operator)

    def _operands(
        self, value: object, *, field: FilterField, operator: Operator, path: str
    ) -> tuple[tuple[Operand, ...], bool]:
        if operator in VALUELESS:
            return (), False
        if operator in PAIRS:
            return self._pair(value, field=field, path=path), False
        if operator not in LISTS:
            return (self._operand(value, field=field, path=path),), False
        values = value if isinstance(value, list) else [value]
        if not values or len(values) > MOST_VALUES:
            _refuse(path, _("Write a list of 1 to %(most)s values.") % {"most": MOST_VALUES})
        read = [self._operand(each, field=field, path=f"{path}[{number}]") for number, each in enumerate(values)]
        return tuple(dict.fromkeys(read)), True

    def _pair(self, value: object, *, field: FilterField, path: str) -> tuple[Operand, Operand]:
        if not isinstance(value, Mapping) or not {"from", "to"} <= value.keys():
            _refuse(path, _("Write both ends as {“from”: …, “to”: …}."))
        first = self._operand(value["from"], field=field, path=f"{path}.from")
        last = self._operand(value["to"], field=field, path=f"{path}.to")
        if _key(last) < _key(first):
            _refuse(path, _("“from” comes after “to”. Swap the two."))
        return first, last

    def _operand(self, value: object, *, field: FilterField, path: str) -> Operand:
        operand = read_operand(field.kind, value, self._reading)
        if operand is None:
            _refuse(
                path,
                _("%(value)s does not fit “%(field)s”.") % {"value": _shown(value), "field": field.name}
                + f" {FIXES[field.kind]}",
            )
        return operand

    def _too_many(self, path: str) -> NoReturn:
        _refuse(path, _("A filter has at most %(most)s conditions. Remove some.") % {"most": MOST_CONDITIONS})


def _key(operand: Operand) -> tuple[object, ...]:
    """What the ends of a pair are ordered by: both are of one kind, so both keys are of one type."""
    compared = operand.compared
    return (compared[0],) if isinstance(compared, tuple) else (compared,)


def _shown(value: object) -> str:
    """Quote what was sent so that any answer can carry it: short, and without half characters."""
    if isinstance(value, str):
        text = value[:40].encode("utf-8", "replace").decode()
        return (
            "“" + "".join(char if char.isprintable() else "?" for char in text) + ("…" if len(value) > 40 else "") + "”"
        )
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float) and abs(value) < 1e15:
        return str(value)
    return _("this value")


def _refuse(path: str, sentence: str) -> NoReturn:
    raise FilterNotValid(field=path, sentence=sentence)
