from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inbox.errors import FileNotUsable, TooManyFiles, TopicNotFound
from inbox.fingerprints import require_unchanged
from inbox.models import Snippet, StoredFile, Topic
from inbox.settings_errors import SnippetFileNotReadable, SnippetNotFound
from inbox.settings_events import SnippetChanged, SnippetsImported
from inbox.snippet_files import LONGEST_NAME, LONGEST_TEXT, MOST_PROBLEMS, SnippetLine
from workspaces.access import workspace_for_update
from workspaces.actions.changes import put_values
from workspaces.actions.checks import text_of
from workspaces.actors import Actor
from workspaces.errors import LimitReached, NameTaken, ValueNotValid
from workspaces.events import record
from workspaces.permissions import Permission

MOST_SNIPPETS = 5000
MOST_FILES = 5
MOST_TOPICS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SnippetParts:
    """What a snippet holds: text with variables, files of the library, topics that its use puts on the conversation."""

    name: str
    text: str
    file_ids: Sequence[int] = ()
    topic_ids: Sequence[int] = ()


@transaction.atomic
def add_snippet(*, actor: Actor, parts: SnippetParts, at: datetime) -> Snippet:
    """Add a snippet; its name is unique in any case, its files are of the library."""
    workspace = workspace_for_update(actor, needs=Permission.SNIPPET_MANAGE)
    if Snippet.objects.in_workspace(actor.workspace_id).count() >= MOST_SNIPPETS:
        raise LimitReached(limit=MOST_SNIPPETS)
    row = Snippet(
        workspace=workspace,
        created_by_id=actor.user_id,
        created_at=at,
        updated_at=at,
        **_columns(actor, parts),
    )
    row.save(force_insert=True)
    record(SnippetChanged(subject_id=row.pk, act="added"), actor=actor, at=at)
    return row


@transaction.atomic
def change_snippet(*, actor: Actor, snippet_id: int, parts: SnippetParts, seen: str = "", at: datetime) -> Snippet:
    """Change a snippet as a whole."""
    row = _snippet(actor, snippet_id)
    require_unchanged(seen, values_of_snippet(row))
    columns = _columns(actor, parts, row=row)
    changes = put_values(row, columns)
    if changes:
        row.updated_at = at
        row.save(update_fields=[*changes, "updated_at"])
        record(SnippetChanged(subject_id=row.pk, act="changed", changes=changes), actor=actor, at=at)
    return row


@transaction.atomic
def delete_snippet(*, actor: Actor, snippet_id: int, at: datetime) -> None:
    """Delete a snippet; messages that were written with it stay as they are."""
    row = _snippet(actor, snippet_id)
    name = row.name
    row.delete()
    record(SnippetChanged(subject_id=snippet_id, act="deleted", changes={"name": [name, ""]}), actor=actor, at=at)


@transaction.atomic
def import_snippets(*, actor: Actor, lines: Sequence[SnippetLine], at: datetime) -> int:
    """Add all snippets of a file, or none: raise SnippetFileNotReadable with the lines whose names are in use."""
    workspace = workspace_for_update(actor, needs=Permission.SNIPPET_MANAGE)
    present = {name.lower() for name in Snippet.objects.in_workspace(actor.workspace_id).values_list("name", flat=True)}
    taken = [line for line in lines if line.name.lower() in present]
    if taken:
        sentence = _("“%(name)s” is in use already.")
        raise SnippetFileNotReadable([(line.line, sentence % {"name": line.name}) for line in taken[:MOST_PROBLEMS]])
    if len(present) + len(lines) > MOST_SNIPPETS:
        raise LimitReached(limit=MOST_SNIPPETS, field="file")
    Snippet.objects.bulk_create(
        [
            Snippet(
                workspace=workspace,
                name=line.name,
                text=line.text,
                created_by_id=actor.user_id,
                created_at=at,
                updated_at=at,
            )
            for line in lines
        ],
        batch_size=1000,
    )
    record(SnippetsImported(subject_id=actor.workspace_id, count=len(lines)), actor=actor, at=at)
    return len(lines)


def values_of_snippet(row: Snippet) -> dict[str, object]:
    """Return what its form shows, to notice that somebody else saved meanwhile."""
    return {"name": row.name, "text": row.text, "file_ids": row.file_ids, "topic_ids": row.topic_ids}


def _snippet(actor: Actor, snippet_id: int) -> Snippet:
    """Lock all names, then find one snippet."""
    workspace_for_update(actor, needs=Permission.SNIPPET_MANAGE)
    row = Snippet.objects.in_workspace(actor.workspace_id).filter(pk=snippet_id).first()
    if row is None:
        raise SnippetNotFound(snippet_id=snippet_id)
    return row


def _columns(actor: Actor, parts: SnippetParts, *, row: Snippet | None = None) -> dict[str, object]:
    return {
        "name": _name(actor, parts.name, but=row.pk if row else None),
        "text": _text(parts.text),
        "file_ids": _files(actor, parts.file_ids),
        "topic_ids": _topics(actor, parts.topic_ids, kept=row.topic_ids if row else ()),
    }


def _name(actor: Actor, text: str, *, but: int | None) -> str:
    name = text_of(text, field="name", most=LONGEST_NAME)
    if Snippet.objects.in_workspace(actor.workspace_id).filter(name__iexact=name).exclude(pk=but or 0).exists():
        raise NameTaken(name=name, field="name")
    return name


def _text(text: str) -> str:
    clean = text.replace("\r\n", "\n").strip()
    if not clean:
        raise ValueNotValid(field="text", sentence=_("This cannot be empty."))
    if "\0" in clean:
        raise ValueNotValid(field="text", sentence=_("A text cannot hold the character NUL. Remove it."))
    if len(clean) > LONGEST_TEXT:
        raise ValueNotValid(field="text", sentence=_("At most %(most)s characters fit here.") % {"most": LONGEST_TEXT})
    return clean


def _files(actor: Actor, file_ids: Sequence[int]) -> list[int]:
    """Return the files, locked, so that none is deleted while a snippet begins to point to it."""
    wanted = list(dict.fromkeys(file_ids))
    if len(wanted) > MOST_FILES:
        raise TooManyFiles(field="file_ids", count=len(wanted), most=MOST_FILES)
    rows = StoredFile.objects.in_workspace(actor.workspace_id).filter(pk__in=wanted, in_library=True).order_by("pk")
    found = {row.pk for row in rows.select_for_update(of=("self",), no_key=True)}
    for file_id in wanted:
        if file_id not in found:
            raise FileNotUsable(field="file_ids", file_id=file_id)
    return wanted


def _topics(actor: Actor, topic_ids: Sequence[int], *, kept: Sequence[int]) -> list[int]:
    """Return the topics: those that are on, and those that the snippet had before one was switched off."""
    wanted = list(dict.fromkeys(topic_ids))
    if len(wanted) > MOST_TOPICS:
        raise ValueNotValid(field="topic_ids", sentence=_("At most %(most)s topics fit here.") % {"most": MOST_TOPICS})
    known = Topic.objects.in_workspace(actor.workspace_id).filter(pk__in=wanted)
    usable = {row.pk for row in known if row.is_active or row.pk in kept}
    for topic_id in wanted:
        if topic_id not in usable:
            raise TopicNotFound(field="topic_ids", topic_id=topic_id)
    return wanted
