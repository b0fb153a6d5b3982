"""Migrates the template of all test databases, once in a run: `python -m tests.migrating`, which many may start at once.

With each step, Django makes the classes of all tables anew that have a foreign key to or from the changed one: here, where most
tables know the workspace, that is nearly all of them, some ten thousand classes. Statements need the changed table's class alone.
`tests/house/test_supervisor.py` compares what stands in the database with what a plain migration made.
"""

import fcntl
import gc
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.plugin import HANDED_DOWN, ROOT


def start(servers: dict[str, str]) -> "subprocess.Popen[str]":
    """Start migrating the template of these servers; it ends at once when that is done."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.migrating"],
        env={
            **os.environ,
            HANDED_DOWN: json.dumps(servers),
            "DATABASE_URL": servers["app_url"],
            "DATABASE_OWNER_URL": servers["owner_url"],
        },
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def main() -> None:
    """Migrate unless somebody has done it, or wait for whoever is at it."""
    folder = Path(json.loads(os.environ[HANDED_DOWN])["folder"])
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "template.done"
        if not done.exists():
            _migrate()
            done.touch()


def _migrate() -> None:
    import django  # noqa: PLC0415 - whoever comes later does without
    from django.core.management import call_command  # noqa: PLC0415
    from django.db.migrations.state import ProjectState  # noqa: PLC0415

    gc.set_threshold(100_000, 50, 50)
    django.setup()
    ProjectState.add_model = _add_model  # type: ignore[method-assign,assignment]
    ProjectState._append_option = _append_option  # type: ignore[attr-defined]
    call_command("migrate", database="owner", interactive=False, verbosity=0)


def _add_model(state: Any, model: Any) -> None:
    """Make the new table's class, in place of all that it refers to."""
    key = model.app_label, model.name_lower
    state.models[key] = model
    if state._relations is not None:
        state.resolve_model_relations(key)
    if "apps" in state.__dict__:
        state.apps.render_multiple([model])


def _append_option(state: Any, app_label: str, model_name: str, option: str, value: Any) -> None:
    """Note a new index or constraint at the class that there is."""
    model = state.models[app_label, model_name]
    model.options[option] = [*model.options[option], value]
    if "apps" in state.__dict__:
        setattr(state.apps.get_model(app_label, model_name)._meta, option, model.options[option])


if __name__ == "__main__":
    main()
