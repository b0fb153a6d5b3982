"""Mail of notifications: its words, its attempts, and that no two workers send the same one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from pytest_django.fixtures import Settings

from tests.factories import NOON, Cast
from tests.language.reading import ENGLISH, SPANISH, foreign_in
from tests.workspaces.news import told
from workspaces import jobs
from workspaces.actions import change_member, mail_notification, remove_member, sweep_mail
from workspaces.actions.mailing import PAUSES, SENDING
from workspaces.actors import Actor
from workspaces.jobs import OpenTransaction
from workspaces.models import Membership, Notification, User, Workspace
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)

Mail = Notification.Mail


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Gather the bells that ring."""
    rung: list[int] = []
    monkeypatch.setattr(jobs, "ring", lambda job, *, workspace_id, notification_id, **_: rung.append(notification_id))
    return rung


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def due(to: Actor, **facts: Any) -> Notification:
    row = told(to, by_mail=True, **facts)
    assert row is not None
    return row


def sent(row: Notification, *, when: datetime = NOON) -> Notification:
    mail_notification(workspace_id=row.workspace_id, notification_id=row.pk, clock=at(when))
    return now(row)


def now(row: Notification) -> Notification:
    with workspace_scope(row.workspace_id):
        return Notification.objects.in_workspace(row.workspace_id).get(pk=row.pk)


def html_of(message: Any) -> str:
    [(content, kind)] = message.alternatives
    assert kind == "text/html"
    return str(content)


def test_the_mail_says_what_became_of_the_import_and_links_to_our_page(cast: Cast, bells: list[int]) -> None:
    row = due(cast.ada)
    assert bells == [row.pk]
    assert sent(row).mail_state == Mail.SENT
    [message] = mail.outbox
    link = f"http://127.0.0.1/w/{cast.acme.pk}/notifications/{row.pk}"
    assert (message.subject, message.to) == ("people.csv is imported · Acme", ["ada@example.com"])
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    for text in (str(message.body), html_of(message)):
        for words in ("people.csv is imported", "17,124", "4,218", "406", link, "http://127.0.0.1/account/profile"):
            assert words in text
        assert "ws/" not in text  # never a stored file
        assert foreign_in(text, SPANISH) == []


@pytest.mark.parametrize("kind", ["imports.completed", "imports.failed", "imports.expired"])
def test_it_is_written_in_the_readers_language_or_else_the_workspaces(cast: Cast, kind: str) -> None:
    User.objects.filter(pk=cast.ada_user.pk).update(language="es")
    sent(due(cast.ada, kind=kind))
    with workspace_scope(cast.acme.pk):
        Workspace.objects.filter(pk=cast.acme.pk).update(language="es")
    sent(due(cast.max, kind=kind))
    User.objects.filter(pk=cast.ben_user.pk).update(language="en")
    with workspace_scope(cast.acme.pk):
        Membership.objects.filter(user=cast.ben_user).update(role="manager")
    sent(due(cast.ben, kind=kind))
    spanish, of_workspace, english = mail.outbox
    for message in (spanish, of_workspace):
        for text in (str(message.subject), str(message.body), html_of(message)):
            assert foreign_in(text, ENGLISH) == []
    for text in (str(english.subject), str(english.body), html_of(english)):
        assert foreign_in(text, SPANISH) == []


def test_a_file_name_is_text_wherever_it_stands(cast: Cast) -> None:
    sent(due(cast.ada, file_name="<b>Ada & Max</b>.csv"))
    [message] = mail.outbox
    assert "&lt;b&gt;Ada &amp; Max&lt;/b&gt;.csv" in html_of(message)
    assert "<b>Ada & Max</b>.csv is imported" in str(message.body)


