"""The one door when replies are lost or the store is away, results of effects, and timers: nothing is said to be done
that is not."""

from dataclasses import replace

import pytest

from bot.clock import somebody_waits
from bot.command_handler import CommandHandler
from bot.incident.commands import (
    ReopenIncident,
    ResolveIncident,
)
from bot.incident.informing import UPDATE_TIMER
from bot.incident.terms import (
    IncidentId,
    RequestId,
    TimerName,
)
from bot.ports import DueTimer, Unavailable
from tests.handler_bench import CHANNEL, DOWN, ONE, Bench, note
from tests.incident.given import ADA, NOON, ROOM, after
from tests.log_double import LEASE, LogDouble


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_an_append_whose_reply_was_lost_is_applied_once_and_answered(bench: Bench) -> None:
    await bench.opened()
    bench.log.replies_to_lose = 1
    handled = await bench.here.handle(ONE, note(), request=RequestId("n"))
    assert (handled.repeated, len(handled.events), len(bench.log.logs[ONE])) == (False, 1, 4)


async def test_a_declaration_whose_reply_was_lost_is_one_incident(bench: Bench) -> None:
    bench.log.replies_to_lose = 1
    handled = await bench.here.declare(DOWN, request=RequestId("a"))
    assert (handled.repeated, list(bench.log.logs)) == (False, [ONE])


async def test_a_lost_reply_to_a_repetition_does_not_bend_the_remembered_state(bench: Bench) -> None:
    await bench.opened()
    await bench.here.handle(ONE, note("First."), request=RequestId("n"))
    await bench.here.handle(ONE, note("Second."), request=RequestId("o"))
    bench.log.replies_to_lose = 1
    again = await bench.here.handle(ONE, note("First."), request=RequestId("n"))
    assert (again.repeated, (await bench.here.read(ONE)).version) == (True, len(bench.log.logs[ONE]))


async def test_a_server_that_is_back_soon_says_what_became_of_it(bench: Bench) -> None:
    await bench.opened()
    bench.log.replies_to_lose = 2
    handled = await bench.here.handle(ONE, note(), request=RequestId("n"))
    assert (handled.repeated, len(handled.events), len(bench.log.logs[ONE])) == (False, 1, 4)


async def test_replies_that_stay_lost_are_told_as_unknown(bench: Bench) -> None:
    await bench.opened()
    bench.log.replies_to_lose = 4
    with pytest.raises(Unavailable) as failure:
        await bench.here.handle(ONE, note(), request=RequestId("n"))
    assert failure.value.unknown


async def test_an_unknown_outcome_stays_unknown_when_the_store_is_then_out_of_reach(bench: Bench) -> None:
    await bench.opened()
    bench.log.replies_to_lose = 1
    bench.log.down_after_a_lost_reply = True
    with pytest.raises(Unavailable) as failure:
        await bench.here.handle(ONE, note(), request=RequestId("n"))
    assert (failure.value.unknown, len(bench.log.logs[ONE])) == (True, 4)


async def test_what_the_store_came_to_too_late_is_known_not_to_have_happened(bench: Bench) -> None:
    await bench.opened()
    with somebody_waits(-1), pytest.raises(Unavailable, match="nothing was written") as failure:
        await bench.here.handle(ONE, note(), request=RequestId("n"))
    assert (failure.value.unknown, len(bench.log.logs[ONE])) == (False, 3)


async def test_with_the_store_down_nothing_is_said_to_be_done(bench: Bench) -> None:
    await bench.opened()
    bench.log.down = True
    with pytest.raises(Unavailable):
        await bench.here.handle(ONE, note(), request=RequestId("n"))


async def test_the_result_of_an_effect_is_recorded_and_the_effect_done_in_one_step(bench: Bench) -> None:
    await bench.here.declare(DOWN, request=RequestId("a"))
    lease = bench.log.lease(bench.log.effects[0])
    await bench.here.record(ONE, CHANNEL, lease)
    assert (bench.log.listed[ONE].channel, bench.log.leases) == (ROOM, {})


async def test_a_result_that_changes_nothing_still_completes_its_effect(bench: Bench) -> None:
    await bench.opened()
    lease = bench.log.lease(bench.log.effects[0])
    await bench.here.record(ONE, CHANNEL, lease)
    assert (bench.log.leases, len(bench.log.logs[ONE])) == ({}, 3)


async def test_a_result_whose_lease_was_lost_is_left_to_whoever_holds_it(bench: Bench) -> None:
    await bench.here.declare(DOWN, request=RequestId("a"))
    lease = bench.log.lease(bench.log.effects[0])
    assert not await bench.here.record(ONE, CHANNEL, replace(lease, token="older"))
    assert (await bench.here.read(ONE)).channel is None


async def test_a_due_timer_reminds_and_sets_its_next_time_in_the_same_append(bench: Bench) -> None:
    await bench.opened()
    bench.pass_to(after(60))
    assert len(await bench.fire_due()) == 1
    assert bench.log.timers[ONE] == {UPDATE_TIMER: after(70)}


async def test_a_due_timer_is_claimed_by_one_process_and_by_another_once_that_died(bench: Bench) -> None:
    await bench.opened()
    bench.pass_to(after(60))
    assert len(await bench.log.claim_due(10)) == 1
    assert await bench.log.claim_due(10) == []
    bench.pass_to(after(60) + LEASE)
    assert len(await bench.log.claim_due(10)) == 1


async def test_a_timer_without_a_reason_is_taken_away(bench: Bench) -> None:
    await bench.opened()
    bench.log.timers[ONE] = {TimerName("tea"): NOON}
    await bench.fire_due()
    assert bench.log.timers[ONE] == {UPDATE_TIMER: after(60)}


class Meddler(LogDouble):
    """A log in which another process reopens the incident just before the timers are restored."""

    meddle: CommandHandler | None = None

    async def restore(self, incident: IncidentId, timers: object) -> None:
        meddle, self.meddle = self.meddle, None
        if meddle:
            await meddle.handle(incident, ReopenIncident(by=ADA), request=RequestId("reopen"))
        await super().restore(incident, timers)  # type: ignore[arg-type]


async def test_restoring_timers_never_undoes_those_that_somebody_set_meanwhile(bench: Bench) -> None:
    await bench.opened()
    await bench.here.handle(ONE, ResolveIncident(by=ADA), request=RequestId("r"))
    log = Meddler(**{name: getattr(bench.log, name) for name in ("now", "logs", "listed", "requests")})
    handler = CommandHandler(log, log, bench.rules, bench.clock, lambda: None)
    log.meddle = bench.there = CommandHandler(log, log, bench.rules, bench.clock, lambda: None)
    await handler.fire(DueTimer(incident=ONE, name=UPDATE_TIMER, due_at=NOON))
    assert log.timers[ONE] == {UPDATE_TIMER: after(60)}


async def test_a_store_that_goes_down_before_the_append_is_not_asked_again(bench: Bench) -> None:
    await bench.opened()
    bench.log.down_for_writes = True
    with pytest.raises(Unavailable) as failure:
        await bench.here.handle(ONE, note(), request=RequestId("n"))
    assert (failure.value.unknown, bench.log.appends) == (False, 2)
