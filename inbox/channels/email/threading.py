"""Which thread a mail belongs to. An answer is recognised by what we wrote into our mails, never by who it says it is from.

What names a thread, in this order: the address that we gave for the answer, In-Reply-To, References from new to old, and our
own Message-IDs, which carry the same signed word. Whatever names it, the sender must take part in it already.
"""

import base64
import binascii
import hmac
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from inbox.channels.email.accounts import MailAccount
from inbox.channels.email.reading import Mail

SALT = "inbox.channels.email.threading"
MARK = "r-"
MAC_BYTES = 10
LONGEST_LOCAL_PART = 64
OUR_KEYS = uuid.UUID("5d0c5f0e-9d6b-4c53-8f0a-5a6c6a2e51f4")
OWN_ID = re.compile(r"<[0-9a-f-]{36}\.([a-z2-7]{20,40})@([^<>\s@]+)>")


@dataclass(frozen=True, slots=True)
class Known:
    """A mail of a thread that is known: whose it is, and every address on it."""

    contact_id: int
    participants: frozenset[str]


@dataclass(frozen=True, slots=True)
class Clues:
    """What a mail says about its thread: contacts that signed words name, and Message-IDs from the surest on."""

    signed_for: tuple[int, ...]
    message_ids: tuple[str, ...]


def reply_token(*, workspace_id: int, channel_id: int, contact_id: int) -> str:
    """Return the signed word that names a contact's thread; small letters and digits, as addresses forget capitals."""
    named = contact_id.to_bytes(max((contact_id.bit_length() + 7) // 8, 3), "big")
    data = named + _mac(workspace_id, channel_id, named)
    return base64.b32encode(data).decode().rstrip("=").lower()


def contact_in_token(token: str, *, workspace_id: int, channel_id: int) -> int | None:
    """Return the contact that a signed word names; None for a forged one, or one of another mailbox."""
    try:
        data = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError):
        return None
    named, mac = data[:-MAC_BYTES], data[-MAC_BYTES:]
    if not 3 <= len(named) <= 8 or not hmac.compare_digest(mac, _mac(workspace_id, channel_id, named)):
        return None
    return int.from_bytes(named, "big")


def reply_address(account: MailAccount, token: str) -> str:
    """Return the address that answers go to, `support+r-<token>@…`; the mailbox's own where that grows too long."""
    local, _sign, domain = account.address.rpartition("@")
    named = f"{local.partition('+')[0]}+{MARK}{token}"
    return f"{named}@{domain}" if account.answers_by_address and len(named) <= LONGEST_LOCAL_PART else account.address


def own_message_id(*, key: str, token: str, domain: str) -> str:
    """Return the Message-ID of a mail of ours: the same at every attempt, and it names the thread by itself."""
    return f"<{uuid.uuid5(OUR_KEYS, key)}.{token}@{domain}>"


def is_own_id(message_id: str, account: MailAccount) -> bool:
    """Tell whether a Message-ID has the form of ours."""
    match = OWN_ID.fullmatch(message_id)
    return match is not None and match[2].lower() == account.domain


def clues_in(mail: Mail, account: MailAccount, *, workspace_id: int, channel_id: int) -> Clues:
    """Gather what the mail says about its thread."""
    ids = (*mail.in_reply_to, *reversed(mail.references))
    tokens = [*_tokens_in_addresses(mail.received_by, account), *_tokens_in_ids(ids)]
    signed = [contact_in_token(token, workspace_id=workspace_id, channel_id=channel_id) for token in tokens]
    return Clues(
        signed_for=tuple(dict.fromkeys(one for one in signed if one is not None)),
        message_ids=tuple(dict.fromkeys(ids)),
    )


def contact_of(
    clues: Clues, sender: str, *, by_contact: Mapping[int, frozenset[str]], by_message_id: Mapping[str, Known]
) -> int | None:
    """Return the contact whose thread the mail continues, or None for a new one.

    by_contact: for each contact that a signed word names and that is still there, the addresses that take part in its thread.
    """
    for contact_id in clues.signed_for:
        if sender in by_contact.get(contact_id, frozenset()):
            return contact_id
    for message_id in clues.message_ids:
        known = by_message_id.get(message_id)
        if known and sender in known.participants:
            return known.contact_id
    return None


def _tokens_in_addresses(received_by: Iterable[str], account: MailAccount) -> list[str]:
    found = []
    for address in received_by:
        local, _sign, domain = address.rpartition("@")
        _name, plus, tag = local.partition("+")
        if plus and tag.startswith(MARK) and domain == account.domain:
            found.append(tag.removeprefix(MARK))
    return found[:5]


def _tokens_in_ids(ids: Iterable[str]) -> list[str]:
    return [match[1] for one in ids if (match := OWN_ID.fullmatch(one))][:20]


def _mac(workspace_id: int, channel_id: int, named: bytes) -> bytes:
    value = f"{workspace_id}:{channel_id}:{named.hex()}"
    return salted_hmac(SALT, value, algorithm="sha256").digest()[:MAC_BYTES]
