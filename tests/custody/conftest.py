"""One workspace's record on the real server, under keys that no other test has."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.clock import Clock
from bot.store.checkpoints import Checkpoints
from bot.store.keys import Keys
from bot.store.ledger import Ledger
from bot.store.reach import connected
from bot.store.redis_log import RedisLog
from bot.store.seal import Seals
from bot.workspace.timepiece import Clock as WorkspaceClock
from tests.custody.site import Site
from tests.muster_process import workspace_for_muster


@pytest.fixture
def keys() -> Keys:
    return Keys(team="T0123", root=f"test-{secrets.token_hex(6)}")


@pytest.fixture
def seals() -> Seals:
    return Seals("T0123", ["k" * 32])


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Redis]:
    async with connected(redis_url, tag="T0123") as client:
        yield client


@pytest.fixture
def log(client: Redis, keys: Keys, seals: Seals) -> RedisLog:
    return RedisLog(client, keys, seals=seals)


@pytest.fixture
def ledger(client: Redis, keys: Keys) -> Ledger:
    return Ledger(client, keys)


@pytest.fixture
def checkpoints(client: Redis, keys: Keys) -> Checkpoints:
    return Checkpoints(client, keys)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    clock = Clock()
    async with workspace_for_muster(clock=WorkspaceClock(now=lambda: clock.now().timestamp())) as workspace:
        yield Site(workspace, clock, tmp_path)
