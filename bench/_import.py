"""The measurement behind bench/import.py."""

# ruff: noqa: PLC0415 - Django reads its settings once the server of this run is known

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from _servers import Bench, bench_server  # noqa: E402
from people import CUSTOM, MODELS, write_people  # noqa: E402

CONTACT_COLUMNS = (
    "id, workspace_id, first_name, last_name, phone, phone_e164, phone_match_key, email, email_key, language, country, "
    "picture_url, is_blocked, custom, source, is_open, version, created_at, updated_at"
)
TAG_COLUMNS = "workspace_id, contact_id, tag_id, source, user_id, created_at"

# People who are in the workspace before the import; none of them is in the file.
EXISTING = """
INSERT INTO contacts_contact (workspace_id, first_name, last_name, phone, phone_e164, phone_match_key, email, email_key,
                              language, country, picture_url, is_blocked, custom, source, is_open, version, created_at,
                              updated_at)
SELECT %s, 'Person ' || n, 'Number ' || n %% 997, phone, phone, phone, 'old' || n || '@example.org', 'old' || n || '@example.org',
       'es', 'ES', '', false, jsonb_build_object('city', 'Town ' || n %% 50), 'import', false, 1, now(), now()
  FROM (SELECT n, '+1415' || (1000000 + n) AS phone FROM generate_series(1, %s) AS n) AS made
"""


def main() -> None:
    options = _options()
    with bench_server() as bench:
        bench.fresh()
        import django

        django.setup()
        _measure(bench, options)


def _measure(bench: Bench, options: argparse.Namespace) -> None:
    from django.db import connection

    import imports.actions.committing as committing

    committing.CHUNK_ROWS = options.chunk
    actor = _workspace()
    path = bench.folder / "people.csv"
    size = write_people(path, rows=options.rows)
    print(f"{options.rows:,} rows, {size / 1e6:.1f} MB, chunks of {options.chunk:,}", flush=True)
    connection.close()
    bench.fresh(template="tertulia_bench", name="tertulia_start")
    seconds: dict[str, list[float]] = {"review": [], "commit": [], "undo": [], "copy": [], "plain copy": []}
    full: dict[str, list[float]] = {"review": [], "commit": []}
    if options.existing:
        _fill(bench, actor.workspace_id, options.existing)
    growth = 0.0
    for turn in range(options.rounds + 1):
        bench.fresh(template="tertulia_start")
        review, commit, grown, row = _ours(actor, path)
        if turn == 0:
            connection.close()
            _dump(bench)
        undo, outlook, grown_more = _undo(actor, row)
        connection.close()
        growth = max(growth, grown, grown_more)
        if turn == 0:
            print(
                f"warm-up: review {review:.2f} s, commit {commit:.2f} s, {_counts(row)}, undo {undo:.2f} s after a question "
                f"of {outlook:.2f} s, memory +{growth:.0f} MB",
                flush=True,
            )
            if options.profile:
                return
            continue
        bench.fresh(template="tertulia_start")
        copy = _raw_copy(bench, row.workspace_id)
        bench.fresh(template="tertulia_start")
        plain = _raw_copy(bench, row.workspace_id, with_keys=False)
        measured = {"review": review, "commit": commit, "undo": undo, "copy": copy, "plain copy": plain}
        for name, value in measured.items():
            seconds[name].append(value)
        print(f"turn {turn}: " + ", ".join(f"{name} {value:.2f} s" for name, value in measured.items()), flush=True)
        if options.existing:
            bench.fresh(template="tertulia_full")
            review, commit, grown, _row = _ours(actor, path)
            connection.close()
            full["review"].append(review)
            full["commit"].append(commit)
            growth = max(growth, grown)
            print(
                f"        with {options.existing:,} there before: review {review:.2f} s, commit {commit:.2f} s",
                flush=True,
            )
    peers = {}
    if options.slice:
        bench.fresh(template="tertulia_start")
        _let_it_reset_sequences(bench)
        peers["django-import-export, fastest settings"] = _django_import_export(actor, path, options.slice, fast=True)
        connection.close()
    _print_table(seconds, peers, options, growth)
    if options.existing:
        for name, values in full.items():
            ratio = statistics.median(there / empty for there, empty in zip(values, seconds[name], strict=True))
            print(
                f"{name} with {options.existing:,} contacts there before / into an empty workspace: {ratio:.2f} (goal: <= 1.5)"
            )


