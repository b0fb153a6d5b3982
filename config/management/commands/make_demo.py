import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from config.demo.houses import HOUSES, make_house


class Command(BaseCommand):
    """Makes the demo workspaces once and writes how to log in to them into a private file."""

    help = "Make two demo workspaces and write their log-ins to a file that only you can read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", required=True, help="the file to write, such as var/demo.json")
        parser.add_argument("--url", required=True, help="the address of this installation")

    def handle(self, *args: Any, **options: Any) -> None:
        out = Path(options["out"])
        if out.exists():
            self.stdout.write(f"{out} is there: the demo was made before.")
            return
        at = timezone.now()
        made = {"url": options["url"], "workspaces": [make_house(house, at=at) for house in HOUSES]}
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(made, file, ensure_ascii=False, indent=1)
