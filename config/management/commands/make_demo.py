import gc
import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo.houses import HOUSES, make_house


class Command(BaseCommand):
    """Makes the demo workspaces once and writes how to log in to them into a private file.

    Each workspace has a process of its own, as making up half a year of conversations is work for a core.
    """

    help = "Make two demo workspaces and write their log-ins to a file that only you can read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", help="the file to write, such as var/demo.json")
        parser.add_argument("--url", default="", help="the address of this installation")
        parser.add_argument(
            "--house", type=int, help="make this one only, and say how to get into it on standard output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["house"] is not None:
            gc.disable()  # a million rows are made and none is part of a cycle; the process ends with them
            made = make_house(HOUSES[options["house"]], at=timezone.now())
            self.stdout.write(json.dumps(made, ensure_ascii=False))
            return
        if not options["out"]:
            raise CommandError("Say with --out which file to write.")
        out = Path(options["out"])
        if out.exists():
            self.stdout.write(f"{out} is there: the demo was made before.")
            return
        made = {"url": options["url"], "workspaces": _all_houses()}
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(made, file, ensure_ascii=False, indent=1)


def _all_houses() -> list[dict[str, object]]:
    command = [sys.executable, str(Path(settings.ROOT) / "manage.py"), "make_demo", "--house"]
    running = [
        subprocess.Popen([*command, str(place)], stdout=subprocess.PIPE, text=True) for place in range(len(HOUSES))
    ]
    said = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        raise CommandError("A demo workspace could not be made; the reason stands above. Starting again goes on.")
    return [json.loads(words) for words in said]
