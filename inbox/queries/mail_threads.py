"""What a mailbox knows: mails it has seen, whose thread a mail continues, and what an answer of ours must say."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from contacts.models import Contact
from inbox.channels.email.accounts import MailAccount
from inbox.channels.email.reading import Mail
from inbox.channels.email.threading import Known, clues_in, contact_of
from inbox.models import ContactChannel, Direction, EmailThreadId, InboundEvent, Message

MOST_MAILS_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail belongs. Waiting: the mail that it answers is stored and not read yet."""

    contact_id: int | None
    is_waiting: bool


def digest_of(message_id: str) -> bytes:
    """Return what a Message-ID is found by."""
    return hashlib.sha256(message_id.encode("utf-8", "replace")).digest()


def has_received(*, workspace_id: int, channel_id: int, message_id: str) -> bool:
    """Tell whether the mailbox has taken in this mail before; deleting its message changes nothing."""
    ids = EmailThreadId.objects.in_workspace(workspace_id).filter(channel_id=channel_id)
    return ids.filter(id_sha256=digest_of(message_id), is_received=True).exists()


def is_stored(*, workspace_id: int, channel_id: int, key: str) -> bool:
    """Tell whether the mail's delivery is in the ledger."""
    return InboundEvent.objects.in_workspace(workspace_id).filter(channel_id=channel_id, provider_event_id=key).exists()


def place_of(mail: Mail, account: MailAccount, *, workspace_id: int, channel_id: int) -> Place:
    """Find the contact whose thread a mail continues."""
    clues = clues_in(mail, account, workspace_id=workspace_id, channel_id=channel_id)
    if not clues.signed_for and not clues.message_ids:
        return Place(None, is_waiting=False)
    by_contact = {
        contact_id: participants(workspace_id=workspace_id, channel_id=channel_id, contact_id=contact_id)
        - account.own_addresses
        for contact_id in clues.signed_for
    }
    carriers = _carriers(workspace_id, channel_id, clues.message_ids)
    messages = _messages_by_id(workspace_id, channel_id, {*clues.message_ids, *carriers.values()})
    known: dict[str, Known] = {}
    for message_id in clues.message_ids:
        message = messages.get(message_id) or messages.get(carriers.get(message_id, ""))
        if message is not None:
            everybody = addresses_on(message) | _addresses_of(workspace_id, channel_id, message.contact_id)
            known[message_id] = Known(message.contact_id, frozenset(everybody - account.own_addresses))
    contact_id = contact_of(clues, mail.sender.email, by_contact=by_contact, by_message_id=known)
    unread = {carrier for carrier in carriers.values() if carrier not in messages}
    return Place(
        contact_id, is_waiting=contact_id is None and bool(unread) and _is_pending(workspace_id, channel_id, unread)
    )


def participants(*, workspace_id: int, channel_id: int, contact_id: int) -> frozenset[str]:
    """Return every address that takes part in a contact's thread on one mailbox; none for a contact that is gone."""
    found = _addresses_of(workspace_id, channel_id, contact_id)
    messages = Message.objects.in_workspace(workspace_id).filter(contact_id=contact_id, channel_id=channel_id)
    for message in messages.only("payload").order_by("-pk")[:MOST_MAILS_LOOKED_AT]:
        found |= addresses_on(message)
    return frozenset(found)


def addresses_on(message: Message) -> set[str]:
    """Return the addresses that a mail names, in small letters."""
    found: set[str] = set()
    for name in ("from", "to", "cc", "bcc"):
        value = message.payload.get(name)
        found |= {one.lower() for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)}
    return found


def thread_so_far(message: Message) -> dict[str, object]:
    """Return what a mail of ours must say about its thread: the newest mail before it, or the one that it names."""
    if message.channel_id is None:
        return {}
    mails = Message.objects.in_workspace(message.workspace_id).filter(
        contact_id=message.contact_id, channel_id=message.channel_id, pk__lt=message.pk
    )
    named = message.payload.get("replyToMessageId")
    received = mails.filter(direction=Direction.INCOMING).only("payload", "channel_message_id", "direction")
    answered = received.filter(pk=named).first() if isinstance(named, int) else None
    answered = answered or received.order_by("-pk").first()
    if answered is None:
        last = mails.exclude(channel_message_id="").order_by("-pk").first()
        return (
            {} if last is None else {"inReplyTo": last.channel_message_id, "subject": last.payload.get("subject", "")}
        )
    return {
        "inReplyTo": answered.payload.get("messageId") or "",
        "references": answered.payload.get("references") or [],
        "subject": answered.payload.get("subject") or "",
        "cc": _others_on(answered),
    }


def _others_on(message: Message) -> list[str]:
    """Return who else got a mail, so that our answer reaches them as well; the sender of our answer leaves itself out."""
    found: list[str] = []
    for name in ("to", "cc"):
        value = message.payload.get(name)
        found += [one for one in (value if isinstance(value, list) else []) if isinstance(one, str)]
    return found


def _addresses_of(workspace_id: int, channel_id: int, contact_id: int) -> set[str]:
    contact = Contact.objects.in_workspace(workspace_id).filter(pk=contact_id).only("email_key").first()
    if contact is None:
        return set()
    links = ContactChannel.objects.in_workspace(workspace_id).filter(contact_id=contact_id, channel_id=channel_id)
    return {contact.email_key, *links.values_list("external_id", flat=True)} - {""}


def _carriers(workspace_id: int, channel_id: int, message_ids: Iterable[str]) -> Mapping[str, str]:
    by_digest = {digest_of(one): one for one in message_ids}
    rows = EmailThreadId.objects.in_workspace(workspace_id).filter(channel_id=channel_id, id_sha256__in=list(by_digest))
    return {by_digest[bytes(digest)]: carrier for digest, carrier in rows.values_list("id_sha256", "carrier")}


def _messages_by_id(workspace_id: int, channel_id: int, ids: Collection[str]) -> dict[str, Message]:
    rows = Message.objects.in_workspace(workspace_id).filter(channel_id=channel_id, channel_message_id__in=list(ids))
    return {row.channel_message_id: row for row in rows.only("payload", "contact_id", "channel_message_id")}


def _is_pending(workspace_id: int, channel_id: int, message_ids: Iterable[str]) -> bool:
    pending = InboundEvent.objects.in_workspace(workspace_id).filter(
        channel_id=channel_id, provider_event_id__in=list(message_ids), state=InboundEvent.State.PENDING
    )
    return pending.exists()
