"""The work that comes before the first request: migrations, static files, demo data. Each is done once and stamped.

Whether there is any is told without Django, in a hundredth of a second; the work itself is one Django process for all of it.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import psycopg2

from config.embedded.programs import Program, ProgramFailed
from config.supervisor.data_folder import DataFolder, write_stamp
from config.supervisor.services import ROOT

APPLIED = "SELECT md5(string_agg(app || '.' || name, ',' ORDER BY app, name)) FROM django_migrations"


def work_to_do(data: DataFolder, *, owner_url: str, static: bool, demo: bool) -> dict[str, str]:
    """Return the names of the steps that are due, each with the stamp to write when it is done."""
    due = {}
    migrations = _hash_of(ROOT.glob("*/migrations/*.py"))
    if data.stamp("migrate") != f"{migrations} {_applied(owner_url)}":
        due["migrate"] = migrations
    files = _hash_of([ROOT / "config" / "static.py", *_static_sources()])
    if static and (data.stamp("static") != files or not (data.path / "static").is_dir()):
        due["static"] = files
    if not data.stamp("demo"):
        if demo:
            due["demo"] = "made"
        else:
            data.set_stamp("demo", "declined")  # for good: a later start must not put people of ours among real ones
    return due


def program(data: DataFolder, due: dict[str, str], *, url: str, environment: dict[str, str]) -> Program:
    """Return the process that does the due steps."""
    order = json.dumps({"data": str(data.path), "url": url, "due": due})
    return Program(
        name="prepare",
        command=(sys.executable, "-m", "config.supervisor.preparing", order),
        environment=environment,
        folder=ROOT,
    )


def main(order: str) -> None:
    """Do the due steps in their order."""
    import django  # noqa: PLC0415 - the supervisor, which imports this module too, does without
    from django.core.management import call_command  # noqa: PLC0415

    told = json.loads(order)
    data, due = Path(told["data"]), told["due"]
    django.setup()
    if "migrate" in due:
        print("Migrating the database", flush=True)
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        write_stamp(data, "migrate", f"{due['migrate']} {_applied(os.environ['DATABASE_OWNER_URL'])}")
    if "static" in due:
        print("Collecting the static files", flush=True)
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        write_stamp(data, "static", due["static"])
    if "demo" in due:
        print("Making the demo workspaces", flush=True)
        call_command("make_demo", out=str(data / "demo.json"), url=told["url"])
        write_stamp(data, "demo", due["demo"])


def _static_sources() -> list[Path]:
    apps = [init.parent for init in ROOT.glob("*/__init__.py")]
    return [
        path for app in apps for path in app.rglob("*") if "static" in path.relative_to(app).parts and path.is_file()
    ]


def _applied(owner_url: str) -> str:
    """Return a fingerprint of the migrations that the database itself says it has."""
    try:
        connection = psycopg2.connect(owner_url, connect_timeout=10)
    except psycopg2.OperationalError as error:
        raise ProgramFailed(f"The database of DATABASE_OWNER_URL cannot be used: {str(error).strip()}") from None
    try:
        with connection.cursor() as cursor:
            cursor.execute(APPLIED)
            found = cursor.fetchone()
    except psycopg2.errors.UndefinedTable:
        return ""
    finally:
        connection.close()
    return str(found[0]) if found else ""


def _hash_of(paths: Iterable[Path]) -> str:
    total = hashlib.sha256((ROOT / "requirements.txt").read_bytes())  # libraries bring migrations and static files too
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()


if __name__ == "__main__":
    main(sys.argv[1])
