"""Notifications: made in the transaction of what they speak of, then seen and put away by the one member they are for."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from workspaces import jobs
from workspaces.access import notification_for_update
from workspaces.actors import Actor
from workspaces.jobs import Job
from workspaces.models import Membership, Notification
from workspaces.queries import readable_notifications

# One statement for one person and for all members. Told again, news takes the place of what was said before and a new id, so that
# it stands first in lists, and whoever puts away what they saw does not put away what they did not. Who wants none gets no row;
# who wants mail alone gets one that is put away already.
TELL_ALL = """
INSERT INTO workspaces_notification AS had (workspace_id, user_id, kind, subject_kind, subject_id, facts, created_at,
                                            archived_at, mail_state, mail_attempts, mail_due_at)
SELECT %(workspace_id)s, given.user_id, given.kind, given.subject_kind, given.subject_id, given.facts, %(at)s,
       CASE WHEN NOT wish.centre THEN %(at)s::timestamptz END,
       CASE WHEN wish.mail THEN 'due' ELSE 'none' END, 0, CASE WHEN wish.mail THEN %(at)s::timestamptz END
  FROM jsonb_to_recordset(%(news)s::jsonb)
       AS given (user_id bigint, kind text, subject_kind text, subject_id bigint, facts jsonb)
  JOIN workspaces_membership m ON m.workspace_id = %(workspace_id)s AND m.user_id = given.user_id
  JOIN workspaces_user u ON u.id = m.user_id AND u.is_active
 CROSS JOIN LATERAL (
       SELECT coalesce((u.notification_choices #>> ARRAY[given.kind, 'centre'])::boolean, true) AS centre,
              coalesce((u.notification_choices #>> ARRAY[given.kind, 'mail'])::boolean, false) AS mail
       ) AS wish
 WHERE (wish.centre OR wish.mail)
   AND NOT EXISTS (SELECT FROM workspaces_notification n
                    WHERE n.workspace_id = %(workspace_id)s AND n.user_id = given.user_id AND n.kind = given.kind
                      AND n.subject_kind = given.subject_kind AND n.subject_id = given.subject_id
                      AND n.seen_at IS NULL AND n.created_at > %(quiet_since)s)
 ORDER BY given.user_id, given.kind, given.subject_id
    ON CONFLICT (workspace_id, user_id, kind, subject_kind, subject_id) DO UPDATE
   SET id = excluded.id, facts = excluded.facts, created_at = excluded.created_at, seen_at = NULL,
       archived_at = excluded.archived_at, mail_state = excluded.mail_state, mail_attempts = 0,
       mail_due_at = excluded.mail_due_at, mail_token = NULL
RETURNING had.id, had.mail_state
"""


@dataclass(frozen=True, slots=True)
class News:
    """What is told: its kind, what it is about, and the facts that become words when somebody reads it."""

    kind: str
    subject_kind: str
    subject_id: int
    facts: dict[str, Any]


@transaction.atomic
def notify(*, actor: Actor, user_id: int, news: News, by_mail: bool, at: datetime) -> Notification | None:
    """Tell a member something, once however often it is said; None when they are no member any more."""
    if not Membership.objects.in_workspace(actor.workspace_id).filter(user_id=user_id).exists():
        return None
    notification, is_new = Notification.objects.get_or_create(
        workspace_id=actor.workspace_id,
        user_id=user_id,
        kind=news.kind,
        subject_kind=news.subject_kind,
        subject_id=news.subject_id,
        defaults={
            "facts": news.facts,
            "created_at": at,
            "mail_state": Notification.Mail.DUE if by_mail else Notification.Mail.NONE,
            "mail_due_at": at if by_mail else None,
        },
    )
    if is_new and by_mail:
        jobs.wake(Job.MAIL_NOTIFICATION, workspace_id=actor.workspace_id, notification_id=notification.pk)
    return notification


@transaction.atomic
def notify_all(*, actor: Actor, told: Sequence[tuple[int, News]], quiet: timedelta = timedelta(0), at: datetime) -> int:
    """Tell members things, each by id and as they chose to be told, in one statement; return how many were told.

    quiet: one that nobody has seen yet says it for so long; nothing is written again meanwhile.
    """
    if not told:
        return 0
    news = [{"user_id": user_id, **asdict(one)} for user_id, one in told]
    with connection.cursor() as cursor:
        cursor.execute(
            TELL_ALL,
            {"workspace_id": actor.workspace_id, "news": json.dumps(news), "quiet_since": at - quiet, "at": at},
        )
        rows = cursor.fetchall()
    for notification_id, mail_state in rows:
        if mail_state == Notification.Mail.DUE:
            jobs.wake(Job.MAIL_NOTIFICATION, workspace_id=actor.workspace_id, notification_id=notification_id)
    return len(rows)


@transaction.atomic
def mark_subjects_seen(
    *, actor: Actor, kinds: Iterable[str], subject_kind: str, subject_ids: Iterable[int], at: datetime
) -> None:
    """Remember that the member opened what notifications speak of."""
    mine = Notification.objects.in_workspace(actor.workspace_id).filter(user_id=actor.user_id or 0, seen_at=None)
    mine.filter(kind__in=list(kinds), subject_kind=subject_kind, subject_id__in=list(subject_ids)).update(seen_at=at)


@transaction.atomic
def mark_seen(*, actor: Actor, notification_ids: Iterable[int], at: datetime) -> None:
    """Remember that the member had notifications on the screen; those of others are left alone."""
    mine = Notification.objects.in_workspace(actor.workspace_id).filter(user_id=actor.user_id or 0, seen_at=None)
    mine.filter(pk__in=list(notification_ids)).update(seen_at=at)


@transaction.atomic
def archive_notification(*, actor: Actor, notification_id: int, at: datetime) -> Notification:
    """Put one notification away; one that is away already stays so."""
    found = notification_for_update(actor, notification_id)
    if found.archived_at is None:
        found.archived_at = at
        found.seen_at = found.seen_at or at
        found.save(update_fields=["archived_at", "seen_at"])
    return found


@transaction.atomic
def unarchive_notification(*, actor: Actor, notification_id: int, at: datetime) -> Notification:
    """Bring one notification back among the new ones."""
    del at  # nobody asks when; every action takes the moment, so that a log can be added without a caller's change
    found = notification_for_update(actor, notification_id)
    found.archived_at = None
    found.save(update_fields=["archived_at"])
    return found


@transaction.atomic
def archive_all(*, actor: Actor, up_to: int, at: datetime) -> int:
    """Put away what is new, up to the newest that the member saw: what came meanwhile stays. Return how many."""
    shown = readable_notifications(actor).filter(pk__lte=up_to, archived_at=None)
    unseen = shown.filter(seen_at=None)
    unseen.update(seen_at=at)
    return shown.update(archived_at=at)
