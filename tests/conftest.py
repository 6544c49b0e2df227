from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from assistant import Assistant

CHECKOUT = Path(__file__).resolve().parents[1]

# Deadlines measure the machine, not the law; derandomised, a failure is everybody's failure.
settings.register_profile(
    "laws",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("laws")


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of articles that comes with the project."""
    return CHECKOUT / "seeds"


@pytest.fixture(scope="session")
def assistant(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over the seeds, with an index of its own. Treat it as read-only."""
    with Assistant.open(seeds, index=tmp_path_factory.mktemp("index")) as opened:
        yield opened
