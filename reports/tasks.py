"""Celery's side of reports: one statement each."""

from celery import shared_task
from django.utils import timezone

from reports.tallies.sweeping import sweep_tallies


@shared_task(name="reports.fold_tallies", ignore_result=True)
def fold_tallies(**_later_arguments: object) -> None:
    sweep_tallies(clock=timezone.now)
