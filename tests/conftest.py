"""What every suite may use: one real store for the whole run, and one seed."""

import os
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.embedded import EmbeddedServer
from tests.faults.redis_topologies import flush_all, redis_cluster, watched_redis

SEED_VARIABLE = "MUSTER_FAULT_SEED"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--redis", choices=("single", "sentinel", "cluster"), default="single", help="what the store of the tests is"
    )


def pytest_configure(config: pytest.Config) -> None:
    """One seed for all workers: the first process draws it, and its workers inherit it."""
    os.environ.setdefault(SEED_VARIABLE, str(random.SystemRandom().randrange(1_000_000)))


def pytest_report_header(config: pytest.Config) -> str:
    return f"{SEED_VARIABLE}={os.environ[SEED_VARIABLE]} (fault tests)"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was skipped in tests/browser is said without -rs, since it stands for all of them."""
    for report in terminalreporter.getreports("skipped"):
        if report.nodeid.startswith("tests/browser/") and isinstance(report.longrepr, tuple):
            terminalreporter.write_line(str(report.longrepr[-1]), yellow=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def redis_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The URL of a store that all tests share: each test uses a key prefix of its own."""
    folder: Path = tmp_path_factory.mktemp("store")
    match request.config.getoption("--redis"):
        case "cluster":
            async with redis_cluster(folder) as cluster:
                yield cluster.url
        case "sentinel":
            async with watched_redis(folder, min_replicas_to_write=1) as watched:
                yield watched.url
        case _:
            async with EmbeddedServer(folder) as server:
                yield server.url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def single_redis_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """One server on a Unix socket, whatever the other tests run on."""
    async with EmbeddedServer(tmp_path_factory.mktemp("single")) as server:
        yield server.url


@pytest.fixture
async def empty_redis(redis_url: str) -> str:
    """The shared store with nothing in it, for tests of the whole bot."""
    await flush_all(redis_url)
    return redis_url
