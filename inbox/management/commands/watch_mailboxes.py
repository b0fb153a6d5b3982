import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from inbox.management.watching import Watch


class Command(BaseCommand):
    """Reads the mailboxes of all e-mail channels as mail arrives, until it is stopped."""

    help = "Watch the mailboxes of all e-mail channels."
    requires_system_checks = ()  # a service like the others: they check nothing either, and start sooner for it

    def handle(self, *args: Any, **options: Any) -> None:
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        Watch(clock=timezone.now).run(stop)
