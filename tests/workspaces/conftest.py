"""What every test of the house can ask for."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.factories import Cast
from tests.workspaces.hooked import Hook
from tests.workspaces.sinks import Sink, a_sink
from workspaces import jobs


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rung: list[int] = []
    monkeypatch.setattr(jobs, "ring", lambda job, *, workspace_id, **ids: rung.append(ids.get("endpoint_id", 0)))
    return rung


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    settings.OUTSIDE_ALLOW = ["127.0.0.1/32"]
    with a_sink() as server:
        yield server


@pytest.fixture
def hook(cast: Cast, sink: Sink) -> Hook:
    return Hook(cast, sink)
