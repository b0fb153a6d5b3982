"""A mailbox's mails become deliveries in the ledger, one by one. Reading and storing files happen outside of any scope.

What is written together: the delivery, the Message-IDs that it made known, and the cursor. So a mail is fetched again when
anything before that commit fails, and never after it.
"""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core.exceptions import SuspiciousOperation

from inbox.actions.channel_troubles import mark_broken
from inbox.actions.intake import store_delivery
from inbox.channels.contract import Delivery, IncomingFile
from inbox.channels.email import html
from inbox.channels.email.accounts import MailAccount, account_of
from inbox.channels.email.deliveries import HTML_FILE, SOURCE_FILE, Kept, delivery_of, delivery_of_bounce
from inbox.channels.email.mailbox import Cursor, Fetched, cursor_for
from inbox.channels.email.rates import Rates
from inbox.channels.email.reading import Mail, key_of_id, read_mail
from inbox.channels.email.threading import is_own_id
from inbox.file_store import store_bytes
from inbox.models import Channel, EmailThreadId
from inbox.queries.mail_threads import digest_of, has_received, is_stored, place_of
from workspaces.errors import DomainError
from workspaces.jobs import Clock, assert_no_open_transaction
from workspaces.scope import workspace_scope
from workspaces.sealing import NotUnsealable, unseal

logger = logging.getLogger(__name__)

MOST_FILES = 100
MOST_REFERENCES = 20
WAITS_AT_MOST = timedelta(seconds=30)  # for the mail that this one answers


class Taken(StrEnum):
    """What became of a fetched mail."""

    STORED = "stored"
    KNOWN = "known"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Watched:
    """A mailbox to watch. `stamp` changes with its settings and secrets."""

    workspace_id: int
    channel_id: int
    account: MailAccount
    cursor: Cursor | None
    stamp: str


def mailbox_to_watch(*, workspace_id: int, channel_id: int) -> Watched | None:
    """Return a mailbox as it is set up now; None while it is broken or disconnected, or its secrets cannot be opened."""
    with workspace_scope(workspace_id):
        channel = Channel.objects.in_workspace(workspace_id).filter(pk=channel_id).first()
    if channel is None or channel.state != Channel.State.ACTIVE:
        return None
    try:
        secrets = unseal(channel.sealed_secrets)
    except NotUnsealable:
        return None
    account = account_of(channel.settings, secrets)
    stamp = hashlib.sha256(repr((account, sorted(account.own_addresses), channel.key)).encode()).hexdigest()
    return Watched(workspace_id, channel_id, account, Cursor.of(channel.cursor), stamp)


def begin_reading(watched: Watched, *, uid_validity: int, uid_next: int, clock: Clock) -> Cursor:
    """Return where to read on, and remember it: a first connection, or numbers that have changed, make a new cursor."""
    with workspace_scope(watched.workspace_id):
        channels = Channel.objects.in_workspace(watched.workspace_id).select_for_update(of=("self",))
        channel = channels.get(pk=watched.channel_id)
        cursor = cursor_for(
            Cursor.of(channel.cursor),
            uid_validity=uid_validity,
            uid_next=uid_next,
            first_days=watched.account.first_days,
            at=clock(),
        )
        if channel.cursor != cursor.as_json():
            _save_cursor(watched, cursor)
    return cursor


def is_known_mail(watched: Watched, *, message_id: str) -> bool:
    """Tell whether a mail was taken in before, under another number."""
    with workspace_scope(watched.workspace_id):
        return has_received(
            workspace_id=watched.workspace_id, channel_id=watched.channel_id, message_id=key_of_id(message_id)
        )


def pass_by(watched: Watched, cursor: Cursor) -> None:
    """Remember that mails up to a number need no reading."""
    with workspace_scope(watched.workspace_id):
        _save_cursor(watched, cursor)


def take_mail(
    watched: Watched, fetched: Fetched, cursor: Cursor, *, rates: Rates, waits_since: datetime | None, clock: Clock
) -> Taken:
    """Store a mail as a delivery and move the cursor after it; waiting changes nothing, and the caller comes again."""
    assert_no_open_transaction()
    mail = read_mail(fetched.raw, watched.account, received_at=fetched.received_at)
    if not fetched.is_whole:
        mail = replace(mail, problem="size")
    where = {"workspace_id": watched.workspace_id, "channel_id": watched.channel_id}
    with workspace_scope(watched.workspace_id):
        is_known = has_received(message_id=mail.key, **where)
        is_kept = is_known or is_stored(key=mail.key, **where)
        place = None if is_kept else place_of(mail, watched.account, **where)
    if place is not None and place.is_waiting and (waits_since is None or clock() - waits_since < WAITS_AT_MOST):
        return Taken.WAITING
    deliveries: list[Delivery] = []
    if place is not None and not _is_our_own(mail, watched):
        deliveries = _deliveries(mail, fetched, watched, place.contact_id, rates=rates, clock=clock)
    with workspace_scope(watched.workspace_id):
        stored = store_delivery(deliveries=deliveries, at=clock(), **where)
        _remember_ids(mail, watched, at=clock())
        _save_cursor(watched, cursor.after(fetched.uid))
    return Taken.STORED if stored else Taken.KNOWN


