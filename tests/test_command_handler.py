"""The one door: what is decided, conflicts, repetitions, remembered states."""

import asyncio
from dataclasses import replace

import pytest

from bot.incident.commands import (
    AddNote,
    ClaimRole,
    ReopenIncident,
    ResolveIncident,
)
from bot.incident.effects import OpenChannel
from bot.incident.events import IncidentDeclared
from bot.incident.informing import UPDATE_TIMER
from bot.incident.terms import (
    COMMUNICATIONS_LEAD,
    INCIDENT_COMMANDER,
    Rejected,
    RequestId,
    Severity,
)
from tests.handler_bench import CHANNEL, DOWN, ONE, TWO, Bench, note
from tests.incident.given import ADA, BEN, ROLLBACK, after


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_what_was_decided_is_in_the_log_with_all_that_follows(bench: Bench) -> None:
    handled = await bench.here.declare(DOWN, request=RequestId("a"))
    assert tuple(bench.log.logs[ONE]) == handled.events
    assert [type(effect) for effect in bench.log.effects] == [OpenChannel]
    assert bench.log.timers[ONE] == {UPDATE_TIMER: after(60)}
    assert (bench.log.listed[ONE].title, bench.rings) == ("Checkout returns 500", 1)


async def test_while_people_practise_all_that_is_declared_is_a_drill(bench: Bench) -> None:
    bench.practising = True
    first = await bench.here.declare(DOWN, request=RequestId("a"))
    bench.practising = False
    second = await bench.here.declare(DOWN, request=RequestId("b"))
    assert (first.incident.drill, second.incident.drill) == (True, False)
    assert (bench.here.is_drill(ONE), bench.here.is_drill(TWO)) == (True, False)


async def test_the_effect_runner_is_woken_only_where_it_was_left_work(bench: Bench) -> None:
    await bench.opened()
    before = bench.rings
    await bench.here.handle(ONE, ClaimRole(by=BEN, role=COMMUNICATIONS_LEAD), request=RequestId("claim"))
    assert bench.rings == before + 1
    await bench.here.handle(ONE, note(), request=RequestId("note"))
    assert bench.rings == before + 1


async def test_war_rooms_of_a_crowd_are_begun_when_all_of_it_are_acknowledged(bench: Bench) -> None:
    requests = [RequestId(f"declare {number}") for number in range(20)]
    await asyncio.gather(*(bench.here.declare(DOWN, request=each) for each in requests))
    assert (len(bench.log.logs), bench.rings) == (20, 1)


async def test_a_matching_playbook_is_attached_to_what_is_declared(bench: Bench) -> None:
    bench.rules.playbook = ROLLBACK
    handled = await bench.here.declare(DOWN, request=RequestId("a"))
    assert list(handled.incident.playbooks) == ["bad-deploy"]


async def test_a_playbook_is_matched_against_the_severity_that_was_chosen(bench: Bench) -> None:
    bench.rules.playbook = ROLLBACK
    handled = await bench.here.declare(replace(DOWN, severity=Severity.SEV1), request=RequestId("a"))
    assert not handled.incident.playbooks


async def test_one_request_declares_one_incident_however_often_it_comes(bench: Bench) -> None:
    handlers = [bench.here, bench.there, bench.here]
    handled = await asyncio.gather(*(each.declare(DOWN, request=RequestId("a")) for each in handlers))
    assert (list(bench.log.logs), len(bench.log.effects)) == ([ONE], 1)
    assert sorted(each.repeated for each in handled) == [False, True, True]


async def test_two_who_declare_at_once_get_two_numbers(bench: Bench) -> None:
    first, second = await asyncio.gather(
        bench.here.declare(DOWN, request=RequestId("a")), bench.there.declare(DOWN, request=RequestId("b"))
    )
    assert {first.incident.id, second.incident.id} == {ONE, TWO}


async def test_those_of_one_process_who_change_an_incident_at_once_take_turns(bench: Bench) -> None:
    await bench.opened()
    appends, reads = bench.log.appends, bench.log.reads
    requests = [RequestId(f"note {number}") for number in range(20)]
    await asyncio.gather(*(bench.here.handle(ONE, note(), request=each) for each in requests))
    assert (bench.log.appends - appends, bench.log.reads - reads) == (20, 0)


async def test_whoever_lost_a_race_decides_again_on_the_newest_state(bench: Bench) -> None:
    await bench.opened()
    handlers = [bench.here, bench.there] * 4
    requests = [RequestId(str(number)) for number in range(8)]
    await asyncio.gather(
        *(each.handle(ONE, note(), request=request) for each, request in zip(handlers, requests, strict=True))
    )
    assert (await bench.here.read(ONE)).version == 3 + 8
    assert bench.log.appends > 2 + 8


async def test_a_command_on_a_state_that_is_remembered_reads_nothing_first(bench: Bench) -> None:
    await bench.opened()
    reads = bench.log.reads
    await bench.here.handle(ONE, AddNote(by=ADA, text="Rolled back"), request=RequestId("note"))
    assert bench.log.reads == reads


