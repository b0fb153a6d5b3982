"""Mails as they come: every charset, every size, and whatever somebody does to them."""

import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from inbox.channels.email.quotes import folded
from inbox.channels.email.reading import MOST_PARTS, Mail, read_mail
from tests.channels.mail import a_mail, an_account

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ACCOUNT = an_account()


def read(raw: bytes | EmailMessage, **account: object) -> Mail:
    data = raw if isinstance(raw, bytes) else raw.as_bytes()
    return read_mail(data, an_account(**account) if account else ACCOUNT, received_at=NOW)


def test_a_mail_is_read() -> None:
    mail = a_mail("Hola, ¿qué tal?", Message_ID="<1@x.test>", References="<a@x.test> <b@x.test>", Cc="Ana <ANA@x.test>")
    found = read(mail)
    assert (found.key, found.subject, found.text.strip()) == ("<1@x.test>", "A question", "Hola, ¿qué tal?")
    assert (found.sender.email, found.sender.name) == ("cleo@example.com", "Cleo Vidal")
    assert found.references == ("<a@x.test>", "<b@x.test>")
    assert [one.email for one in found.cc] == ["ana@x.test"]
    assert (found.auto, found.is_verified, found.bounce, found.problem) == ("", False, None, "")


@pytest.mark.parametrize(
    ("raw", "subject", "text"),
    [
        (b"Subject: =?utf-8?B?Q2Fmw6k=?= =?utf-8?Q?_ol=C3=A9?=\n\nx", "Café olé", "x"),
        (b"Subject: =?utf-8?B?4oI=?= =?utf-8?B?rA==?=\n\nx", "€", "x"),  # a character cut in two words
        (b"Subject: =?nonsense?Q?caf=E9?=\n\nx", "café", "x"),
        (b"Subject: caf\xe9\n\nx", "café", "x"),
        (b"Subject: caf\xc3\xa9\n\nx", "café", "x"),
        (b"Content-Type: text/plain; charset=unknown-8bit\nSubject: s\n\ncaf\xe9", "s", "café"),
        (b"Content-Type: text/plain; charset=us-ascii\nSubject: s\n\ncaf\xc3\xa9", "s", "café"),
        (b"Content-Type: text/plain; charset=punycode\nSubject: s\n\nabc", "s", "abc"),
        (b"Content-Type: text/plain; charset=gb2312\nSubject: s\n\n\xc4\xe3\xba\xc3", "s", "你好"),
        (b"Subject: a\x00b\n\nx\x00y\x0bz", "ab", "xyz"),
        (b"Content-Transfer-Encoding: base64\nSubject: s\n\nY2Fm", "s", "caf"),
        (b"Content-Transfer-Encoding: base64\nSubject: s\n\n!!", "s", ""),
        (b"", "", ""),
        (b"no headers at all", "", "no headers at all"),
    ],
)
def test_every_charset_becomes_text(raw: bytes, subject: str, text: str) -> None:
    found = read(raw)
    assert found.subject == subject
    assert found.text.strip() == text


def test_a_mail_without_an_id_or_a_sender_has_a_key_of_its_own() -> None:
    one, other = read(b"Subject: a\n\nx"), read(b"Subject: b\n\nx")
    assert one.key.startswith("sha256:")
    assert one.key == read(b"Subject: a\n\nx").key != other.key
    assert one.sender.email == "nobody@invalid"


def test_a_header_that_would_begin_another_one_is_one_line() -> None:
    found = read(b"Subject: =?utf-8?Q?Hi=0D=0ABcc:_evil@x.test?=\nFrom: a@x.test\n\nx")
    assert found.subject == "Hi Bcc: evil@x.test"


def test_text_comes_first_and_html_is_kept() -> None:
    mail = a_mail("plain words")
    mail.add_alternative("<p>rich <b>words</b></p>", subtype="html")
    found = read(mail)
    assert (found.text.strip(), found.html.strip()) == ("plain words", "<p>rich <b>words</b></p>")