def give_up_mailbox(watched: Watched, *, text: str, clock: Clock) -> None:
    """Mark a mailbox whose server refuses us, and tell its owners; unless it was changed meanwhile."""
    now = mailbox_to_watch(workspace_id=watched.workspace_id, channel_id=watched.channel_id)
    if now is None or now.stamp != watched.stamp:
        return
    with workspace_scope(watched.workspace_id):
        mark_broken(
            workspace_id=watched.workspace_id,
            channel_id=watched.channel_id,
            code="inbox.mailbox_refused",
            text=text,
            at=clock(),
        )


def _deliveries(
    mail: Mail, fetched: Fetched, watched: Watched, contact_id: int | None, *, rates: Rates, clock: Clock
) -> list[Delivery]:
    if mail.bounce is not None and is_own_id(mail.bounce.original_id, watched.account):
        told = delivery_of_bounce(mail)
        return [] if told is None else [told]
    is_flood = rates.is_flood(mail.sender.email, at=clock())
    kept = _store_files(mail, fetched, watched, clock=clock)
    return [delivery_of(mail, replace(kept, contact_id=contact_id, is_flood=is_flood))]


def _is_our_own(mail: Mail, watched: Watched) -> bool:
    """Tell whether this is a copy of what we sent; the signed word in its Message-ID says so."""
    return mail.auto == "own" and is_own_id(mail.message_id, watched.account)


def _store_files(mail: Mail, fetched: Fetched, watched: Watched, *, clock: Clock) -> Kept:
    """Keep the source, the cleaned HTML, and the attachments of a mail."""
    files: list[IncomingFile] = []
    source = _store("mail.eml", fetched.raw, watched, content_id=SOURCE_FILE, clock=clock)
    files += [source] if source else []
    cleaner, outside = 0, False
    if mail.html.strip():
        try:
            clean = html.cleaned(mail.html)
        except html.TooMuch:
            clean = ""
        page = (
            _store("mail.html", clean.encode(), watched, content_id=HTML_FILE, clock=clock) if clean.strip() else None
        )
        if page:
            files.append(page)
            cleaner, outside = html.CLEANER, html.has_outside_pictures(clean)
    shown = html.content_ids_in(mail.html) if cleaner else frozenset()
    for file in mail.files[:MOST_FILES]:
        content_id = file.content_id if file.content_id.lower() in shown else ""
        one = _store(file.name, file.data, watched, content_id=content_id, clock=clock)
        files += [one] if one else []
    return Kept(files=tuple(files), cleaner=cleaner, outside_pictures=outside)


def _store(name: str, data: bytes, watched: Watched, *, content_id: str, clock: Clock) -> IncomingFile | None:
    """Keep one file; an empty one, or one that the store will not have, is left in the source."""
    if not data:
        return None
    try:
        row = store_bytes(workspace_id=watched.workspace_id, name=name, data=data, as_received=True, at=clock())
    except (DomainError, SuspiciousOperation) as error:
        logger.info("file of a mail not kept: workspace=%s reason=%s", watched.workspace_id, type(error).__name__)
        return None
    return IncomingFile(kind=row.kind, name=row.name, file_id=row.pk, content_id=content_id)


def _remember_ids(mail: Mail, watched: Watched, *, at: datetime) -> None:
    """Make the mail's own Message-ID known as received, and those that it refers to as parts of its thread."""
    carrier = mail.message_id or mail.key
    referred = [one for one in (*mail.in_reply_to, *mail.references[-MOST_REFERENCES:]) if one != mail.message_id]
    ids = EmailThreadId.objects.in_workspace(watched.workspace_id)
    others = [EmailThreadId(**values) for values in _values(watched, dict.fromkeys(referred), carrier, at=at)]
    ids.bulk_create(others, ignore_conflicts=True)
    ids.bulk_create(
        [
            EmailThreadId(**values, is_received=True)
            for values in _values(watched, dict.fromkeys((mail.key, carrier)), carrier, at=at)
        ],
        update_conflicts=True,
        unique_fields=["workspace", "channel", "id_sha256"],
        update_fields=["is_received", "carrier"],
    )


def _values(watched: Watched, ids: Iterable[str], carrier: str, *, at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "workspace_id": watched.workspace_id,
            "channel_id": watched.channel_id,
            "id_sha256": digest_of(one),
            "carrier": carrier[:998],
            "seen_at": at,
        }
        for one in ids
    ]


def _save_cursor(watched: Watched, cursor: Cursor) -> None:
    channels = Channel.objects.in_workspace(watched.workspace_id).exclude(state=Channel.State.DELETED)
    channels.filter(pk=watched.channel_id).update(cursor=cursor.as_json())
