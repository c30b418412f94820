"""The runner when effects, Slack or the store fail: one failure never stops the others, nothing is done twice."""

import asyncio
from datetime import timedelta

import pytest
import structlog

from bot.incident.commands import Command
from bot.incident.effects import (
    Effect,
)
from bot.ports import MAIL, Unavailable
from bot.slack_ports import Blame
from bot.verdict import MOST_FAILURES, Verdict
from tests.effect_runner_stage import ANOTHER, DOWN, INVITE, JOINED, LOST, PIN, PLAYBOOK, SUMMARY, TOPIC, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


async def test_a_lost_record_is_looked_up_before_the_effect_is_repeated(stage: Stage) -> None:
    async def join(effect: Effect) -> Command:
        return JOINED

    stage.perform_as = join
    stage.record_fails = [Unavailable("the store", "connection refused")]
    await stage.serve_once(INVITE)
    assert stage.outbox.uncertain == [True]


async def test_what_was_done_is_looked_up_where_the_store_could_not_be_told_of_it(stage: Stage) -> None:
    stage.outbox.completions_fail = 1
    await stage.serve_once(TOPIC)
    assert stage.outbox.uncertain == [True]


async def test_a_bug_in_one_effect_does_not_stop_another_and_has_a_reference(stage: Stage) -> None:
    async def broken(effect: Effect) -> None:
        if effect is TOPIC:
            raise KeyError("title")

    stage.perform_as = broken
    with structlog.testing.capture_logs() as logs:
        await stage.serve_once(TOPIC, PIN)
    assert sorted(stage.verdicts) == [Verdict.DONE, Verdict.RETRY_BUG]
    assert [log["reference"] for log in logs if log["event"] == "effect_bug"]


async def test_a_store_that_was_down_is_served_when_it_is_back(stage: Stage) -> None:
    stage.outbox.down = True
    stage.outbox.put(SUMMARY)
    async with stage.served():
        await asyncio.sleep(0.02)
        stage.outbox.down = False
        await stage.until(lambda: stage.outbox.is_empty)


async def test_while_slack_is_silent_nothing_is_tried_and_nothing_counts(stage: Stage) -> None:
    stage.fails_with(DOWN)
    stage.blamed, stage.is_answering = Blame.SLACK, False
    stage.outbox.put(SUMMARY)
    async with stage.served():
        await stage.until(lambda: stage.probes >= 2)
        stage.outbox.put(TOPIC, PIN)
        stage.outbox.advance(timedelta(hours=2))
        await stage.until(lambda: stage.probes >= 4)
        assert stage.performed == [SUMMARY]
        stage.is_answering = True
        await stage.until(lambda: stage.outbox.is_empty)
    assert stage.outbox.lanes[SUMMARY.lane].waiting == []


async def test_a_mail_server_that_is_away_is_no_fault_of_slacks(stage: Stage) -> None:
    stage.fails_with(Unavailable(MAIL, "the connection was lost"))
    stage.blamed = Blame.SLACK
    stage.outbox.put(SUMMARY)
    async with stage.served():
        await stage.until(lambda: len(stage.verdicts) == 1)
        stage.outbox.put(TOPIC)
        await stage.until(lambda: len(stage.verdicts) == 2)
    assert (stage.verdicts, stage.probes) == ([Verdict.RETRY_BACKOFF, Verdict.DONE], 0)


async def test_many_failures_at_once_ask_slack_once(stage: Stage) -> None:
    together = asyncio.Barrier(3)

    async def fail(effect: Effect) -> None:
        await together.wait()
        raise DOWN

    asked = 0

    async def blame(failure: Unavailable) -> Blame:
        nonlocal asked
        asked += 1
        return Blame.SLACK

    stage.perform_as, stage.is_answering = fail, False
    stage.blame = blame  # type: ignore[method-assign]  # the stage is our own chat
    stage.outbox.put(SUMMARY, TOPIC, PIN)
    async with stage.served():
        await stage.until(lambda: stage.probes >= 1)
    assert asked == 1


async def test_an_effect_that_alone_fails_is_given_up_and_its_lane_goes_on_in_order(stage: Stage) -> None:
    async def poison(effect: Effect) -> None:
        if effect is SUMMARY:
            raise LOST

    stage.perform_as = poison
    stage.outbox.put(SUMMARY, PLAYBOOK, ANOTHER)
    async with stage.served():
        for _ in range(20):
            stage.outbox.advance(timedelta(minutes=1))
            await asyncio.sleep(0.002)
        await stage.until(lambda: stage.outbox.is_empty)
    assert [effect_id for effect_id, _ in stage.outbox.buried] == ["e1"]
    assert stage.outbox.done == ["e2", "e3"]
    assert stage.performed.count(SUMMARY) == MOST_FAILURES


async def test_a_bug_in_weighing_a_failure_stops_nothing_else(stage: Stage) -> None:
    async def blame(failure: Unavailable) -> Blame:
        raise KeyError("error")

    stage.fails_with(DOWN)
    stage.blame = blame  # type: ignore[method-assign]  # the stage is our own chat
    stage.outbox.put(SUMMARY, PLAYBOOK)
    with structlog.testing.capture_logs():  # a traceback takes its time to be drawn
        async with stage.served():
            await stage.until(lambda: bool(stage.outbox.retries))
            stage.outbox.advance(timedelta(seconds=1))
            await stage.until(lambda: stage.outbox.is_empty)
    assert stage.verdicts[0] is Verdict.RETRY_BUG


async def test_what_was_done_after_the_lease_was_lost_is_withdrawn(stage: Stage) -> None:
    async def outlive_the_lease(effect: Effect) -> None:
        stage.outbox.lanes[SUMMARY.lane].token = "somebody else's"

    stage.perform_as = outlive_the_lease
    await stage.serve_once(SUMMARY)
    assert (stage.withdrawn, stage.verdicts) == ([SUMMARY], [Verdict.LATE])


async def test_what_may_have_been_done_after_the_lease_was_lost_is_looked_after(stage: Stage) -> None:
    async def outlive_the_lease(effect: Effect) -> None:
        stage.outbox.lanes[SUMMARY.lane].token = "somebody else's"
        raise LOST

    stage.perform_as = outlive_the_lease
    await stage.serve_once(SUMMARY)
    assert stage.withdrawn == [SUMMARY]


async def test_what_is_done_in_time_is_never_withdrawn(stage: Stage) -> None:
    await stage.serve_once(SUMMARY, TOPIC)
    assert stage.withdrawn == []
