"""Keys: one workspace, one slot, so that an append is one step on a cluster too."""

from redis.asyncio import Redis
from redis.crc import key_slot

from bot.incident.terms import TimerName
from bot.store.keys import Keys
from bot.store.redis_log import RedisLog
from bot.store.redis_outbox import RedisOutbox
from tests.store.appends import AT, ROOM, an_append, listed, pin, topic


async def test_everything_that_an_append_writes_is_in_one_slot(
    log: RedisLog, outbox: RedisOutbox, client: Redis, keys: Keys
) -> None:
    await log.append(
        an_append(effects=[pin(1), topic()], timers={TimerName("update"): AT}, listing=listed(channel=ROOM))
    )
    await outbox.bury((await outbox.lease(1))[0], "no")
    written = await client.keys(f"{keys.root}*")
    assert len(written) >= 10
    assert len({key_slot(str(key).encode()) for key in written}) == 1


def test_workspaces_spread_over_a_cluster() -> None:
    assert len({key_slot(Keys(team=f"T{n}").counter.encode()) for n in range(50)}) > 40
