"""Deploy freezes in the store: written once, in one step with what is to be told."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.freeze_keeper import FreezeKeeper
from bot.incident.effects import RefreshCard
from bot.incident.freeze import Freeze, FreezeChange, FreezeTurn, FreezeWish
from bot.incident.freeze_effects import TellFreeze
from bot.incident.policy import Policy
from bot.incident.terms import NO_INCIDENT, IncidentId, Person, Rejected, UserId
from bot.store.keys import Keys
from bot.store.redis_freezes import RedisFreezes
from bot.store.redis_outbox import RedisOutbox
from tests.freezes_double import no_routes
from tests.incident.given import ADA, NOON, minutes

UNTIL = NOON + timedelta(hours=24)
TOLD = TellFreeze(incident=NO_INCIDENT, freeze=1, turn=FreezeTurn.BEGAN, until=UNTIL, place="#checkout")
CARD = RefreshCard(incident=IncidentId(7), card="summary")


@pytest.fixture
def book(client: Redis, keys: Keys) -> RedisFreezes:
    return RedisFreezes(client, keys)


async def new(book: RedisFreezes, after: int = 0) -> FreezeChange:
    freeze = Freeze(
        number=await book.next_number(),
        services=("checkout",),
        since=NOON,
        until=UNTIL,
        by=ADA.id,
        request="slash:1",
        after=after,
        why="落ちた <b>",
        incident=IncidentId(7),
    )
    return FreezeChange(at=NOON, by=ADA.id, turn=FreezeTurn.BEGAN, freeze=freeze)


async def test_a_freeze_is_kept_with_its_log_and_what_is_to_be_told(
    book: RedisFreezes, client: Redis, keys: Keys
) -> None:
    change = await new(book)
    assert await book.write(change, [TOLD, CARD])
    (kept,) = await book.freezes()
    assert kept == replace(change.freeze, revision=1)
    (line,) = await book.log()
    assert (line.turn, line.freeze.why) == (FreezeTurn.BEGAN, "落ちた <b>")
    assert {lease.effect for lease in await RedisOutbox(client, keys).lease(5)} == {TOLD, CARD}


async def test_of_two_that_begin_at_once_one_does(book: RedisFreezes, client: Redis, keys: Keys) -> None:
    first, second = await new(book), await new(book)
    assert sorted(await asyncio.gather(book.write(first, [TOLD]), book.write(second, [TOLD]))) == [False, True]
    (kept,) = await book.freezes()
    assert len(await book.log()) == 1
    assert await book.write(await new(book, after=kept.number))


async def test_of_two_who_change_one_freeze_one_does(book: RedisFreezes) -> None:
    await book.write(await new(book))
    (kept,) = await book.freezes()
    over = replace(kept, ended_at=NOON + minutes(5), ended_by=ADA.id)
    change = FreezeChange(at=NOON, by=ADA.id, turn=FreezeTurn.ENDED, freeze=over, before=kept)
    assert sorted(await asyncio.gather(book.write(change), book.write(change))) == [False, True]


async def test_one_that_is_forgotten_leaves_its_log_and_its_number(book: RedisFreezes) -> None:
    await book.write(await new(book))
    (kept,) = await book.freezes()
    gone = FreezeChange(at=NOON, by=ADA.id, turn=FreezeTurn.FORGOTTEN, freeze=kept, before=kept)
    assert await book.write(gone)
    assert await book.freezes() == []
    assert [each.turn for each in await book.log()] == [FreezeTurn.BEGAN, FreezeTurn.FORGOTTEN]
    again = await new(book)
    assert await book.write(again)
    assert again.freeze.number == 2


async def test_cards_that_wait_to_be_drawn_wait_no_more_than_twice(
    book: RedisFreezes, client: Redis, keys: Keys
) -> None:
    after = 0
    for _ in range(4):
        change = await new(book, after)
        await book.write(change, [CARD])
        after = change.freeze.number
    assert await client.llen(keys.lane(CARD.lane)) == CARD.keep


async def test_of_two_who_freeze_a_service_at_once_one_does_and_the_other_is_told(book: RedisFreezes) -> None:
    woken: list[None] = []
    keeper = FreezeKeeper(book, Policy, no_routes, lambda: NOON, lambda: woken.append(None))
    people = [Person(id=UserId(f"U{number}")) for number in range(6)]
    asked = [
        keeper.begin(each, FreezeWish(request=each.id, services=("checkout", f"s{each.id}"[: 2 + number % 2])))
        for number, each in enumerate(people)
    ]
    done = await asyncio.gather(*asked, return_exceptions=True)
    refused = [each for each in done if isinstance(each, Rejected)]
    assert (len(refused), len(await book.freezes()), len(woken)) == (5, 1, 1)
    assert all("frozen already (F" in each.sentence for each in refused)


async def test_a_request_that_is_delivered_twice_at_once_is_one_freeze(book: RedisFreezes) -> None:
    keeper = FreezeKeeper(book, Policy, no_routes, lambda: NOON, lambda: None)
    wish = FreezeWish(request="slash:1", services=("checkout",))
    done = await asyncio.gather(*(keeper.begin(ADA, wish) for _ in range(3)))
    assert len({each.number for each in done}) == 1
    assert len(await book.freezes()) == 1
