import io
import threading
from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from imports.actions import ImportRequest, cancel_import, change_reading, start_import
from imports.errors import AlreadyRunning, IdentifierNotAllowed, ImportNotFound, PurposeNotValid, TagsNotValid
from imports.models import ContactImport, State
from imports.queries import import_for_page, proposed_tag
from tests.factories import NOON, Cast, everything_in
from tests.imports.steps import a_csv, clock, now, uploaded
from workspaces.errors import DomainError, PermissionMissing
from workspaces.models import Workspace
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)

GOOD = a_csv("Name,Phone", "Cleo,+34600123456")
BAD_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "a spreadsheet": (lambda: b"PK\x03\x04" + b"x" * 500, "imports.not_csv"),
    "21 MB": (lambda: b"Name,Phone\n" + b"Cleo,+34600123456\n" * (21 * 1024 * 1024 // 18), "imports.file_too_large"),
    "200,001 rows": (lambda: b"Name,Phone\n" + b"C,1\n" * 200_001, "imports.too_many_rows"),
    "no rows": (lambda: b"Name,Phone\n", "imports.no_rows"),
    "nothing": (lambda: b"", "imports.no_rows"),
    "NUL": (lambda: b"Name,Phone\nCl\x00eo,1\n", "imports.undecodable"),
    "two columns of one name": (lambda: b"Name,Name\nCleo,1\n", "imports.bad_header"),
    "an unclosed quote": (lambda: b'Name,Phone\nCleo,"+34\nAda,1\n', "imports.not_csv"),
    "a million columns": (lambda: b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n1\n", "imports.bad_header"),
}


def files_in(workspace: Workspace) -> list[str]:
    try:
        return default_storage.listdir(f"ws/{workspace.pk}/imports")[1]
    except FileNotFoundError:
        return []


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_and_nothing_is_written(cast: Cast, name: str) -> None:
    content, code = BAD_FILES[name]
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
    with pytest.raises(DomainError) as refused:
        uploaded(cast.ada, content())
    assert refused.value.code == code
    assert "%(" not in refused.value.message
    with workspace_scope(cast.acme.pk):
        assert everything_in(cast.acme) == before
    assert files_in(cast.acme) == []
    assert uploaded(cast.ada, GOOD).state == State.MAPPING


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter"),
    [
        ("\ufeffName,Phone\nÑandú,+34600123456\n".encode(), "utf-8", ","),
        ("Name,Phone\nÑandú,+34600123456\n".encode("utf-16"), "utf-16", ","),
        ("Name;Phone\nÑandú;+34600123456\n".encode("cp1252"), "windows-1252", ";"),
        (b"Name\tPhone\nAda\t+34600123456\n", "utf-8", "\t"),
    ],
)
def test_encoding_and_delimiter_are_detected(cast: Cast, content: bytes, encoding: str, delimiter: str) -> None:
    row = uploaded(cast.ada, content)
    assert (row.encoding, row.delimiter, row.rows) == (encoding, delimiter, 1)
    assert [column["field"] for column in row.columns] == ["first_name", "phone"]
    assert row.columns[0]["examples"] in (["Ñandú"], ["Ada"])


def test_the_reading_can_be_changed_and_the_mapping_follows(cast: Cast) -> None:
    row = uploaded(cast.ada, a_csv("Name|Phone,E-mail", "Cleo|1,c@example.com"))
    assert row.delimiter == ","
    row = change_reading(actor=cast.ada, import_id=row.pk, encoding=None, delimiter="|", clock=clock)
    assert (row.delimiter, row.header) == ("|", ["Name", "Phone,E-mail"])


def test_a_full_name_is_not_suggested_beside_its_parts(cast: Cast) -> None:
    row = uploaded(cast.ada, a_csv("First name,Full name,Phone", "a,b,c"))
    assert [column["field"] for column in row.columns] == ["first_name", None, "phone"]


@pytest.mark.parametrize(
    ("purpose", "identifier", "refusal"),
    [
        ("replace", "phone", PurposeNotValid),
        ("add_new", "", IdentifierNotAllowed),
        ("add_new", "contact_id", IdentifierNotAllowed),
        ("add_all", "phone", IdentifierNotAllowed),
        ("update_existing", "passport", IdentifierNotAllowed),
    ],
)
def test_purpose_and_identifier_have_to_fit(
    cast: Cast, purpose: str, identifier: str, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        uploaded(cast.ada, GOOD, purpose=purpose, identifier=identifier)


def test_an_agent_may_not_import(cast: Cast) -> None:
    with pytest.raises(PermissionMissing):
        uploaded(cast.ben, GOOD)


def test_too_many_or_too_long_tags_are_refused(cast: Cast) -> None:
    for tags in ([f"t{number}" for number in range(21)], ["x" * 256]):
        with pytest.raises(TagsNotValid):
            uploaded(cast.ada, GOOD, tags=tags)


def test_a_second_import_is_told_who_runs_the_first_and_since_when(cast: Cast) -> None:
    first = uploaded(cast.ada, GOOD)
    with pytest.raises(AlreadyRunning) as refused:
        uploaded(cast.max, GOOD)
    assert refused.value.status == 409
    assert (refused.value.running_id, refused.value.started_at) == (first.pk, first.requested_at)
    assert refused.value.facts["who"] == "Ada Ferrer"
    assert uploaded(cast.gus, GOOD).workspace_id == cast.globex.pk  # another workspace has a place of its own
    with workspace_scope(cast.acme.pk):
        cancel_import(actor=cast.ada, import_id=first.pk, at=clock())
    assert uploaded(cast.max, GOOD).state == State.MAPPING


def test_of_many_starts_at_the_same_moment_exactly_one_wins(cast: Cast) -> None:
    outcomes: list[str] = []
    ready = threading.Barrier(6)

    def start() -> None:
        request = ImportRequest(purpose="add_all")
        try:
            ready.wait()
            start_import(actor=cast.ada, file=io.BytesIO(GOOD), file_name="a.csv", request=request, clock=clock)
            outcomes.append("started")
        except AlreadyRunning as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["imports.already_running"] * 5 + ["started"]
    with workspace_scope(cast.acme.pk):
        assert ContactImport.objects.in_workspace(cast.acme.pk).count() == 1
    assert len(files_in(cast.acme)) == 1


def test_another_workspaces_import_is_not_there(cast: Cast) -> None:
    row = uploaded(cast.ada, GOOD)
    with workspace_scope(cast.globex.pk), pytest.raises(ImportNotFound):
        import_for_page(cast.gus, row.pk)
    with workspace_scope(cast.globex.pk), pytest.raises(ImportNotFound):
        cancel_import(actor=cast.gus, import_id=row.pk, at=clock())
    assert now(row).state == State.MAPPING


def test_the_proposed_tag_counts_the_days_imports(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        assert proposed_tag(cast.ada, at=NOON) == "import-2026-03-02-1"
        today = proposed_tag(cast.ada, at=clock())
    row = uploaded(cast.ada, GOOD)
    with workspace_scope(cast.acme.pk):
        assert proposed_tag(cast.ada, at=row.requested_at) == today[:-1] + "2"


def test_the_name_of_a_file_is_only_a_name(cast: Cast) -> None:
    assert uploaded(cast.ada, GOOD, file_name="C:\\Users\\ada\\..\\li\x07sta.csv").file_name == "lista.csv"
