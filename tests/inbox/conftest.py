"""What every test of the inbox can ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.factories import Cast
from tests.inbox.house import House
from tests.workspaces.sinks import Sink, a_sink


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    settings.OUTSIDE_ALLOW = ["127.0.0.1"]
    with a_sink() as running:
        running.body = b'{"mId": "w1"}'
        yield running


@pytest.fixture
def own_folder(settings: Settings, tmp_path: Path) -> None:
    """Let a test store its files in a folder that no other test sees."""
    local = {"BACKEND": "workspaces.files.LocalFiles", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": local}


@pytest.fixture
def house(cast: Cast, sink: Sink) -> House:
    return House(cast, sink)
