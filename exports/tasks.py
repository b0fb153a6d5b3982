"""Celery's side of the jobs: one statement each."""

from celery import shared_task
from django.utils import timezone

from exports import actions
from workspaces.jobs import Job


@shared_task(name=Job.RUN_EXPORT.value, ignore_result=True)
def run_export(*, workspace_id: int, export_id: int, **_later_arguments: object) -> None:
    actions.run_export(workspace_id=workspace_id, export_id=export_id, clock=timezone.now)


@shared_task(name=Job.SEND_EXPORT.value, ignore_result=True)
def send_export(*, workspace_id: int, export_id: int, **_later_arguments: object) -> None:
    actions.send_export(workspace_id=workspace_id, export_id=export_id, clock=timezone.now)


@shared_task(name="exports.run_schedules", ignore_result=True)
def run_schedules(**_later_arguments: object) -> None:
    actions.run_schedules(clock=timezone.now)


@shared_task(name="exports.delete_stray_files", ignore_result=True)
def delete_stray_files(**_later_arguments: object) -> None:
    actions.delete_stray_exports(clock=timezone.now)


@shared_task(name="exports.sweep", ignore_result=True)
def sweep(**_later_arguments: object) -> None:
    actions.sweep_exports(clock=timezone.now)
