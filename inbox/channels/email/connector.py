"""E-mail over any IMAP and SMTP server: mails come by a mailbox that we watch, and go out under an address of the customer."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from inbox.channels.contract import (
    Abilities,
    Account,
    Failure,
    Incoming,
    Outgoing,
    Receipt,
    Refusal,
    SettingField,
    StatusReport,
)
from inbox.channels.email.accounts import account_of
from inbox.channels.email.connecting import ServerNotReached, ServerRefused
from inbox.channels.email.deliveries import read_delivery
from inbox.channels.email.headers import ADDRESS
from inbox.channels.email.mailbox import Mailbox
from inbox.channels.email.reading import NOBODY
from inbox.channels.email.sending import hand_over, message_id_for, try_log_in, written

SECURITY = (("ssl", "TLS"), ("starttls", "STARTTLS"), ("none", _("None, inside your own network only")))
ABILITIES = Abilities(
    statuses=frozenset({"sent"}),
    content_types=frozenset({"text", "attachment", "email"}),
    may_write_first=True,
    text_limit=100_000,
    first_address="email",
    files_per_message=20,
    answers_in_threads=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """The connector of kind `other_email`."""

    kind: str = "other_email"
    title: object = _("E-mail")
    medium: str = "email"
    abilities: Abilities = ABILITIES
    fields: tuple[SettingField, ...] = (
        SettingField(
            name="address",
            label=_("E-mail address"),
            kind="email",
            help=_("What contacts write to, and what answers come from."),
        ),
        SettingField(
            name="from_name",
            label=_("Name beside the address"),
            help=_("The channel's name where this is empty."),
            is_required=False,
        ),
        SettingField(name="imap_host", label=_("IMAP server"), help=_("Such as imap.example.com.")),
        SettingField(name="imap_port", label=_("IMAP port"), kind="number", default=993),
        SettingField(name="imap_security", label=_("IMAP encryption"), kind="choice", choices=SECURITY, default="ssl"),
        SettingField(
            name="imap_user", label=_("User name"), help=_("The address where this is empty."), is_required=False
        ),
        SettingField(name="imap_password", label=_("Password"), kind="password", is_secret=True),
        SettingField(name="imap_folder", label=_("Folder"), is_required=False, default="INBOX"),
        SettingField(
            name="first_days",
            label=_("Days to look back"),
            kind="number",
            help=_("How many days of mail the first connection reads. 0: only what comes from now on."),
            is_required=False,
            default=0,
        ),
        SettingField(name="smtp_host", label=_("SMTP server"), help=_("Such as smtp.example.com.")),
        SettingField(name="smtp_port", label=_("SMTP port"), kind="number", default=587),
        SettingField(
            name="smtp_security", label=_("SMTP encryption"), kind="choice", choices=SECURITY, default="starttls"
        ),
        SettingField(
            name="smtp_user",
            label=_("User name for sending"),
            help=_("The same as for IMAP where this is empty."),
            is_required=False,
        ),
        SettingField(
            name="smtp_password",
            label=_("Password for sending"),
            kind="password",
            help=_("The same as for IMAP where this is empty."),
            is_secret=True,
            is_required=False,
        ),
        SettingField(
            name="answers_by_address",
            label=_("Answers come to an address of their own, such as support+r-k3v@example.com"),
            kind="check",
            help=_(
                "Finds the conversation even where a mail program breaks the thread. Your server must take such addresses."
            ),
            is_required=False,
            default=True,
        ),
        SettingField(
            name="own_addresses",
            label=_("Other addresses of this mailbox"),
            kind="lines",
            help=_("One a line. Answers do not go to them, and mail from them is never answered automatically."),
            is_required=False,
        ),
        SettingField(
            name="form_senders",
            label=_("Senders of your own forms"),
            kind="lines",
            help=_("One address a line. Mail from them counts as written by the person in Reply-To."),
            is_required=False,
        ),
        SettingField(
            name="trusted_server",
            label=_("Server that checks senders"),
            help=_(
                "The name at the beginning of Authentication-Results in your mail. Without it every sender is unverified."
            ),
            is_required=False,
        ),
    )

    def account_name(self, settings: Mapping[str, object]) -> str:
        """Return the address that contacts write to."""
        return str(settings.get("address") or "")

    def read(self, payload: Mapping[str, object], _settings: Mapping[str, object]) -> list[Incoming | StatusReport]:
        """Read a mail or a bounce, as the watcher of the mailbox stored it."""
        return [read_delivery(payload)]

    def message_id_for(self, outgoing: Outgoing, account: Account) -> str:
        """Return the network's id before the message is sent, to be stored first: an answer may be faster than our receipt."""
        return message_id_for(outgoing, account, account_of(account.settings, account.secrets))

    def send(self, outgoing: Outgoing, account: Account) -> Receipt | Refusal:
        """Write the mail and give it to the SMTP server."""
        mailbox = account_of(account.settings, account.secrets)
        if outgoing.external_id == NOBODY or not ADDRESS.fullmatch(outgoing.external_id):
            return Refusal(failure=Failure.UNREACHABLE, code="no_address", text="The contact has no e-mail address.")
        try:
            sendable = written(outgoing, account, mailbox, open_file=_bytes_of)
        except OSError as error:
            return Refusal(failure=Failure.TEMPORARY, code="file", text=type(error).__name__)
        except (ValueError, LookupError, TypeError, AttributeError) as error:  # what the email package cannot write
            return Refusal(failure=Failure.PERMANENT, code="not_writable", text=str(error)[:200])
        return hand_over(sendable, mailbox)

    def check(self, settings: Mapping[str, object], secrets: Mapping[str, str]) -> dict[str, str]:
        """Try both servers, outside any transaction, and return what to mend by field; empty when all is well."""
        mailbox = account_of(settings, secrets)
        problems: dict[str, str] = {}
        try:
            with Mailbox(mailbox, seconds=10):
                pass
        except ServerRefused as error:
            problems[error.field] = _refused_words(error)
        except ServerNotReached:
            problems["imap_host"] = _now("The server cannot be reached. Check its name, port and encryption.")
        try:
            try_log_in(mailbox)
        except ServerRefused as error:
            problems[error.field] = _refused_words(error)
        except OSError:
            problems["smtp_host"] = _now("The server cannot be reached. Check its name, port and encryption.")
        return problems


CONNECTOR = Email()


def _refused_words(error: ServerRefused) -> str:
    if error.field.endswith("_host"):
        return error.text
    words = {
        "imap_folder": _now("The server does not open this folder: %(answer)s"),
        "smtp_security": _now("The server does not offer STARTTLS. Choose another encryption."),
    }
    text = words.get(error.field) or _now("The server refuses user name and password: %(answer)s")
    return text % {"answer": error.text[:150]} if "%(" in text else text


def _bytes_of(key: str) -> bytes:
    with default_storage.open(key, "rb") as file:
        return bytes(file.read())
