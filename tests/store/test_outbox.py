"""The outbox: in order within a lane, lanes at once, never lost, never done by two at a time."""

import asyncio
from datetime import timedelta

from redis.asyncio import Redis

from bot.incident.terms import ChannelId, Version
from bot.ports import Appended, Completion, LeaseLost
from bot.store.keys import Keys
from bot.store.redis_log import RedisLog
from bot.store.redis_outbox import RedisOutbox
from tests.store.appends import an_append, note, pin, topic

NOW = timedelta(0)
LATER = timedelta(minutes=1)
SOON = timedelta(milliseconds=150)
LEASE_ENDS = 0.04


async def test_a_lane_is_served_in_order(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1), pin(2)]))
    [first] = await outbox.lease(10)
    assert await outbox.complete(first, NOW)
    [second] = await outbox.lease(10)
    assert (first.effect, second.effect) == (pin(1), pin(2))


async def test_lanes_are_served_at_once(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1), topic(), pin(2, ChannelId("C43"))]))
    assert len(await outbox.lease(10)) == 3


async def test_no_more_is_leased_than_asked_for(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1), topic()]))
    assert len(await outbox.lease(1)) == 1


async def test_effects_are_named_for_ever(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1), topic()]))
    assert {lease.id for lease in await outbox.lease(10)} == {"1.1.1", "1.1.2"}


async def test_the_lanes_of_one_append_are_begun_in_its_order(log: RedisLog, outbox: RedisOutbox) -> None:
    effects = [topic(), pin(1, ChannelId("C9")), pin(2, ChannelId("C1"))]
    await log.append(an_append(effects=effects))
    assert [lease.effect for lease in await outbox.lease(10)] == effects


async def test_a_lease_says_how_far_its_incident_has_come(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1)]))
    await log.append(an_append(expected=1, events=[note("Rolled back")]))
    [lease] = await outbox.lease(1)
    assert lease.version == 2


async def test_a_leased_head_is_nobody_elses(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1), pin(2)]))
    await outbox.lease(10)
    assert await outbox.lease(10) == []


async def test_a_first_attempt_is_certain(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1)]))
    [lease] = await outbox.lease(1)
    assert (lease.attempt, lease.uncertain) == (1, False)


async def test_what_a_dead_worker_held_comes_back_uncertain(log: RedisLog, hasty_outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1)]))
    [lost] = await hasty_outbox.lease(1)
    await asyncio.sleep(LEASE_ENDS)
    [again] = await hasty_outbox.lease(1)
    assert (again.id, again.attempt, again.uncertain) == (lost.id, 2, True)


async def test_a_stale_token_changes_nothing(log: RedisLog, hasty_outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1)]))
    [stale] = await hasty_outbox.lease(1)
    await asyncio.sleep(LEASE_ENDS)
    [held] = await hasty_outbox.lease(1)
    assert not await hasty_outbox.complete(stale, NOW)
    assert not await hasty_outbox.retry(stale, NOW, reason="", uncertain=False)
    assert not await hasty_outbox.bury(stale, "")
    assert await hasty_outbox.complete(held, NOW)


async def test_an_effect_is_completed_once(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1), pin(2)]))
    [lease] = await outbox.lease(1)
    assert await outbox.complete(lease, NOW)
    assert not await outbox.complete(lease, NOW)
    [following] = await outbox.lease(1)
    assert following.effect == pin(2)


async def test_whoever_completes_an_effect_hears_of_more_in_its_lane(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1), pin(2)]))
    [first] = await outbox.lease(1)
    assert await outbox.complete(first, NOW) is Completion.LANE_HOLDS_MORE
    [second] = await outbox.lease(1)
    assert await outbox.complete(second, NOW) is Completion.LANE_EMPTY
    assert await outbox.complete(second, NOW) is Completion.LOST


async def test_so_does_whoever_records_a_result(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1), pin(2)]))
    [first] = await outbox.lease(1)
    assert await log.append(an_append(1, 1, completes=first)) == Appended(version=Version(2), more=True)
    [second] = await outbox.lease(1)
    assert await log.append(an_append(1, 2, completes=second)) == Appended(version=Version(3), more=False)


async def test_refreshes_that_wait_are_one(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[topic()]))
    [working] = await outbox.lease(1)
    for version in (1, 2, 3):
        await log.append(an_append(1, version, effects=[topic()]))
    await outbox.complete(working, NOW)
    [following] = await outbox.lease(1)
    await outbox.complete(following, NOW)
    assert await outbox.lease(1) == []


