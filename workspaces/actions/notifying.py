"""Notifications: made in the transaction of what they speak of, then seen and put away by the one member they are for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from workspaces import jobs
from workspaces.access import notification_for_update
from workspaces.actors import Actor
from workspaces.jobs import Job
from workspaces.models import Membership, Notification
from workspaces.notices import kinds_for


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
    mine = Notification.objects.in_workspace(actor.workspace_id).filter(user_id=actor.user_id or 0)
    shown = mine.filter(pk__lte=up_to, archived_at=None, kind__in=kinds_for(actor))
    unseen = shown.filter(seen_at=None)
    unseen.update(seen_at=at)
    return shown.update(archived_at=at)
