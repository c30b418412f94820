"""A store that was emptied or exchanged is refused, so that no number is given twice."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.incident.terms import IncidentId, Version
from bot.ports import Appended, Unavailable
from bot.store.connection import ask
from bot.store.keys import Keys
from bot.store.redis_store import RedisStore, open_store
from tests.store.appends import ROOM, an_append

ONE = IncidentId(1)


def slack_has_seen(number: int) -> Callable[[], Awaitable[int]]:
    async def highest() -> int:
        return number

    return highest


async def never_asked() -> int:
    raise AssertionError("Slack is asked only where the store has no identity")


async def empty(store: RedisStore) -> None:
    for key in await ask(store.client, "KEYS", f"{store.keys.root}:*"):
        await ask(store.client, "DEL", key)


@pytest.fixture
async def store(redis_url: str, keys: Keys) -> AsyncIterator[RedisStore]:
    store = await open_store(redis_url, "T0123", root=keys.root)
    yield store
    await store.close()


async def test_a_new_store_begins_at_one_and_is_known_afterwards(store: RedisStore) -> None:
    await store.recognise(slack_has_seen(0))
    assert await store.log.append(an_append(1)) == Appended(version=Version(1))
    await store.recognise(never_asked)


async def test_an_empty_store_in_a_workspace_that_has_had_incidents_is_refused(store: RedisStore) -> None:
    with pytest.raises(Unavailable, match=r"up to INC-42.*muster begin --after 42") as refused:
        await store.recognise(slack_has_seen(42))
    assert not refused.value.retryable


async def test_an_empty_store_that_was_begun_on_purpose_counts_on(store: RedisStore) -> None:
    assert await store.identity.begin(after=42) == 42
    await store.recognise(never_asked)
    assert await store.log.next_number() == 43
    assert await store.log.append(an_append(43)) == Appended(version=Version(1))


async def test_a_store_without_identity_that_is_behind_slack_skips_what_slack_has_seen(store: RedisStore) -> None:
    await store.log.append(an_append(1))
    await store.recognise(slack_has_seen(3))
    assert await store.log.next_number() == 4


async def test_a_store_without_identity_that_is_ahead_of_slack_goes_on(store: RedisStore) -> None:
    await store.log.append(an_append(1))
    await store.recognise(slack_has_seen(0))
    assert await store.log.next_number() == 2


async def test_a_store_that_is_emptied_takes_nothing_more(store: RedisStore) -> None:
    await store.recognise(slack_has_seen(0))
    await store.log.append(an_append(1))
    await empty(store)
    for refused in (an_append(1), an_append(2), an_append(1, 1)):
        with pytest.raises(Unavailable, match="it was emptied while Muster ran") as told:
            await store.log.append(refused)
        assert (told.value.retryable, told.value.unknown) == (False, False)


async def test_a_store_that_is_emptied_claims_nothing_about_what_was_in_it(store: RedisStore) -> None:
    await store.recognise(slack_has_seen(0))
    await store.log.append(an_append(1))
    await empty(store)
    for asked in (
        store.log.read(ONE, Version(0)),
        store.log.listings(active=True),
        store.log.incident_of(ROOM),
        store.log.next_number(),
        store.ensure_writable(),
    ):
        with pytest.raises(Unavailable, match="it was emptied while Muster ran"):
            await asked


async def test_another_record_in_its_place_takes_nothing_of_ours(store: RedisStore) -> None:
    await store.recognise(slack_has_seen(0))
    await empty(store)
    await ask(store.client, "SET", store.keys.identity, "another")
    with pytest.raises(Unavailable, match="it holds another record"):
        await store.log.append(an_append(1))


async def test_two_processes_that_begin_at_once_have_one_identity(store: RedisStore, redis_url: str) -> None:
    other = await open_store(redis_url, "T0123", root=store.keys.root)

    async def meanwhile() -> int:
        await other.recognise(slack_has_seen(0))
        await other.log.append(an_append(1))
        return 1  # its channel is there already

    await store.recognise(meanwhile)
    assert store.identity.known == other.identity.known
    await other.close()
