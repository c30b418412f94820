"""The index of follow-ups is written with the log, and a turn of the weekly round is taken once."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from redis.asyncio import Redis

from bot.incident.afterwards_effects import TellFollowups
from bot.incident.followup import FollowupState
from bot.incident.followup_index import FollowupLine, Reindexed
from bot.incident.terms import IncidentId, UserId
from bot.index_ports import Turn
from bot.ports import Append
from bot.store.keys import Keys
from bot.store.redis_followups import RedisFollowups
from bot.store.redis_log import RedisLog
from bot.store.redis_outbox import RedisOutbox
from tests.store.appends import an_append

ADA, BEN = UserId("UADA"), UserId("UBEN")
ADDED = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
NEXT = MONDAY + timedelta(days=7)
TOLD = TellFollowups(incident=IncidentId(1), user=ADA, planned_at=MONDAY)


def line(number: int = 1, **changes: Any) -> FollowupLine:
    one = FollowupLine(
        incident=IncidentId(1),
        number=number,
        what="Alert “earlier”",
        state=FollowupState.OPEN,
        added_at=ADDED + timedelta(minutes=number),
        owner=ADA,
        due_on=date(2026, 3, 31),
    )
    return replace(one, **changes)


def new(*lines: FollowupLine, no_longer: frozenset[UserId] = frozenset()) -> list[Reindexed]:
    return [Reindexed(line=each, no_longer=no_longer) for each in lines]


DONE = line(state=FollowupState.DONE, settled_at=MONDAY)


async def numbers(followups: RedisFollowups, user: UserId) -> list[int]:
    return [item.line.number for item in await followups.concerning(user)]


async def test_a_line_comes_back_with_its_incident(log: RedisLog, followups: RedisFollowups) -> None:
    await log.append(an_append(followups=new(line())))
    (item,) = await followups.open()
    assert (item.line, item.listing.title, item.reference) == (line(), "Checkout returns 500", "INC-1 F1")


async def test_those_of_a_person_come_the_oldest_first(log: RedisLog, followups: RedisFollowups) -> None:
    await log.append(an_append(followups=new(line(2), line(1), line(3, owner=BEN, product_sponsor=ADA))))
    assert await numbers(followups, ADA) == [1, 2, 3]
    assert await numbers(followups, BEN) == [3]


async def test_one_that_is_given_away_changes_hands(log: RedisLog, followups: RedisFollowups) -> None:
    await log.append(an_append(followups=new(line())))
    await log.append(an_append(1, 1, followups=new(line(owner=BEN), no_longer=frozenset({ADA}))))
    assert (await numbers(followups, ADA), await numbers(followups, BEN)) == ([], [1])


async def test_one_that_is_settled_is_kept_for_the_figures_alone(log: RedisLog, followups: RedisFollowups) -> None:
    await log.append(an_append(followups=new(line())))
    await log.append(an_append(1, 1, followups=new(DONE, no_longer=frozenset({ADA}))))
    assert (await followups.open(), await numbers(followups, ADA)) == ([], [])
    (kept,) = await followups.added_between(ADDED, ADDED + timedelta(hours=1))
    assert kept.line.settled_at == MONDAY
    assert await followups.added_between(MONDAY, NEXT) == []


async def test_a_refused_append_indexes_nothing(log: RedisLog, followups: RedisFollowups) -> None:
    await log.append(an_append())
    await log.append(an_append(1, 5, followups=new(line())))
    assert await followups.open() == []


async def test_whoever_has_something_has_a_turn_and_so_has_the_digest(log: RedisLog, followups: RedisFollowups) -> None:
    await log.append(an_append(followups=new(line())))
    turns = await followups.turns(MONDAY)
    assert {turn.who for turn in turns} == {ADA, None}
    assert {turn.due_at for turn in turns} == {None}


async def test_a_turn_is_taken_once_however_many_reach_for_it(
    log: RedisLog, followups: RedisFollowups, outbox: RedisOutbox
) -> None:
    await log.append(an_append(followups=new(line())))
    planned = Turn(who=ADA, due_at=None)
    assert await followups.take(planned, MONDAY, None, has_nothing=False)
    turn = Turn(who=ADA, due_at=MONDAY)
    assert turn in await followups.turns(MONDAY)
    taken = await asyncio.gather(*(followups.take(turn, NEXT, TOLD, has_nothing=False) for _ in range(8)))
    assert sum(taken) == 1
    (lease,) = await outbox.lease(10)
    assert (lease.effect, lease.lane) == (TOLD, "UADA:posts")
    assert turn not in await followups.turns(MONDAY)


async def test_two_messages_have_two_names(log: RedisLog, followups: RedisFollowups, outbox: RedisOutbox) -> None:
    await log.append(an_append(followups=new(line(), line(2, owner=BEN))))
    for who in (ADA, BEN):
        await followups.take(Turn(who=who, due_at=None), NEXT, replace(TOLD, user=who), has_nothing=False)
    ids = {lease.id for lease in await outbox.lease(10)}
    assert len(ids) == 2
    assert all(part.isdecimal() for id_ in ids for part in id_.split("."))


async def test_whoever_has_nothing_leaves_and_comes_back_with_the_next_one(
    log: RedisLog, followups: RedisFollowups
) -> None:
    await log.append(an_append(followups=new(line())))
    await log.append(an_append(1, 1, followups=new(DONE, no_longer=frozenset({ADA}))))
    for turn in await followups.turns(MONDAY):
        await followups.take(turn, NEXT, None, has_nothing=True)
    assert await followups.turns(NEXT + timedelta(days=30)) == []
    await log.append(an_append(1, 2, followups=new(line(2))))
    assert Turn(who=ADA, due_at=None) in await followups.turns(MONDAY)


async def test_what_came_while_it_was_looked_keeps_its_person_in_the_round(
    log: RedisLog, followups: RedisFollowups
) -> None:
    await log.append(an_append(followups=new(line())))
    await followups.take(Turn(who=ADA, due_at=None), MONDAY, None, has_nothing=True)
    assert Turn(who=ADA, due_at=MONDAY) in await followups.turns(MONDAY)


async def test_a_turn_that_a_wrong_clock_planned_is_planned_anew(log: RedisLog, followups: RedisFollowups) -> None:
    await log.append(an_append(followups=new(line())))
    far = MONDAY + timedelta(days=400)
    await followups.take(Turn(who=ADA, due_at=None), far, None, has_nothing=False)
    assert Turn(who=ADA, due_at=far) in await followups.turns(MONDAY)


async def test_a_new_one_does_not_move_a_turn_that_is_planned(log: RedisLog, followups: RedisFollowups) -> None:
    await log.append(an_append(followups=new(line())))
    await followups.take(Turn(who=ADA, due_at=None), NEXT, None, has_nothing=False)
    await log.append(an_append(1, 1, followups=new(line(2))))
    assert ADA not in {turn.who for turn in await followups.turns(MONDAY)}


async def test_the_gauges_count_what_is_public_and_read_nothing(log: RedisLog, followups: RedisFollowups) -> None:
    hidden, forever = line(2, private=True), line(3, due_on=None)
    await log.append(an_append(followups=new(line(), hidden, forever)))
    assert await followups.count_public(date(2026, 3, 31)) == (2, 0)
    assert await followups.count_public(date(2026, 4, 1)) == (2, 1)
    await log.append(an_append(1, 1, followups=new(DONE)))
    assert await followups.count_public(date(2026, 4, 1)) == (1, 0)


async def test_every_key_of_it_is_one_that_keys_names(
    log: RedisLog, followups: RedisFollowups, client: Redis, keys: Keys
) -> None:
    await log.append(an_append(followups=new(line())))
    named = (
        keys.followups,
        keys.followups_added,
        keys.followups_public,
        keys.followups_open,
        keys.followups_of(ADA),
        keys.weekly,
    )
    assert await client.exists(*named) == len(named)


def unclosed(number: int = 1, **changes: Any) -> Append:
    """Somebody was asked about it, and nobody closes it."""
    made = an_append(number)
    return replace(made, listing=replace(made.listing, unclosed_since=ADDED, active=False, **changes))


async def test_what_nobody_closes_is_listed_until_somebody_does(log: RedisLog, followups: RedisFollowups) -> None:
    await log.append(unclosed())
    assert [each.incident for each in await followups.unclosed()] == [1]
    assert await followups.turns(MONDAY) == [Turn(who=None, due_at=None)]
    await log.append(an_append(1, 1))
    assert await followups.unclosed() == []


async def test_private_incidents_and_drills_are_not_among_those_that_nobody_closes(
    log: RedisLog, followups: RedisFollowups
) -> None:
    await log.append(unclosed(private=True))
    await log.append(unclosed(2, drill=True))
    assert (await followups.unclosed(), await followups.turns(MONDAY)) == ([], [])


async def test_the_digest_stays_while_there_is_something_that_nobody_closes(
    log: RedisLog, followups: RedisFollowups
) -> None:
    await log.append(unclosed())
    await followups.take(Turn(who=None, due_at=None), NEXT, None, has_nothing=True)
    assert await followups.turns(NEXT) == [Turn(who=None, due_at=NEXT)]
