"""The runner against an outbox in memory: order, retries, what is done once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.effect_runner import IDLE_POLL, EffectRunner
from bot.incident.commands import Command, RecordFailure
from bot.incident.effects import (
    Effect,
    RefreshCard,
)
from bot.incident.terms import MUSTER_ITSELF, ChannelId, Rejected
from bot.ports import Unavailable
from bot.slack_ports import Refused
from bot.verdict import Verdict
from tests.effect_runner_stage import DOWN, INVITE, JOINED, OPEN, PIN, PLAYBOOK, SUMMARY, TOPIC, Stage
from tests.slack.war_room import FORTY_TWO


@pytest.fixture
def stage() -> Stage:
    return Stage()


async def test_effects_of_one_lane_go_one_after_another(stage: Stage) -> None:
    begun, going_on = list[Effect](), asyncio.Event()

    async def slow(effect: Effect) -> None:
        begun.append(effect)
        await going_on.wait()

    stage.perform_as = slow
    stage.outbox.put(SUMMARY, PLAYBOOK)
    async with stage.served():
        await stage.until(lambda: bool(begun))
        await asyncio.sleep(0.02)
        assert begun == [SUMMARY]
        going_on.set()
        await stage.until(lambda: stage.outbox.is_empty)
    assert begun == [SUMMARY, PLAYBOOK]


async def test_lanes_go_at_once(stage: Stage) -> None:
    together = asyncio.Barrier(3)

    async def meet(effect: Effect) -> None:
        await together.wait()

    stage.perform_as = meet
    await stage.serve_once(SUMMARY, TOPIC, PIN)
    assert stage.verdicts == [Verdict.DONE] * 3


async def test_no_more_run_at_once_than_allowed() -> None:
    stage = Stage(most=2)
    running, most = 0, 0

    async def count(effect: Effect) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.005)
        running -= 1

    stage.perform_as = count
    await stage.serve_once(SUMMARY, TOPIC, PIN, INVITE, OPEN)
    assert most == 2


async def test_room_that_grows_while_the_store_is_asked_is_used_at_once() -> None:
    stage = Stage(most=3)
    stage.outbox.leases_after = 0.002

    async def briefly(effect: Effect) -> None:
        await asyncio.sleep(0.001 * (len(stage.performed) % 3))

    stage.perform_as = briefly
    stage.outbox.put(*(replace(PIN, channel=ChannelId(f"C{number}")) for number in range(30)))
    async with stage.served(), asyncio.timeout(IDLE_POLL.total_seconds() * 0.9):
        await stage.until(lambda: stage.outbox.is_empty)


async def test_a_result_is_recorded_and_completes_its_effect(stage: Stage) -> None:
    async def join(effect: Effect) -> Command:
        return JOINED

    stage.perform_as = join
    await stage.serve_once(INVITE)
    assert stage.recorded == [JOINED]
    assert stage.outbox.is_empty


async def test_results_of_one_incident_are_recorded_one_after_another(stage: Stage) -> None:
    async def join(effect: Effect) -> Command:
        return JOINED

    stage.perform_as = join
    await stage.serve_once(INVITE, SUMMARY, TOPIC, PIN)
    assert (len(stage.recorded), stage.most_recording) == (4, 1)


async def test_two_runners_on_one_outbox_do_each_effect_once(stage: Stage) -> None:
    other = EffectRunner(stage.outbox, stage, stage.read, stage.record, stage.report, observer=stage)
    stage.outbox.put(SUMMARY, TOPIC, PIN, PLAYBOOK)
    serving = asyncio.create_task(other.run())
    async with stage.served():
        await stage.until(lambda: stage.outbox.is_empty)
    assert await other.drain(timedelta(seconds=2))
    await serving
    assert len(stage.performed) == 4


async def test_an_optional_step_that_is_refused_is_recorded_once(stage: Stage) -> None:
    stage.fails_with(Refused("topic", "the app lacks channels:manage"))
    await stage.serve_once(TOPIC)
    assert stage.recorded == [RecordFailure(by=MUSTER_ITSELF, step="topic", reason="the app lacks channels:manage")]
    assert (stage.outbox.is_empty, stage.outbox.buried) == (True, [])


async def test_a_card_that_is_refused_is_buried_and_its_lane_goes_on(stage: Stage) -> None:
    stage.fails_with(Refused("post", "is_archived"))
    await stage.serve_once(SUMMARY, PLAYBOOK)
    assert stage.outbox.buried == [("e1", "post: is_archived")]
    assert stage.outbox.done == ["e2"]
    assert stage.reported == [RecordFailure(by=MUSTER_ITSELF, step="post", reason="is_archived")]


async def test_a_retry_keeps_the_order_of_its_lane(stage: Stage) -> None:
    stage.fails_with(DOWN)
    stage.outbox.put(SUMMARY, PLAYBOOK)
    async with stage.served():
        await stage.until(lambda: bool(stage.outbox.retries))
        stage.outbox.advance(timedelta(seconds=1))
        await stage.until(lambda: stage.outbox.is_empty)
    assert stage.performed == [SUMMARY, SUMMARY, PLAYBOOK]


async def test_a_result_that_no_longer_fits_completes_all_the_same(stage: Stage) -> None:
    async def join(effect: Effect) -> Command:
        return JOINED

    stage.perform_as = join
    stage.record_fails = [Rejected("INC-42 is closed.")]
    await stage.serve_once(INVITE)
    assert stage.outbox.is_empty


async def test_an_edit_rests_its_lane_for_a_second(stage: Stage) -> None:
    await stage.serve_once(RefreshCard(incident=FORTY_TWO, card="summary"), SUMMARY)
    assert [lane.ready_at.total_seconds() for lane in stage.outbox.lanes.values()] == [1, 0]


async def test_draining_finishes_what_is_at_work_and_leases_nothing_new(stage: Stage) -> None:
    begun = asyncio.Event()

    async def slow(effect: Effect) -> None:
        begun.set()
        await asyncio.sleep(0.02)

    stage.perform_as = slow
    stage.outbox.put(SUMMARY, PLAYBOOK)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(stage.runner.run())
        await begun.wait()
        assert await stage.runner.drain(timedelta(seconds=2))
    assert stage.outbox.done == ["e1"]


async def test_a_drain_that_takes_too_long_says_so(stage: Stage) -> None:
    stage.perform_as = lambda _: asyncio.Event().wait()  # type: ignore[assignment, return-value]
    stage.outbox.put(SUMMARY)
    serving = asyncio.create_task(stage.runner.run())
    await stage.until(lambda: bool(stage.performed))
    assert not await stage.runner.drain(timedelta(milliseconds=10))
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving


async def test_a_wake_starts_work_without_waiting_for_the_poll(stage: Stage) -> None:
    async with stage.served():
        await asyncio.sleep(0.01)
        stage.outbox.put(SUMMARY)
        async with asyncio.timeout(0.2):
            await stage.until(lambda: stage.outbox.is_empty)


async def test_a_limit_of_slacks_is_left_for_the_other_processes(stage: Stage) -> None:
    stage.fails_with(Unavailable("Slack", "ratelimited", after=timedelta(seconds=30), limit="chat.postMessage C1"))
    await stage.serve_once(SUMMARY)
    assert stage.outbox.limits == ["chat.postMessage C1"]
