"""Fault tests run in random order; the seed is printed, and MUSTER_FAULT_SEED repeats a run."""

import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SEED_VARIABLE
from tests.faults.fleet import Fleet
from tests.faults.nursery import Nursery

HERE = Path(__file__).parent

StartFleet = Callable[..., Awaitable[Fleet]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Only the fault tests change places, and only with one another."""
    places = [index for index, item in enumerate(items) if HERE in item.path.parents]
    shuffled = [items[index] for index in places]
    random.Random(os.environ[SEED_VARIABLE]).shuffle(shuffled)
    for index, item in zip(places, shuffled, strict=True):
        items[index] = item


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """For what is random inside a test: its own, from the run's; shown where the test fails."""
    own = random.Random(f"{os.environ[SEED_VARIABLE]} {request.node.nodeid}").randrange(1_000_000)
    print(f"{SEED_VARIABLE}={os.environ[SEED_VARIABLE]}, of this test {own}")  # noqa: T201
    return own


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with Nursery() as nursery:
        yield nursery


@pytest.fixture
async def start_fleet(empty_redis: str, tmp_path: Path, nursery: Nursery) -> AsyncIterator[StartFleet]:
    """A workspace and a store, empty; its processes are started by the test. Arguments as for Fleet."""
    async with AsyncExitStack() as stack:

        async def start(**arguments: Any) -> Fleet:
            return await stack.enter_async_context(Fleet(tmp_path, empty_redis, nursery=nursery, **arguments))

        yield start


@pytest.fixture
async def fleet(start_fleet: StartFleet) -> Fleet:
    """In Socket Mode."""
    return await start_fleet()
