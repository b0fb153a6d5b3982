import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("tertulia")
app.set_default()  # threads other than the first have no current app of their own
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _check_role(**_facts: object) -> None:
    from config.roles import refuse_dangerous_role  # noqa: PLC0415 - Django is set up by now, and not before

    refuse_dangerous_role()