def test_a_mail_of_html_alone_is_read_as_text() -> None:
    mail = EmailMessage()
    mail["From"] = "cleo@example.com"
    mail.set_content(
        "<style>p{}</style><p>One</p><p>Two &amp; three<br>four</p><blockquote>old</blockquote>", subtype="html"
    )
    assert read(mail).text == "One\n\nTwo & three\nfour\n\n> old"


def test_files_and_pictures_are_found() -> None:
    mail = a_mail()
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="Factura ñ.pdf")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="../../logo.png", cid="<logo@x>")
    inner = a_mail("inside", Subject="Old one")
    mail.add_attachment(inner)
    found = read(mail)
    assert [(file.name, file.content_id) for file in found.files] == [
        ("Factura ñ.pdf", ""),
        (".._.._logo.png", "logo@x"),
        ("Old one.eml", ""),
    ]
    assert b"inside" in found.files[2].data


def test_a_mail_of_many_parts_is_read_up_to_a_limit() -> None:
    lines = [b"From: a@x.test", b'Content-Type: multipart/mixed; boundary="B"', b""]
    for number in range(MOST_PARTS + 200):
        lines += [b"--B", b"Content-Disposition: attachment; filename=%d.txt" % number, b"", b"x"]
    began = time.thread_time()
    found = read(b"\r\n".join([*lines, b"--B--"]))
    assert (len(found.files), found.problem) == (MOST_PARTS, "parts")
    assert time.thread_time() - began < 2


def test_ten_megabytes_are_read_in_time() -> None:
    mail = a_mail()
    mail.add_attachment(b"\x00\x01" * 5_000_000, maintype="application", subtype="octet-stream", filename="big.bin")
    raw = mail.as_bytes()
    began = time.thread_time()
    assert len(read(raw).files[0].data) == 10_000_000
    assert time.thread_time() - began < 3


def test_parts_inside_parts_without_end_are_not_followed() -> None:
    raw = b"From: a@x.test\nSubject: deep\n"
    for number in range(3000):
        raw += b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number)
    began = time.thread_time()
    found = read(raw + b"\nwords")
    assert (found.subject, found.problem, found.sender.email) == ("deep", "structure", "a@x.test")
    assert time.thread_time() - began < 2


def test_mails_inside_mails_without_end_are_not_followed() -> None:
    raw = b"From: a@x.test\nContent-Type: message/rfc822\n\n" * 2000 + b"words"
    found = read(raw)
    assert found.sender.email == "a@x.test"


def test_a_believable_date_is_taken_and_another_is_not() -> None:
    good, future = NOW - timedelta(hours=3), NOW + timedelta(days=400)
    assert read(f"Date: {good:%a, %d %b %Y %H:%M:%S} +0000\n\nx".encode()).sent_at == good
    assert read(f"Date: {future:%a, %d %b %Y %H:%M:%S} +0000\n\nx".encode()).sent_at == NOW
    assert read(b"Date: yesterday, I think\n\nx").sent_at == NOW


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, ""),
        ({"Auto-Submitted": "no"}, ""),
        ({"Auto-Submitted": "auto-replied"}, "reply"),
        ({"Auto-Submitted": "auto-generated (order)"}, "machine"),
        ({"X-Auto-Response-Suppress": "DR, OOF"}, "machine"),
        ({"X-Auto-Response-Suppress": "None"}, ""),
        ({"X-Autoreply": "yes"}, "reply"),
        ({"Precedence": "bulk"}, "bulk"),
        ({"List-Unsubscribe": "<https://x.test>"}, "bulk"),
        ({"Return-Path": "<>"}, "reply"),
        ({"Return-Path": "<cleo@example.com>"}, ""),
    ],
)
def test_machines_are_told_from_people(headers: dict[str, str], kind: str) -> None:
    assert read(a_mail(**headers)).auto == kind


