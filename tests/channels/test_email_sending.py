"""A mail of ours against a real SMTP server: what is on the wire, and what each answer means."""

import email
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default

import pytest
from pytest_django.fixtures import Settings

from inbox.channels.contract import Account, Failure, Outgoing, Receipt, Refusal
from inbox.channels.email.connector import CONNECTOR
from inbox.channels.email.threading import contact_in_token
from tests.channels.mail import ADDRESS, PASSWORD, Smtp, settings_for

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def smtp(settings: Settings) -> Iterator[Smtp]:
    settings.OUTSIDE_ALLOW = ["127.0.0.1"]
    server = Smtp()
    server.start()
    yield server
    server.stop()


def an_outgoing(text: str = "Yes, we do.", **payload: object) -> Outgoing:
    return Outgoing(
        key="key-1",
        external_id="cleo@example.com",
        content_type="email",
        text=text,
        payload=payload,
        files=(),
        contact_id=41,
        created_at=AT,
    )


def account(smtp: Smtp, password: str = PASSWORD, **more: object) -> Account:
    return Account(
        channel_id=3,
        workspace_id=7,
        key="ch",
        name="Shop",
        settings=settings_for(143, smtp.port, **more),
        secrets={"imap_password": password},
    )


def sent(smtp: Smtp) -> EmailMessage:
    content = smtp.sent[-1].content
    assert isinstance(content, bytes)
    return email.message_from_bytes(content, policy=default)


def test_a_mail_is_sent_so_that_every_mailer_threads_it(smtp: Smtp) -> None:
    thread = {
        "inReplyTo": "<in@example.com>",
        "references": ["<first@example.com>", "<second@example.com>"],
        "subject": "A question",
        "cc": ["ana@example.com", ADDRESS],
    }
    outgoing = an_outgoing("Sí — ¿quieres?\n.\n..dots", thread=thread, bcc=["boss@shop.test"])
    result = CONNECTOR.send(outgoing, account(smtp))
    mail = sent(smtp)
    assert isinstance(result, Receipt)
    assert result.message_id == mail["Message-ID"] == CONNECTOR.message_id_for(outgoing, account(smtp))
    assert mail["In-Reply-To"] == "<in@example.com>"
    assert mail["References"] == "<first@example.com> <second@example.com> <in@example.com>"
    assert (mail["Subject"], mail["From"], mail["To"]) == (
        "Re: A question",
        f"The Shop <{ADDRESS}>",
        "cleo@example.com",
    )
    assert (mail["Cc"], mail["Bcc"], mail["Auto-Submitted"]) == ("ana@example.com", None, None)
    assert smtp.sent[-1].rcpt_tos == ["cleo@example.com", "ana@example.com", "boss@shop.test"]
    assert smtp.sent[-1].mail_from == ADDRESS
    token = mail["Reply-To"].partition("+r-")[2].partition("@")[0]
    assert contact_in_token(token, workspace_id=7, channel_id=3) == 41
    parts = [part.get_content_type() for part in mail.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == "Sí — ¿quieres?\n.\n..dots\n"  # type: ignore[union-attr]


def test_a_long_thread_keeps_its_ends_and_whole_ids(smtp: Smtp) -> None:
    ids = [f"<{'x' * 100}{number}@example.com>" for number in range(60)]
    CONNECTOR.send(an_outgoing(thread={"inReplyTo": ids[-1], "references": ids[:-1]}), account(smtp))
    found = sent(smtp)["References"].split()
    assert found == [ids[0], *ids[-19:]]
    assert isinstance(smtp.sent[-1].content, bytes)
    assert max(len(line) for line in smtp.sent[-1].content.split(b"\r\n")) <= 998


def test_a_subject_cannot_write_another_header(smtp: Smtp) -> None:
    CONNECTOR.send(an_outgoing(subject="Hi\r\nBcc: evil@example.com", cc=["a@b.test\r\nBcc: x@y.test"]), account(smtp))
    mail = sent(smtp)
    assert (mail["Subject"], mail["Bcc"], mail["Cc"]) == ("Hi Bcc: evil@example.com", None, None)


def test_an_automatic_mail_says_so(smtp: Smtp) -> None:
    CONNECTOR.send(an_outgoing(auto=True), account(smtp))
    assert (sent(smtp)["Auto-Submitted"], sent(smtp)["X-Auto-Response-Suppress"]) == ("auto-replied", "All")


@pytest.mark.parametrize(
    ("verb", "answer", "failure"),
    [
        ("RCPT", "550 5.1.1 no such user", Failure.UNREACHABLE),
        ("RCPT", "550 5.7.1 not allowed", Failure.PERMANENT),
        ("RCPT", "450 4.2.1 later", Failure.TEMPORARY),
        ("DATA", "554 5.6.0 spam", Failure.PERMANENT),
        ("DATA", "451 4.3.0 later", Failure.TEMPORARY),
    ],
)
def test_each_refusal_has_its_meaning(smtp: Smtp, verb: str, answer: str, failure: Failure) -> None:
    smtp.answers[verb] = answer
    result = CONNECTOR.send(an_outgoing(), account(smtp))
    assert isinstance(result, Refusal)
    assert (result.failure, result.code, result.text) == (failure, answer[:3], answer)


def test_a_refused_log_in_is_for_the_owner(smtp: Smtp) -> None:
    result = CONNECTOR.send(an_outgoing(), account(smtp, password="wrong"))
    assert isinstance(result, Refusal)
    assert result.failure is Failure.REAUTHORISE
    assert not smtp.sent


def test_a_line_cut_after_the_text_leaves_nobody_knowing(smtp: Smtp) -> None:
    smtp.cut = True
    result = CONNECTOR.send(an_outgoing(), account(smtp))
    assert isinstance(result, Refusal)
    assert result.failure is Failure.UNKNOWN


def test_a_server_that_is_away_is_tried_again(smtp: Smtp) -> None:
    away = account(smtp, smtp_port=9)
    result = CONNECTOR.send(an_outgoing(), away)
    assert isinstance(result, Refusal)
    assert result.failure is Failure.TEMPORARY


def test_a_private_host_is_not_reached(smtp: Smtp, settings: Settings) -> None:
    settings.OUTSIDE_ALLOW = []
    result = CONNECTOR.send(an_outgoing(), account(smtp))
    assert isinstance(result, Refusal)
    assert result.failure is Failure.REAUTHORISE
    problems = CONNECTOR.check(account(smtp).settings, account(smtp).secrets)
    assert set(problems) == {"imap_host", "smtp_host"}


def test_a_contact_without_an_address_cannot_be_answered(smtp: Smtp) -> None:
    outgoing = Outgoing(
        **{**{name: getattr(an_outgoing(), name) for name in Outgoing.__slots__}, "external_id": "nobody@invalid"}
    )
    result = CONNECTOR.send(outgoing, account(smtp))
    assert isinstance(result, Refusal)
    assert result.failure is Failure.UNREACHABLE
