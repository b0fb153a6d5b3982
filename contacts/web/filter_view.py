"""The filter builder as its template draws it: every rule with its choices, every control with its name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.countries import country_choices
from contacts.filters import DEEPEST, LISTS, PAIRS, VALUELESS, FilterField, Kind, Operator, operator_name
from contacts.languages import language_choices
from contacts.models import LifecycleStage, Tag
from contacts.queries import stages, tags
from contacts.web.filter_form import ROOT, STAGE_KEY, TAG_KEY, Branch, Rule, Vocabulary
from workspaces.actors import Actor
from workspaces.models import Membership
from workspaces.queries import members

# The fields that people filter by most come first.
LEADING = (TAG_KEY, STAGE_KEY, "countryCode", "assigneeUserId", "createdAt")
INPUT_TYPES = {Kind.DATE: "date", Kind.MOMENT: "date", Kind.TIME: "time"}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select."""

    value: str
    label: str
    is_chosen: bool = False
    colour: str = ""


@dataclass(frozen=True, slots=True)
class RuleView:
    """A condition, ready to draw: `widget` is none, input, select, many or pair."""

    path: str
    word: str
    key: str
    groups: list[tuple[str, list[Option]]]
    operators: list[Option]
    widget: str = "none"
    kind: str = "text"
    is_short: bool = False
    options: list[Option] = field(default_factory=list)
    may_create: bool = False
    value: str = ""
    first: str = ""
    last: str = ""
    error: str = ""
    is_rule: bool = True

    @property
    def dom(self) -> str:
        """The path as ids of elements hold it."""
        return self.path.replace(".", "-")


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group, ready to draw."""

    path: str
    word: str
    joiner: str
    parts: list["RuleView | GroupView"]
    may_nest: bool
    is_rule: bool = False

    @property
    def dom(self) -> str:
        """The path as ids of elements hold it."""
        return self.path.replace(".", "-")


class Drawing:
    """Draws a tree; names of tags, stages and people are read once, and only where a rule needs them."""

    def __init__(self, actor: Actor, vocabulary: Vocabulary) -> None:
        self._actor = actor
        self._vocabulary = vocabulary
        self._tags: Sequence[Tag] | None = None
        self._stages: Sequence[LifecycleStage] | None = None
        self._members: Sequence[Membership] | None = None

    def draw(self, tree: Branch) -> GroupView:
        """Return the whole builder; an empty one offers a first condition."""
        return self._group(tree if tree.parts else Branch(tree.joiner, [Rule()]), ROOT, word=_("Match"), depth=1)

    def _group(self, branch: Branch, path: str, *, word: str, depth: int) -> GroupView:
        joined = _("and") if branch.joiner == "all" else _("or")
        parts: list[RuleView | GroupView] = []
        for place, part in enumerate(branch.parts):
            before, below = (joined if place else ""), f"{path}.{place}"
            if isinstance(part, Rule):
                parts.append(self._rule(part, below, word=before))
            else:
                parts.append(self._group(part, below, word=before, depth=depth + 1))
        return GroupView(path, word, branch.joiner, parts, may_nest=depth < DEEPEST)

    def _rule(self, rule: Rule, path: str, *, word: str) -> RuleView:
        one = self._vocabulary.by_key.get(rule.key)
        groups = self._fields(rule.key)
        if one is None:
            return RuleView(path, word, "", groups, [])
        operator = Operator(rule.operator)
        operators = [Option(each.value, str(operator_name(one.kind, each)), each == operator) for each in one.operators]
        choices = self._choices(one)
        if operator in VALUELESS:
            widget = "none"
        elif operator in PAIRS:
            widget = "pair"
        elif operator in LISTS:
            widget = "many"
        else:
            widget = "select" if choices is not None else "input"
        options = [*(choices or []), *_missing(rule.values, choices or [])] if widget in {"select", "many"} else []
        typed = [rule.first, rule.last] if widget == "pair" else rule.values[:1]
        return RuleView(
            path=path,
            word=word,
            key=rule.key,
            groups=groups,
            operators=operators,
            widget=widget,
            kind=_input_type(one.kind, typed),
            is_short=one.kind is Kind.NUMBER,
            options=[Option(each.value, each.label, each.value in rule.values, each.colour) for each in options],
            may_create=choices is None,
            value=rule.values[0] if rule.values else "",
            first=rule.first,
            last=rule.last,
            error=rule.error,
        )

    def _fields(self, chosen: str) -> list[tuple[str, list[Option]]]:
        known = self._vocabulary.by_key
        leading = [key for key in LEADING if key in known]
        standard = [key for key, one in known.items() if not one.is_custom and key not in leading]
        custom = [key for key, one in known.items() if one.is_custom]
        named = ((_("Often used"), leading), (_("Contact"), standard), (_("More fields"), custom))
        return [
            (label, [Option(key, str(known[key].name), key == chosen) for key in keys]) for label, keys in named if keys
        ]

    def _choices(self, one: FilterField) -> list[Option] | None:
        """Return what a field can be, or None when anything can be typed."""
        language = get_language() or "en"
        match one.kind:
            case Kind.TAGS:
                if self._tags is None:
                    self._tags = list(tags(self._actor))
                return [Option(tag.name, tag.name, colour=tag.colour) for tag in self._tags]
            case Kind.STAGE:
                if self._stages is None:
                    self._stages = stages(self._actor)
                return [Option(stage.name, stage.name) for stage in self._stages]
            case Kind.MEMBER:
                if self._members is None:
                    self._members = list(members(self._actor))
                return [Option(str(row.user_id), row.user.name) for row in self._members]
            case Kind.COUNTRY:
                return [Option(code, name) for code, name in country_choices(language)]
            case Kind.LANGUAGE:
                return [Option(code, name) for code, name in language_choices(language)]
            case Kind.FLAG | Kind.CHECKBOX:
                return [Option("true", _("Yes")), Option("false", _("No"))]
            case Kind.STATUS:
                return [Option("open", _("open")), Option("close", _("closed"))]
        return [Option(value, value) for value in one.choices] if one.choices else None


def _missing(values: Iterable[str], choices: Sequence[Option]) -> list[Option]:
    """Return values that the choices lack: typed freely, or gone from the workspace since."""
    known = {option.value for option in choices}
    return [Option(value, value) for value in values if value not in known]


def _input_type(kind: Kind, typed: Sequence[str]) -> str:
    """Return the input for a kind; a day that an address gives with a time is shown as it is written."""
    wanted = INPUT_TYPES.get(kind, "text")
    if wanted == "date" and any(value and len(value) != len("2026-03-02") for value in typed):
        return "text"
    return wanted