def test_mail_from_ourselves_is_told() -> None:
    assert read(a_mail(sender="SUPPORT@shop.test")).auto == "own"


@pytest.mark.parametrize(
    ("results", "is_verified"),
    [
        ("mx.shop.test; spf=pass; dmarc=pass (p=none) header.from=example.com", True),
        ("mx.shop.test; dmarc=pass header.from=evil.test", False),
        ("mx.shop.test; dmarc=fail header.from=example.com", False),
        ("mx.evil.test; dmarc=pass header.from=example.com", False),
        ("mx.shop.test; spf=pass (dmarc=pass header.from=example.com)", False),
        ("", False),
    ],
)
def test_a_sender_is_verified_by_a_server_that_is_trusted(results: str, *, is_verified: bool) -> None:
    mail = a_mail(Authentication_Results=results) if results else a_mail()
    assert read(mail, trusted_server="MX.shop.test").is_verified is is_verified
    assert read(mail).is_verified is False


def test_a_verdict_below_another_is_the_senders_own() -> None:
    raw = (
        b"Authentication-Results: mx.shop.test; dmarc=fail header.from=example.com\n"
        b"Authentication-Results: mx.shop.test; dmarc=pass header.from=example.com\n"
    ) + a_mail().as_bytes()
    assert read(raw, trusted_server="mx.shop.test").is_verified is False


def test_a_form_of_ones_own_site_is_written_by_whoever_filled_it_in() -> None:
    mail = a_mail(sender="forms@shop.test", Reply_To="Dora <dora@example.com>")
    assert read(mail).sender.email == "forms@shop.test"
    assert read(mail, form_senders="forms@shop.test").sender.email == "dora@example.com"


REPORT = b"""From: MAILER-DAEMON@mx.test
To: support@shop.test
Message-ID: <report@mx.test>
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

It did not arrive.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test

Final-Recipient: rfc822; Gone@example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--B
Content-Type: text/rfc822-headers

Subject: Re: A question
Message-ID: <original@shop.test>
--B--
"""


def test_a_bounce_names_the_mail_and_the_reason() -> None:
    bounce = read(REPORT).bounce
    assert bounce is not None
    assert (bounce.original_id, bounce.recipient, bounce.is_final) == ("<original@shop.test>", "gone@example.com", True)
    assert bounce.detail == "5.1.1 550 5.1.1 no such user"
    whole = REPORT.replace(b"text/rfc822-headers", b"message/rfc822")
    assert read(whole).bounce == bounce
    later = read(REPORT.replace(b"5.1.1", b"4.4.1")).bounce
    assert later is not None
    assert not later.is_final


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Yes.\n\nOn Mon, 2 Mar 2026 at 10:00, Shop <a@b.c> wrote:\n> Do you?\n> Really?", "Yes."),
        ("Sí.\n\nEl lun, 2 mar 2026 a las 10:00, Shop\n<a@b.c> escribió:\n\n> ¿Quieres?", "Sí."),
        ("Yes.\n\n-----Original Message-----\nFrom: a\nquoted without marks", "Yes."),
        ("Yes.\n\n________________________________\nFrom: a <a@b.c>\nSent: Monday\nTo: me\nSubject: x\n\nold", "Yes."),
        ("Yes.\n-- \nCleo Vidal\nShop assistant", "Yes."),
        ("> Do you?\nYes, both.\n> Really?\nReally.", "> Do you?\nYes, both.\n> Really?\nReally."),
        ("On Monday he wrote:\nnothing is quoted here", "On Monday he wrote:\nnothing is quoted here"),
        ("> all of it", "> all of it"),
        ("From: the beginning it was clear", "From: the beginning it was clear"),
    ],
)
def test_quotes_and_signatures_are_folded(text: str, shown: str) -> None:
    written, rest = folded(text)
    assert written == shown
    assert (rest == "") is (shown == text)
