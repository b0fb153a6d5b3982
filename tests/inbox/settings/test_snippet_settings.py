"""Snippets: one by one, and as a file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inbox.actions import snippets as snippet_actions
from inbox.actions.snippets import (
    SnippetParts,
    add_snippet,
    change_snippet,
    delete_snippet,
    import_snippets,
    values_of_snippet,
)
from inbox.actions.topic_list import add_topic, change_topic
from inbox.errors import FileNotUsable, TooManyFiles, TopicNotFound
from inbox.fingerprints import fingerprint
from inbox.models import Snippet, StoredFile
from inbox.settings_errors import ChangedMeanwhile, SnippetFileNotReadable, SnippetNotFound
from inbox.snippet_files import SnippetLine, read_snippets
from tests.factories import NOON, Cast, browser_of
from workspaces.actors import Actor
from workspaces.errors import LimitReached, NameTaken, PermissionMissing, ValueNotValid
from workspaces.models import EventRecord
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(cast: Cast) -> Client:
    return browser_of(cast.ada_user)


@pytest.fixture
def base(cast: Cast) -> str:
    return f"/w/{cast.acme.pk}/settings/snippets"


def a_file(actor: Actor, name: str = "prices.pdf", *, in_library: bool = True) -> StoredFile:
    return StoredFile.objects.create(
        workspace_id=actor.workspace_id,
        key=f"ws/{actor.workspace_id}/files/{name}",
        name=name,
        media_type="application/pdf",
        kind="file",
        size_bytes=10,
        sha256="0" * 64,
        in_library=in_library,
        created_at=NOON,
    )


def test_roles(cast: Cast, base: str) -> None:
    for user, status in ((cast.ada_user, 200), (cast.max_user, 200), (cast.ben_user, 403)):
        assert {browser_of(user).get(f"{base}{page}").status_code for page in ("", "/new", "/import")} == {status}


def test_a_snippet_has_text_files_and_topics(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        file, topic = a_file(cast.ada), add_topic(actor=cast.ada, name="Orders", at=NOON)
        parts = SnippetParts(name=" Hello ", text="Hi $contact.firstname\r\n", file_ids=[file.pk], topic_ids=[topic.pk])
        row = add_snippet(actor=cast.max, parts=parts, at=NOON)
        assert (row.name, row.text, row.file_ids, row.topic_ids) == (
            "Hello",
            "Hi $contact.firstname",
            [file.pk],
            [topic.pk],
        )
        seen = fingerprint(values_of_snippet(row))
        change_topic(actor=cast.ada, topic_id=topic.pk, is_active=False, at=NOON)
        kept = SnippetParts(name="Hello", text="Good day", topic_ids=[topic.pk])
        change_snippet(actor=cast.max, snippet_id=row.pk, parts=kept, seen=seen, at=NOON)
        with pytest.raises(ChangedMeanwhile):
            change_snippet(actor=cast.ada, snippet_id=row.pk, parts=kept, seen=seen, at=NOON)
        with pytest.raises(NameTaken):
            add_snippet(actor=cast.ada, parts=SnippetParts(name="HELLO", text="x"), at=NOON)
        with pytest.raises(TopicNotFound):
            add_snippet(actor=cast.ada, parts=SnippetParts(name="B", text="x", topic_ids=[topic.pk]), at=NOON)
        delete_snippet(actor=cast.max, snippet_id=row.pk, at=NOON)
        with pytest.raises(SnippetNotFound):
            delete_snippet(actor=cast.max, snippet_id=row.pk, at=NOON)
        acts = EventRecord.objects.filter(type="inbox.snippet.changed").order_by("pk")
        assert [one.data["act"] for one in acts] == ["added", "changed", "deleted"]


def test_what_a_snippet_refuses(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with workspace_scope(cast.acme.pk):
        files = [a_file(cast.ada, f"{number}.pdf").pk for number in range(6)]
        private = a_file(cast.ada, "private.pdf", in_library=False).pk
        for parts, error in (
            (SnippetParts(name="A", text="x", file_ids=files), TooManyFiles),
            (SnippetParts(name="A", text="x", file_ids=[private]), FileNotUsable),
            (SnippetParts(name="A", text=" \n"), ValueNotValid),
            (SnippetParts(name="A", text="x" * 10_001), ValueNotValid),
            (SnippetParts(name="x" * 81, text="x"), ValueNotValid),
        ):
            with pytest.raises(error):
                add_snippet(actor=cast.ada, parts=parts, at=NOON)
        with pytest.raises(PermissionMissing):
            add_snippet(actor=cast.ben, parts=SnippetParts(name="A", text="x"), at=NOON)
        assert snippet_actions.MOST_SNIPPETS == 5000
        monkeypatch.setattr(snippet_actions, "MOST_SNIPPETS", 1)
        add_snippet(actor=cast.ada, parts=SnippetParts(name="A", text="x"), at=NOON)
        with pytest.raises(LimitReached):
            add_snippet(actor=cast.ada, parts=SnippetParts(name="B", text="x"), at=NOON)
        with pytest.raises(LimitReached):
            import_snippets(actor=cast.ada, lines=[SnippetLine(line=2, name="C", text="x")], at=NOON)


def test_a_file_of_snippets_is_read_with_its_lines() -> None:
    data = '\ufeffname;text\nHello;"Hi,\nthere"\n\nBye;See you\n'.encode()
    assert read_snippets(data) == [
        SnippetLine(line=2, name="Hello", text="Hi,\nthere"),
        SnippetLine(line=5, name="Bye", text="See you"),
    ]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", [1]),
        (b"title,text\na,b\n", [1]),
        (b"name,text\n", [1]),
        (b"name,text\nok,\xff\n", [2]),
        (b"name,text\n,b\na,\nA,x\n" + b"x" * 81 + b",y\n", [2, 3, 4, 5]),
        (b'name,text\na,"b\n', [2]),
    ],
)
def test_every_line_that_is_wrong_is_named(data: bytes, lines: list[int]) -> None:
    with pytest.raises(SnippetFileNotReadable) as refused:
        read_snippets(data)
    assert [line for line, _sentence in refused.value.problems] == lines


def test_the_import_takes_all_or_nothing(cast: Cast, ada: Client, base: str) -> None:
    def bring(data: bytes) -> tuple[int, str]:
        answer = ada.post(f"{base}/import", {"file": SimpleUploadedFile("s.csv", data)}, headers=HTMX)
        return answer.status_code, answer.content.decode()

    assert bring(b"name,text\nHello,Hi\nBye,Bye\n")[0] == 204
    status, page = bring(b"name,text\nNew,Hi\nBYE,Bye\n")
    assert status == 422
    assert "Line 3" in page
    assert "in use already" in page
    with workspace_scope(cast.acme.pk):
        assert sorted(Snippet.objects.values_list("name", flat=True)) == ["Bye", "Hello"]
        assert EventRecord.objects.get(type="inbox.snippets.imported").data == {"count": 2}


def test_the_page_searches_and_turns(cast: Cast, ada: Client, base: str) -> None:
    assert "No snippets yet" in ada.get(base).content.decode()
    with workspace_scope(cast.acme.pk):
        lines = [SnippetLine(line=number, name=f"Note {number:03}", text=f"Word{number}") for number in range(120)]
        import_snippets(actor=cast.ada, lines=lines, at=NOON)
    first, last = ada.get(base).content.decode(), ada.get(f"{base}?page=3").content.decode()
    assert "1–50 of 120" in first
    assert "101–120 of 120" in last
    assert "Note 119" in last
    found = ada.get(f"{base}?q=word77").content.decode()
    assert "Note 077" in found
    assert "Note 078" not in found
    assert "Nothing found" in ada.get(f"{base}?q=zzz").content.decode()
    wrong = ada.post(f"{base}/new", {"name": "", "text": ""}, headers=HTMX)
    assert wrong.status_code == 422
    assert ada.post(f"{base}/new", {"name": "A", "text": "B"}, headers=HTMX)["HX-Redirect"] == base
