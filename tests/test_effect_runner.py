"""The runner against an outbox in memory: order, retries, one failure that never stops the others."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from bot.effect_runner import IDLE_POLL, EffectRunner
from bot.incident.commands import Command, RecordFailure, RecordJoined
from bot.incident.effects import (
    Effect,
    InviteUsers,
    OpenChannel,
    PinMessage,
    PostCard,
    PostNotice,
    RefreshCard,
    RefreshTopic,
)
from bot.incident.events import RoleReleased
from bot.incident.state import Incident
from bot.incident.terms import INCIDENT_COMMANDER, MUSTER_ITSELF, ChannelId, IncidentId, MessageTs, Rejected, Version
from bot.ports import MAIL, Completion, Lease, Unavailable
from bot.slack_ports import Blame, Refused
from bot.verdict import MOST_FAILURES, Pauses, Verdict
from tests.outbox_double import OutboxDouble
from tests.slack.war_room import ADA, BEN, FORTY_TWO, NOON, ROOM, incident

SUMMARY = PostCard(incident=FORTY_TWO, card="summary", channel=ROOM)
PLAYBOOK = PostCard(incident=FORTY_TWO, card="playbook:x", channel=ROOM)
ANOTHER = PostCard(incident=FORTY_TWO, card="playbook:y", channel=ROOM)
TOPIC = RefreshTopic(incident=FORTY_TWO, channel=ROOM)
PIN = PinMessage(incident=FORTY_TWO, channel=ROOM, ts=MessageTs("1.0"))
INVITE = InviteUsers(incident=FORTY_TWO, channel=ROOM, users=(ADA,))
OPEN = OpenChannel(incident=FORTY_TWO, name="inc-42", private=False)
ANNOUNCED = PostNotice(
    incident=FORTY_TWO, channel=None, about=RoleReleased(at=NOON, by=ADA, role=INCIDENT_COMMANDER, before=BEN)
)
DOWN = Unavailable("Slack", "connection refused")
LOST = Unavailable("Slack", "reset", unknown=True)
LIMITED = Unavailable("Slack", "ratelimited", after=timedelta(seconds=30))
NO_HELP = Unavailable("Slack", "never", retryable=False)
JOINED = RecordJoined(by=MUSTER_ITSELF, users=(ADA,))

Perform = Callable[[Effect], Awaitable[Command | None]]


class Stage:
    """A chat whose behaviour the test gives, and what came of it. The outbox may be watched for its end."""

    def __init__(self, *, most: int = 32) -> None:
        self.performed: list[Effect] = []
        self.recorded: list[Command] = []
        self.verdicts: list[Verdict] = []
        self.recording, self.most_recording = 0, 0
        self.perform_as: Perform = self.nothing
        self.record_fails: list[Exception] = []
        self.reported: list[Command] = []
        self.withdrawn: list[Effect] = []
        self.alone: list[Effect] = []
        self.blamed = Blame.EFFECT
        self.probes = 0
        self.is_answering = True
        self.outbox = OutboxDouble()
        pause = timedelta(milliseconds=5)
        self.runner = EffectRunner(
            self.outbox,
            self,
            self.read,
            self.record,
            self.report,
            observer=self,
            most=most,
            store_pause=pause,
            pauses=Pauses(first_retry=pause),
        )
        self.outbox.on_change = self.runner.wake

    async def nothing(self, effect: Effect) -> None:
        """Succeeds."""

    def fails_with(self, *failures: Exception) -> None:
        left = list(failures)

        async def perform(effect: Effect) -> None:
            if left:
                raise left.pop(0)

        self.perform_as = perform

    async def perform(self, effect: Effect, incident: Incident, lease: Lease) -> Command | None:
        self.performed.append(effect)
        return await self.perform_as(effect)

    async def read(self, number: IncidentId, newest: Version | None) -> Incident:
        return incident()

    async def perform_alone(self, effect: Effect, lease: Lease) -> None:
        self.alone.append(effect)
        await self.perform_as(effect)

    async def withdraw_alone(self, effect: Effect, lease: Lease) -> None:
        self.withdrawn.append(effect)

    async def withdraw(self, effect: Effect, incident: Incident, lease: Lease, command: Command | None) -> None:
        self.withdrawn.append(effect)

    async def blame(self, failure: Unavailable) -> Blame:
        return self.blamed

    async def answers(self) -> bool:
        self.probes += 1
        return self.is_answering

    async def report(self, number: IncidentId, command: Command, lease: Lease) -> None:
        self.reported.append(command)

    async def record(self, number: IncidentId, command: Command, lease: Lease) -> bool:
        if self.record_fails:
            raise self.record_fails.pop(0)
        self.recording += 1
        self.most_recording = max(self.most_recording, self.recording)
        await asyncio.sleep(0)
        self.recording -= 1
        self.recorded.append(command)
        completion = await self.outbox.complete(lease, timedelta(0))
        if completion is Completion.LANE_HOLDS_MORE:
            self.runner.wake()
        return completion is not Completion.LOST

    def effect_attempted(self, effect: str, outcome: str, took: timedelta, *, drill: bool) -> None:
        self.verdicts.append(Verdict(outcome))

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        serving = asyncio.create_task(self.runner.run())
        try:
            yield
        finally:
            assert await self.runner.drain(timedelta(seconds=2))
            await serving

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(2):
            while not reached():  # noqa: ASYNC110 - what is waited for is spread over the runner and the outbox
                await asyncio.sleep(0.001)

    async def serve_once(self, *effects: Effect, uncertain: bool = False) -> None:
        """Until each lane's head has been tried."""
        self.outbox.put(*effects, uncertain=uncertain)
        async with self.served():
            await self.until(lambda: len(self.verdicts) >= len(effects))


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


async def test_a_result_that_no_longer_fits_completes_all_the_same(stage: Stage) -> None:
    async def join(effect: Effect) -> Command:
        return JOINED

    stage.perform_as = join
    stage.record_fails = [Rejected("INC-42 is closed.")]
    await stage.serve_once(INVITE)
    assert stage.outbox.is_empty


async def test_a_bug_in_one_effect_does_not_stop_another_and_has_a_reference(stage: Stage) -> None:
    async def broken(effect: Effect) -> None:
        if effect is TOPIC:
            raise KeyError("title")

    stage.perform_as = broken
    with structlog.testing.capture_logs() as logs:
        await stage.serve_once(TOPIC, PIN)
    assert sorted(stage.verdicts) == [Verdict.DONE, Verdict.RETRY_BUG]
    assert [log["reference"] for log in logs if log["event"] == "effect_bug"]


async def test_an_edit_rests_its_lane_for_a_second(stage: Stage) -> None:
    await stage.serve_once(RefreshCard(incident=FORTY_TWO, card="summary"), SUMMARY)
    assert [lane.ready_at.total_seconds() for lane in stage.outbox.lanes.values()] == [1, 0]


async def test_a_store_that_was_down_is_served_when_it_is_back(stage: Stage) -> None:
    stage.outbox.down = True
    stage.outbox.put(SUMMARY)
    async with stage.served():
        await asyncio.sleep(0.02)
        stage.outbox.down = False
        await stage.until(lambda: stage.outbox.is_empty)


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


async def test_a_limit_of_slacks_is_left_for_the_other_processes(stage: Stage) -> None:
    stage.fails_with(Unavailable("Slack", "ratelimited", after=timedelta(seconds=30), limit="chat.postMessage C1"))
    await stage.serve_once(SUMMARY)
    assert stage.outbox.limits == ["chat.postMessage C1"]


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
