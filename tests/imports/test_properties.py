"""What holds whatever stands in the file. Bounded: a few seconds for all of it."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.actions import add_contact, add_contact_field, seed_contact_settings
from contacts.models import Contact, ContactField, LifecycleStage
from contacts.models.contact import Source
from contacts.values import FieldType, guard, read_value, show_value
from imports import files
from imports.actions import ColumnChoice, cancel_import
from imports.csv_files import open_csv
from imports.errors import FileRefused
from imports.models import ContactImport, State
from tests.factories import NOON, Cast, everything_in
from tests.imports.steps import clock, reviewed, uploaded, written
from workspaces.actors import Actor
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)

# The test's own database stays for all examples; each takes what the one before left into account.
few = settings(max_examples=settings().max_examples // 7, suppress_health_check=[HealthCheck.function_scoped_fixture])

KINDS = {
    "City": "text", "Size": "list", "Member": "checkbox", "Second mail": "email", "Orders": "number", "Site": "url",
    "Since": "date", "Call at": "time",
}  # fmt: skip
SIZES = ("S", "M", "=1", "'L", "extra; large")
E164 = re.compile(r"\+[1-9][0-9]{6,14}").fullmatch

# Everything but what no text may hold; leads of formulas, apostrophes, quotes and line ends come often.
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("=+-@'\t\r\n\",;| ＝＋－＠")
TEXTS = st.text(CHARACTERS, max_size=20)
NAMES = TEXTS.map(str.strip).filter(lambda text: all(ord(character) >= 32 for character in text))
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e9, 1e9, allow_nan=False)
PEOPLE = st.fixed_dictionaries(
    {
        "first_name": NAMES.map(lambda name: name or "Ada"),
        "last_name": NAMES,
        "phone": st.sampled_from(["", "+34600123456", "+34 600 123 456", "+52 1 55 1234 5678", "+442071838750", "+34-600-999-888"]),
        "email": st.sampled_from(["", "ana@example.com", "Ana.B+x@EXAMPLE.com", "o'brien@example.com"]),
        "language": st.sampled_from(["", "es", "en", "ca"]),
        "country": st.sampled_from(["", "ES", "MX", "GB"]),
        "picture_url": st.sampled_from(["", "https://example.com/a.png"]),
        "stage": st.sampled_from(["", "Lead", "Customer"]),
        "tags": st.lists(st.sampled_from(["vip", "=tag", "'t", "+1", "Ünï"]), unique=True, max_size=3),
        "city": TEXTS, "size": st.sampled_from(["", *SIZES]), "member": st.sampled_from([None, True, False]),
        "second_mail": st.sampled_from(["", "b@example.com"]), "orders": st.none() | NUMBERS,
        "site": st.sampled_from(["", "https://example.com/?q='1"]), "since": st.dates().map(str) | st.just(""),
        "call_at": st.sampled_from(["", "09:30", "23:59:59"]),
    }
)  # fmt: skip


def workspace_with_fields(actor: Actor) -> None:
    with workspace_scope(actor.workspace_id):
        seed_contact_settings(actor=actor, at=NOON)
        for name, kind in KINDS.items():
            add_contact_field(
                actor=actor, name=name, kind=kind, allowed_values=SIZES if kind == "list" else (), at=NOON
            )


def filled(actor: Actor, people: list[dict[str, Any]]) -> None:
    """Put people into the workspace in place of those that are there, as the one-row action does."""
    with workspace_scope(actor.workspace_id):
        Contact.objects.in_workspace(actor.workspace_id).delete()
        stages = dict(LifecycleStage.objects.in_workspace(actor.workspace_id).values_list("name", "pk"))
        kinds = dict(ContactField.objects.in_workspace(actor.workspace_id).values_list("slug", "kind"))
        for person in people:
            custom = {}
            for slug, kind in kinds.items():
                read = read_value(FieldType(kind), _text(kind, person[slug]), allowed=SIZES)
                custom[slug] = read.value if read.error is None else None
            own = ("first_name", "last_name", "phone", "email", "language", "country", "picture_url")
            values: dict[str, Any] = {key: person[key] for key in own}
            values |= {"custom": custom, "stage_id": stages.get(person["stage"])}
            add_contact(actor=actor, values=values, tags=person["tags"], source=Source.USER, at=NOON)  # type: ignore[arg-type]


def _text(kind: str, value: Any) -> str:
    return show_value(FieldType(kind), value)


def exported(actor: Actor) -> tuple[bytes, list[ColumnChoice]]:
    """Write the workspace's contacts as spec/datasets.md has it: text forms, formula guard, whole phone numbers left alone."""
    with workspace_scope(actor.workspace_id):
        fields = list(ContactField.objects.in_workspace(actor.workspace_id).order_by("position", "pk"))
        standard = [
            "first_name",
            "last_name",
            "phone",
            "email",
            "language",
            "country",
            "profile_pic",
            "lifecycle",
            "tags",
        ]
        rows = []
        for contact in Contact.objects.in_workspace(actor.workspace_id).select_related("stage").order_by("pk"):
            tags = [link.tag.name for link in contact.contact_tags.select_related("tag").order_by("tag__name")]
            stage = contact.stage.name if contact.stage else ""
            cells = [guard(contact.first_name), guard(contact.last_name)]
            cells += [contact.phone if E164(contact.phone) else guard(contact.phone), guard(contact.email)]
            cells += [contact.language, contact.country, contact.picture_url, guard(stage), guard("; ".join(tags))]
            for field in fields:
                text = show_value(FieldType(field.kind), contact.custom.get(field.slug))
                cells.append(guard(text) if field.kind in {"text", "list", "email", "url"} else text)
            rows.append([str(contact.pk), *cells])
    slugs = ["contact_id", *standard, *(field.slug for field in fields)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([slugs, *rows])
    return out.getvalue().encode(), [ColumnChoice(slug, slug) for slug in slugs]


@contextmanager
def over_afterwards(actor: Actor) -> Iterator[None]:
    """Free the workspace's place for the next example."""
    try:
        yield
    finally:
        with workspace_scope(actor.workspace_id):
            running = ContactImport.objects.in_workspace(actor.workspace_id).filter(state__in=["mapping", "review"])
            for import_id in running.values_list("pk", flat=True):
                cancel_import(actor=actor, import_id=import_id, at=clock())


def everything_but_imports(cast: Cast) -> dict[str, Any]:
    with workspace_scope(cast.acme.pk):
        rows = everything_in(cast.acme)
    rows.pop("imports_contactimport")
    rows["workspaces_eventrecord"] = [row for row in rows["workspaces_eventrecord"] if row["subject_kind"] != "import"]
    return rows


def test_an_export_that_is_imported_changes_nothing(cast: Cast) -> None:
    workspace_with_fields(cast.ada)

    @few
    @given(people=st.lists(PEOPLE, min_size=1, max_size=4))
    def holds(people: list[dict[str, Any]]) -> None:
        filled(cast.ada, people)
        before = everything_but_imports(cast)
        content, columns = exported(cast.ada)
        with over_afterwards(cast.ada):
            row = uploaded(cast.ada, content, purpose="update_existing", identifier="contact_id", matching="normalized")
            row = reviewed(cast.ada, row, columns)
            told = (
                row.state,
                row.to_add,
                row.to_update,
                row.unchanged,
                row.to_skip,
                row.with_errors,
                row.error_summary,
            )
            assert told == (State.REVIEW, 0, 0, len(people), 0, 0, [])
            row = written(cast.ada, row)
            assert (row.state, row.skipped) == (State.COMPLETED, len(people))
        after = everything_but_imports(cast)
        for table in before.keys() - {"imports_importchunk", "workspaces_notification"}:
            assert after[table] == before[table], table

    holds()


LINES = st.lists(
    st.sampled_from(
        [
            b"Ada,+34600123456",
            b'"Bo ""B""",+34600123457',
            b"Cleo",
            b"a,b,c",
            b",",
            b'"x\ny",1',
            b"",
            b"'=1,+34600123458",
        ]
    )
    | st.binary(max_size=12),
    max_size=8,
)


def test_random_bytes_end_in_a_refusal_or_a_review_and_nothing_is_written_without_a_yes(cast: Cast) -> None:
    @settings(few, max_examples=2 * few.max_examples)
    @given(
        lines=LINES,
        line_end=st.sampled_from([b"\n", b"\r\n", b"\r"]),
        purpose=st.sampled_from(["add_and_update", "add_all"]),
    )
    def holds(lines: list[bytes], line_end: bytes, purpose: str) -> None:
        before = everything_but_imports(cast)
        content = line_end.join([b"Name,Phone", *lines])
        with over_afterwards(cast.ada):
            try:
                row = uploaded(cast.ada, content, purpose=purpose, identifier="" if purpose == "add_all" else "phone")
            except FileRefused:
                assert everything_but_imports(cast) == before
                return
            row = reviewed(cast.ada, row, [ColumnChoice("Name", "first_name"), ColumnChoice("Phone", "phone")])
            assert (row.state, row.error_code) == (State.REVIEW, "")
            planned = row.to_add + row.to_update + row.unchanged + row.to_skip + row.with_errors
            assert planned == row.rows
            assert everything_but_imports(cast) == before
        assert everything_but_imports(cast) == before

    holds()


CELLS = st.sampled_from(
    ["", "Ada", "Zoë", "+34600123456", "+34600123457", "nobody", "=1+1", "'=1", 'a "q"', "two\nlines", "\x01"]
)


def test_counts_add_up_and_the_result_has_every_row_as_it_was(cast: Cast) -> None:
    @few
    @given(
        table=st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=12).filter(any),
        line_end=st.sampled_from(["\n", "\r\n"]),
        delimiter=st.sampled_from([",", ";"]),
        encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    )
    def holds(table: list[list[str]], line_end: str, delimiter: str, encoding: str) -> None:
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end)
        writer.writerows([["Name", "Phone", "Note"], *table])
        with over_afterwards(cast.ada):
            row = uploaded(cast.ada, out.getvalue().encode(encoding), tags=["batch"])
            row = written(cast.ada, reviewed(cast.ada, row))
        assert row.state == State.COMPLETED
        assert row.imported + row.updated + row.skipped + row.failed == row.rows
        with files.open_stored(row.file_key) as given_file, files.open_stored(row.result_key) as made:
            theirs = open_csv(given_file, encoding=row.encoding, delimiter=row.delimiter)
            ours = open_csv(made, encoding=row.encoding, delimiter=row.delimiter)
            statuses = []
            pairs = list(zip(theirs.records, ours.records, strict=True))
            for original, result in pairs:
                assert result.raw.startswith(original.raw)
                statuses.append(result.cells[-2])
        assert len(pairs) == row.rows
        counted = [statuses.count(word) for word in ("Imported", "Updated", "Skipped", "Error")]
        assert counted == [row.imported, row.updated, row.skipped, row.failed]

    holds()
