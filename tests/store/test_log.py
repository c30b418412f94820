"""The log: what is appended is there, whole and once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.incident.terms import ChannelId, IncidentId, RequestId, Version
from bot.ports import AlreadyHandled, Appended, Conflict, Unavailable
from bot.store.connection import connect
from bot.store.keys import Keys
from bot.store.redis_log import RedisLog
from bot.store.redis_outbox import RedisOutbox
from tests.store.appends import ROOM, an_append, declared, listed, note, pin
from tests.store.examples import EVERY_EVENT

ONE = IncidentId(1)
NOTHING = Version(0)


async def test_every_kind_of_event_is_read_as_it_was_appended(log: RedisLog) -> None:
    assert await log.append(an_append(events=EVERY_EVENT)) == Appended(version=Version(len(EVERY_EVENT)))
    assert await log.read(ONE, NOTHING) == list(EVERY_EVENT)


async def test_reading_on_gives_only_what_is_new(log: RedisLog) -> None:
    await log.append(an_append(events=[declared(), note("first"), note("second")]))
    assert await log.read(ONE, Version(2)) == [note("second")]
    assert await log.read(ONE, Version(3)) == []


async def test_an_unknown_incident_has_no_events(log: RedisLog) -> None:
    assert await log.read(IncidentId(404), NOTHING) == []


async def test_an_append_that_read_a_stale_log_conflicts(log: RedisLog) -> None:
    await log.append(an_append())
    await log.append(an_append(1, 1, [note("Ben's")]))
    assert await log.append(an_append(1, 1, [note("Cleo's")])) == Conflict()
    assert await log.read(ONE, Version(1)) == [note("Ben's")]


async def test_an_append_to_an_incident_that_is_not_there_conflicts(log: RedisLog) -> None:
    assert await log.append(an_append(7, 3)) == Conflict(diverged=True)


async def test_of_many_racing_appends_exactly_one_wins(log: RedisLog) -> None:
    await log.append(an_append())
    answers = await asyncio.gather(*(log.append(an_append(1, 1)) for _ in range(20)))
    assert [answer for answer in answers if answer != Conflict()] == [Appended(version=Version(2))]


async def test_a_number_that_was_taken_meanwhile_conflicts(log: RedisLog) -> None:
    assert await log.next_number() == 1
    await log.append(an_append())
    assert await log.append(an_append(1)) == Conflict()
    assert await log.next_number() == 2


async def test_a_number_cannot_be_skipped(log: RedisLog) -> None:
    assert await log.append(an_append(5)) == Conflict()


async def test_a_request_is_handled_once(log: RedisLog) -> None:
    await log.append(an_append(request="view:1"))
    again = await log.append(an_append(2, request="view:1"))
    assert again == AlreadyHandled(incident=ONE, version=Version(1))
    assert await log.next_number() == 2


async def test_handled_requests_are_known_and_others_are_not(log: RedisLog) -> None:
    await log.append(an_append(request="view:1"))
    assert await log.handled(RequestId("view:1")) == AlreadyHandled(incident=ONE, version=Version(1))
    assert await log.handled(RequestId("view:2")) is None


async def test_requests_are_remembered_for_at_least_an_hour(log: RedisLog, client: Redis, keys: Keys) -> None:
    await log.append(an_append(request="view:1"))
    assert 3600 < await client.ttl(keys.request(RequestId("view:1"))) <= 7200


async def test_a_refused_append_leaves_nothing_behind(log: RedisLog, outbox: RedisOutbox, client: Redis) -> None:
    await log.append(an_append(1, 3, effects=[pin(1)], request="event:1"))
    assert await outbox.lease(10) == []
    assert await log.handled(RequestId("event:1")) is None
    assert await log.listings(active=False) == []


async def test_listings_are_the_newest_first(log: RedisLog) -> None:
    for number in range(1, 12):
        await log.append(an_append(number))
    assert [found.incident for found in await log.listings(active=True)] == list(range(11, 0, -1))


async def test_of_many_open_ones_only_the_newest_are_read(log: RedisLog) -> None:
    for number in range(1, 6):
        await log.append(an_append(number))
    assert [found.incident for found in await log.listings(active=True, most=2)] == [5, 4]


async def test_an_ended_incident_is_listed_only_among_all(log: RedisLog) -> None:
    await log.append(an_append())
    await log.append(an_append(1, 1, listing=listed(active=False)))
    assert await log.listings(active=True) == []
    assert await log.listings(active=False) == [listed(active=False)]


async def test_a_channel_leads_to_its_incident(log: RedisLog) -> None:
    await log.append(an_append(listing=listed(channel=ROOM)))
    assert await log.incident_of(ROOM) == 1
    assert await log.incident_of(ChannelId("COTHER")) is None


async def test_whose_channel_it_is_is_asked_once(log: RedisLog, client: Redis, keys: Keys) -> None:
    await log.append(an_append(listing=listed(channel=ROOM)))
    assert await log.incident_of(ROOM) == 1
    await client.delete(keys.channels)
    assert await log.incident_of(ROOM) == 1


async def test_workspaces_on_one_store_do_not_see_each_other(log: RedisLog, redis_url: str, keys: Keys) -> None:
    await log.append(an_append())
    client = connect(redis_url, tag="TOTHER")
    other = RedisLog(client, Keys(team="TOTHER", root=keys.root))
    assert await other.next_number() == 1
    await client.connection_pool.disconnect()


async def test_a_log_with_a_hole_is_refused(log: RedisLog, client: Redis, keys: Keys) -> None:
    await log.append(an_append(events=[declared(), note("one"), note("two")]))
    await client.xdel(keys.incident(ONE), "2-0")
    with pytest.raises(Unavailable, match="the log of INC-1 is damaged: entry 2 is missing") as refusal:
        await log.read(ONE, NOTHING)
    assert not refusal.value.retryable


async def test_an_event_of_a_newer_version_is_not_skipped(log: RedisLog, client: Redis, keys: Keys) -> None:
    await log.append(an_append())
    await client.xadd(keys.incident(ONE), {"type": "SatelliteMoved", "data": "{}"}, id="2-0")
    with pytest.raises(Unavailable, match="'SatelliteMoved', which this version of Muster does not know"):
        await log.read(ONE, NOTHING)


async def test_numbering_never_restarts(log: RedisLog, client: Redis, keys: Keys) -> None:
    await log.append(an_append())
    await client.delete(keys.counter)
    with pytest.raises(Unavailable, match="numbers are never given twice"):
        await log.next_number()
    with pytest.raises(Unavailable, match="numbers are never given twice"):
        await log.append(an_append())


async def test_effects_without_an_event_are_refused(log: RedisLog) -> None:
    with pytest.raises(ValueError, match="need an event"):
        await log.append(an_append(1, 1, [], [pin(1)]))


async def test_a_server_that_forgot_the_scripts_is_taught_them(log: RedisLog, client: Redis) -> None:
    await log.append(an_append())
    await client.script_flush()
    assert await log.append(an_append(1, 1)) == Appended(version=Version(2))


async def test_what_lies_before_a_number_is_told_newest_first(log: RedisLog) -> None:
    for number in (1, 2, 3):
        await log.append(an_append(number))
    assert [each.incident for each in await log.listings_before(IncidentId(3), 2)] == [2, 1]
    assert [each.incident for each in await log.listings_before(IncidentId(99), 97)] == [3, 2]
    assert await log.listings_before(ONE, 500) == []


async def test_a_request_is_remembered_for_as_long_as_it_asks(log: RedisLog, client: Redis, keys: Keys) -> None:
    append = replace(an_append(), remember_for=timedelta(days=7))
    await log.append(append)
    assert 604_000 < await client.ttl(keys.request(append.request)) <= 604_800
