"""Open incidents by the hundred, straight into the log by the same door that people's commands take, and without Slack.

Each has a channel, one of its own or a shared one, and an update that is due when the test says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.command_handler import CommandHandler
from bot.incident.commands import DeclareIncident, RecordChannel, RecordJoined
from bot.incident.policy import Policy
from bot.incident.terms import MUSTER_ITSELF, ChannelId, Checklist, Person, RequestId, Severity, UserId
from bot.store.connection import ask
from bot.store.redis_store import RedisStore
from bot.workspace.cast import CHANNELS, ChannelPlan
from tests.faults.fleet import Fleet

CADENCE: Final = timedelta(minutes=30)
"""SEV1's, as it is built in."""


class PlainRules:
    """The policy that is built in, and no playbooks."""

    policy = Policy()

    def checklist_for(self, _command: DeclareIncident, _severity: Severity) -> Checklist | None:
        return None


@dataclass(slots=True)
class SetTime:
    """Says what it was told to say."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def channel_name(number: int) -> str:
    return f"inc-{number}-seeded"


def channels_for(count: int, *, first: int = 1) -> tuple[ChannelPlan, ...]:
    """What the workspace starts with where `count` incidents are to have channels of their own."""
    return (*CHANNELS, *(ChannelPlan(name=channel_name(n), with_app=True) for n in range(first, first + count)))


async def seed_incidents(fleet: Fleet, due: Sequence[datetime], *, first: int = 1) -> None:
    """INC-<first> and those after it, declared by Ada, whose updates are due at these times.

    Those whose channels do not exist (`channels_for`) share #general.
    """
    clock = SetTime(at=due[0])
    handler = CommandHandler(fleet.store.log, fleet.store.timers, PlainRules(), clock, on_append=lambda: None)
    ada = Person(id=UserId(fleet.workspace.user_id("ada")), name="ada")
    ids = {channel.name: channel.id for channel in fleet.workspace.site.team.channels.values()}
    for number, at in enumerate(due, start=first):
        clock.at = at - CADENCE
        channel = ChannelId(ids.get(channel_name(number), ids["general"]))
        declared = await handler.declare(
            DeclareIncident(by=ada, title=f"Seeded {number}", severity=Severity.SEV1),
            request=_request(number, "declare"),
        )
        opened = RecordChannel(by=MUSTER_ITSELF, channel=channel, name=channel_name(number))
        await handler.handle(declared.incident.id, opened, request=_request(number, "open"))
        joined = RecordJoined(by=MUSTER_ITSELF, users=(ada.id,))
        handled = await handler.handle(declared.incident.id, joined, request=_request(number, "join"))
        assert handled.incident.clock.due_at == at
    await _empty_lanes(fleet.store)


def _request(number: int, step: str) -> RequestId:
    return RequestId(f"seed:{number}:{step}")


async def _empty_lanes(store: RedisStore) -> None:
    for lane in await ask(store.client, "ZRANGE", store.keys.ready, 0, -1):
        await ask(store.client, "DEL", store.keys.lane(lane), store.keys.lease(lane))
    await ask(store.client, "DEL", store.keys.ready)