def _fill(bench: Bench, workspace_id: int, contacts: int) -> None:
    """Make the database `tertulia_full`: the start, with many contacts in the workspace."""
    import psycopg2

    from config import database

    bench.fresh(template="tertulia_start", name="tertulia_full")
    connection = psycopg2.connect(database.address(bench.admin_url, database="tertulia_full"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(EXISTING, [workspace_id, contacts])
        cursor.execute("VACUUM ANALYZE contacts_contact")
    connection.close()


def _workspace() -> Any:
    """Make a workspace with an owner and the ten custom fields, and return the owner."""
    from django.utils import timezone

    from contacts.actions import add_contact_field
    from workspaces.actions import NewPerson, WorkspaceSettings, create_organization, create_person, create_workspace
    from workspaces.queries import actor_of_member
    from workspaces.scope import workspace_scope

    at = timezone.now()
    organization = create_organization(name="Bench", at=at)
    person = create_person(
        email="bench@example.com",
        person=NewPerson(first_name="Ada", last_name="B", password="three wet umbrellas"),
        at=at,
    )
    workspace = create_workspace(
        owner_id=person.pk,
        organization_id=organization.pk,
        settings=WorkspaceSettings(name="Bench", default_country="ES"),
        at=at,
    )
    with workspace_scope(workspace.pk):
        actor = actor_of_member(user_id=person.pk, workspace_id=workspace.pk)
        for name, kind in CUSTOM:
            add_contact_field(actor=actor, name=name, kind=kind, allowed_values=MODELS if kind == "list" else (), at=at)
    return actor


def _ours(actor: Any, path: Path) -> tuple[float, float, float, Any]:
    """Import the file; return the seconds of review and of commit with result file, and by how many MB memory grew."""
    from django.utils import timezone

    from imports.actions import (
        ColumnChoice,
        ImportRequest,
        commit_import,
        save_mapping,
        start_import,
        validate_import,
        write_import,
    )
    from imports.models import ContactImport
    from workspaces.scope import workspace_scope

    clock = timezone.now
    with path.open("rb") as file:
        row = start_import(
            actor=actor,
            file=file,
            file_name="people.csv",
            request=ImportRequest(purpose="add_and_update", identifier="phone", tags=["import-bench"]),
            clock=clock,
        )
    with workspace_scope(actor.workspace_id):
        columns = [ColumnChoice(column["name"], column["field"]) for column in row.columns]
        save_mapping(actor=actor, import_id=row.pk, columns=columns, at=clock())
    before = _memory_now_and_forget_peak()
    review = _timed(lambda: validate_import(workspace_id=actor.workspace_id, import_id=row.pk, clock=clock))
    with workspace_scope(actor.workspace_id):
        commit_import(actor=actor, import_id=row.pk, at=clock())
    commit = _timed(lambda: write_import(workspace_id=actor.workspace_id, import_id=row.pk, clock=clock))
    grown = _memory("VmHWM") - before
    with workspace_scope(actor.workspace_id):
        row = ContactImport.objects.get(pk=row.pk)
    assert row.state == "completed", (row.state, row.error_code)
    return review, commit, grown, row


def _undo(actor: Any, row: Any) -> tuple[float, float, float]:
    """Take it all back; return the seconds of that and of the question before it, and by how many MB memory grew."""
    from django.utils import timezone

    from imports.actions import revert_import, undo_import
    from imports.models import ContactImport
    from imports.undo_queries import undo_outlook
    from workspaces.scope import workspace_scope

    clock = timezone.now

    def ask() -> None:
        with workspace_scope(actor.workspace_id):
            assert undo_outlook(actor, row.pk).untouched == row.imported

    outlook = _timed(ask)
    with workspace_scope(actor.workspace_id):
        undo_import(actor=actor, import_id=row.pk, at=clock())
    before = _memory_now_and_forget_peak()
    seconds = _timed(lambda: revert_import(workspace_id=actor.workspace_id, import_id=row.pk, clock=clock))
    grown = _memory("VmHWM") - before
    with workspace_scope(actor.workspace_id):
        row = ContactImport.objects.get(pk=row.pk)
    assert (row.state, row.undo_deleted) == ("undone", row.imported), (row.state, row.undo_error_code)
    return seconds, outlook, grown


def _counts(row: Any) -> str:
    return f"imported {row.imported:,}, updated {row.updated:,}, skipped {row.skipped:,}, error {row.failed:,} of {row.rows:,}"


def _dump(bench: Bench) -> None:
    """Keep what an import wrote as files for COPY: the same rows."""
    import psycopg2

    with psycopg2.connect(bench.superuser) as connection, connection.cursor() as cursor:
        for name, statement in (
            ("contacts", f"COPY (SELECT {CONTACT_COLUMNS} FROM contacts_contact ORDER BY id) TO STDOUT"),
            ("links", f"COPY (SELECT {TAG_COLUMNS} FROM contacts_contacttag ORDER BY id) TO STDOUT"),
            ("tags", "COPY contacts_tag TO STDOUT"),
        ):
            with (bench.folder / name).open("wb") as out:
                cursor.copy_expert(statement, out)
    connection.close()


def _raw_copy(bench: Bench, workspace_id: int, *, with_keys: bool = True) -> float:
    """COPY the same contacts and tags, as superuser, into the same tables with all their indexes and generated columns.

    with_keys: whether foreign keys are checked; without, the tables are as `LIKE … INCLUDING ALL` makes them.
    """
    import psycopg2

    connection = psycopg2.connect(bench.superuser)
    with connection, connection.cursor() as cursor, (bench.folder / "tags").open("rb") as tags:
        cursor.execute("SELECT set_config('tertulia.workspace_id', %s, false)", [str(workspace_id)])
        cursor.copy_expert("COPY contacts_tag FROM STDIN", tags)
        if not with_keys:
            cursor.execute("SET session_replication_role = replica")  # as a superuser can: no triggers, hence no keys

    def copy() -> None:
        with connection, connection.cursor() as cursor:
            with (bench.folder / "contacts").open("rb") as rows:
                cursor.copy_expert(f"COPY contacts_contact ({CONTACT_COLUMNS}) FROM STDIN", rows)
            with (bench.folder / "links").open("rb") as rows:
                cursor.copy_expert(f"COPY contacts_contacttag ({TAG_COLUMNS}) FROM STDIN", rows)

    seconds = _timed(copy)
    connection.close()
    return seconds


def _let_it_reset_sequences(bench: Bench) -> None:
    """Grant what django-import-export asks for after a bulk insert, and our app role does not have."""
    import psycopg2

    with psycopg2.connect(bench.superuser) as connection, connection.cursor() as cursor:
        cursor.execute("GRANT UPDATE ON SEQUENCE contacts_contact_id_seq TO tertulia_app")
    connection.close()


def _django_import_export(actor: Any, path: Path, rows: int, *, fast: bool) -> tuple[float, int]:
    """Add a slice of the file through a resource: no matching, no tags, no log. Return the seconds and the rows."""
    import csv

    import tablib
    from django.utils import timezone
    from import_export import fields, resources

    from contacts.models import Contact
    from workspaces.scope import workspace_scope

    at = timezone.now()

    class People(resources.ModelResource):  # type: ignore[misc]
        first_name = fields.Field("first_name", "First name")
        last_name = fields.Field("last_name", "Last name")
        phone = fields.Field("phone", "Phone")
        email = fields.Field("email", "E-mail")
        language = fields.Field("language", "Language")

        class Meta:
            model = Contact
            fields = ("first_name", "last_name", "phone", "email", "language")
            import_id_fields: tuple[str, ...] = ()
            use_bulk = force_init_instance = skip_diff = fast
            batch_size = 1000
            use_transactions = False

        def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:  # noqa: ARG002, FBT001
            instance.workspace_id, instance.source = actor.workspace_id, "import"
            instance.created_at = instance.updated_at = at
            instance.custom = {name: row[name] for name, _ in CUSTOM if row[name]}

    with path.open(encoding="utf-8", newline="") as file:
        records = csv.reader(file)
        header = next(records)
        data = tablib.Dataset(*(record for _, record in zip(range(rows), records, strict=False)), headers=header)

    def run() -> None:
        with workspace_scope(actor.workspace_id):
            People().import_data(data, dry_run=False, raise_errors=True)
            assert Contact.objects.in_workspace(actor.workspace_id).count() == rows

    return _timed(run), rows


def _print_table(
    seconds: dict[str, list[float]], peers: dict[str, tuple[float, int]], options: argparse.Namespace, growth: float
) -> None:
    middle = {name: statistics.median(values) for name, values in seconds.items()}

    def ratio(name: str, base: str) -> float:
        pairs = zip(seconds[name], seconds[base], strict=True)
        return statistics.median(ours / copy for ours, copy in pairs)

    def line(title: str, name: str, goal: str = "") -> None:
        print(f"{title:<52}{middle[name]:>10.2f}{ratio(name, 'copy'):>9.2f}{ratio(name, 'plain copy'):>12.2f}{goal:>8}")

    print(f"\n{'way':<52}{'median s':>10}{'x COPY':>9}{'x no keys':>12}{'goal':>8}")
    line("raw COPY into the same indexed tables", "copy")
    line("raw COPY, foreign keys not checked", "plain copy")
    line("ours: review (parse, validate, match, plan)", "review", "<= 1.6")
    line("ours: commit with log, events and result file", "commit", "<= 3")
    line("ours: undo, contacts deleted with log and events", "undo", "<= 3")
    for name, (spent, rows) in peers.items():
        scaled = spent / rows * options.rows
        print(f"{name:<52}{scaled:>10.2f}{scaled / middle['copy']:>9.2f}{scaled / middle['plain copy']:>12.2f}")
        print(f"  (measured on {rows:,} rows without matching, tags and log; scaled per row)")
    print(f"memory of the worker grew by {growth:.0f} MB at most (goal: under 150)")


def _timed(act: Callable[[], object]) -> float:
    gc.collect()
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _memory(name: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def _memory_now_and_forget_peak() -> float:
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _memory("VmRSS")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--chunk", type=int, default=10_000)
    parser.add_argument("--slice", type=int, default=20_000)
    parser.add_argument("--existing", type=int, default=0, help="measure also with so many contacts there before")
    parser.add_argument("--profile", action="store_true", help="stop after the first import")
    return parser.parse_args()


if __name__ == "__main__":
    main()