async def test_a_lane_rests_as_long_as_it_was_told(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1), pin(2)]))
    [lease] = await outbox.lease(1)
    await outbox.complete(lease, SOON)
    assert await outbox.lease(1) == []
    await asyncio.sleep(0.17)
    assert len(await outbox.lease(1)) == 1


async def test_an_empty_lane_rests_too(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1)]))
    [lease] = await outbox.lease(1)
    await outbox.complete(lease, LATER)
    assert await outbox.next_ready_in() is None
    await log.append(an_append(1, 1, effects=[pin(2)]))
    assert await outbox.lease(1) == []
    assert timedelta(seconds=50) < (await outbox.next_ready_in() or NOW) <= LATER


async def test_a_failed_effect_waits_and_counts(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1)]))
    [lease] = await outbox.lease(1)
    assert await outbox.retry(lease, SOON, reason="rate limited", uncertain=False)
    assert await outbox.lease(1) == []
    await asyncio.sleep(0.17)
    [again] = await outbox.lease(1)
    assert (again.effect, again.attempt, again.uncertain) == (pin(1), 2, False)


async def test_a_certain_failure_does_not_settle_an_earlier_doubt(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1)]))
    for uncertain in (True, False):
        [lease] = await outbox.lease(1)
        await outbox.retry(lease, NOW, reason="", uncertain=uncertain)
    [third] = await outbox.lease(1)
    assert (third.attempt, third.uncertain) == (3, True)


async def test_doubt_about_one_effect_says_nothing_of_the_next(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1), pin(2)]))
    [lease] = await outbox.lease(1)
    await outbox.retry(lease, NOW, reason="", uncertain=True)
    [lease] = await outbox.lease(1)
    await outbox.complete(lease, NOW)
    [following] = await outbox.lease(1)
    assert (following.attempt, following.uncertain) == (1, False)


async def test_a_buried_effect_is_kept_and_its_lane_goes_on(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1), pin(2)]))
    [lease] = await outbox.lease(1)
    assert await outbox.bury(lease, "is_archived")
    [letter] = await outbox.dead_letters()
    assert (letter.id, letter.lane, letter.reason, letter.attempts) == ("1.1.1", "C42:pin", "is_archived", 1)
    [following] = await outbox.lease(1)
    assert following.effect == pin(2)


async def test_an_effect_that_cannot_be_read_is_set_aside(
    log: RedisLog, outbox: RedisOutbox, client: Redis, keys: Keys
) -> None:
    await log.append(an_append(effects=[pin(1)]))
    await client.lset(keys.lane("C42:pin"), 0, '1.1.1 {"effect":"LaunchRocket"}')
    assert await outbox.lease(1) == []
    assert timedelta(seconds=5) < (await outbox.next_ready_in() or NOW) <= timedelta(seconds=10)


async def test_an_effect_that_nobody_can_read_is_given_up(
    log: RedisLog, outbox: RedisOutbox, client: Redis, keys: Keys
) -> None:
    await log.append(an_append(effects=[pin(1), pin(2)]))
    await client.lset(keys.lane("C42:pin"), 0, '1.1.1 {"effect":"LaunchRocket"}')
    await client.hset(keys.lease("C42:pin"), "attempt", "40")
    await outbox.lease(1)
    [letter] = await outbox.dead_letters()
    assert letter.effect == '{"effect":"LaunchRocket"}'
    assert len(await outbox.lease(1)) == 1


async def test_nothing_waits_where_nothing_was_appended(outbox: RedisOutbox) -> None:
    assert await outbox.next_ready_in() is None


async def test_what_waits_is_ready_now(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1)]))
    assert await outbox.next_ready_in() == NOW


async def test_a_result_completes_its_effect_in_the_same_step(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1), pin(2)]))
    [lease] = await outbox.lease(1)
    assert isinstance(await log.append(an_append(1, 1, completes=lease)), Appended)
    assert not await outbox.complete(lease, NOW)
    [following] = await outbox.lease(1)
    assert following.effect == pin(2)


async def test_a_result_can_complete_without_an_event(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1)]))
    [lease] = await outbox.lease(1)
    assert await log.append(an_append(1, 1, [], completes=lease)) == Appended(version=Version(1))
    assert await outbox.next_ready_in() is None


