"""docs/SETTINGS.md and docker-compose.yml say the same as config/env.py."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.embedded import VARIABLES as EMBEDDED
from config.env import VARIABLES
from config.settings_table import document
from config.supervisor.services import services

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
OURS = [name for name, service in COMPOSE["services"].items() if "build" in service]


def test_the_document_is_the_table_of_the_code() -> None:
    written = (ROOT / "docs" / "SETTINGS.md").read_text(encoding="utf-8")
    assert written == document(), "run: .venv/bin/python -m config.settings_table > docs/SETTINGS.md"


def test_every_variable_has_one_name_and_a_sentence() -> None:
    names = [variable.name for variable in (*VARIABLES, *EMBEDDED)]
    assert len(names) == len(set(names))
    assert all(variable.meaning.endswith(".") for variable in (*VARIABLES, *EMBEDDED))


def test_docker_compose_has_every_part() -> None:
    assert {"web", "worker", "beat", "postgres", "valkey", "files", "migrate"} <= set(COMPOSE["services"])


@pytest.mark.parametrize("service", OURS)
def test_docker_compose_names_only_variables_that_exist(service: str) -> None:
    named = set(COMPOSE["services"][service]["environment"])
    assert named <= {variable.name for variable in VARIABLES}


@pytest.mark.parametrize("service", OURS)
def test_docker_compose_sets_every_required_variable(service: str) -> None:
    named = set(COMPOSE["services"][service]["environment"])
    assert {variable.name for variable in VARIABLES if variable.default is None} <= named


def test_only_the_migrating_service_knows_the_owner() -> None:
    knowing = [name for name in OURS if "DATABASE_OWNER_URL" in COMPOSE["services"][name]["environment"]]
    assert knowing == ["migrate"]


def test_docker_compose_starts_what_bin_up_starts() -> None:
    for program in services(port=8000, environment={}):
        ours = COMPOSE["services"][program.name]["command"]
        tool = program.command[program.command.index("-m") + 1]
        assert ours[0] == tool or ours[:2] == ["python", f"{tool}.py"]
        for option in ("--queues", "--scheduler", "--interface"):
            if option in program.command:
                value = program.command[program.command.index(option) + 1]
                assert re.search(rf"{option} {re.escape(value)}\b", " ".join(ours)), option
