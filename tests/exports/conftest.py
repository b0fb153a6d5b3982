from collections.abc import Iterator

import pytest
import time_machine

from tests.factories import NOON


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """Stand still at NOON; the test moves on by itself."""
    with time_machine.travel(NOON, tick=False) as moment:
        yield moment
