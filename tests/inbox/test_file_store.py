"""Files: what they are is said by their content, who may see them by their row, and no browser runs what is in them."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from inbox import actions
from inbox.channels.contract import IncomingFile
from inbox.file_errors import (
    FileIsEmpty,
    FileNotWhatItSays,
    FileTooLarge,
    FileTypeNotAllowed,
    PictureNotReadable,
    PictureTooLarge,
)
from inbox.file_store import LARGEST_UPLOAD_BYTES, public_address, store_bytes
from inbox.file_types import plain_name
from inbox.models import Attachment, Channel, StoredFile
from tests.factories import NOON, Cast, a_member, browser_of
from tests.inbox.steps import a_channel, hears
from tests.workspaces.sinks import Sink, a_sink
from workspaces.models import User, Workspace
from workspaces.scope import workspace_scope

PDF = b"%PDF-1.7\n" + b"0" * 200
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + b"\x00" * 100


pytestmark = pytest.mark.usefixtures("own_folder")


def a_picture(kind: str = "PNG", size: tuple[int, int] = (3, 2), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


def keep(space: Workspace, name: str, data: bytes, **facts: object) -> StoredFile:
    return store_bytes(workspace_id=space.pk, name=name, data=data, at=NOON, **facts)  # type: ignore[arg-type]


def bytes_of(stored: StoredFile) -> bytes:
    with default_storage.open(stored.key) as file:
        return bytes(file.read())


def _read_away(answer: Any) -> bytes:
    """Read an answer to its end, which also closes its file."""
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def asks(client: Client, path: str) -> int:
    """Ask for a file, read it away, and return the status."""
    answer = client.get(path)
    _read_away(answer)
    return answer.status_code


@pytest.mark.parametrize(
    ("name", "data", "media_type", "kind"),
    [
        ("a.png", a_picture(), "image/png", "image"),
        ("a.JPG", a_picture("JPEG"), "image/jpeg", "image"),
        ("a.gif", a_picture("GIF"), "image/gif", "image"),
        ("a.webp", a_picture("WEBP"), "image/webp", "image"),
        ("a.pdf", PDF, "application/pdf", "file"),
        ("a.mp4", MP4, "video/mp4", "video"),
        ("a.txt", "ñandú".encode(), "text/plain", "file"),
        ("a.csv", b"a,b\n1,2\n", "text/csv", "file"),
        ("picture", a_picture(), "image/png", "image"),
    ],
)
def test_a_file_is_what_its_content_says(cast: Cast, name: str, data: bytes, media_type: str, kind: str) -> None:
    stored = keep(cast.acme, name, data)
    assert (stored.media_type, stored.kind) == (media_type, kind)
    assert stored.key.startswith(f"ws/{cast.acme.pk}/files/")
    assert stored.key.rpartition("/")[2] != name
    assert default_storage.size(stored.key) == stored.size_bytes


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.png", PDF, FileNotWhatItSays),
        ("a.pdf", a_picture(), FileNotWhatItSays),
        ("a.txt", b"MZ\x90\x00" + b"\x00" * 100, FileNotWhatItSays),
        ("a.exe", b"MZ\x90\x00" + b"\x00" * 100, FileTypeNotAllowed),
        ("a.html", b"<script>alert(1)</script>", FileTypeNotAllowed),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", FileTypeNotAllowed),
        ("a.txt", b"", FileIsEmpty),
        ("a.txt", b"x" * (LARGEST_UPLOAD_BYTES + 1), FileTooLarge),
        ("a.png", a_picture()[:40], PictureNotReadable),
    ],
)
def test_an_upload_that_is_not_what_it_says_leaves_nothing(
    cast: Cast, name: str, data: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        keep(cast.acme, name, data)
    with workspace_scope(cast.acme.pk):
        assert not StoredFile.objects.in_workspace(cast.acme.pk).exists()


def test_what_a_contact_sent_is_kept_whatever_it_is_as_bytes(cast: Cast) -> None:
    stored = keep(cast.acme, "a.html", b"<script>alert(1)</script>", as_received=True)
    assert (stored.media_type, stored.kind) == ("application/octet-stream", "file")


def test_pictures_are_written_anew_without_what_cameras_note(cast: Cast) -> None:
    exif = Image.Exif()
    exif[0x0110], exif[0x0112] = "Secret Camera", 6  # a model, and "turned by a quarter"
    stored = keep(cast.acme, "a.jpg", a_picture("JPEG", (30, 20), exif=exif))
    data = bytes_of(stored)
    assert b"Secret Camera" not in data
    assert (stored.width, stored.height) == (20, 30)
    assert Image.open(io.BytesIO(data)).size == (20, 30)


def test_a_moving_picture_keeps_moving(cast: Cast) -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=50)
    stored = keep(cast.acme, "a.gif", out.getvalue())
    assert getattr(Image.open(io.BytesIO(bytes_of(stored))), "n_frames", 1) == 3


def test_a_picture_of_more_than_forty_megapixels_is_not_unpacked(cast: Cast) -> None:
    flood = a_picture(size=(8000, 5001))
    with pytest.raises(PictureTooLarge):
        keep(cast.acme, "a.png", flood)
    assert keep(cast.acme, "a.png", flood, as_received=True).media_type == "application/octet-stream"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.txt", "a.txt"),
        ('a"b\r\n\u202e.txt', "ab.txt"),
        ("", "file"),
        ("..", "file"),
        ("x" * 300 + ".pdf", "x" * 243 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert plain_name(given) == kept


def test_a_picture_is_shown_and_everything_else_is_taken_away(cast: Cast) -> None:
    shown = keep(cast.acme, "año.png", a_picture(), in_library=True)
    taken = keep(cast.acme, "a.pdf", PDF, in_library=True)
    browser = browser_of(cast.ben_user)
    answer = browser.get(f"/w/{cast.acme.pk}/files/{shown.pk}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.headers["Content-Disposition"] == "inline; filename*=utf-8''a%C3%B1o.png"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert len(_read_away(answer)) == shown.size_bytes
    answer = browser.get(f"/w/{cast.acme.pk}/files/{taken.pk}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a.pdf"'
    _read_away(answer)
    answer = browser.get(f"/w/{cast.acme.pk}/files/{shown.pk}?download")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    _read_away(answer)


@pytest.mark.parametrize(
    ("asked", "status", "told", "size"),
    [
        ("bytes=0-3", 206, "bytes 0-3/209", 4),
        ("bytes=200-", 206, "bytes 200-208/209", 9),
        ("bytes=-5", 206, "bytes 204-208/209", 5),
        ("bytes=0-9999", 206, "bytes 0-208/209", 209),
        ("bytes=209-", 416, "bytes */209", 0),
        ("bytes=0-1,3-4", 200, None, 209),
        ("nonsense", 200, None, 209),
    ],
)
def test_players_get_the_part_that_they_ask_for(
    cast: Cast, asked: str, status: int, told: str | None, size: int
) -> None:
    stored = keep(cast.acme, "a.pdf", PDF, in_library=True)
    answer = browser_of(cast.ben_user).get(f"/w/{cast.acme.pk}/files/{stored.pk}", headers={"Range": asked})
    assert (answer.status_code, answer.headers.get("Content-Range")) == (status, told)
    assert len(_read_away(answer)) == size


def test_a_file_is_seen_by_whoever_sees_its_contact_uploaded_it_or_finds_it_in_the_library(cast: Cast) -> None:
    user, _actor = a_member(cast.acme, email="own@example.com", restrictions=("show_only_mine",))
    own = keep(cast.acme, "own.pdf", PDF, uploaded_by_id=user.pk)
    sent = keep(cast.acme, "sent.pdf", PDF)
    loose = keep(cast.acme, "loose.pdf", PDF)
    shelf = keep(cast.acme, "shelf.pdf", PDF, in_library=True)
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        hears(cast.ada, channel, files=(IncomingFile(kind="file", name="sent.pdf", file_id=sent.pk),))

    def sees(user: User, stored: StoredFile) -> bool:
        return asks(browser_of(user), f"/w/{cast.acme.pk}/files/{stored.pk}") == 200

    assert [sees(user, row) for row in (own, sent, loose, shelf)] == [True, False, False, True]
    assert [sees(cast.ben_user, row) for row in (own, sent, loose, shelf)] == [False, True, False, True]
    assert [sees(cast.gus_user, row) for row in (own, sent, loose, shelf)] == [False] * 4
    assert asks(browser_of(cast.gus_user), f"/w/{cast.globex.pk}/files/{shelf.pk}") == 404


def test_a_signed_address_lives_for_an_hour_and_names_one_file(cast: Cast) -> None:
    stored = keep(cast.acme, "a.pdf", PDF)
    other = keep(cast.globex, "b.pdf", PDF)
    with time_machine.travel(NOON, tick=False) as clock:
        path = public_address(workspace_id=cast.acme.pk, file_id=stored.pk).partition("/files/")[2]
        assert asks(Client(), f"/files/{path}") == 200
        assert asks(Client(), f"/files/{path[:-2]}xx") == 404
        crossed = public_address(workspace_id=cast.acme.pk, file_id=other.pk).partition("/files/")[2]
        assert asks(Client(), f"/files/{crossed}") == 404
        clock.shift(timedelta(hours=1, seconds=1))
        assert asks(Client(), f"/files/{path}") == 404


def test_bytes_that_are_gone_are_said_to_be_gone(cast: Cast) -> None:
    stored = keep(cast.acme, "a.pdf", PDF, in_library=True)
    default_storage.delete(stored.key)
    assert asks(browser_of(cast.ben_user), f"/w/{cast.acme.pk}/files/{stored.pk}") == 410


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    settings.OUTSIDE_ALLOW = ["127.0.0.1"]
    with a_sink() as running:
        running.body = a_picture()
        yield running


class Fetching:
    """An incoming file that a network only named."""

    def __init__(self, cast: Cast, url: str) -> None:
        self.workspace_id = cast.acme.pk
        with workspace_scope(self.workspace_id):
            channel: Channel = a_channel(cast.ada)
            self.message = hears(cast.ada, channel, files=(IncomingFile(kind="image", url=url),))

    @property
    def row(self) -> Attachment:
        with workspace_scope(self.workspace_id):
            rows = Attachment.objects.in_workspace(self.workspace_id).select_related("file")
            return rows.get(message_id=self.message.pk)

    def tries(self, *, after: timedelta = timedelta(0)) -> Attachment:
        actions.fetch_attachment(workspace_id=self.workspace_id, attachment_id=self.row.pk, clock=lambda: NOON + after)
        return self.row


def test_a_file_that_is_only_named_is_fetched_afterwards(cast: Cast, sink: Sink) -> None:
    fetching = Fetching(cast, sink.url("/pictures/cat.png?x=1"))
    assert fetching.row.state == "fetching"
    row = fetching.tries()
    assert row.state == "stored"
    assert row.file is not None
    assert (row.file.name, row.file.media_type) == ("cat.png", "image/png")
    fetching.tries()
    assert len(sink.requests) == 1


@pytest.mark.parametrize(("status", "state"), [(404, "failed"), (403, "failed"), (500, "fetching"), (429, "fetching")])
def test_what_is_gone_fails_and_what_is_away_is_asked_again(cast: Cast, sink: Sink, status: int, state: str) -> None:
    sink.status = status
    row = Fetching(cast, sink.url("/a.png")).tries()
    assert (row.state, bool(row.error)) == (state, True)
    if state == "fetching":
        assert row.next_attempt_at == NOON + timedelta(seconds=5)


def test_after_five_attempts_a_file_is_given_up(cast: Cast, sink: Sink) -> None:
    sink.status = 503
    fetching = Fetching(cast, sink.url("/a.png"))
    for hours in range(5):
        row = fetching.tries(after=timedelta(hours=2 * hours))
    assert (row.state, row.attempts) == ("failed", 5)


def test_an_address_inside_is_never_asked(cast: Cast) -> None:
    row = Fetching(cast, "http://169.254.169.254/latest/meta-data").tries()
    assert (row.state, row.error) == ("failed", "address_refused")
