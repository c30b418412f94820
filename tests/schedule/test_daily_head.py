"""The day's head is looked for before it is posted again, and a channel that refuses it is told of once."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from bot.ports import AuditHead, Unavailable
from bot.schedule.daily_head import DailyHead
from bot.slack_ports import Refused

NIGHT = datetime(2026, 3, 2, tzinfo=UTC)
HEAD = AuditHead(number=1, at=NIGHT, incidents=2, entries=8, digest="ab" * 32)


@dataclass
class Heads:
    """The day's head until it is done; after `begin` its fate is uncertain."""

    head: AuditHead | None = HEAD
    done_at: list[str | None] = field(default_factory=list)

    async def due(self, now: datetime) -> AuditHead | None:
        return self.head

    async def begin(self, head: AuditHead) -> None:
        self.head = replace(head, uncertain=True)

    async def done(self, head: AuditHead, where: str | None) -> None:
        self.head = None
        self.done_at.append(where)


@dataclass
class Channel:
    """What stands in it; `answers` are lost or refused in their order, after the post arrived or instead of it."""

    failures: list[Exception] = field(default_factory=list)
    stands: list[str] = field(default_factory=list)
    arrives: bool = True

    async def post(self, head: AuditHead) -> str | None:
        failure = self.failures.pop(0) if self.failures else None
        if failure is None or self.arrives:
            self.stands.append(head.digest)
        if failure:
            raise failure
        return "C1 1.0"

    async def find(self, head: AuditHead) -> str | None:
        return "C1 1.0" if head.digest in self.stands else None


def looking(heads: Heads, channel: Channel) -> DailyHead:
    return DailyHead(heads, channel, lambda: NIGHT)


async def test_it_is_posted_once() -> None:
    heads, channel = Heads(), Channel()
    daily = looking(heads, channel)
    await daily.look()
    await daily.look()
    assert (channel.stands, heads.done_at) == ([HEAD.digest], ["C1 1.0"])


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_post_whose_answer_was_lost_is_looked_for_before_it_is_repeated(arrives: bool) -> None:
    heads, channel = Heads(), Channel([Unavailable("Slack", "no answer", unknown=True)], arrives=arrives)
    with pytest.raises(Unavailable):
        await looking(heads, channel).look()
    await looking(heads, channel).look()  # by another process
    assert (channel.stands, heads.done_at) == ([HEAD.digest], ["C1 1.0"])


async def test_a_channel_that_refuses_is_told_of_once_and_tried_again() -> None:
    refusal = Refused("post", "Muster is not in that channel; invite it there")
    heads, channel = Heads(), Channel([refusal, refusal], arrives=False)
    daily = looking(heads, channel)
    with capture_logs() as logs:
        for _ in range(3):
            await daily.look()
    assert [line["event"] for line in logs] == ["audit_head_not_posted", "audit_head_made"]
    assert channel.stands == [HEAD.digest]
