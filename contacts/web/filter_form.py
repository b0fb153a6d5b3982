"""The filter builder's state, as a form and an address hold it: `f.join=all&f.0.field=countryCode&f.0.op=exists`.

A place in the tree is its path: `f` is the root, `f.1` its second part, `f.1.0` the first part of that group.
Conditions that are half written stay in the tree and in the address, and are left out of the filter.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict

from contacts.errors import FilterNotValid
from contacts.filters import (
    DEEPEST,
    LISTS,
    MOST_CONDITIONS,
    PAIRS,
    VALUELESS,
    Category,
    Filter,
    FilterField,
    Joiner,
    Operator,
    filter_fields,
    parse_filter,
)
from contacts.models import ContactField

ROOT = "f"
TAG_KEY, STAGE_KEY = "@tag", "@stage"
JOINERS = {"all": Joiner.ALL, "any": Joiner.ANY}
LONGEST_VALUE = 200
_NAME = re.compile(r"f((?:\.[0-9]{1,2})*)\.(join|field|was|op|value|from|to)").fullmatch


@dataclass(slots=True)
class Rule:
    """One condition as it is typed; `error` says what keeps it from being applied."""

    key: str = ""
    operator: str = ""
    values: list[str] = field(default_factory=list)
    first: str = ""
    last: str = ""
    error: str = ""

    def params(self, path: str) -> Iterator[tuple[str, str]]:
        """Yield what the address holds of it."""
        if self.key:
            yield f"{path}.field", self.key
        if self.operator:
            yield f"{path}.op", self.operator
        for value in self.values:
            yield f"{path}.value", value
        if self.first:
            yield f"{path}.from", self.first
        if self.last:
            yield f"{path}.to", self.last


@dataclass(slots=True)
class Branch:
    """A group: all of its parts count, or any of them."""

    joiner: str = "all"
    parts: list["Rule | Branch"] = field(default_factory=list)

    def params(self, path: str = ROOT) -> Iterator[tuple[str, str]]:
        """Yield what the address holds of it; an empty tree is not in the address."""
        if self.parts:
            yield f"{path}.join", self.joiner
        for place, part in enumerate(self.parts):
            yield from part.params(f"{path}.{place}")

    def rules(self) -> Iterator[Rule]:
        """Yield every condition, however deep."""
        for part in self.parts:
            if isinstance(part, Rule):
                yield part
            else:
                yield from part.rules()

    def errors(self, path: str = ROOT) -> Iterator[tuple[str, str]]:
        """Yield the place of every condition, as ids of elements hold it, with what is wrong there, if anything is."""
        for place, part in enumerate(self.parts):
            if isinstance(part, Rule):
                yield f"{path}.{place}".replace(".", "-"), part.error
            else:
                yield from part.errors(f"{path}.{place}")


def address_of_tag(name: str) -> str:
    """Return the address's part that lists the contacts with one tag."""
    rule = Rule(TAG_KEY, Operator.ANY.value, [name])
    return urlencode(list(Branch(parts=[rule]).params()))


def read_tree(data: QueryDict) -> Branch:
    """Read the tree out of a form or an address; what makes no sense is left out."""
    found: dict[tuple[int, ...], dict[str, list[str]]] = {}
    for name, values in data.lists():
        match = _NAME(name)
        if match and len(found) < 4 * MOST_CONDITIONS:
            path = tuple(int(place) for place in match[1].split(".")[1:])
            clean = [str(value).replace("\0", "")[:LONGEST_VALUE] for value in values]
            found.setdefault(path, {})[match[2]] = clean
    return _branch((), found, depth=1)


def _branch(path: tuple[int, ...], found: Mapping[tuple[int, ...], dict[str, list[str]]], *, depth: int) -> Branch:
    own = found.get(path, {})
    branch = Branch(joiner=_last(own, "join") if _last(own, "join") in JOINERS else "all")
    places = sorted({key[len(path)] for key in found if len(key) > len(path) and key[: len(path)] == path})
    for place in places:
        below = (*path, place)
        if "join" in found.get(below, {}) or any(len(key) > len(below) and key[: len(below)] == below for key in found):
            if depth < DEEPEST:
                branch.parts.append(_branch(below, found, depth=depth + 1))
        else:
            branch.parts.append(_rule(found[below]))
    return branch


def _rule(own: Mapping[str, list[str]]) -> Rule:
    key, was = _last(own, "field"), _last(own, "was")
    if was and was != key:  # another field was chosen, and the values of the old one mean nothing in it
        return Rule(key)
    return Rule(
        key, _last(own, "op"), [value for value in own.get("value", []) if value], _last(own, "from"), _last(own, "to")
    )


