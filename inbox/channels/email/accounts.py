"""A mailbox as its owner set it up: two servers, its addresses, and what may be believed."""

from collections.abc import Mapping
from dataclasses import dataclass

IMAP_PORTS = frozenset({143, 993})
SMTP_PORTS = frozenset({25, 465, 587, 2525})
MOST_FIRST_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where and how to log in. `security` is ssl, starttls or none."""

    host: str
    port: int
    security: str
    user: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAccount:
    """Everything that a mailbox's settings say, typed; addresses are in small letters."""

    address: str
    from_name: str
    own_addresses: frozenset[str]  # the mailbox itself and its aliases
    form_senders: frozenset[str]  # forms on the customer's site: the writer stands in Reply-To
    trusted_server: str  # whose Authentication-Results are believed
    folder: str
    first_days: int  # how far back the first connection reads; 0 is from now on
    answers_by_address: bool  # Reply-To names the conversation
    imap: MailServer
    smtp: MailServer

    @property
    def domain(self) -> str:
        """Return what Message-IDs end with."""
        return self.address.rpartition("@")[2] or "localhost"


def account_of(settings: Mapping[str, object], secrets: Mapping[str, str]) -> MailAccount:
    """Read a channel's settings and secrets; what is missing reads as empty, and the servers will say so."""
    address = _text(settings, "address").lower()
    imap_user = _text(settings, "imap_user") or address
    imap_password = secrets.get("imap_password", "")
    return MailAccount(
        address=address,
        from_name=_text(settings, "from_name"),
        own_addresses=frozenset({address, *lines(settings.get("own_addresses"))}),
        form_senders=frozenset(lines(settings.get("form_senders"))),
        trusted_server=_text(settings, "trusted_server").lower(),
        folder=_text(settings, "imap_folder") or "INBOX",
        first_days=min(max(_number(settings, "first_days", 0), 0), MOST_FIRST_DAYS),
        answers_by_address=settings.get("answers_by_address", True) is not False,
        imap=MailServer(
            host=_text(settings, "imap_host"),
            port=_number(settings, "imap_port", 993),
            security=_text(settings, "imap_security") or "ssl",
            user=imap_user,
            password=imap_password,
        ),
        smtp=MailServer(
            host=_text(settings, "smtp_host"),
            port=_number(settings, "smtp_port", 587),
            security=_text(settings, "smtp_security") or "starttls",
            user=_text(settings, "smtp_user") or imap_user,
            password=secrets.get("smtp_password") or imap_password,
        ),
    )


def lines(value: object) -> list[str]:
    """Return the lines of a setting, in small letters and without empty ones."""
    found = value.splitlines() if isinstance(value, str) else value if isinstance(value, list | tuple) else []
    return [line.strip().lower() for line in found if isinstance(line, str) and line.strip()]


def _text(settings: Mapping[str, object], name: str) -> str:
    value = settings.get(name)
    return value.strip() if isinstance(value, str) else ""


def _number(settings: Mapping[str, object], name: str, default: int) -> int:
    value = settings.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() else default
