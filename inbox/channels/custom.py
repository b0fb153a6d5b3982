"""Custom channel: a customer's own server stands between us and any network. Requests as respond.io's custom channel has them.

Ours beside that: the header Idempotency-Key, the signature of Standard Webhooks, and receipts as `message_status` events.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

from django.utils.translation import gettext_lazy as _

from inbox.channels import custom_reading
from inbox.channels.contract import (
    Abilities,
    Account,
    Failure,
    Incoming,
    Outgoing,
    OutgoingFile,
    Receipt,
    Refusal,
    SettingField,
    StatusReport,
)
from workspaces.outside import AddressRefused, Answer, AnswerUnknown, NotReached, post_json
from workspaces.secret_values import new_token

TEXT_LIMIT = 10_000
LONGEST_WINDOW_HOURS = 24 * 365
ABILITIES = Abilities(
    statuses=frozenset({"sent", "delivered", "read"}),
    content_types=frozenset({"text", "attachment", "quick_reply", "custom_payload"}),
    may_write_first=False,
    text_limit=TEXT_LIMIT,
    files_per_message=1,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Custom:
    """The connector of kind `custom_channel`."""

    kind: str = "custom_channel"
    title: object = _("Custom channel")
    medium: str = "custom_channel"
    abilities: Abilities = ABILITIES
    fields: tuple[SettingField, ...] = (
        SettingField(
            name="destination_url",
            label=_("Destination address"),
            kind="url",
            help=_("Your server's address, with https. Messages that are written here are posted to it."),
        ),
        SettingField(
            name="id_type",
            label=_("Contacts are known by"),
            kind="choice",
            help=_("With phone numbers you can write first; an id of your own can only be answered."),
            choices=(("phone", _("Phone number")), ("custom", _("Id of your own"))),
            default="phone",
        ),
        SettingField(
            name="window_hours",
            label=_("Hours in which a reply is possible"),
            kind="number",
            help=_("Counted from the contact's last message. Empty: at any time."),
            is_required=False,
        ),
        SettingField(
            name="repeats_safely",
            label=_("My server drops a message whose Idempotency-Key it has seen"),
            kind="check",
            help=_("A message whose answer was lost is then sent again by itself."),
            is_required=False,
            default=False,
        ),
        SettingField(
            name="token",
            label=_("Token"),
            kind="password",
            help=_("Both servers show it in the header Authorization: Bearer. Made by us."),
            is_secret=True,
            is_required=False,
        ),
        SettingField(
            name="signing_secret",
            label=_("Signing secret"),
            kind="password",
            help=_("What we post is signed with it, as Standard Webhooks has it. Made by us."),
            is_secret=True,
            is_required=False,
        ),
    )

    def new_secrets(self) -> dict[str, str]:
        """Return the secrets that we make when the channel is connected; `token` is also what it is found by."""
        return {
            "token": new_token(),
            "signing_secret": f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}",
        }

    def abilities_with(self, settings: Mapping[str, object]) -> Abilities:
        """Return what one channel can do: its owner says how contacts are known, and for how long they may be answered."""
        by_phone = settings.get("id_type") == "phone"
        hours = settings.get("window_hours")
        return replace(
            ABILITIES,
            may_write_first=by_phone,
            first_address="phone" if by_phone else "",
            window_hours=hours if isinstance(hours, int) and 0 < hours <= LONGEST_WINDOW_HOURS else None,
            repeats_safely=settings.get("repeats_safely") is True,
        )

    def account_name(self, _settings: Mapping[str, object]) -> str:
        """Return nothing: it has no name but the one that its owner gave it."""
        return ""

    def read(self, payload: Mapping[str, object], settings: Mapping[str, object]) -> list[Incoming | StatusReport]:
        """Read one stored event."""
        return custom_reading.read(payload, settings)

    def send(self, outgoing: Outgoing, account: Account) -> Receipt | Refusal:
        """Post one message to the customer's server."""
        url, token = account.settings.get("destination_url"), account.secrets.get("token", "")
        if not isinstance(url, str) or not url or not token:
            return Refusal(failure=Failure.REAUTHORISE, code="not_set_up", text="The channel is not set up completely.")
        said = {"channelId": account.key, "contactId": outgoing.external_id, "message": message_of(outgoing)}
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": outgoing.key,
            **signature(
                account.secrets.get("signing_secret", ""), message_id=outgoing.key, body=body, at=int(time.time())
            ),
        }
        try:
            return result_of(post_json(url, body=body, headers=headers))
        except AddressRefused as refused:
            return Refusal(failure=Failure.PERMANENT, code="address_refused", text=refused.message)
        except NotReached as missed:
            return Refusal(failure=Failure.TEMPORARY, code=f"not_reached_{missed.reason}")
        except AnswerUnknown as lost:
            return Refusal(failure=Failure.UNKNOWN, code=f"answer_{lost.reason}")


CONNECTOR = Custom()


def message_of(outgoing: Outgoing) -> dict[str, object]:
    """Return the message as respond.io's format has it."""
    match outgoing.content_type:
        case "attachment" if outgoing.files:
            said: dict[str, object] = {"type": "attachment", "attachment": _attachment(outgoing.files[0])}
            return {**said, "text": outgoing.text} if outgoing.text else said
        case "quick_reply":
            return {"type": "quick_reply", "title": outgoing.text, **outgoing.payload}
        case "custom_payload":
            return {"type": "custom_payload", "payload": outgoing.payload.get("payload", dict(outgoing.payload))}
        case _:
            return {"type": "text", "text": outgoing.text}


def result_of(answer: Answer) -> Receipt | Refusal:
    """Return what an answer means: docs/CHANNELS.md, "Error classes"."""
    said = _json(answer.body)
    if answer.is_success:
        number = said.get("mId")
        return Receipt(message_id=str(number)[:998] if isinstance(number, str | int) and number != "" else "")
    code = f"http_{answer.status}"
    text = _error_of(said)
    if answer.status in (401, 403):
        return Refusal(failure=Failure.REAUTHORISE, code=code, text=text)
    if answer.status == 429:
        wait = seconds_of(answer.headers.get("retry-after", ""), now=time.time())
        return Refusal(failure=Failure.THROTTLED, code=code, text=text, retry_after_seconds=wait)
    if answer.status >= 500 or answer.status == 408:
        wait = seconds_of(answer.headers.get("retry-after", ""), now=time.time())
        return Refusal(failure=Failure.TEMPORARY, code=code, text=text, retry_after_seconds=wait)
    return Refusal(failure=Failure.PERMANENT, code=code, text=text or f"HTTP {answer.status}")


def signature(secret: str, *, message_id: str, body: bytes, at: int) -> dict[str, str]:
    """Return the headers of Standard Webhooks; none without a secret."""
    if not secret:
        return {}
    key = base64.b64decode(secret.removeprefix("whsec_"))
    told = hmac.new(key, f"{message_id}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(told).decode()}",
    }


def seconds_of(retry_after: str, *, now: float) -> float | None:
    """Return how many seconds a Retry-After header asks for, as a number or as a date; None when it says neither."""
    if retry_after.isdecimal() and len(retry_after) < 10:
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None


def _attachment(file: OutgoingFile) -> dict[str, object]:
    return {"type": file.kind, "url": file.url, "fileName": file.name, "mimeType": file.media_type}


def _json(body: bytes) -> Mapping[str, object]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _error_of(said: Mapping[str, object]) -> str:
    error = said.get("error")
    told = error.get("message") if isinstance(error, Mapping) else error
    clean = "".join(char for char in told if char.isprintable()) if isinstance(told, str) else ""
    return clean[:200]
