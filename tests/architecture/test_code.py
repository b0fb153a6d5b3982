"""What no linter knows: where rows are read, what a task may be, and that each action is told."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from celery import current_app

from workspaces.jobs import Job

ROOT = Path(__file__).resolve().parents[2]
APPS = ("workspaces", "contacts", "inbox", "reports", "imports", "exports")
# Where rows may be asked for; everything else goes through these.
READS_ROWS = (
    "models",
    "queries",
    "hooks",
    "hook_queries",
    "bodies",
    "access",
    "actions",
    "events",
    "links",
    "selection",
    "filters",
    "migrations",
    "catalogue",
    "parameters",
    "engine",
    "definitions",
    "dashboard",
    "tallies",
    "dashboard",
)


def modules(*apps: str) -> Iterator[tuple[Path, ast.Module]]:
    for app in apps:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield path.relative_to(ROOT), parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_rows_are_asked_for_in_their_places_only() -> None:
    elsewhere = []
    for path, tree in modules(*APPS):
        if path.parts[1].removesuffix(".py") in READS_ROWS:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == "objects":
                elsewhere.append(f"{path}:{node.lineno}")
    assert elsewhere == []


def test_a_task_is_one_statement() -> None:
    long_ones = []
    for path, tree in modules(*APPS):
        if path.name == "tasks.py":
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and node.decorator_list:
                    statements = [
                        part
                        for part in node.body
                        if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
                    ]
                    long_ones += [f"{path}:{node.name}"] if len(statements) > 1 else []
    assert long_ones == []


def test_every_job_has_a_worker() -> None:
    current_app.loader.import_default_modules()
    current_app.autodiscover_tasks(list(APPS), force=True)
    assert {job.value for job in Job} <= set(current_app.tasks)


@pytest.mark.parametrize("app", [app for app in APPS if app != "reports"])  # which only reads
def test_every_public_action_is_told_or_says_why_not(app: str) -> None:
    package = importlib.import_module(f"{app}.actions")
    excused = getattr(package, "ACTIONS_WITHOUT_EVENT", {})
    silent = []
    for name in package.__all__:
        action = getattr(package, name)
        if not inspect.isfunction(action) or name in excused:
            continue
        module = inspect.getmodule(action)
        assert module is not None
        source = inspect.getsource(module)
        # The event is recorded by the action itself, by a helper beside it, by the action it calls, by the thread that it
        # saves, or in its SQL.
        if not any(
            word in source
            for word in ("record(", "record_all(", "workspaces_eventrecord", "update_contact(", "thread.save()")
        ):
            silent.append(name)
    assert silent == []


def test_no_signal_and_no_clock_inside() -> None:
    found = []
    for path, tree in modules(*APPS):
        inside = path.parts[1].removesuffix(".py") in ("actions", "queries", "access", "models", "filters")
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and "signals" in node.module:
                found.append(f"{path}:{node.lineno} imports signals")
            if inside and isinstance(node, ast.Call) and ast.unparse(node.func) in ("timezone.now", "datetime.now"):
                found.append(f"{path}:{node.lineno} reads the clock")
    assert found == []
