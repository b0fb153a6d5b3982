from importlib import import_module

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class Wiring(AppConfig):
    """Brings the Celery app up with Django, so that a bell can be rung from any process and thread."""

    name = "config"

    def ready(self) -> None:
        import_module("config.celery")


class StaticFiles(StaticFilesConfig):
    """The static files app without the editors' left-overs."""

    ignore_patterns = ["CVS", ".*", "*~", "*.map"]
