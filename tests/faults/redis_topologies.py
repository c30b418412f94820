"""Sentinel and Cluster for tests: several processes of the same server program, on loopback, formed by hand."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from redis.crc import key_slot
from redis.exceptions import RedisError

from bot.store.connection import ask, connect
from bot.store.several_servers import Guide, several_servers
from tests.faults.redis_server import LASTING, PATIENCE, RedisServer, free_port, options

SLOTS: Final = 16384
NODE_TIMEOUT_MS: Final = 1500
"""How long a silent server counts as alive; a real installation takes ten times as long."""


@dataclass(slots=True, eq=False)
class RedisCluster:
    """`masters` own equal shares of the slots in their order; `replicas` follow them, as many each."""

    masters: list[RedisServer]
    replicas: list[RedisServer]

    @property
    def nodes(self) -> list[RedisServer]:
        return [*self.masters, *self.replicas]

    @property
    def url(self) -> str:
        return f"redis+cluster://{','.join(node.address for node in self.masters)}"

    async def masters_now(self) -> list[RedisServer]:
        return [node for node in self.nodes if node.runs and (await node.ask("ROLE"))[0] == "master"]

    async def other_master(self, than: RedisServer) -> RedisServer:
        return next(node for node in await self.masters_now() if node is not than)

    async def replica_of(self, master: RedisServer) -> RedisServer:
        for node in self.nodes:
            role = await node.ask("ROLE") if node.runs else [""]
            if role[0] == "slave" and int(role[2]) == master.port and role[3] == "connected":
                return node
        raise LookupError(f"nothing follows {master.address}")

    async def owner(self, tag: str) -> RedisServer:
        """The server that takes the writes for this hash tag now, by the word of the one who takes them."""
        slot = slot_of(tag)
        for node in self.nodes:
            if await _owns(node, slot):
                return node
        raise LookupError(f"nobody owns slot {slot}")


@dataclass(slots=True, eq=False)
class WatchedRedis:
    """A master, its replicas, and three Sentinels that watch them under the name `mymaster`."""

    servers: list[RedisServer]
    sentinels: list[RedisServer]

    @property
    def url(self) -> str:
        return f"redis+sentinel://{','.join(each.address for each in self.sentinels)}/mymaster"

    async def master(self) -> RedisServer:
        """As the first Sentinel that runs has it."""
        _, port = await self._running_sentinel().ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster")
        return next(server for server in self.servers if server.port == int(port))

    async def master_is_not(self, former: RedisServer) -> RedisServer:
        """The new master, once the Sentinels have agreed on one and it says so itself."""

        async def moved() -> bool:
            master = await self.master()
            return master is not former and (await master.ask("ROLE"))[0] == "master"

        await until(moved)
        return await self.master()

    def _running_sentinel(self) -> RedisServer:
        return next(each for each in self.sentinels if each.runs)


async def flush_all(url: str) -> None:
    """Empties the store behind any form of REDIS_URL."""
    several = several_servers(url)
    if several is None or several.guide is Guide.SENTINEL:
        clients = [connect(url)]
    else:
        clients = [connect(several.url_of_server(address)) for address in several.addresses]
    for client in clients:
        await ask(client, "FLUSHALL")
        await client.connection_pool.disconnect()


def slot_of(tag: str) -> int:
    return key_slot(f"{{{tag}}}".encode())


async def until(true: Callable[[], Awaitable[bool]], patience: float = PATIENCE) -> None:
    """Polls; a server that cannot be asked at the moment has not said yes."""
    async with asyncio.timeout(patience):
        while not await _yes(true):  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.02)


@asynccontextmanager
async def redis_cluster(folder: Path, *, masters: int = 3, replicas: int = 0) -> AsyncIterator[RedisCluster]:
    """`replicas`: of each master."""
    nodes = [_cluster_node(folder / f"node-{n}") for n in range(masters * (1 + replicas))]
    cluster = RedisCluster(nodes[:masters], nodes[masters:])
    async with _running(nodes):
        await _share_slots(cluster)
        await _introduce(cluster)
        for n, replica in enumerate(cluster.replicas):
            await _follow(replica, cluster.masters[n % masters])
        await asyncio.gather(*(until(lambda node=node: _is_whole(node, len(nodes))) for node in nodes))  # type: ignore[misc]  # a loop variable
        yield cluster


@asynccontextmanager
async def watched_redis(folder: Path, *, replicas: int = 2, **settings: str | int) -> AsyncIterator[WatchedRedis]:
    """`settings`: of each server, such as min_replicas_to_write=1."""
    more = {name.replace("_", "-"): value for name, value in settings.items()}
    servers = [
        RedisServer(folder / f"server-{n}", options({**LASTING, **more}), free_port()) for n in range(1 + replicas)
    ]
    for replica in servers[1:]:
        replica.arguments += ["--replicaof", f"127.0.0.1 {servers[0].port}"]
    sentinels = [_sentinel(folder / f"sentinel-{n}", servers[0].port) for n in range(3)]
    async with _running([*servers, *sentinels]):
        await asyncio.gather(*(until(lambda each=each: _sees_all(each, replicas)) for each in sentinels))  # type: ignore[misc]  # a loop variable
        await until(lambda: _has_replicas(servers[0], replicas))
        yield WatchedRedis(servers, sentinels)


async def move_slot(cluster: RedisCluster, tag: str, to: RedisServer, *, finish: bool = True) -> None:
    """Key by key, as redis-cli reshards. `finish` False: begun, and left there for the test to go on with."""
    slot, source = slot_of(tag), await cluster.owner(tag)
    await to.ask("CLUSTER", "SETSLOT", slot, "IMPORTING", await _id(source))
    await source.ask("CLUSTER", "SETSLOT", slot, "MIGRATING", await _id(to))
    if finish:
        await finish_move(cluster, tag, source, to)


async def finish_move(cluster: RedisCluster, tag: str, source: RedisServer, to: RedisServer) -> None:
    slot, new_owner = slot_of(tag), await _id(to)
    while keys := await source.ask("CLUSTER", "GETKEYSINSLOT", slot, 200):
        await move_keys(source, to, *keys)
    others = [node for node in await cluster.masters_now() if node not in {to, source}]
    for node in (to, source, *others):
        await node.ask("CLUSTER", "SETSLOT", slot, "NODE", new_owner)


async def move_keys(source: RedisServer, to: RedisServer, *keys: str) -> None:
    await source.ask("MIGRATE", "127.0.0.1", to.port, "", 0, 5000, "KEYS", *keys)


def _cluster_node(folder: Path) -> RedisServer:
    settings: dict[str, str | int] = {
        **LASTING,
        "cluster-enabled": "yes",
        "cluster-port": free_port(),
        "cluster-node-timeout": NODE_TIMEOUT_MS,
        "cluster-replica-validity-factor": 0,
        "cluster-migration-barrier": 99,
    }
    return RedisServer(folder, options(settings), free_port())


def _sentinel(folder: Path, master: int) -> RedisServer:
    """A Sentinel writes what it learns into its file, so each has its own."""
    folder.mkdir(parents=True)
    file = folder / "sentinel.conf"
    file.write_text(
        f"sentinel monitor mymaster 127.0.0.1 {master} 2\n"
        "sentinel down-after-milliseconds mymaster 700\n"
        "sentinel failover-timeout mymaster 4000\n"
        "sentinel parallel-syncs mymaster 2\n"
    )
    return RedisServer(folder, [str(file), "--sentinel", "--bind", "127.0.0.1"], free_port())


@asynccontextmanager
async def _running(servers: list[RedisServer]) -> AsyncIterator[None]:
    try:
        for server in servers:
            await server.start()
        yield
    finally:
        await asyncio.gather(*(server.kill() for server in servers))


async def _share_slots(cluster: RedisCluster) -> None:
    share = -(-SLOTS // len(cluster.masters))
    for n, node in enumerate(cluster.masters):
        await node.ask("CLUSTER", "SET-CONFIG-EPOCH", n + 1)
        await node.ask("CLUSTER", "ADDSLOTS", *range(n * share, min((n + 1) * share, SLOTS)))


async def _introduce(cluster: RedisCluster) -> None:
    first, *others = cluster.nodes
    for node in others:
        bus = node.arguments[node.arguments.index("--cluster-port") + 1]
        await first.ask("CLUSTER", "MEET", "127.0.0.1", node.port, bus)


async def _follow(replica: RedisServer, master: RedisServer) -> None:
    master_id = await _id(master)

    async def knows_master() -> bool:
        return master_id in await replica.ask("CLUSTER", "NODES")

    await until(knows_master)
    await replica.ask("CLUSTER", "REPLICATE", master_id)


async def _id(node: RedisServer) -> str:
    return str(await node.ask("CLUSTER", "MYID"))


async def _owns(node: RedisServer, slot: int) -> bool:
    if not node.runs:
        return False
    own = await _id(node)
    shares: list[Any] = await node.ask("CLUSTER", "SLOTS")
    return any(first <= slot <= last and master[2] == own for first, last, master, *_ in shares)


async def _is_whole(node: RedisServer, nodes: int) -> bool:
    """Every server, as this one sees it, and every replica with a living link to its master."""
    info = await node.ask("CLUSTER", "INFO")
    if "cluster_state:ok" not in info or f"cluster_known_nodes:{nodes}" not in info:
        return False
    role = await node.ask("ROLE")
    return bool(role[0] == "master" or role[3] == "connected")


async def _sees_all(sentinel: RedisServer, replicas: int) -> bool:
    said = await sentinel.ask("SENTINEL", "MASTER", "mymaster")
    seen = dict(zip(said[::2], said[1::2], strict=True)) if isinstance(said, list) else said
    return (int(seen["num-slaves"]), int(seen["num-other-sentinels"])) == (replicas, 2)


async def _has_replicas(master: RedisServer, replicas: int) -> bool:
    role = await master.ask("ROLE")
    return len(role[2]) == replicas


async def _yes(true: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await true()
    except (RedisError, OSError, LookupError):
        return False
