"""Conditions become Django expressions: columns and operators from tables in code, values always bind parameters."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    JSONField,
    OuterRef,
    Q,
    TextField,
    Value,
)
from django.db.models.functions import Lower

from contacts.filters.conditions import Condition
from contacts.filters.moments import Stretch
from contacts.filters.operands import PhoneKey
from contacts.filters.vocabulary import Kind, Operator
from contacts.models import ContactTag


class Known(NamedTuple):
    """What the names in a filter stand for in one workspace."""

    workspace_id: int
    ids: Mapping[Kind, Mapping[str, int]]


# What is asked instead, to be turned round: so a contact without a value is in "is not" and in "is none of".
_OPPOSITE = {Operator.NOT_EQUAL: Operator.EQUAL, Operator.NONE: Operator.ANY, Operator.MISSING: Operator.EXISTS}
_SIGNS = {
    Operator.EQUAL: "=", Operator.AFTER: ">", Operator.BEFORE: "<", Operator.GREATER: ">", Operator.LESS: "<",
}  # fmt: skip
_MOST_JOINS = 3  # of one "has all of": beyond it, one grouped look-up is planned faster than that many joins

_NAMES = {
    Kind.TAGS: """SELECT asked.name, t.id FROM unnest(%s::text[]) AS asked(name)
                    JOIN contacts_tag t ON t.workspace_id = %s AND lower(t.name) = lower(asked.name)""",
    Kind.STAGE: """SELECT asked.name, s.id FROM unnest(%s::text[]) AS asked(name)
                     JOIN contacts_lifecyclestage s ON s.workspace_id = %s AND lower(s.name) = lower(asked.name)""",
}


def known_names(conditions: Iterable[Condition], *, workspace_id: int) -> Known:
    """Look up the tags and stages that the conditions name, in any case; a name that nobody has is left out.

    The planner knows how many contacts carry a tag's id, but nothing about its name: hence ids, not a join.
    """
    named: dict[Kind, list[str]] = {Kind.TAGS: [], Kind.STAGE: []}
    for condition in conditions:
        if condition.field.kind in named:
            named[condition.field.kind].extend(str(operand.compared) for operand in condition.operands)
    found: dict[Kind, dict[str, int]] = {}
    for kind, names in named.items():
        if names:
            with connection.cursor() as cursor:
                cursor.execute(_NAMES[kind], [list(dict.fromkeys(names)), workspace_id])
                found[kind] = dict(cursor.fetchall())
    return Known(workspace_id, found)


def compiled(condition: Condition, known: Known) -> Q:
    """Return one condition as a Q."""
    kind, operator = condition.field.kind, condition.operator
    values = [operand.compared for operand in condition.operands]
    if kind in _NAMES:
        values = [known.ids.get(kind, {}).get(str(value)) for value in values]
    asked = _OPPOSITE.get(operator, operator)
    if kind is Kind.TAGS:
        carried = _tags(asked, values, workspace_id=known.workspace_id)
        return ~carried if asked is not operator else carried
    if condition.field.is_custom:
        holds = _CUSTOM[kind](condition.field.column, asked, values)
    else:
        holds = _STANDARD[kind](condition.field.column, asked, values)
    return Q(_NotTrue(holds)) if asked is not operator else holds


class _NotTrue(Func):
    """False or unknown: what `NOT` alone would lose is a contact without a value."""

    template = "(%(expressions)s) IS NOT TRUE"
    output_field = BooleanField()

    def __init__(self, condition: Q) -> None:
        super().__init__(ExpressionWrapper(condition, output_field=BooleanField()))


class _Compare(Func):
    """Two expressions and a sign of the table above."""

    template = "(%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, left: Any, sign: str, right: Any) -> None:
        super().__init__(left, right, arg_joiner=f" {sign} ")


def _tags(asked: Operator, ids: Sequence[object], *, workspace_id: int) -> Q:
    every_link = ContactTag.objects.in_workspace(workspace_id)
    links = every_link.filter(contact_id=OuterRef("pk"))
    if asked is Operator.EXISTS:
        return Q(Exists(links))
    wanted = sorted({tag_id for tag_id in ids if isinstance(tag_id, int)})
    if asked is Operator.ANY:
        return Q(Exists(links.filter(tag_id__in=wanted))) if wanted else _nobody()
    if None in ids:
        return _nobody()
    if len(wanted) <= _MOST_JOINS:
        return Q(*(Exists(links.filter(tag_id=tag_id)) for tag_id in wanted))
    carriers = every_link.filter(tag_id__in=wanted).values("contact_id").annotate(carried=Count("tag_id"))
    return Q(pk__in=carriers.filter(carried=len(wanted)).values("contact_id"))


def _nobody() -> Q:
    return Q(pk__in=[])


def _text(column: str, asked: Operator, values: Sequence[object]) -> Q:
    if asked is Operator.EXISTS:
        return ~Q(**{column: ""})
    return _in(Lower(column), [Lower(Value(value)) for value in values])


def _name(column: str, asked: Operator, values: Sequence[object]) -> Q:
    """Compare the name as it is shown, without case and accents; PostgreSQL folds both sides alike."""
    if asked is Operator.EXISTS:
        return ~Q(first_name="") | ~Q(last_name="")
    blank = Value("")
    return _in(
        F(column),
        [
            Func(Value(value), blank, blank, blank, function="contact_name_key", output_field=TextField())
            for value in values
        ],
    )


def _in(left: Any, values: Sequence[Any]) -> Q:
    found = Q()
    for value in values:
        found |= Q(_Compare(left, "=", value))
    return found


def _phone(column: str, asked: Operator, values: Sequence[object]) -> Q:
    if asked is Operator.EXISTS:
        return ~Q(**{column: ""})
    phones = [value for value in values if isinstance(value, PhoneKey)]
    keys = [phone.match_key for phone in phones if phone.match_key]
    return Q(phone_match_key__in=keys) | Q(**{f"{column}__in": [phone.text for phone in phones if not phone.match_key]})


def _exact(column: str, asked: Operator, values: Sequence[object]) -> Q:
    return ~Q(**{column: ""}) if asked is Operator.EXISTS else Q(**{f"{column}__in": values})


def _id(column: str, asked: Operator, values: Sequence[object]) -> Q:
    if asked is Operator.EXISTS:
        return Q(**{f"{column}__isnull": False})
    return Q(**{f"{column}__in": [value for value in values if value is not None]})


def _flag(column: str, asked: Operator, values: Sequence[object]) -> Q:  # noqa: ARG001 - called like the others
    return Q(**{column: values[0]})


def _moment(column: str, asked: Operator, values: Sequence[object]) -> Q:
    if asked is Operator.EXISTS:
        return Q(**{f"{column}__isnull": False})
    stretches = [value for value in values if isinstance(value, Stretch)]
    start, end = stretches[0].start, stretches[-1].end
    if asked is Operator.AFTER:
        return Q(**{f"{column}__gte": end})
    if asked is Operator.BEFORE:
        return Q(**{f"{column}__lt": start})
    return Q(**{f"{column}__gte": start, f"{column}__lt": end})


def _custom_text(slug: str, asked: Operator, values: Sequence[object]) -> Q:
    stored = _stored_text(slug)
    if asked is Operator.EXISTS:
        return Q(_IsThere(stored))
    return _in(Lower(stored), [Lower(Value(value)) for value in values])


def _custom_json(slug: str, asked: Operator, values: Sequence[object]) -> Q:
    """Numbers and checkboxes are compared as JSON, never cast: whatever stands there, no comparison fails."""
    stored = Func(F("custom"), Value(slug), function="jsonb_extract_path", output_field=JSONField())
    if asked is Operator.EXISTS:
        return Q(_IsThere(_stored_text(slug)))
    given = [Value(value, output_field=JSONField()) for value in values]
    if asked in {Operator.EQUAL, Operator.ANY}:
        return _in(stored, given)
    is_number = Q(_Compare(Func(stored, function="jsonb_typeof", output_field=TextField()), "=", Value("number")))
    if asked is Operator.BETWEEN:
        return is_number & Q(_Compare(stored, ">=", given[0])) & Q(_Compare(stored, "<=", given[1]))
    return is_number & Q(_Compare(stored, _SIGNS[asked], given[0]))


def _custom_date(slug: str, asked: Operator, values: Sequence[object]) -> Q:
    return _ordered(_stored_text(slug), asked, values)


def _custom_time(slug: str, asked: Operator, values: Sequence[object]) -> Q:
    stored = _stored_text(slug)
    if asked is Operator.EXISTS:
        return Q(_IsThere(stored))
    # 09:30 is kept as it was written; here it gets its seconds. Unlike concat, || leaves a missing one missing.
    whole = Func(stored, Value(":00"), template="(%(expressions)s)", arg_joiner=" || ", output_field=TextField())
    return _ordered(Func(whole, Value(8), function="left", output_field=TextField()), asked, values)


def _ordered(stored: Func, asked: Operator, values: Sequence[object]) -> Q:
    if asked is Operator.EXISTS:
        return Q(_IsThere(stored))
    plain = Func(
        stored, template='(%(expressions)s) COLLATE "C"', output_field=TextField()
    )  # digits, whatever the language
    if asked in {Operator.WITHIN, Operator.BETWEEN}:
        return Q(_Compare(plain, ">=", Value(values[0]))) & Q(_Compare(plain, "<=", Value(values[1])))
    return Q(_Compare(plain, _SIGNS[asked], Value(values[0])))


def _stored_text(slug: str) -> Func:
    # Not KeyTextTransform: it reads a slug of digits as a place in an array.
    return Func(F("custom"), Value(slug), function="jsonb_extract_path_text", output_field=TextField())


class _IsThere(Func):
    template = "(%(expressions)s) IS NOT NULL"
    output_field = BooleanField()


_Compiler = Callable[[str, Operator, Sequence[object]], Q]
_STANDARD: dict[Kind, _Compiler] = {
    Kind.TEXT: lambda column, asked, values: (_name if column == "name_key" else _text)(column, asked, values),
    Kind.PHONE: _phone,
    Kind.EMAIL: _exact,
    Kind.LANGUAGE: _exact,
    Kind.COUNTRY: _exact,
    Kind.FLAG: _flag,
    Kind.STATUS: _flag,
    Kind.MOMENT: _moment,
    Kind.MEMBER: _id,
    Kind.STAGE: _id,
}
_CUSTOM: dict[Kind, _Compiler] = {
    Kind.TEXT: _custom_text,
    Kind.CHECKBOX: _custom_json,
    Kind.NUMBER: _custom_json,
    Kind.DATE: _custom_date,
    Kind.TIME: _custom_time,
}
