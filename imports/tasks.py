"""Celery's side of the jobs: one statement each."""

from celery import shared_task
from django.utils import timezone

from imports import actions
from workspaces.jobs import Job


@shared_task(name=Job.VALIDATE_IMPORT.value, ignore_result=True)
def validate_import(*, workspace_id: int, import_id: int, **_later_arguments: object) -> None:
    actions.validate_import(workspace_id=workspace_id, import_id=import_id, clock=timezone.now)


@shared_task(name=Job.COMMIT_IMPORT.value, ignore_result=True)
def write_import(*, workspace_id: int, import_id: int, **_later_arguments: object) -> None:
    actions.write_import(workspace_id=workspace_id, import_id=import_id, clock=timezone.now)


@shared_task(name=Job.UNDO_IMPORT.value, ignore_result=True)
def revert_import(*, workspace_id: int, import_id: int, **_later_arguments: object) -> None:
    actions.revert_import(workspace_id=workspace_id, import_id=import_id, clock=timezone.now)


@shared_task(name="imports.sweep", ignore_result=True)
def sweep(**_later_arguments: object) -> None:
    actions.sweep_imports(clock=timezone.now)