def test_it_reaches_the_folder_that_stands_for_a_mail_server(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    row = due(cast.ada)
    assert sent(row).mail_state == Mail.SENT
    [file] = tmp_path.iterdir()
    text = file.read_text(encoding="utf-8")
    for words in ("multipart/alternative", "text/plain", "text/html", f"<notification-{row.pk}@127.0.0.1>"):
        assert words in text


def test_two_workers_send_it_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = due(cast.ada)
    really_send = EmailMultiAlternatives.send

    def send_while_another_comes(message: EmailMultiAlternatives, **options: Any) -> int:
        monkeypatch.setattr(EmailMultiAlternatives, "send", really_send)
        sent(row)
        return really_send(message, **options)

    monkeypatch.setattr(EmailMultiAlternatives, "send", send_while_another_comes)
    sent(row)
    sent(row)
    assert len(mail.outbox) == 1
    assert now(row).mail_attempts == 1


def test_it_is_tried_again_after_each_pause_and_then_given_up(
    cast: Cast, bells: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EmailMultiAlternatives, "send", _fails)
    row = due(cast.ada)
    when = NOON
    for number, pause in enumerate(PAUSES, start=1):
        row = sent(row, when=when)
        assert (row.mail_state, row.mail_attempts, row.mail_due_at) == (Mail.DUE, number, when + pause)
        bells.clear()
        sent(row, when=when + pause - timedelta(seconds=1))
        sweep_mail(clock=at(when + pause - timedelta(seconds=1)))
        assert bells == []
        when += pause
        sweep_mail(clock=at(when))
        assert bells == [row.pk]
    row = sent(row, when=when)
    assert (row.mail_state, row.mail_attempts) == (Mail.FAILED, 1 + len(PAUSES))
    bells.clear()
    sweep_mail(clock=at(when + timedelta(days=1)))
    assert (bells, row.archived_at) == ([], None)


def _fails(_message: EmailMultiAlternatives, **_options: Any) -> int:
    raise SMTPServerDisconnected


def test_the_mail_of_a_worker_that_died_is_sent_by_another(
    cast: Cast, bells: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = due(cast.ada)
    with monkeypatch.context() as dying:
        dying.setattr(EmailMultiAlternatives, "send", _dies)
        with pytest.raises(SystemExit):
            sent(row)
    bells.clear()
    assert sent(row, when=NOON + SENDING - timedelta(seconds=1)).mail_state == Mail.DUE
    sweep_mail(clock=at(NOON + SENDING))
    assert bells == [row.pk]
    row = sent(row, when=NOON + SENDING)
    assert (row.mail_state, row.mail_attempts, len(mail.outbox)) == (Mail.SENT, 2, 1)


def _dies(_message: EmailMultiAlternatives, **_options: Any) -> int:
    raise SystemExit


def test_whoever_may_no_longer_read_it_gets_no_mail(cast: Cast, bells: list[int]) -> None:
    demoted, removed = due(cast.max), due(cast.ben)
    with workspace_scope(cast.acme.pk):
        change_member(actor=cast.ada, user_id=cast.max_user.pk, role="agent", restrictions=[], team_id=None, at=NOON)
        remove_member(actor=cast.ada, user_id=cast.ben_user.pk, at=NOON)
    assert sent(demoted).mail_state == Mail.NONE
    mail_notification(workspace_id=cast.acme.pk, notification_id=removed.pk, clock=at(NOON))
    left = due(cast.ada)
    User.objects.filter(pk=cast.ada_user.pk).update(is_active=False)
    assert sent(left).mail_state == Mail.NONE
    assert mail.outbox == []


def test_no_mail_leaves_while_a_transaction_is_open(cast: Cast) -> None:
    row = due(cast.ada)
    with pytest.raises((OpenTransaction, RuntimeError)), workspace_scope(cast.acme.pk):
        mail_notification(workspace_id=cast.acme.pk, notification_id=row.pk, clock=at(NOON))
    assert mail.outbox == []


def test_without_the_wish_for_mail_none_is_due(cast: Cast, bells: list[int]) -> None:
    row = told(cast.ada)
    assert row is not None
    assert sent(row).mail_state == Mail.NONE
    sweep_mail(clock=at(NOON + timedelta(days=1)))
    assert (bells, mail.outbox) == ([], [])
