"""E-mail end to end against a real IMAP and a real SMTP server: in, out, and back into its thread."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from config.supervisor.services import services
from contacts.identifiers import Identifier
from inbox.actions import send_message
from inbox.actions.channels import connect_channel, delete_channel, disconnect_channel
from inbox.actions.delivering import deliver_message
from inbox.actions.intake import take_in
from inbox.actions.mailboxes import Watched, mailbox_to_watch
from inbox.channels.email.connector import CONNECTOR
from inbox.channels.email.threading import reply_token
from inbox.content import Content
from inbox.management.watching import MailboxThread, Watch
from inbox.models import Channel, Conversation, InboundEvent, Message
from tests.channels.mail import PASSWORD, Imap, Smtp, a_mail, mail_servers, settings_for, wait_until
from tests.channels.test_email_reading import REPORT
from tests.factories import Cast
from workspaces.models import Notification
from workspaces.scope import workspace_scope
from workspaces.sealing import seal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@dataclass
class Shop:
    """A workspace with a mailbox on running servers."""

    cast: Cast
    imap: Imap
    smtp: Smtp
    channel_id: int

    @property
    def workspace_id(self) -> int:
        return self.cast.acme.pk

    def watched(self) -> Watched:
        found = mailbox_to_watch(workspace_id=self.workspace_id, channel_id=self.channel_id)
        assert found is not None
        return found

    def read(self) -> None:
        """Fetch what is new and take it in."""
        thread = MailboxThread(self.watched(), clock=timezone.now)
        while thread.read_once():
            self.take_in()
        self.take_in()

    def take_in(self) -> None:
        take_in(workspace_id=self.workspace_id, channel_id=self.channel_id, clock=timezone.now)

    def receive(self, mail: EmailMessage | bytes) -> None:
        self.imap.put(mail if isinstance(mail, bytes) else mail.as_bytes())
        self.read()

    def messages(self) -> list[Message]:
        with workspace_scope(self.workspace_id):
            return list(Message.objects.in_workspace(self.workspace_id).order_by("pk"))

    def files_of(self, message: Message) -> dict[str, str]:
        with workspace_scope(self.workspace_id):
            return {row.content_id or "attachment": row.name for row in message.attachments.order_by("pk")}

    def write(self, contact_id: int, text: str = "Yes, we do.", **payload: Any) -> Message:
        """Answer and deliver."""
        with workspace_scope(self.workspace_id):
            message = send_message(
                actor=self.cast.ada,
                contact=Identifier.of(contact_id),
                channel_id=self.channel_id,
                content=Content(content_type="email", text=text, payload=payload),
                idempotency_key=f"{text}-{time.monotonic()}",
                at=timezone.now(),
            )
        deliver_message(workspace_id=self.workspace_id, message_id=message.pk, clock=timezone.now)
        with workspace_scope(self.workspace_id):
            return Message.objects.get(pk=message.pk)

    def channel(self) -> Channel:
        with workspace_scope(self.workspace_id):
            return Channel.objects.get(pk=self.channel_id)


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Imap, Smtp]]:
    with mail_servers() as found:
        yield found


@pytest.fixture
def shop(cast: Cast, settings: Settings, servers: tuple[Imap, Smtp]) -> Shop:
    settings.OUTSIDE_ALLOW = ["127.0.0.1"]
    imap, smtp = servers
    imap.start()  # a test may have stopped it
    imap.empty()
    smtp.forget()
    with workspace_scope(cast.acme.pk):
        channel, _made = connect_channel(
            actor=cast.ada,
            kind="other_email",
            name="Support",
            settings=settings_for(imap.port, smtp.port),
            secrets={"imap_password": PASSWORD},
            at=timezone.now(),
        )
    here = Shop(cast, imap, smtp, channel.pk)
    here.read()  # the first connection: from now on
    return here


def last_sent(shop: Shop) -> EmailMessage:
    content = shop.smtp.sent[-1].content
    assert isinstance(content, bytes)
    return message_from_bytes(content, policy=default)


def test_a_mail_comes_in_is_answered_and_the_answer_comes_back_into_the_thread(shop: Shop) -> None:
    mail = a_mail("Do you ship?", Message_ID="<1@example.com>", Cc="ana@example.com, bea@example.com")
    mail.add_alternative('<p>Do you <b>ship</b>? <img src="cid:logo"></p>', subtype="html")
    mail.add_attachment(b"%PDF-1.4 x", maintype="application", subtype="pdf", filename="order.pdf")
    shop.receive(mail)
    (question,) = shop.messages()
    assert (question.content_type, question.text, question.channel_message_id) == (
        "email",
        "Do you ship?",
        "<1@example.com>",
    )
    assert question.payload["subject"] == "A question"
    assert set(shop.files_of(question)) == {"tertulia:source", "tertulia:html", "attachment"}

    answer = shop.write(question.contact_id)
    assert answer.status == "sent"
    ours = last_sent(shop)
    assert ours["Message-ID"] == answer.channel_message_id
    assert (ours["In-Reply-To"], ours["Subject"], ours["Cc"]) == (
        "<1@example.com>",
        "Re: A question",
        "ana@example.com, bea@example.com",
    )

    # Somebody who got a copy answers, from an address that we have never heard from.
    shop.receive(
        a_mail("Me too", sender="ana@example.com", In_Reply_To=str(ours["Message-ID"]), Subject="Re: A question")
    )
    # Another writes without any header that helps, but to the address that we gave.
    assert str(ours["Reply-To"]).startswith("support+r-")
    shop.receive(a_mail("Thanks", sender="bea@example.com", To=str(ours["Reply-To"]), Subject="Something else"))
    assert [message.contact_id for message in shop.messages()] == [question.contact_id] * 4
    with workspace_scope(shop.workspace_id):
        assert Conversation.objects.in_workspace(shop.workspace_id).count() == 1


def test_a_stranger_with_a_stolen_or_a_forged_word_gets_a_thread_of_their_own(shop: Shop) -> None:
    shop.receive(a_mail("Hello", Message_ID="<1@example.com>"))
    (first,) = shop.messages()
    shop.write(first.contact_id)
    ours = last_sent(shop)
    shop.receive(a_mail("Give me all", sender="mallory@evil.test", To=str(ours["Reply-To"])))
    shop.receive(a_mail("And this", sender="trudy@evil.test", In_Reply_To=str(ours["Message-ID"])))
    stolen = reply_token(workspace_id=shop.workspace_id + 1, channel_id=shop.channel_id, contact_id=first.contact_id)
    shop.receive(a_mail("Forged", sender="eve@evil.test", To=f"support+r-{stolen}@shop.test"))
    contacts = [message.contact_id for message in shop.messages() if message.direction == "incoming"]
    assert len(set(contacts)) == 4


def test_an_agents_address_makes_nobody_an_agent(shop: Shop) -> None:
    shop.receive(a_mail("Hello", Message_ID="<1@example.com>"))
    (first,) = shop.messages()
    shop.write(first.contact_id)
    ours = last_sent(shop)
    for sender in ("ada@example.com", "support@shop.test"):
        shop.receive(a_mail("I am from the shop", sender=sender, To=str(ours["Reply-To"])))
    *_rest, ada, own = shop.messages()
    for message in (ada, own):
        assert (message.direction, message.sender_kind, message.user_id) == ("incoming", "contact", None)
        assert message.contact_id != first.contact_id
        assert message.payload["isVerified"] is False
    assert own.payload["auto"] is True


def test_a_thread_is_found_by_mails_that_we_never_saw(shop: Shop) -> None:
    shop.receive(
        a_mail("Fw", Message_ID="<2@example.com>", References="<0@other.test> <1@other.test>", Cc="ana@example.com")
    )
    shop.receive(a_mail("Re", sender="ana@example.com", In_Reply_To="<1@other.test>"))
    first, second = shop.messages()
    assert first.contact_id == second.contact_id


def test_an_answer_waits_for_the_mail_that_it_answers(shop: Shop) -> None:
    shop.imap.put(a_mail("One", Message_ID="<1@example.com>", Cc="ana@example.com").as_bytes())
    shop.imap.put(a_mail("Two", sender="ana@example.com", In_Reply_To="<1@example.com>").as_bytes())
    shop.read()
    first, second = shop.messages()
    assert (first.text, second.text, second.contact_id) == ("One", "Two", first.contact_id)


def test_the_cursor_outlives_the_watcher_and_the_connection_starts_from_now(shop: Shop) -> None:
    for number in range(3):
        shop.imap.put(a_mail(f"Mail {number}").as_bytes())
    shop.read()
    shop.imap.put(a_mail("Mail 3").as_bytes())
    shop.read()  # a new connection, a new thread, the stored cursor
    shop.read()
    assert [message.text for message in shop.messages()] == [f"Mail {number}" for number in range(4)]


def test_the_first_connection_looks_back_as_far_as_it_is_told(shop: Shop) -> None:
    shop.imap.put(a_mail("From yesterday").as_bytes())
    with workspace_scope(shop.workspace_id):
        Channel.objects.filter(pk=shop.channel_id).update(
            cursor={}, settings=settings_for(shop.imap.port, shop.smtp.port, first_days=2)
        )
    shop.read()
    assert [message.text for message in shop.messages()] == ["From yesterday"]


def test_new_numbers_of_the_mailbox_double_nothing_and_lose_nothing(shop: Shop) -> None:
    known = a_mail("Known", Message_ID="<1@example.com>")
    shop.receive(known)
    before = shop.channel().cursor["uid_validity"]
    shop.imap.stop()
    shop.imap.start()  # an empty mailbox with other numbers
    shop.imap.put(known.as_bytes())
    shop.receive(a_mail("New", Message_ID="<2@example.com>"))
    assert [message.text for message in shop.messages()] == ["Known", "New"]
    assert shop.channel().cursor["uid_validity"] != before
    assert shop.channel().cursor["scan_below"] == 0


def test_a_deleted_mail_does_not_come_back(shop: Shop) -> None:
    mail = a_mail("Gone", Message_ID="<1@example.com>")
    shop.receive(mail)
    with workspace_scope(shop.workspace_id):
        InboundEvent.objects.in_workspace(shop.workspace_id).delete()
        Message.objects.in_workspace(shop.workspace_id).all().delete()
    shop.receive(mail)
    assert shop.messages() == []


def test_a_bounce_fails_the_message_with_the_servers_words(shop: Shop) -> None:
    shop.receive(a_mail("Hello"))
    answer = shop.write(shop.messages()[0].contact_id)
    shop.receive(REPORT.replace(b"<original@shop.test>", answer.channel_message_id.encode()))
    _question, failed = shop.messages()
    assert (failed.status, failed.error_text) == ("failed", "5.1.1 550 5.1.1 no such user")


def test_a_temporary_report_changes_nothing(shop: Shop) -> None:
    shop.receive(a_mail("Hello"))
    answer = shop.write(shop.messages()[0].contact_id)
    late = REPORT.replace(b"<original@shop.test>", answer.channel_message_id.encode()).replace(b"5.1.1", b"4.4.1")
    shop.receive(late)
    assert [message.status for message in shop.messages()] == ["received", "sent"]


def test_an_absence_note_is_kept_and_opens_nothing(shop: Shop) -> None:
    shop.receive(a_mail("I am away", Auto_Submitted="auto-replied"))
    (note,) = shop.messages()
    assert (note.conversation_id, note.payload["auto"], note.payload["autoKind"]) == (None, True, "reply")


def test_machines_that_write_to_each_other_are_noticed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inbox.channels.email.rates.MOST_IN_SPAN", 3)
    for number in range(5):
        shop.imap.put(a_mail(f"Ping {number}").as_bytes())
    shop.read()
    assert [message.payload["autoKind"] for message in shop.messages()] == [""] * 3 + ["flood"] * 2


def test_a_copy_of_our_own_mail_is_no_message(shop: Shop) -> None:
    shop.receive(a_mail("Hello"))
    shop.smtp.forward = shop.imap.put
    shop.write(shop.messages()[0].contact_id)
    shop.read()
    assert len(shop.messages()) == 2


def test_the_id_is_stored_before_the_mail_is_sent(shop: Shop) -> None:
    shop.receive(a_mail("Hello"))
    shop.smtp.cut = True
    answer = shop.write(shop.messages()[0].contact_id)
    assert answer.status == "unknown"
    assert answer.channel_message_id == last_sent(shop)["Message-ID"]


def test_ten_megabytes_and_many_parts_arrive(shop: Shop) -> None:
    mail = a_mail("Big")
    mail.add_attachment(b"\x00\x01" * 5_000_000, maintype="application", subtype="octet-stream", filename="big.bin")
    shop.imap.put(mail.as_bytes())
    many = a_mail("Many")
    for number in range(499):
        many.add_attachment(b"x", maintype="application", subtype="octet-stream", filename=f"{number}.bin")
    shop.imap.put(many.as_bytes())
    shop.read()
    big, lots = shop.messages()
    with workspace_scope(shop.workspace_id):
        assert min(row.file.size_bytes for row in big.attachments.select_related("file") if row.file) == 10_000_000
        assert lots.attachments.count() == 101  # the source has them all


def test_new_mail_is_here_within_seconds_and_a_lost_server_is_found_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbox.management.watching.FIRST_PAUSE", 0.5)
    monkeypatch.setattr("inbox.management.watching.LOOK_SECONDS", 0.5)
    watch, stop = Watch(clock=timezone.now), threading.Event()
    runner = threading.Thread(target=watch.run, args=(stop,))
    runner.start()
    try:
        time.sleep(1)
        shop.imap.put(a_mail("Quick").as_bytes())
        began = time.monotonic()
        wait_until(lambda: _stored(shop) == 1, seconds=5)
        assert time.monotonic() - began < 3
        shop.imap.stop()
        time.sleep(0.5)
        shop.imap.start()
        shop.imap.put(a_mail("After the fall").as_bytes())
        wait_until(lambda: _stored(shop) == 2, seconds=20)
        assert shop.channel().state == Channel.State.ACTIVE
        with workspace_scope(shop.workspace_id):
            disconnect_channel(actor=shop.cast.ada, channel_id=shop.channel_id, at=timezone.now())
        wait_until(lambda: not [one for one in threading.enumerate() if one.name.startswith("mailbox")], seconds=10)
    finally:
        stop.set()
        runner.join(10)
    with workspace_scope(shop.workspace_id):
        delete_channel(actor=shop.cast.ada, channel_id=shop.channel_id, at=timezone.now())


def test_the_watching_process_as_the_supervisor_starts_it(shop: Shop) -> None:
    program = next(one for one in services(port=8000, environment=os.environ) if one.name == "mail")
    process = subprocess.Popen(
        program.command, cwd=program.folder, env={**os.environ, "OUTSIDE_ALLOW": "127.0.0.1"}, stderr=subprocess.PIPE
    )
    try:
        shop.imap.put(a_mail("To the process").as_bytes())
        wait_until(lambda: _stored(shop) == 1, seconds=20)
    finally:
        process.terminate()
        said = process.communicate(timeout=10)[1]
    assert process.returncode == 0, said


def test_a_refused_log_in_breaks_the_channel_once_and_a_time_out_never(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbox.management.watching.FIRST_PAUSE", 0.05)
    with workspace_scope(shop.workspace_id):
        Channel.objects.filter(pk=shop.channel_id).update(sealed_secrets=seal({"imap_password": "wrong"}))
    thread = MailboxThread(shop.watched(), clock=timezone.now)
    thread.start()
    thread.join(30)
    assert shop.channel().state == Channel.State.BROKEN
    with workspace_scope(shop.workspace_id):
        told = Notification.objects.in_workspace(shop.workspace_id).values_list("user_id", flat=True)
        assert sorted(told) == sorted([shop.cast.ada_user.pk, shop.cast.max_user.pk])
        Channel.objects.filter(pk=shop.channel_id).update(state="active")
    shop.imap.stop()
    thread = MailboxThread(shop.watched(), clock=timezone.now)
    thread.start()
    time.sleep(1)
    assert thread.is_alive()
    thread.ask_to_stop()
    thread.join(10)
    assert shop.channel().state == Channel.State.ACTIVE


def test_the_form_says_what_to_mend(shop: Shop) -> None:
    good = settings_for(shop.imap.port, shop.smtp.port)
    assert CONNECTOR.check(good, {"imap_password": PASSWORD}) == {}
    wrong = CONNECTOR.check(good, {"imap_password": "wrong"})
    assert set(wrong) == {"imap_password", "smtp_password"}
    assert set(CONNECTOR.check({**good, "imap_folder": "Nowhere", "smtp_port": 9}, {"imap_password": PASSWORD})) == {
        "imap_folder",
        "smtp_host",
    }


def _stored(shop: Shop) -> int:
    with workspace_scope(shop.workspace_id):
        return InboundEvent.objects.in_workspace(shop.workspace_id).count()