def _last(own: Mapping[str, list[str]], name: str) -> str:
    return own[name][-1].strip() if own.get(name) else ""


def act_on(tree: Branch, act: str) -> Branch:
    """Carry out what a button of the builder says: `add:f.1`, `group:f`, `remove:f.1.0` or `clear`."""
    verb, _colon, path = act.partition(":")
    if verb == "clear":
        return Branch()
    places = [int(place) for place in path.split(".")[1:] if place.isdecimal()]
    if verb == "remove" and places:
        parent = _at(tree, places[:-1])
        if parent is not None and places[-1] < len(parent.parts):
            parent.parts.pop(places[-1])
        return _without_empty(tree)
    branch = _at(tree, places)
    if branch is None or sum(1 for _rule in tree.rules()) >= MOST_CONDITIONS:
        return tree
    if verb == "add":
        branch.parts.append(Rule())
    elif verb == "group" and len(places) + 1 < DEEPEST:
        branch.parts.append(Branch("any" if branch.joiner == "all" else "all", [Rule()]))
    return tree


def _at(tree: Branch, places: Sequence[int]) -> Branch | None:
    for place in places:
        part = tree.parts[place] if place < len(tree.parts) else None
        if not isinstance(part, Branch):
            return None
        tree = part
    return tree


def _without_empty(tree: Branch) -> Branch:
    parts = [_without_empty(part) if isinstance(part, Branch) else part for part in tree.parts]
    tree.parts = [part for part in parts if isinstance(part, Rule) or part.parts]
    return tree


class Vocabulary:
    """What conditions of one workspace can be about, and how what was typed becomes a filter."""

    def __init__(self, fields: Sequence[ContactField], *, zone: ZoneInfo, default_country: str) -> None:
        self._rows = fields
        self._zone = zone
        self._country = default_country
        self.by_key: dict[str, FilterField] = {}
        for one in filter_fields(fields):
            # A standard field's name wins over a custom field's slug, as in the grammar.
            self.by_key.setdefault(key_of(one), one)

    def filter_of(self, tree: Branch) -> Filter | None:
        """Return the filter of the conditions that are whole; what is wrong with the others is told at them."""
        for rule in tree.rules():
            self._settle(rule)
        return self._parse(self._json(tree))

    def _settle(self, rule: Rule) -> None:
        """Give a rule an operator that fits its field, and check its values."""
        one = self.by_key.get(rule.key)
        if one is None:
            rule.key, rule.operator = "", ""
            return
        if rule.operator not in one.operators:
            rule.operator = one.operators[0].value
        if Operator(rule.operator) in PAIRS and rule.values and not rule.first:
            rule.first = rule.values[0]
        elif Operator(rule.operator) not in PAIRS and rule.first and not rule.values:
            rule.values = [rule.first]
        body = self._rule_json(rule)
        if body is None:
            return
        try:
            self._parse({Joiner.ALL.value: [body]})
        except FilterNotValid as refusal:
            rule.error = refusal.message

    def _parse(self, body: Mapping[str, object]) -> Filter | None:
        return parse_filter(body, fields=self._rows, zone=self._zone, default_country=self._country)

    def _json(self, branch: Branch) -> dict[str, object]:
        parts: list[object] = []
        for part in branch.parts:
            if isinstance(part, Branch):
                below = self._json(part)
                parts += [below] if below[JOINERS[part.joiner].value] else []
            elif not part.error and (body := self._rule_json(part)) is not None:
                parts.append(body)
        return {JOINERS[branch.joiner].value: parts}

    def _rule_json(self, rule: Rule) -> dict[str, object] | None:
        """Return the grammar's form of a rule, or None while it is half written."""
        one = self.by_key.get(rule.key)
        if one is None:
            return None
        operator = Operator(rule.operator)
        value: object = None
        if operator in PAIRS:
            if not (rule.first and rule.last):
                return None
            value = {"from": rule.first, "to": rule.last}
        elif operator not in VALUELESS:
            if not rule.values:
                return None
            value = rule.values if operator in LISTS else rule.values[0]
        return {"category": one.category.value, "field": one.key or None, "operator": operator.value, "value": value}


def key_of(one: FilterField) -> str:
    """Return what names a field in forms and addresses."""
    return {Category.TAG: TAG_KEY, Category.LIFECYCLE: STAGE_KEY}.get(one.category, one.key)
