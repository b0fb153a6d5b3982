"""SQL that differs from import to import: which columns it writes, how contacts are found, what a change is.

Names of columns come from the fixed list here, values are always parameters. `s` is the staged row, `c` the contact that it
matches, `t` its set of tags. Review and commit use the same pieces, so that what was shown is what is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from imports.models import ContactImport, IdentifierField, Matching

Parameters = dict[str, Any]

# A mapped field's name, by key, and the contact's columns that hold it; the first is the one whose change is told.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "first_name": ("first_name",),
    "last_name": ("last_name",),
    "phone": ("phone", "phone_e164", "phone_match_key"),
    "email": ("email", "email_key"),
    "language": ("language",),
    "country": ("country",),
    "profile_pic": ("picture_url",),
}
# All a staged row gives a new contact.
COPIED = (
    "first_name", "last_name", "phone", "phone_e164", "phone_match_key", "email", "email_key", "language", "country",
    "picture_url", "stage_id", "custom",
)  # fmt: skip


CURRENT_TAGS = """
ARRAY(SELECT l.tag_id FROM contacts_contacttag l WHERE l.workspace_id = %(workspace_id)s AND l.contact_id = c.id)"""
# The planned updates with what they are about.
UPDATES = """
  FROM imports_plannedrow p JOIN imports_stagedrow s ON s.import_id = p.import_id AND s.row_no = p.row_no
  JOIN contacts_contact c ON c.workspace_id = %(workspace_id)s AND c.id = p.contact_id
  LEFT JOIN imports_stagedtagset t ON t.import_id = s.import_id AND t.no = s.tagset
 WHERE p.import_id = %(import_id)s AND p.verdict = 'u'"""


@dataclass(frozen=True, slots=True)
class MappedField:
    """A field that the import writes. key: as in the mapping and in effects; told: as in a contact's events."""

    key: str
    told: str
    old: str  # an expression of the present value
    staged: str  # of the file's value
    new: str  # of the value after the import
    is_text: bool  # a text is empty as '', anything else as NULL


@dataclass(frozen=True, slots=True)
class PlanSql:
    """The pieces of one import's statements, and the values of their parameters."""

    fields: list[MappedField]
    assignments: list[str]  # column = expression
    key: str  # what identifies a staged row; empty when nothing does
    has_key: str
    match: str  # joins a contact to a staged row
    is_literal: str  # whether the match holds as the texts are written
    differs: str  # whether the contact's columns would change
    changes: str  # jsonb: {field: [old, new]}
    adds_tags: bool
    replaces_tags: bool
    writes_stage: bool
    new_stage: str
    parameters: Parameters = field(default_factory=dict)


def plan_sql(row: ContactImport) -> PlanSql:
    """Return the pieces for an import's mapping."""
    mapped = {column["field"]: bool(column["do_not_overwrite"]) for column in row.columns if column["field"]}
    if "full_name" in mapped:
        keeps = mapped.pop("full_name")
        mapped |= {"first_name": keeps, "last_name": keeps}
    standard = {key: keeps for key, keeps in mapped.items() if key in COLUMNS}
    custom = {key: keeps for key, keeps in mapped.items() if key not in COLUMNS and key not in _APART}
    pieces = _Pieces()
    for key, keeps in standard.items():
        pieces.add_standard(key, keeps=keeps)
    pieces.add_custom(custom)
    writes_stage = "lifecycle" in mapped
    new_stage = "c.stage_id"
    if writes_stage:
        new_stage = "coalesce(c.stage_id, s.stage_id)" if mapped["lifecycle"] else "s.stage_id"
        pieces.fields.append(MappedField("lifecycle", "", "c.stage_id", "s.stage_id", new_stage, is_text=False))
        pieces.assignments.append(f"stage_id = {new_stage}")
        pieces.differences.append(f"c.stage_id IS DISTINCT FROM {new_stage}")
    key, match, is_literal = _identity(row)
    return PlanSql(
        fields=pieces.fields,
        assignments=pieces.assignments,
        key=key,
        has_key=_has_key(row),
        match=match,
        is_literal=is_literal,
        differs=" OR ".join(pieces.differences) or "false",
        changes=" || ".join(pieces.changes) or "'{}'::jsonb",
        adds_tags="tags" in mapped or bool(row.tags),
        replaces_tags=mapped.get("tags") is False,
        writes_stage=writes_stage,
        new_stage=new_stage,
        parameters={"workspace_id": row.workspace_id, "import_id": row.pk, **pieces.parameters},
    )


_APART = frozenset({"contact_id", "tags", "lifecycle"})


