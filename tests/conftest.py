"""What every suite may use: one real server for the whole run, and one seed."""

import os
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from bot.store.embedded import EmbeddedServer

SEED_VARIABLE = "MUSTER_FAULT_SEED"


def pytest_configure(config: pytest.Config) -> None:
    """One seed for all workers: the first process draws it, and its workers inherit it."""
    os.environ.setdefault(SEED_VARIABLE, str(random.SystemRandom().randrange(1_000_000)))


def pytest_report_header(config: pytest.Config) -> str:
    return f"{SEED_VARIABLE}={os.environ[SEED_VARIABLE]} (fault tests)"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def redis_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The URL of a server that all tests share: each test uses a key prefix of its own."""
    folder: Path = tmp_path_factory.mktemp("store")
    async with EmbeddedServer(folder) as server:
        yield server.url


@pytest.fixture
async def empty_redis(redis_url: str) -> AsyncIterator[str]:
    """The shared server with nothing in it, for tests of the whole bot."""
    client = Redis.from_url(redis_url)
    await client.flushall()
    yield redis_url
    await client.aclose()
