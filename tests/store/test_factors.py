"""The index of contributing factors is written with the log, found by its words, and made anew by a restore."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from redis.asyncio import Redis

from bot.incident.factor import Acceptance, FactorClass, Surrounding
from bot.incident.factor_index import Action, FactorLine, ListedFactor, ReindexedFactor
from bot.incident.followup import FollowupState
from bot.incident.terms import IncidentId, UserId
from bot.store.keys import Keys
from bot.store.redis_factors import RedisFactors
from bot.store.redis_followups import RedisFollowups
from bot.store.redis_log import RedisLog
from bot.store.refill import Refill
from tests.store.appends import an_append, listed

ADA = UserId("UADA")
DECLARED = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LONG_AGO = DECLARED - timedelta(days=365)


def line(number: int = 1, text: str = "Two kestrel releases “at once”", **changes: Any) -> FactorLine:
    one = FactorLine(
        incident=IncidentId(1),
        number=number,
        text=text,
        kind=FactorClass.ENVIRONMENT,
        surrounding=Surrounding.RECENT_CHANGES,
        service="Check out",
        added_at=DECLARED + timedelta(minutes=number),
        declared_at=DECLARED,
        actions=(Action(number=1, what="Slower", state=FollowupState.OPEN, owner=ADA),),
        accepted=Acceptance(why="rare", by=ADA, at=DECLARED, look_again_on=DECLARED.date()),
    )
    return replace(one, **changes)


def new(*lines: FactorLine, no_longer: frozenset[str] = frozenset()) -> list[ReindexedFactor]:
    return [ReindexedFactor(line=each, no_longer=no_longer) for each in lines]


def numbers(found: Sequence[ListedFactor]) -> list[int]:
    return [item.line.number for item in found]


DONE = line(actions=(Action(number=1, what="Slower", state=FollowupState.DONE),))


async def test_a_line_comes_back_whole_with_its_incident(log: RedisLog, factors: RedisFactors) -> None:
    await log.append(an_append(factors=new(line())))
    (item,) = await factors.open()
    assert (item.line, item.listing.title, item.reference) == (line(), "Checkout returns 500", "INC-1 CF1")


async def test_one_that_is_settled_is_open_no_longer_and_still_counts(log: RedisLog, factors: RedisFactors) -> None:
    await log.append(an_append(factors=new(line(), line(2))))
    await log.append(an_append(1, 1, factors=new(DONE)))
    assert numbers(await factors.open()) == [2]
    assert sorted(numbers(await factors.recent(DECLARED))) == [1, 2]


async def test_one_that_was_removed_is_nowhere(log: RedisLog, factors: RedisFactors, client: Redis, keys: Keys) -> None:
    await log.append(an_append(factors=new(line())))
    await log.append(an_append(1, 1, factors=new(line(stands=False), no_longer=line().marks)))
    assert numbers(await factors.open()) == []
    assert numbers(await factors.alike(line().marks, LONG_AGO)) == []
    assert await client.keys(f"{keys.prefix}factors*") == []


async def test_it_is_found_by_its_surrounding_or_by_two_words(log: RedisLog, factors: RedisFactors) -> None:
    await log.append(an_append(factors=new(line())))
    surrounding = line(text="Else").surrounding_mark
    assert numbers(await factors.alike([surrounding], LONG_AGO)) == [1]
    assert numbers(await factors.alike(["kestrel", "once"], LONG_AGO)) == [1]
    assert numbers(await factors.alike(["kestrel", "merlin"], LONG_AGO)) == []
    assert numbers(await factors.alike([], LONG_AGO)) == []


async def test_what_was_declared_before_is_not_looked_at(log: RedisLog, factors: RedisFactors) -> None:
    await log.append(an_append(factors=new(line())))
    later = DECLARED + timedelta(seconds=1)
    assert numbers(await factors.alike(line().marks, later)) == []
    assert numbers(await factors.recent(later)) == []


async def test_an_edit_takes_its_lost_words_along(log: RedisLog, factors: RedisFactors) -> None:
    await log.append(an_append(factors=new(line())))
    merlin = line(text="Two merlins at once")
    await log.append(an_append(1, 1, factors=new(merlin, no_longer=line().marks - merlin.marks)))
    assert numbers(await factors.alike(["kestrel", "once"], LONG_AGO)) == []
    assert numbers(await factors.alike(["merlin", "once"], LONG_AGO)) == [1]


async def test_a_refused_append_indexes_nothing(log: RedisLog, factors: RedisFactors) -> None:
    await log.append(an_append())
    await log.append(an_append(1, 5, factors=new(line())))
    assert await factors.open() == []


async def test_a_restore_writes_it_anew(factors: RedisFactors, client: Redis, keys: Keys) -> None:
    refill = Refill(client, keys, "digest")
    assert await refill.begin()
    await refill.index(listed(), {}, (), new(line(), DONE))
    assert numbers(await factors.alike(["kestrel", "once"], LONG_AGO)) == [1]


async def test_every_key_of_it_is_one_that_keys_names(log: RedisLog, client: Redis, keys: Keys) -> None:
    await log.append(an_append(factors=new(line())))
    named = {keys.factors, keys.factors_open, keys.factors_recent, *map(keys.factors_of, line().marks)}
    assert set(await client.keys(f"{keys.prefix}factors*")) == named


async def test_the_digest_has_a_turn_while_a_factor_is_open(log: RedisLog, followups: RedisFollowups) -> None:
    await log.append(an_append(factors=new(line())))
    (turn,) = await followups.turns(DECLARED)
    assert turn.who is None
    next_at = DECLARED + timedelta(days=7)
    await followups.take(turn, next_at, None, has_nothing=True)
    (kept,) = await followups.turns(next_at)
    await log.append(an_append(1, 1, factors=new(DONE)))
    await followups.take(kept, next_at + timedelta(days=7), None, has_nothing=True)
    assert await followups.turns(next_at + timedelta(days=30)) == []