async def test_nothing_is_refused_on_a_state_that_is_out_of_date(bench: Bench) -> None:
    await bench.opened()
    await bench.there.handle(ONE, ResolveIncident(by=ADA), request=RequestId("resolve"))
    reopened = await bench.here.handle(ONE, ReopenIncident(by=ADA), request=RequestId("reopen"))
    assert not reopened.repeated


async def test_a_number_that_another_process_took_is_not_given_again(bench: Bench) -> None:
    await bench.here.declare(DOWN, request=RequestId("here"))
    await bench.there.declare(DOWN, request=RequestId("there"))
    third = await bench.here.declare(DOWN, request=RequestId("here again"))
    assert third.incident.id == 3


async def test_of_two_who_claim_in_the_same_moment_one_is_told_who_was_faster(bench: Bench) -> None:
    await bench.opened()
    claims = [(bench.here, ADA), (bench.there, BEN)]
    results = await asyncio.gather(
        *(
            each.handle(ONE, ClaimRole(by=by, role=COMMUNICATIONS_LEAD), request=RequestId(by.id))
            for each, by in claims
        ),
        return_exceptions=True,
    )
    (refusal,) = [each for each in results if isinstance(each, Rejected)]
    assert refusal.who == (await bench.here.read(ONE)).holder(COMMUNICATIONS_LEAD)


async def test_a_request_delivered_four_times_happens_once(bench: Bench) -> None:
    await bench.opened()
    handled = [await bench.here.handle(ONE, note(), request=RequestId("n")) for _ in range(4)]
    assert [each.repeated for each in handled] == [False, True, True, True]
    assert len(bench.log.logs[ONE]) == 4


async def test_a_repetition_that_would_be_refused_by_now_reads_as_repeated(bench: Bench) -> None:
    await bench.opened()
    await bench.here.handle(ONE, ResolveIncident(by=ADA), request=RequestId("r"))
    again = await bench.there.handle(ONE, ResolveIncident(by=ADA), request=RequestId("r"))
    assert again.repeated


async def test_another_request_for_the_same_is_refused(bench: Bench) -> None:
    await bench.opened()
    await bench.here.handle(ONE, ResolveIncident(by=ADA), request=RequestId("r"))
    with pytest.raises(Rejected, match="already resolved"):
        await bench.here.handle(ONE, ResolveIncident(by=BEN), request=RequestId("s"))


async def test_what_another_process_wrote_is_seen_at_once(bench: Bench) -> None:
    await bench.opened()
    await bench.there.handle(ONE, ClaimRole(by=BEN, role=INCIDENT_COMMANDER), request=RequestId("c"))
    assert (await bench.here.read(ONE)).commander == BEN.id


async def test_a_state_that_has_come_as_far_as_the_store_says_is_not_read_again(bench: Bench) -> None:
    opened = (await bench.opened()).incident
    reads = bench.log.reads
    assert await bench.here.read(ONE, opened.version) == opened
    assert bench.log.reads == reads


async def test_a_state_behind_what_the_store_says_is_read(bench: Bench) -> None:
    await bench.opened()
    noted = await bench.there.handle(ONE, AddNote(by=ADA, text="Rolled back"), request=RequestId("note"))
    assert await bench.here.read(ONE, noted.incident.version) == noted.incident


async def test_an_incident_that_does_not_exist_reads_as_one_that_may_not_be_seen(bench: Bench) -> None:
    with pytest.raises(Rejected, match=r"There is no INC-2 that you can see\."):
        await bench.here.handle(TWO, note(), request=RequestId("n"))


async def test_a_command_that_changes_nothing_appends_nothing(bench: Bench) -> None:
    await bench.opened()
    handled = await bench.here.handle(ONE, CHANNEL, request=RequestId("again"))
    assert (handled.events, bench.log.appends) == ((), 2)


async def test_the_history_is_every_event_oldest_first(bench: Bench) -> None:
    await bench.opened()
    assert list(await bench.here.history(ONE)) == bench.log.logs[ONE]


async def test_a_playbook_that_was_chosen_is_not_replaced_by_a_matching_one(bench: Bench) -> None:
    bench.rules.playbook = ROLLBACK
    chosen = replace(ROLLBACK, playbook="ddos")
    handled = await bench.here.declare(replace(DOWN, checklist=chosen), request=RequestId("a"))
    assert list(handled.incident.playbooks) == ["ddos"]


async def test_a_log_that_became_another_one_is_read_again_from_its_beginning(bench: Bench) -> None:
    await bench.opened()
    (first, *rest) = bench.log.logs[ONE]
    assert isinstance(first, IncidentDeclared)
    bench.log.logs[ONE] = [replace(first, title="Search is slow"), *rest]
    bench.log.diverged.add(ONE)
    handled = await bench.here.handle(ONE, note(), request=RequestId("note"))
    assert handled.incident.title == "Search is slow"
