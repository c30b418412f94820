"""A pseudonym is the same for one person and incident while it must be, and nobody can make it again afterwards."""

from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.incident.terms import IncidentId, UserId
from bot.store.keys import Keys
from bot.store.redis_pseudonyms import RedisPseudonyms

ADA, BEN = UserId("U0ADA"), UserId("U0BEN")
ONE, TWO = IncidentId(1), IncidentId(2)
A_MONTH = timedelta(days=31)


@pytest.fixture
def pseudonyms(client: Redis, keys: Keys) -> RedisPseudonyms:
    return RedisPseudonyms(client, keys, "a key that the store never sees")


async def test_it_is_the_same_for_the_same_person_and_incident(pseudonyms: RedisPseudonyms) -> None:
    first = await pseudonyms.of(ONE, ADA, A_MONTH)
    assert await pseudonyms.of(ONE, ADA, A_MONTH) == first
    assert len({first, await pseudonyms.of(ONE, BEN, A_MONTH), await pseudonyms.of(TWO, ADA, A_MONTH)}) == 3


async def test_two_processes_that_begin_at_once_agree(client: Redis, keys: Keys) -> None:
    here, there = RedisPseudonyms(client, keys, "key"), RedisPseudonyms(client, keys, "key")
    assert await here.of(ONE, ADA, A_MONTH) == await there.of(ONE, ADA, A_MONTH)


async def test_without_the_key_the_secret_does_not_lead_to_it(client: Redis, keys: Keys) -> None:
    ours = await RedisPseudonyms(client, keys, "key").of(ONE, ADA, A_MONTH)
    assert await RedisPseudonyms(client, keys, "another").of(ONE, ADA, A_MONTH) != ours
    assert await RedisPseudonyms(client, keys).of(ONE, ADA, A_MONTH) != ours


async def test_the_secret_expires_and_is_never_kept_for_less_than_it_was(
    pseudonyms: RedisPseudonyms, client: Redis, keys: Keys
) -> None:
    await pseudonyms.of(ONE, ADA, A_MONTH)
    await pseudonyms.of(ONE, BEN, timedelta(days=1))
    kept = await client.ttl(keys.pseudonyms(ONE))
    assert timedelta(days=30) < timedelta(seconds=kept) <= A_MONTH
    await pseudonyms.of(ONE, BEN, 2 * A_MONTH)
    assert await client.ttl(keys.pseudonyms(ONE)) > kept


async def test_once_it_is_gone_another_takes_its_place(pseudonyms: RedisPseudonyms, client: Redis, keys: Keys) -> None:
    before = await pseudonyms.of(ONE, ADA, A_MONTH)
    await client.delete(keys.pseudonyms(ONE))
    assert await pseudonyms.of(ONE, ADA, A_MONTH) != before
