"""Who led a review when last: one line a person, told in any order and more than once."""

from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis

from bot.incident.terms import UserId
from bot.store.keys import Keys
from bot.store.redis_rota import RedisRota

ADA, BEN, CLEO = UserId("U0ADA"), UserId("U0BEN"), UserId("U0CLEO")
MARCH = datetime(2026, 3, 3, 12, 30, tzinfo=UTC)


async def test_the_latest_moment_stays_in_whatever_order_it_is_told(client: Redis, keys: Keys) -> None:
    rota = RedisRota(client, keys)
    for at in (MARCH, MARCH + timedelta(days=7), MARCH, MARCH + timedelta(days=7)):
        await rota.led(ADA, at)
    await rota.led(BEN, MARCH)
    assert await rota.last_led([ADA, BEN, CLEO]) == {ADA: MARCH + timedelta(days=7), BEN: MARCH}


async def test_it_holds_a_line_a_person_however_many_reviews_there_were(client: Redis, keys: Keys) -> None:
    rota = RedisRota(client, keys)
    for week in range(50):
        await rota.led(ADA, MARCH + timedelta(weeks=week))
    assert await client.zcard(keys.facilitators) == 1


async def test_of_nobody_nothing_is_asked(client: Redis, keys: Keys) -> None:
    assert await RedisRota(client, keys).last_led([]) == {}
