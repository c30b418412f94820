"""Where the store is, for a command that looks at it: a given server, a running Muster's own, or our own, started."""

import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from redis.asyncio import Redis

from bot.ports import Unavailable
from bot.store.connection import WHAT, ask, connect
from bot.store.embedded import EmbeddedServer

_SCANNED_AT_ONCE = 1000


@asynccontextmanager
async def reached(redis_url: str | None, data_dir: Path) -> AsyncIterator[str]:
    """The URL of the store. Without a `redis_url`: of the server in `data_dir`, which is started if none runs there.

    Raises Unavailable.
    """
    if redis_url:
        yield redis_url
    elif in_use(data_dir):
        yield running_url(data_dir)
    else:
        async with EmbeddedServer(data_dir) as server:
            yield server.url


@asynccontextmanager
async def connected(url: str, *, tag: str = "") -> AsyncIterator[Redis]:
    """A client, closed with the block. `tag`: as for connect."""
    client = connect(url, tag=tag)
    try:
        yield client
    finally:
        await client.aclose()
        await client.connection_pool.disconnect()


def in_use(data_dir: Path) -> bool:
    """Whether a running bot holds the data folder's lock; looking takes it from nobody."""
    try:
        with (data_dir / "store.lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def running_url(data_dir: Path) -> str:
    """Of the server that a running bot has. Raises Unavailable where its socket is not in the folder."""
    socket = data_dir.absolute() / "store.sock"
    if not socket.exists():
        reason = f"a running Muster uses {data_dir}, and its server cannot be reached from here; stop it first"
        raise Unavailable(WHAT, reason, retryable=False)
    return f"unix://{quote(str(socket))}"


async def teams_in(client: Redis, root: str = "muster") -> set[str]:
    """Slack's ids of the workspaces that have incidents in the store: for when Slack cannot be asked."""
    found: set[str] = set()
    cursor = "0"
    while True:
        pattern = f"{root}:{{*}}:counter"
        cursor, keys = await ask(client, "SCAN", cursor, "MATCH", pattern, "COUNT", _SCANNED_AT_ONCE)
        found |= {key.partition("{")[2].partition("}")[0] for key in keys}
        if str(cursor) == "0":
            return found
