"""Celery's side of the jobs: one statement each."""

from celery import shared_task
from django.utils import timezone

from workspaces.actions import deliver_hooks, sweep_hooks, sweep_mail
from workspaces.actions import end_quiet_presences as end_quiet
from workspaces.actions import mail_notification as mail_one
from workspaces.jobs import Job


@shared_task(name=Job.MAIL_NOTIFICATION.value, ignore_result=True)
def mail_notification(*, workspace_id: int, notification_id: int, **_later_arguments: object) -> None:
    mail_one(workspace_id=workspace_id, notification_id=notification_id, clock=timezone.now)


@shared_task(name=Job.DELIVER_HOOK.value, ignore_result=True)
def deliver_hook(*, workspace_id: int, endpoint_id: int, **_later_arguments: object) -> None:
    deliver_hooks(workspace_id=workspace_id, endpoint_id=endpoint_id, clock=timezone.now)


@shared_task(name="workspaces.sweep_hooks", ignore_result=True)
def sweep_waiting_hooks(**_later_arguments: object) -> None:
    sweep_hooks(clock=timezone.now)


@shared_task(name="workspaces.sweep", ignore_result=True)
def sweep(**_later_arguments: object) -> None:
    sweep_mail(clock=timezone.now)


@shared_task(name="workspaces.end_quiet_presences", ignore_result=True)
def end_quiet_presences(**_later_arguments: object) -> None:
    end_quiet(clock=timezone.now)
