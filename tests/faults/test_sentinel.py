"""Behind Sentinel: a master that dies, or is no longer one, takes nothing with it that was acknowledged."""

import secrets
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.incident.terms import IncidentId, Version
from bot.ports import Appended, Unavailable
from bot.store.connection import ask, connect
from bot.store.redis_store import open_store
from tests.faults.agreement import assert_agreement
from tests.faults.fleet import Fleet
from tests.faults.redis_server import free_port
from tests.faults.redis_topologies import WatchedRedis, until, watched_redis
from tests.faults.writers import writing
from tests.store.appends import an_append

WITHOUT_REPLICAS = "too few of its replicas are connected, so it takes no writes"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def unharmed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WatchedRedis]:
    """Shared by tests that end none of its servers."""
    async with watched_redis(tmp_path_factory.mktemp("sentinel"), min_replicas_to_write=1) as watched:
        yield watched


@pytest.fixture
async def watched(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WatchedRedis]:
    async with watched_redis(tmp_path_factory.mktemp("sentinel"), min_replicas_to_write=1) as watched:
        yield watched


@pytest.fixture
def team() -> str:
    return f"T{secrets.token_hex(4).upper()}"


async def test_any_one_sentinel_leads_to_the_master(unharmed: WatchedRedis, team: str) -> None:
    for number, sentinel in enumerate(unharmed.sentinels, start=1):
        store = await open_store(f"redis+sentinel://{sentinel.address}/mymaster", team)
        assert await store.log.append(an_append(number)) == Appended(version=Version(1))
        await store.close()


async def test_a_sentinel_that_is_gone_is_not_missed(unharmed: WatchedRedis, team: str) -> None:
    store = await open_store(f"redis+sentinel://127.0.0.1:{free_port()},{unharmed.sentinels[1].address}/mymaster", team)
    await store.close()


async def test_a_name_that_is_not_watched_is_told(unharmed: WatchedRedis) -> None:
    client = connect(unharmed.url.replace("mymaster", "theirs"))
    with pytest.raises(Unavailable, match="watch nothing by the name theirs; correct REDIS_URL") as refused:
        await ask(client, "PING")
    assert not refused.value.retryable


async def test_sentinels_that_do_not_answer_were_certainly_not_asked() -> None:
    client = connect(f"redis+sentinel://127.0.0.1:{free_port()}/mymaster")
    with pytest.raises(Unavailable, match="none of its Sentinels can be reached") as refused:
        await ask(client, "PING")
    assert (refused.value.retryable, refused.value.unknown) == (True, False)


async def test_a_server_that_became_a_replica_is_left_at_once(unharmed: WatchedRedis, team: str) -> None:
    """READONLY: nothing was executed, so the same append goes to the master."""
    master = await unharmed.master()
    store = await open_store(unharmed.url, team)
    await store.log.append(an_append())
    replica = next(server for server in unharmed.servers if server is not master)
    pool = store.client.connection_pool
    pool._turn_to(type(pool._address)(host="127.0.0.1", port=replica.port))  # type: ignore[attr-defined]
    assert await store.log.append(an_append(1, 1)) == Appended(version=Version(2))
    await store.close()


@pytest.mark.long
@pytest.mark.parametrize("end", ["killed", "frozen"])
async def test_a_master_that_is_lost_among_writers_takes_nothing_with_it(
    watched: WatchedRedis, team: str, end: str
) -> None:
    store = await open_store(watched.url, team)
    async with writing(store.log) as writers:
        await writers.until_written(200)
        former = await watched.master()
        if end == "killed":
            await former.kill()
        else:
            former.pause()
        await watched.master_is_not(former)
        await writers.until_written(200)
        if end == "killed":
            await former.start()
        else:
            former.resume()
        await writers.until_written(200)
    assert await writers.disagreements() == []
    await store.close()


@pytest.mark.long
async def test_a_failover_by_hand_is_followed_and_the_old_master_refuses(
    tmp_path_factory: pytest.TempPathFactory, team: str
) -> None:
    """It lives on for seconds and is still connected to us, but has no replica any more."""
    async with watched_redis(tmp_path_factory.mktemp("by-hand"), replicas=1, min_replicas_to_write=1) as watched:
        store = await open_store(watched.url, team)
        await store.log.append(an_append())
        former = await watched.master()
        await watched.sentinels[0].ask("SENTINEL", "FAILOVER", "mymaster")
        await watched.master_is_not(former)
        reasons: set[str] = set()

        async def appended() -> bool:
            try:
                return await store.log.append(an_append(1, 1)) == Appended(version=Version(2))
            except Unavailable as refused:
                reasons.add("unknown" if refused.unknown else refused.reason)
                return False

        await until(appended, patience=40.0)
        assert WITHOUT_REPLICAS in reasons
        assert "unknown" not in reasons
        assert len(await store.log.read(IncidentId(1), Version(0))) == 2
        await store.close()


@pytest.mark.long
async def test_people_hear_why_nothing_is_saved_and_go_on_after_a_failover(
    watched: WatchedRedis, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with Fleet(tmp_path_factory.mktemp("fleet"), watched.url) as fleet:
        await fleet.start()
        ada = fleet.person("ada")
        master = await watched.master()
        replicas = [server for server in watched.servers if server is not master]
        for replica in replicas:
            await replica.kill()

        said = await ada.slash("/incident", "declare sev1 Checkout is down", channel="general")
        assert f"Not saved: the store saves nothing now ({WITHOUT_REPLICAS}), nothing has changed." in said.text
        for replica in replicas:
            await replica.start()
        await master.kill()

        async def declared() -> bool:
            said = await ada.slash("/incident", "declare sev1 Search is slow", channel="general")
            return "declared" in said.text

        await until(declared)
        await fleet.until_quiet()
        await assert_agreement(fleet)
