"""What every suite may use: one real server for the whole run."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from bot.store.embedded import EmbeddedServer


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