async def test_a_result_of_a_lost_lease_is_not_appended(log: RedisLog, hasty_outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1)]))
    [lost] = await hasty_outbox.lease(1)
    await asyncio.sleep(LEASE_ENDS)
    await hasty_outbox.lease(1)
    assert await log.append(an_append(1, 1, completes=lost)) == LeaseLost()


async def test_racing_workers_never_share_a_head(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(n, ChannelId(f"C{n}")) for n in range(30)]))
    batches = await asyncio.gather(*(outbox.lease(5) for _ in range(10)))
    leased = [lease.id for batch in batches for lease in batch]
    assert len(leased) == len(set(leased)) == 30


async def test_only_a_fault_of_its_own_counts_against_an_effect(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1)]))
    for counts in (True, False, True):
        [lease] = await outbox.lease(1)
        await outbox.retry(lease, NOW, reason="", uncertain=False, counts=counts)
    [lease] = await outbox.lease(1)
    assert (lease.attempt, lease.failures) == (4, 2)


async def test_a_lease_says_when_the_first_attempt_began(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1)]))
    [first] = await outbox.lease(1)
    await asyncio.sleep(0.005)
    await outbox.retry(first, NOW, reason="", uncertain=False)
    [second] = await outbox.lease(1)
    assert second.begun_at == first.begun_at


async def test_a_limit_that_one_process_met_is_heeded_by_the_others(
    log: RedisLog, outbox: RedisOutbox, client: Redis, keys: Keys
) -> None:
    heeded = dict[str, timedelta]()
    other = RedisOutbox(client, keys, heed=heeded.__setitem__)
    await log.append(an_append(effects=[pin(1)]))
    [lease] = await outbox.lease(1)
    await outbox.retry(lease, LATER, reason="", uncertain=False, limit="chat.postMessage C42")
    assert await other.lease(1) == []
    assert timedelta(seconds=55) < heeded["chat.postMessage C42"] <= LATER


async def test_a_limit_that_has_passed_is_not_told(
    log: RedisLog, outbox: RedisOutbox, client: Redis, keys: Keys
) -> None:
    heeded = dict[str, timedelta]()
    await log.append(an_append(effects=[pin(1)]))
    [lease] = await outbox.lease(1)
    await outbox.retry(lease, timedelta(milliseconds=1), reason="", uncertain=False, limit="chat.update")
    await asyncio.sleep(0.01)
    await RedisOutbox(client, keys, heed=heeded.__setitem__).lease(1)
    assert heeded == {}


async def test_a_dead_letter_goes_back_to_the_end_of_its_lane_and_is_looked_for_first(
    log: RedisLog, outbox: RedisOutbox
) -> None:
    await log.append(an_append(effects=[pin(1), pin(2)]))
    [lease] = await outbox.lease(1)
    await outbox.bury(lease, "is_archived")
    assert await outbox.revive("1.1.1")
    assert await outbox.dead_letters() == []
    [before] = await outbox.lease(1)
    await outbox.complete(before, NOW)
    [revived] = await outbox.lease(1)
    assert (before.effect, before.uncertain) == (pin(2), False)
    assert (revived.id, revived.effect, revived.uncertain, revived.attempt) == ("1.1.1", pin(1), True, 1)


async def test_a_dead_letter_can_be_given_up_and_revived_again(log: RedisLog, outbox: RedisOutbox) -> None:
    await log.append(an_append(effects=[pin(1)]))
    for _ in range(3):
        [lease] = await outbox.lease(1)
        assert lease.effect == pin(1)
        await outbox.bury(lease, "is_archived")
        assert await outbox.revive("1.1.1")
    assert not await outbox.revive("1.1.1")


async def test_a_letter_that_is_not_there_revives_nothing(outbox: RedisOutbox) -> None:
    assert not await outbox.revive("7.1.1")


async def test_what_was_given_up_is_counted_with_its_newest(log: RedisLog, outbox: RedisOutbox) -> None:
    assert await outbox.given_up() is None
    await log.append(an_append(effects=[pin(1), pin(2)]))
    for _ in range(2):
        [lease] = await outbox.lease(1)
        await outbox.bury(lease, "is_archived")
    given_up = await outbox.given_up()
    assert given_up is not None
    assert (given_up.count, given_up.newest_of) == (2, 1)
