"""A stage for the effect runner: an outbox in memory, and a chat that behaves as a test says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.effect_runner import EffectRunner
from bot.incident.commands import Command, RecordJoined
from bot.incident.effects import (
    Effect,
    InviteUsers,
    OpenChannel,
    PinMessage,
    PostCard,
    PostNotice,
    RefreshTopic,
)
from bot.incident.events import RoleReleased
from bot.incident.state import Incident
from bot.incident.terms import INCIDENT_COMMANDER, MUSTER_ITSELF, IncidentId, MessageTs, Version
from bot.ports import Completion, Lease, Unavailable
from bot.slack_ports import Blame
from bot.verdict import Pauses, Verdict
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
