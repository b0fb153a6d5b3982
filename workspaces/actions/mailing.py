"""Notifications by mail: claimed, sent outside of any transaction, and written down.

A worker that dies between sending and writing lets the mail go out again with the same Message-ID: a double that mailboxes
know is better than news that never came.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from workspaces import jobs
from workspaces.jobs import Clock, Job
from workspaces.models import Membership, Notification
from workspaces.notices import choosable, kinds
from workspaces.queries import actor_of_member, readable_notifications
from workspaces.scope import workspace_scope

logger = logging.getLogger(__name__)

TEMPLATES = "workspaces/notifications/mail"
NOTIFICATIONS_DUE = "SELECT workspace_id, notification_id FROM notifications_due(%s)"

# How long to wait after each attempt; when none is left, the mail is given up, and the notification still stands in the app.
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
# A mail server may be slow at each of its six questions, and has 15 seconds for each.
SENDING = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed notification with what its mail needs."""

    notification: Notification
    token: UUID
    email: str
    language: str
    workspace_name: str
    time_zone: str


def mail_notification(*, workspace_id: int, notification_id: int, clock: Clock) -> None:
    """Send the mail of one notification, if it is due and no other worker is at it."""
    with workspace_scope(workspace_id):
        letter = _claim(workspace_id, notification_id, at=clock())
    if letter is None:
        return
    jobs.assert_no_open_transaction()
    is_sent = _send(_composed(letter), notification_id=notification_id)
    with workspace_scope(workspace_id):
        _record(letter, is_sent=is_sent, at=clock())


def sweep_mail(*, clock: Clock) -> None:
    """Ring for mail that waits: bells nobody heard, attempts whose pause is over, workers that died."""
    with connection.cursor() as cursor:
        cursor.execute(NOTIFICATIONS_DUE, [clock()])
        due = cursor.fetchall()
    for workspace_id, notification_id in due:
        jobs.ring(Job.MAIL_NOTIFICATION, workspace_id=workspace_id, notification_id=notification_id)


def _claim(workspace_id: int, notification_id: int, *, at: datetime) -> Letter | None:
    """Take the mail for this worker. What its reader may no longer open is never sent."""
    rows = Notification.objects.in_workspace(workspace_id).select_related("user", "workspace")
    due = rows.filter(pk=notification_id, mail_state=Notification.Mail.DUE, mail_due_at__lte=at)
    found = due.select_for_update(of=("self",), skip_locked=True).first()
    if found is None:
        return None
    if not _may_read(found):
        _write(found, mail_state=Notification.Mail.NONE)
        return None
    if found.mail_attempts > len(PAUSES):
        _write(found, mail_state=Notification.Mail.FAILED)
        return None
    token = uuid4()
    _write(found, mail_attempts=found.mail_attempts + 1, mail_due_at=at + SENDING, mail_token=token)
    return Letter(
        notification=found,
        token=token,
        email=found.user.email,
        language=found.user.language or found.workspace.language,
        workspace_name=found.workspace.name,
        time_zone=found.workspace.time_zone,
    )


def _may_read(notification: Notification) -> bool:
    members = Membership.objects.in_workspace(notification.workspace_id)
    if not members.filter(user_id=notification.user_id, user__is_active=True).exists():
        return False
    actor = actor_of_member(user_id=notification.user_id, workspace_id=notification.workspace_id)
    return readable_notifications(actor).filter(pk=notification.pk).exists()


def _composed(letter: Letter) -> EmailMultiAlternatives:
    row = letter.notification
    with translation.override(letter.language), timezone.override(_zone(letter.time_zone)):
        facts = {
            "words": kinds()[row.kind].words(row.facts),
            "reason": kinds()[row.kind].reason,
            "workspace_name": letter.workspace_name,
            "created_at": row.created_at,
            "link": f"{settings.BASE_URL}{_page(row)}",
            "profile": f"{settings.BASE_URL}{reverse('account_profile')}",
            "language": letter.language,
        }
        mail = EmailMultiAlternatives(
            subject=" ".join(render_to_string(f"{TEMPLATES}/notification_subject.txt", facts).split()),
            body=render_to_string(f"{TEMPLATES}/notification.txt", facts),
            to=[letter.email],
            headers={
                "Message-ID": f"<notification-{row.pk}@{urlsplit(settings.BASE_URL).hostname}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        mail.attach_alternative(render_to_string(f"{TEMPLATES}/notification.html", facts), "text/html")
    return mail


def _page(row: Notification) -> str:
    """Return where the mail leads: to the notification, or to its subject where a later one may have taken its place."""
    if row.kind in choosable():
        return reverse(kinds()[row.kind].route, args=[row.workspace_id, row.subject_id])
    return reverse("notification", args=[row.workspace_id, row.pk])


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _send(mail: EmailMultiAlternatives, *, notification_id: int) -> bool:
    try:
        mail.send()
    except OSError as failure:  # every failure of SMTP, of the network and of the folder is one
        # Its words may hold the address, which no log keeps.
        logger.warning("notification not mailed: notification=%s error=%s", notification_id, type(failure).__name__)
        return False
    return True


def _record(letter: Letter, *, is_sent: bool, at: datetime) -> None:
    """Write the outcome, unless another worker holds the mail by now."""
    row = letter.notification
    columns: dict[str, object] = {"mail_token": None}
    if is_sent:
        columns["mail_state"] = Notification.Mail.SENT
    elif row.mail_attempts > len(PAUSES):
        columns["mail_state"] = Notification.Mail.FAILED
    else:
        columns["mail_due_at"] = at + PAUSES[row.mail_attempts - 1]
    held = Notification.objects.in_workspace(row.workspace_id).filter(pk=row.pk, mail_token=letter.token)
    held.update(**columns)


def _write(row: Notification, **columns: object) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))
