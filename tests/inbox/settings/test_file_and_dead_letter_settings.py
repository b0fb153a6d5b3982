"""The files library, and deliveries that could not be worked off."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inbox.actions.files import delete_file, rename_file
from inbox.actions.snippets import SnippetParts, add_snippet
from inbox.file_errors import FileTypeNotAllowed, StoredFileNotFound
from inbox.models import Attachment, InboundEvent, StoredFile
from inbox.settings_errors import FileInUse
from tests.factories import NOON, Cast, browser_of
from tests.inbox import steps
from workspaces.errors import PermissionMissing
from workspaces.models import EventRecord
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(cast: Cast) -> Client:
    return browser_of(cast.ada_user)


@pytest.fixture
def base(cast: Cast) -> str:
    return f"/w/{cast.acme.pk}/settings"


def uploaded(cast: Cast, ada: Client, base: str, *, name: str = "notes.txt") -> StoredFile:
    answer = ada.post(f"{base}/files/new", {"file": SimpleUploadedFile(name, b"Prices: 10, 20\n")}, headers=HTMX)
    assert answer["HX-Redirect"] == f"{base}/files"
    with workspace_scope(cast.acme.pk):
        return StoredFile.objects.order_by("-pk")[0]


def test_roles(cast: Cast, base: str) -> None:
    for user, status in ((cast.ada_user, 200), (cast.max_user, 200), (cast.ben_user, 403)):
        pages = ("files", "files/new", "dead-letters")
        assert {browser_of(user).get(f"{base}/{page}").status_code for page in pages} == {status}
    for page in ("dead-letters/replay", "dead-letters/discard"):
        assert browser_of(cast.ben_user).post(f"{base}/{page}", {"chosen": "1"}).status_code == 403


def test_a_file_is_uploaded_listed_renamed_and_deleted(cast: Cast, ada: Client, base: str) -> None:
    assert "No files yet" in ada.get(f"{base}/files").content.decode()
    row = uploaded(cast, ada, base)
    assert (row.in_library, row.uploaded_by_id, row.size_bytes) == (True, cast.ada_user.pk, 15)
    page = ada.get(f"{base}/files").content.decode()
    assert "notes.txt" in page
    assert "Ada Ferrer" in page
    assert ada.post(f"{base}/files/{row.pk}", {"name": "price list"}, headers=HTMX).status_code == 204
    wrong = ada.post(f"{base}/files/{row.pk}", {"name": "prices.exe"}, headers=HTMX)
    assert wrong.status_code == 422
    with workspace_scope(cast.acme.pk):
        row.refresh_from_db()
    assert row.name == "price list.txt"
    assert default_storage.exists(row.key)
    assert ada.post(f"{base}/files/{row.pk}/delete", headers=HTMX)["HX-Redirect"] == f"{base}/files"
    assert not default_storage.exists(row.key)
    with workspace_scope(cast.acme.pk):
        acts = EventRecord.objects.filter(type="inbox.file.changed").order_by("pk")
        assert [one.data["act"] for one in acts] == ["added", "changed", "deleted"]


def test_a_file_that_something_points_to_stays(cast: Cast, ada: Client, base: str) -> None:
    row = uploaded(cast, ada, base)
    with workspace_scope(cast.acme.pk):
        add_snippet(actor=cast.ada, parts=SnippetParts(name="Prices", text="See file", file_ids=[row.pk]), at=NOON)
        message = steps.hears(cast.ada, steps.a_channel(cast.ada))
        Attachment.objects.create(workspace_id=cast.acme.pk, message_id=message.pk, file_id=row.pk, kind="file")
        with pytest.raises(FileInUse) as refused:
            delete_file(actor=cast.ada, file_id=row.pk, at=NOON)
        assert (refused.value.facts["messages"], refused.value.facts["snippets"]) == (1, 1)
    answer = ada.post(f"{base}/files/{row.pk}/delete", headers=HTMX)
    assert (answer.status_code, "is in use" in answer.content.decode()) == (422, True)
    page = ada.get(f"{base}/files").content.decode()
    assert "1 message" in page
    assert "Prices" in page
    assert default_storage.exists(row.key)


def test_what_the_library_refuses(cast: Cast, ada: Client, base: str) -> None:
    row = uploaded(cast, ada, base)
    bad = ada.post(f"{base}/files/new", {"file": SimpleUploadedFile("x.exe", b"MZ\x00\x01")}, headers=HTMX)
    assert (bad.status_code, "are not taken" in bad.content.decode()) == (422, True)
    with workspace_scope(cast.acme.pk):
        assert StoredFile.objects.count() == 1
        with pytest.raises(PermissionMissing):
            delete_file(actor=cast.ben, file_id=row.pk, at=NOON)
        with pytest.raises(FileTypeNotAllowed):
            rename_file(actor=cast.ada, file_id=row.pk, name="a.pdf", at=NOON)
        StoredFile.objects.update(in_library=False)
        with pytest.raises(StoredFileNotFound):
            delete_file(actor=cast.ada, file_id=row.pk, at=NOON)


def dead_ones(cast: Cast, count: int) -> list[InboundEvent]:
    with workspace_scope(cast.acme.pk):
        channel = steps.a_channel(cast.ada)
        return [
            InboundEvent.objects.create(
                workspace_id=cast.acme.pk,
                channel_id=channel.pk,
                provider_event_id=str(number),
                sender="s",
                payload={"words": f"payload {number}"},
                state=InboundEvent.State.DEAD,
                attempts=3,
                error=f"reason {number}",
                next_attempt_at=NOON,
                received_at=NOON,
            )
            for number in range(count)
        ]


def states(cast: Cast) -> list[str]:
    with workspace_scope(cast.acme.pk):
        return list(InboundEvent.objects.order_by("pk").values_list("state", flat=True))


def test_dead_letters_are_shown_let_in_again_and_discarded(cast: Cast, ada: Client, base: str) -> None:
    page_url = f"{base}/dead-letters"
    assert "No dead letters" in ada.get(page_url).content.decode()
    rows = dead_ones(cast, 4)
    page = ada.get(page_url).content.decode()
    assert "reason 3" in page
    assert "payload 3" in page
    assert "4 dead letters" in ada.get(f"{base}/channels").content.decode()
    assert ada.post(f"{page_url}/replay", {"chosen": rows[0].pk}).headers["Location"] == page_url
    asked = ada.post(f"{page_url}/discard", {"chosen": [rows[1].pk, rows[2].pk]}, headers=HTMX)
    assert "Discard 2 deliveries?" in asked.content.decode()
    assert states(cast) == ["pending", "dead", "dead", "dead"]
    ada.post(f"{page_url}/discard", {"chosen": [rows[1].pk, rows[2].pk], "sure": "1"}, headers=HTMX)
    assert states(cast) == ["pending", "done", "done", "dead"]
    ada.post(f"{page_url}/replay", {"all_matching": "1", "channel": rows[0].channel_id})
    assert states(cast) == ["pending", "done", "done", "pending"]


def test_long_lists_of_dead_letters_turn(cast: Cast, ada: Client, base: str) -> None:
    rows = dead_ones(cast, 51)
    first = ada.get(f"{base}/dead-letters").content.decode()
    assert "reason 50" in first
    assert "payload 0&quot;" not in first
    older = ada.get(f"{base}/dead-letters?before={rows[1].pk}").content.decode()
    assert "payload 0" in older
    assert "payload 1" not in older
    newer = ada.get(f"{base}/dead-letters?after={rows[0].pk}").content.decode()
    assert "payload 50" in newer
    assert "payload 0&" not in newer
