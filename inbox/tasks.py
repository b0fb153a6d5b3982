"""Celery's side of the jobs: one statement each."""

from celery import shared_task
from django.utils import timezone

from inbox import actions
from workspaces.jobs import Job


@shared_task(name=Job.TAKE_IN.value, ignore_result=True)
def take_in(*, workspace_id: int, channel_id: int, **_later_arguments: object) -> None:
    actions.take_in(workspace_id=workspace_id, channel_id=channel_id, clock=timezone.now)


@shared_task(name=Job.DELIVER_MESSAGE.value, ignore_result=True)
def deliver_message(*, workspace_id: int, message_id: int, **_later_arguments: object) -> None:
    actions.deliver_message(workspace_id=workspace_id, message_id=message_id, clock=timezone.now)


@shared_task(name=Job.FETCH_ATTACHMENT.value, ignore_result=True)
def fetch_attachment(*, workspace_id: int, attachment_id: int, **_later_arguments: object) -> None:
    actions.fetch_attachment(workspace_id=workspace_id, attachment_id=attachment_id, clock=timezone.now)


@shared_task(name="inbox.sweep_deliveries", ignore_result=True)
def sweep_deliveries(**_later_arguments: object) -> None:
    actions.sweep_deliveries(clock=timezone.now)


@shared_task(name="inbox.end_snoozes", ignore_result=True)
def end_snoozes(**_later_arguments: object) -> None:
    actions.end_snoozes(clock=timezone.now)


@shared_task(name="inbox.end_unseen_locks", ignore_result=True)
def end_unseen_locks(**_later_arguments: object) -> None:
    actions.end_unseen_locks(clock=timezone.now)


@shared_task(name="inbox.delete_stray_files", ignore_result=True)
def delete_stray_files(**_later_arguments: object) -> None:
    actions.delete_stray_files(clock=timezone.now)


@shared_task(name="inbox.end_silent_runs", ignore_result=True)
def end_silent_runs(**_later_arguments: object) -> None:
    actions.end_silent_runs(clock=timezone.now)


@shared_task(name="inbox.resolve_quiet", ignore_result=True)
def resolve_quiet(**_later_arguments: object) -> None:
    actions.resolve_quiet_conversations(clock=timezone.now)
