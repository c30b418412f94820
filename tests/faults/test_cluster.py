"""A Cluster of three masters, each with a replica: what was acknowledged stays, whichever server has the slot.

While a slot moves, its keys are in two places: then everything is refused, and nothing is half done or taken for gone.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from bot.incident.terms import IncidentId, TimerName, Version
from bot.ports import Appended, Unavailable
from bot.store.connection import ask, connect
from bot.store.redis_store import RedisStore, open_store
from tests.faults.redis_server import RedisServer, free_port
from tests.faults.redis_topologies import (
    RedisCluster,
    finish_move,
    move_keys,
    move_slot,
    redis_cluster,
    until,
)
from tests.faults.writers import writing
from tests.store.appends import an_append, pin

ONE = IncidentId(1)
PAST = {TimerName("update"): datetime(2026, 1, 1, tzinfo=UTC)}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def cluster(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RedisCluster]:
    """Shared by tests that end none of its servers; each has a slot of its own."""
    async with redis_cluster(tmp_path_factory.mktemp("cluster"), replicas=1) as cluster:
        yield cluster


@pytest.fixture
def team() -> str:
    return f"T{secrets.token_hex(4).upper()}"


@pytest.fixture
async def store(cluster: RedisCluster, team: str) -> AsyncIterator[RedisStore]:
    store = await open_store(cluster.url, team)
    yield store
    await store.close()


async def hand_over(cluster: RedisCluster, master: RedisServer) -> RedisServer:
    """To its replica, as an operator does it before maintenance."""
    replica = await cluster.replica_of(master)

    async def is_master() -> bool:
        return bool((await replica.ask("ROLE"))[0] == "master" and (await master.ask("ROLE"))[0] == "slave")

    for _ in range(4):  # servers give it up after 5 s, and want to be asked again
        await replica.ask("CLUSTER", "FAILOVER")
        with suppress(TimeoutError):
            await until(is_master, patience=7.0)
            return replica
    raise TimeoutError(replica.log[-2000:])


@pytest.mark.parametrize("named", [0, 1, 2])
async def test_any_one_server_of_it_leads_to_the_right_one(cluster: RedisCluster, team: str, named: int) -> None:
    store = await open_store(f"redis+cluster://{cluster.nodes[named].address}", team)
    await store.log.append(an_append(effects=[pin(1)], timers=PAST))
    assert [lease.id for lease in await store.outbox.lease(5)] == ["1.1.1"]
    assert [timer.name for timer in await store.timers.claim_due(5)] == ["update"]
    await store.close()


async def test_a_slot_that_has_moved_is_followed_at_once(cluster: RedisCluster, store: RedisStore, team: str) -> None:
    await store.log.append(an_append())
    await move_slot(cluster, team, await cluster.other_master(await cluster.owner(team)))
    assert await store.log.append(an_append(1, 1)) == Appended(version=Version(2))


async def test_a_master_that_handed_over_is_followed_at_once(
    cluster: RedisCluster, store: RedisStore, team: str
) -> None:
    await store.log.append(an_append())
    await hand_over(cluster, await cluster.owner(team))
    assert await store.log.append(an_append(1, 1)) == Appended(version=Version(2))


async def test_nothing_is_half_written_while_a_slot_moves(cluster: RedisCluster, store: RedisStore, team: str) -> None:
    """A script that makes a key itself would break off there, with what it wrote before left behind."""
    await store.log.append(an_append(effects=[pin(1)]))
    source = await cluster.owner(team)
    target = await cluster.other_master(source)
    (lease,) = await store.outbox.lease(1)
    await move_slot(cluster, team, target, finish=False)
    for refused in (
        store.log.append(an_append(1, 1, effects=[pin(2)])),
        store.outbox.retry(lease, timedelta(0), reason="a stall", uncertain=True),
        store.outbox.bury(lease, "too often"),
        store.outbox.complete(lease, timedelta(seconds=1)),
    ):
        with pytest.raises(Unavailable, match="moving its data") as failure:
            await refused
        assert (failure.value.retryable, failure.value.unknown) == (True, False)
    await finish_move(cluster, team, source, target)
    assert len(await store.log.read(ONE, Version(0))) == 1
    assert await store.outbox.complete(lease, timedelta(0))
    assert await store.outbox.next_ready_in() is None


async def test_what_has_not_moved_yet_is_not_taken_for_gone(
    cluster: RedisCluster, store: RedisStore, team: str
) -> None:
    """ASK leads to a server that has the list of lanes but not the lanes; there each would be struck off."""
    await store.log.append(an_append(effects=[pin(1)], timers=PAST))
    source = await cluster.owner(team)
    target = await cluster.other_master(source)
    await move_slot(cluster, team, target, finish=False)
    await move_keys(source, target, store.keys.ready, store.keys.timers)
    for refused in (store.outbox.lease(5), store.timers.claim_due(5)):
        with pytest.raises(Unavailable, match="moving its data"):
            await refused
    await finish_move(cluster, team, source, target)
    assert [lease.id for lease in await store.outbox.lease(5)] == ["1.1.1"]
    assert [timer.name for timer in await store.timers.claim_due(5)] == ["update"]


async def test_a_url_of_one_server_is_told_what_a_cluster_needs(cluster: RedisCluster, team: str) -> None:
    other = await cluster.other_master(await cluster.owner(team))
    with pytest.raises(Unavailable, match=r"so REDIS_URL must be redis\+cluster://") as refused:
        await open_store(f"redis://{other.address}", team)
    assert not refused.value.retryable


async def test_a_cluster_of_which_nobody_answers_was_certainly_not_asked() -> None:
    client = connect(f"redis+cluster://127.0.0.1:{free_port()},127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable, match="none of the Cluster's servers can be reached") as refused:
        await ask(client, "PING")
    assert (refused.value.retryable, refused.value.unknown) == (True, False)


@pytest.mark.long
async def test_a_slot_that_moves_among_writers_loses_nothing(
    cluster: RedisCluster, store: RedisStore, team: str
) -> None:
    async with writing(store.log) as writers:
        for _ in range(4):
            await writers.until_written(100)
            source = await cluster.owner(team)
            await move_slot(cluster, team, await cluster.other_master(source))
        await writers.until_written(100)
    assert await writers.disagreements() == []
    assert set(writers.refused.values()) <= {
        "it is moving its data to another of its servers, and takes writes again when that is done",
        "its servers do not agree on which of them takes the writes",
    }


@pytest.mark.long
async def test_masters_that_hand_over_among_writers_lose_nothing(
    cluster: RedisCluster, store: RedisStore, team: str
) -> None:
    async with writing(store.log) as writers:
        for _ in range(3):
            await writers.until_written(100)
            await hand_over(cluster, await cluster.owner(team))
        await writers.until_written(100)
    assert await writers.disagreements() == []


@pytest.mark.long
async def test_a_master_that_is_killed_among_writers_takes_nothing_with_it(
    tmp_path_factory: pytest.TempPathFactory, team: str
) -> None:
    async with redis_cluster(tmp_path_factory.mktemp("killed"), replicas=1) as cluster:
        store = await open_store(cluster.url, team)
        async with writing(store.log) as writers:
            await writers.until_written(200)
            await (await cluster.owner(team)).kill()
            await writers.until_written(200)
        assert await writers.disagreements() == []
        assert len(writers.unknown) <= len(writers.acknowledged), "each had one on its way"
        await store.close()
