"""Files that a network only names: fetched after their message is stored, so that no slow or bad address delays a message."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

from django.db.models import QuerySet

from inbox.access import contact_for_work
from inbox.events import MessageChanged
from inbox.file_errors import FileIsEmpty, FileTooLarge
from inbox.file_store import LARGEST_RECEIVED_BYTES, store_bytes
from inbox.file_types import BY_MEDIA_TYPE, ending_of
from inbox.models import Attachment, Message, StoredFile
from workspaces import jobs
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.jobs import Clock, Job
from workspaces.outside import AddressRefused, AnswerUnknown, Fetched, FetchFailed, NotReached, fetch
from workspaces.scope import workspace_scope

logger = logging.getLogger(__name__)

FETCHING_FOR = timedelta(minutes=2)
PAUSES = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=1))
GOES_AWAY = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that this worker fetches; `attempt` is its fence."""

    attachment_id: int
    url: str
    name: str
    attempt: int


class NotFetched(Exception):
    """A file could not be had; `is_final` when asking again cannot help."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


def fetch_attachment(*, workspace_id: int, attachment_id: int, clock: Clock) -> None:
    """Fetch one file of an incoming message into the store."""
    with workspace_scope(workspace_id):
        claim = _claim(workspace_id, attachment_id, at=clock())
    if claim is None:
        return
    try:
        stored = _fetched(workspace_id, claim, at=clock())
    except NotFetched as missed:
        with workspace_scope(workspace_id):
            _give_up_or_wait(workspace_id, claim, missed, at=clock())
        return
    with workspace_scope(workspace_id):
        _write(workspace_id, claim, at=clock(), file_id=stored.pk, kind=stored.kind, state=Attachment.State.STORED)


def _claim(workspace_id: int, attachment_id: int, *, at: datetime) -> Claim | None:
    due = Attachment.objects.in_workspace(workspace_id).filter(
        pk=attachment_id, state=Attachment.State.FETCHING, next_attempt_at__lte=at
    )
    row = due.select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return None
    row.attempts, row.next_attempt_at = row.attempts + 1, at + FETCHING_FOR
    row.save(update_fields=["attempts", "next_attempt_at"])
    return Claim(row.pk, row.source_url, row.name, row.attempts)


def _fetched(workspace_id: int, claim: Claim, *, at: datetime) -> StoredFile:
    try:
        got = fetch(claim.url, most_bytes=LARGEST_RECEIVED_BYTES)
        return store_bytes(workspace_id=workspace_id, name=_name_of(claim, got), data=got.body, as_received=True, at=at)
    except AddressRefused:
        raise NotFetched("address_refused", is_final=True) from None
    except FetchFailed as failed:
        goes_away = failed.reason == "status" and failed.status in GOES_AWAY
        raise NotFetched(f"{failed.reason} {failed.status or ''}".strip(), is_final=not goes_away) from None
    except (NotReached, AnswerUnknown) as missed:
        raise NotFetched(missed.reason, is_final=False) from None
    except (FileTooLarge, FileIsEmpty) as refused:
        raise NotFetched(refused.code, is_final=True) from None
    except OSError as error:  # our own store: full, or away
        logger.warning("file not stored: workspace=%s error=%s", workspace_id, type(error).__name__)
        raise NotFetched("inbox.store_failed", is_final=False) from None


def _name_of(claim: Claim, got: Fetched) -> str:
    """Return a name with an ending: as the message says, or the address, or what the answer calls its type."""
    name = claim.name or unquote(urlsplit(got.url).path.rpartition("/")[2]) or "file"
    known = BY_MEDIA_TYPE.get(got.content_type.partition(";")[0].strip().lower())
    return f"{name}.{known.ending}" if known is not None and not ending_of(name) else name


def _give_up_or_wait(workspace_id: int, claim: Claim, missed: NotFetched, *, at: datetime) -> None:
    if missed.is_final or claim.attempt > len(PAUSES):
        _write(workspace_id, claim, at=at, state=Attachment.State.FAILED, error=missed.reason[:200])
        return
    pause = PAUSES[claim.attempt - 1]
    _held(workspace_id, claim).update(next_attempt_at=at + pause, error=missed.reason[:200])
    if pause <= timedelta(minutes=1):
        jobs.wake(Job.FETCH_ATTACHMENT, workspace_id=workspace_id, attachment_id=claim.attachment_id, after=pause)


def _write(workspace_id: int, claim: Claim, *, at: datetime, **columns: object) -> None:
    """Write how fetching ended, unless another worker has the file by now, and tell the thread."""
    message = Message.objects.in_workspace(workspace_id).filter(attachments__pk=claim.attachment_id).first()
    if message is None:
        return
    contact_for_work(workspace_id, message.contact_id)
    if _held(workspace_id, claim).update(next_attempt_at=None, **columns):
        changed = MessageChanged(
            subject_id=message.contact_id, conversation_id=message.conversation_id, message_id=message.pk
        )
        record(changed, actor=Actor.system(workspace_id=workspace_id), at=at)


def _held(workspace_id: int, claim: Claim) -> QuerySet[Attachment]:
    return Attachment.objects.in_workspace(workspace_id).filter(
        pk=claim.attachment_id, state=Attachment.State.FETCHING, attempts=claim.attempt
    )
