"""The log's double keeps the promises of the ports, in the order in which the store checks them."""

from datetime import datetime
from typing import Final

import pytest

from bot.incident.effects import Effect, RefreshTopic
from bot.incident.listing import listing
from bot.incident.terms import IncidentId, RequestId, TimerName, Version
from bot.ports import AlreadyHandled, Append, Appended, Conflict, Lease, LeaseLost, Unavailable
from tests.incident.given import NOON, ROOM, after, checkout, resolved
from tests.log_double import LogDouble

ONE: Final = IncidentId(1)
TEA: Final = TimerName("tea")
TOPIC: Final[Effect] = RefreshTopic(incident=ONE, channel=ROOM)
STORY: Final = checkout()


def an_append(
    request: str = "a", *, expected: int = 0, completes: Lease | None = None, timers: datetime = NOON
) -> Append:
    return Append(
        incident=ONE,
        expected=Version(expected),
        request=RequestId(request),
        events=STORY.log[:2],
        listing=listing(STORY.state),
        effects=[TOPIC],
        timers={TEA: timers},
        completes=completes,
    )


@pytest.fixture
def log() -> LogDouble:
    return LogDouble(now=NOON)


async def test_an_append_writes_everything(log: LogDouble) -> None:
    assert await log.append(an_append()) == Appended(version=Version(2))
    assert await log.read(ONE, Version(1)) == tuple(STORY.log[1:2])
    assert (log.effects, log.timers, await log.incident_of(ROOM)) == ([TOPIC], {ONE: {TEA: NOON}}, ONE)


async def test_a_stale_append_writes_nothing(log: LogDouble) -> None:
    await log.append(an_append())
    assert await log.append(an_append("b", expected=1)) == Conflict()
    assert len(log.effects) == 1


async def test_a_number_that_is_taken_is_a_conflict(log: LogDouble) -> None:
    await log.append(an_append())
    assert await log.append(an_append("b")) == Conflict()
    assert await log.next_number() == 2


async def test_a_request_is_handled_once_even_where_its_append_is_stale(log: LogDouble) -> None:
    await log.append(an_append())
    handled = AlreadyHandled(incident=ONE, version=Version(2))
    assert (await log.append(an_append()), await log.handled(RequestId("a"))) == (handled, handled)


async def test_a_lost_lease_writes_nothing(log: LogDouble) -> None:
    lease = log.lease(TOPIC, "newer")
    older = Lease(lane=lease.lane, token="older", id=lease.id, effect=TOPIC, attempt=1, uncertain=False)
    assert await log.append(an_append(completes=older)) == LeaseLost()
    assert log.logs == {}


async def test_a_lost_reply_has_taken_effect(log: LogDouble) -> None:
    log.replies_to_lose = 1
    with pytest.raises(Unavailable):
        await log.append(an_append())
    assert await log.append(an_append()) == AlreadyHandled(incident=ONE, version=Version(2))


async def test_a_due_timer_is_claimed_once_and_again_after_an_append_moved_it(log: LogDouble) -> None:
    await log.append(an_append())
    assert [each.name for each in await log.claim_due(5)] == [TEA]
    assert await log.claim_due(5) == []
    await log.append(an_append("b", expected=2))
    assert len(await log.claim_due(5)) == 1


async def test_a_timer_that_is_not_due_is_not_claimed(log: LogDouble) -> None:
    await log.append(an_append(timers=after(1)))
    assert await log.claim_due(5) == []


async def test_open_incidents_are_listed_apart(log: LogDouble) -> None:
    await log.append(an_append())
    log.listed[ONE] = listing(resolved().state)
    assert (await log.listings(active=True), len(await log.listings(active=False))) == ([], 1)
