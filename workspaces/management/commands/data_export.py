"""`manage.py data_export [--organization ID_OR_NAME --on|--off]`: which organisations may export their data.

Called bare it lists them. Off is for a plan without data exports; an installation of one's own leaves it on.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workspaces.actions.settings import allow_data_export
from workspaces.queries import organizations


class Command(BaseCommand):
    help = "List which organisations may export their data, or switch it for one of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", default="", help="Its id or its whole name.")
        switch = parser.add_mutually_exclusive_group()
        switch.add_argument("--on", action="store_const", const=True, dest="is_on", help="It may export its data.")
        switch.add_argument("--off", action="store_const", const=False, dest="is_on", help="It may not.")

    def handle(self, *_args: Any, organization: str, is_on: bool | None, **_options: Any) -> None:
        found = list(organizations(organization))
        if is_on is not None:
            if not organization:
                raise CommandError("Say which organisation: --organization ID_OR_NAME.")
            if len(found) > 1:
                raise CommandError("Several organisations have this name. Say which one by its id.")
            for one in found:
                allow_data_export(organization_id=one.pk, is_allowed=is_on)
            found = list(organizations(organization))
        if organization and not found:
            raise CommandError(f"No organisation has the id or name {organization}.")
        for one in found:
            self.stdout.write(f"{one.pk}  {one.name}: {'on' if one.may_export_data else 'off'}")
