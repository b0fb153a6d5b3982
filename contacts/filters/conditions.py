from dataclasses import dataclass

from django.utils.translation import gettext as _

from contacts.filters.operands import Operand
from contacts.filters.vocabulary import PAIRS, FilterField, Operator, operator_name


@dataclass(frozen=True, slots=True)
class Condition:
    """One field compared with its operands: none, one, two for a pair, any number for a list."""

    field: FilterField
    operator: Operator
    operands: tuple[Operand, ...]
    is_list: bool

    @property
    def value(self) -> object:
        """The value as it stands in the canonical form."""
        shown = [operand.shown for operand in self.operands]
        if self.operator in PAIRS:
            return {"from": shown[0], "to": shown[1]}
        if self.is_list:
            return shown
        return shown[0] if shown else None

    def to_json(self) -> dict[str, object]:
        """Return the form that the public API takes."""
        return {
            "category": self.field.category.value,
            "field": self.field.key or None,
            "operator": self.operator.value,
            "value": self.value,
        }

    def describe(self) -> str:
        """Say it in the active language: Country is any of “ES”, “FR”."""
        words = [str(self.field.name), str(operator_name(self.field.kind, self.operator))]
        shown = [_shown(operand.shown) for operand in self.operands]
        if shown:
            words.append(" – ".join(shown) if self.operator in PAIRS else ", ".join(shown))
        return " ".join(words)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"“{value}”" if isinstance(value, str) else str(value)