class _Pieces:
    """Gathers the pieces field by field."""

    def __init__(self) -> None:
        self.fields: list[MappedField] = []
        self.assignments: list[str] = []
        self.differences: list[str] = []
        self.changes: list[str] = []
        self.parameters: Parameters = {}

    def add_standard(self, key: str, *, keeps: bool) -> None:
        told, *_others = COLUMNS[key]
        for column in COLUMNS[key]:
            after = f"s.{column}"
            if keeps:  # a stored value stays, with all that was derived from it
                after = f"CASE WHEN c.{told} <> '' THEN c.{column} ELSE s.{column} END"
            self.assignments.append(f"{column} = {after}")
            self.differences.append(f"c.{column} <> {after}")
            if column == told:
                mapped = MappedField(key, told, f"c.{column}", f"s.{column}", after, is_text=True)
                self._tell(mapped, differs=f"c.{column} <> {after}")

    def add_custom(self, custom: Mapping[str, bool]) -> None:
        """A custom value that is emptied goes away; an empty one is not stored at all."""
        if not custom:
            return
        replaced = [slug for slug, keeps in custom.items() if not keeps]
        kept = [slug for slug, keeps in custom.items() if keeps]
        self.parameters |= {"replaced": replaced, "kept": kept}
        after = "(c.custom - %(replaced)s::text[]) || s.custom"
        if kept:
            after = "(s.custom - %(replaced)s::text[]) || (c.custom - %(replaced)s::text[]) || (s.custom - %(kept)s::text[])"
        self.assignments.append(f"custom = {after}")
        self.differences.append(f"c.custom <> ({after})")
        for number, (slug, keeps) in enumerate(custom.items()):
            self.parameters[f"slug_{number}"] = slug
            old, staged = f"(c.custom -> %(slug_{number})s)", f"(s.custom -> %(slug_{number})s)"
            new = f"coalesce({old}, {staged})" if keeps else staged
            mapped = MappedField(slug, f"custom.{slug}", old, staged, new, is_text=False)
            self._tell(mapped, differs=differs_in(mapped))

    def _tell(self, mapped: MappedField, *, differs: str) -> None:
        name = f"told_{len(self.fields)}"
        self.fields.append(mapped)
        self.parameters[name] = mapped.told
        pair = f"jsonb_build_array({mapped.old}, {mapped.new})"
        self.changes.append(f"CASE WHEN {differs} THEN jsonb_build_object(%({name})s, {pair}) ELSE '{{}}' END")


def _identity(row: ContactImport) -> tuple[str, str, str]:
    """Return the staged key, the join that finds contacts by it, and whether the texts are equal too."""
    exact = row.matching == Matching.EXACT
    if row.identifier == IdentifierField.PHONE:
        if exact:
            return "s.phone", "c.phone = s.phone AND c.phone <> ''", "true"
        return (
            "s.phone_match_key",
            "c.phone_match_key = s.phone_match_key AND c.phone_match_key <> ''",
            "c.phone = s.phone",
        )
    if row.identifier == IdentifierField.EMAIL:
        by_key = "c.email_key = s.email_key AND c.email_key <> ''"  # the index is on the key
        if exact:
            return "s.email", f"{by_key} AND c.email = s.email", "true"
        return "s.email_key", by_key, "c.email = s.email"
    if row.identifier == IdentifierField.CONTACT_ID:
        return "s.contact_id", "c.id = s.contact_id", "true"
    return "", "", "true"


def _has_key(row: ContactImport) -> str:
    if row.identifier == IdentifierField.CONTACT_ID:
        return "s.contact_id IS NOT NULL"
    return f"s.{row.identifier} <> ''" if row.identifier else "false"


def differs_in(mapped: MappedField) -> str:
    """Return whether a field's value would be another one."""
    return f"{mapped.old} IS DISTINCT FROM {mapped.new}"


def is_empty(expression: str, mapped: MappedField) -> str:
    """Return whether an expression of this field's type holds nothing."""
    return f"{expression} = ''" if mapped.is_text else f"{expression} IS NULL"


def kinds_of_change(field: MappedField) -> tuple[str, str, str]:
    """Return when a matched contact's field gets a value, changes it, loses it."""
    was_empty, gets_empty = is_empty(field.old, field), is_empty(field.new, field)
    return (
        f"{was_empty} AND NOT ({gets_empty})",
        f"NOT ({was_empty}) AND NOT ({gets_empty}) AND {differs_in(field)}",
        f"NOT ({was_empty}) AND {gets_empty}",
    )
