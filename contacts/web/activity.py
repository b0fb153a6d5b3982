"""The activity of a contact in words: who did what, from which value to which, and by which way."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.models import ContactField, Tag
from contacts.models.contact import Source
from contacts.queries import ActivityLine, contact_activity, contact_fields, stages, tags
from contacts.web.specs import Links, Spec, blocked_spec, custom_specs, in_words, standard_specs, stored_text
from workspaces.actors import Actor, ActorKind
from workspaces.queries import members

LINES = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the timeline, ready to show."""

    id: int
    icon: str
    kind: str
    text: SafeString
    at: datetime
    source: str = ""
    changes: list[Change] = field(default_factory=list)
    added: list[Tag] = field(default_factory=list)
    removed: list[Tag] = field(default_factory=list)
    import_id: int | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """Some lines, newest first, and the id before which older ones stand; None when these are the last."""

    rows: list[Row]
    older: int | None


@dataclass(frozen=True, slots=True)
class Names:
    """Names for the ids and slugs that events hold."""

    specs: dict[str, Spec]
    tags: dict[int, Tag]
    links: Links

    def stage(self, stage_id: object) -> str:
        """Name a lifecycle stage; a deleted one is said to be so."""
        if stage_id is None:
            return ""
        return next((row.name for row in self.links.stages if row.pk == stage_id), _("a deleted stage"))

    def person(self, user_id: object) -> str:
        """Name a member; somebody who left is said to have."""
        if user_id is None:
            return ""
        return next((row.user.name for row in self.links.members if row.user_id == user_id), _("a former member"))


def activity_of(actor: Actor, contact_id: int, *, before: int | None = None) -> Activity:
    """Return a page of what happened to a contact."""
    lines = contact_activity(actor, contact_id, before=before, most=LINES + 1)
    names = _names_for(actor, lines[:LINES])
    rows = [replace(_row(line, names), import_id=_import_of(line)) for line in lines[:LINES]]
    return Activity(rows=rows, older=rows[-1].id if len(lines) > LINES else None)


def _names_for(actor: Actor, lines: Iterable[ActivityLine]) -> Names:
    """Read only the names that these lines need."""
    types = {line.type for line in lines}
    needs_fields = types & {"contacts.contact.updated", "contacts.contact.merged"}
    fields: list[ContactField] = contact_fields(actor) if needs_fields else []
    specs = {spec.key: spec for spec in (*standard_specs(), blocked_spec(), *custom_specs(fields))}
    changed = {tag_id for line in lines for key in ("added", "removed") for tag_id in _ids(line.data.get(key))}
    return Names(
        specs=specs,
        tags={tag.pk: tag for tag in tags(actor).filter(pk__in=changed)} if changed else {},
        links=Links(
            stages=stages(actor) if "contacts.contact.stage_changed" in types else (),
            members=list(members(actor)) if "contacts.contact.assignee_changed" in types else (),
        ),
    )


def _row(line: ActivityLine, names: Names) -> Row:
    who = format_html("<b>{}</b>", _who(line))
    source = _source(line)
    match line.type:
        case "contacts.contact.added":
            return Row(line.id, "plus", "good", format_html(_("{who} added this contact"), who=who), line.at, source)
        case "contacts.contact.updated":
            changes = _changes(line.data.get("changes"), names)
            if len(changes) == 1:
                what = format_html("<b>{}</b>", changes[0].label)
                text = format_html(_("{who} changed {what}"), who=who, what=what)
            else:
                words = ngettext("{who} changed {n} field", "{who} changed {n} fields", len(changes))
                text = format_html(words, who=who, n=len(changes))
            return Row(line.id, "edit", "", text, line.at, source, changes)
        case "contacts.contact.merged":
            merged = line.data.get("secondary_id")
            text = format_html(_("{who} merged contact {id} into this one"), who=who, id=merged)
            return Row(line.id, "merge", "info", text, line.at, source, _changes(line.data.get("changes"), names))
        case "contacts.contact.tags_changed":
            added, removed = _tags(line.data.get("added"), names), _tags(line.data.get("removed"), names)
            if removed and not added:
                text = format_html(_("{who} removed tags"), who=who)
            elif added and removed:
                text = format_html(_("{who} changed tags"), who=who)
            else:
                text = format_html(_("{who} added tags"), who=who)
            return Row(line.id, "tag", "", text, line.at, source, [], added, removed)
        case "contacts.contact.stage_changed":
            change = Change(_("Lifecycle"), names.stage(line.data.get("old")), names.stage(line.data.get("new")))
            text = format_html(_("{who} changed the lifecycle"), who=who)
            return Row(line.id, "refresh", "", text, line.at, source, [change])
        case "contacts.contact.assignee_changed":
            change = Change(_("Assignee"), names.person(line.data.get("old")), names.person(line.data.get("new")))
            words = _("{who} assigned the contact") if change.after else _("{who} took the assignee away")
            return Row(line.id, "user", "", format_html(words, who=who), line.at, source, [change])
    return Row(line.id, "clock", "", format_html(_("{who} changed this contact"), who=who), line.at, source)


def _who(line: ActivityLine) -> str:
    if line.who:
        return line.who
    if line.actor_kind == ActorKind.USER:
        return _("A former member")
    if line.actor_kind == ActorKind.TOKEN:
        return _("A deleted API token")
    return "Tertulia"


def _source(line: ActivityLine) -> str:
    if import_id := _import_of(line):
        is_undoing = line.data.get("source") == Source.IMPORT_UNDO
        words = _("by undoing import %(id)s") if is_undoing else _("by import %(id)s")
        return words % {"id": import_id}
    sources = {
        Source.USER.value: "",
        Source.API.value: _("over the API"),
        Source.IMPORT.value: _("by an import"),
        Source.IMPORT_UNDO.value: _("by undoing an import"),
        Source.INCOMING_MESSAGE.value: _("through an incoming message"),
        Source.ECHO_MESSAGE.value: _("through a message sent outside Tertulia"),
        Source.ZAPIER.value: _("over Zapier"),
        Source.SYSTEM.value: _("by the product itself"),
    }
    return sources.get(str(line.data.get("source", "")), "")


def _import_of(line: ActivityLine) -> int | None:
    import_id = line.data.get("import_id")
    return import_id if isinstance(import_id, int) else None


def _changes(data: object, names: Names) -> list[Change]:
    if not isinstance(data, dict):
        return []
    found = []
    for key, pair in data.items():
        spec = names.specs.get(key) or Spec(key, _label(key), "text")
        before, after = (_words(spec, value) for value in pair)
        found.append(Change(spec.label, before, after))
    return found


def _words(spec: Spec, value: object) -> str:
    if isinstance(value, bool):
        return in_words(spec, "true" if value else "false") if spec.kind in {"checkbox", "blocked"} else str(value)
    if spec.slug:
        return in_words(spec, stored_text(spec, value))
    return in_words(spec, str(value)) if value not in (None, "") else ""


def _label(key: str) -> str:
    return _("Picture") if key == "picture_url" else key.removeprefix("custom.")


def _tags(data: object, names: Names) -> list[Tag]:
    gone = Tag(name=_("a deleted tag"))
    return [names.tags.get(tag_id, gone) for tag_id in _ids(data)]


def _ids(data: object) -> list[int]:
    return [one for one in data if isinstance(one, int)] if isinstance(data, list) else []
