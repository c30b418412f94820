"""What Slack said of people: kept for a day, shared, and never in the way."""

from redis.asyncio import Redis

from bot.incident.terms import Person, Standing, UserId
from bot.store.keys import Keys
from bot.store.redis_people import RedisPeople

ADA = Person(id=UserId("U0ADA"), name="Ada", time_zone="Europe/Berlin", admin=True)
GUEST = Person(id=UserId("U0ADA"), name="Ada", standing=Standing.GUEST)


async def test_a_person_who_was_remembered_is_recalled(people: RedisPeople, client: Redis, keys: Keys) -> None:
    await people.remember(ADA)
    assert await people.recall(ADA.id) == ADA
    assert 0 < await client.ttl(keys.person(ADA.id)) <= 24 * 60 * 60


async def test_nobody_is_recalled_who_was_not_remembered(people: RedisPeople) -> None:
    assert await people.recall(ADA.id) is None


async def test_a_correction_replaces_and_never_adds(people: RedisPeople) -> None:
    await people.correct(ADA)
    assert await people.recall(ADA.id) is None
    await people.remember(ADA)
    await people.correct(GUEST)
    assert await people.recall(ADA.id) == GUEST


async def test_what_cannot_be_read_is_as_if_it_were_not_there(people: RedisPeople, client: Redis, keys: Keys) -> None:
    await client.set(keys.person(ADA.id), '{"standing": "wizard"}')
    assert await people.recall(ADA.id) is None
