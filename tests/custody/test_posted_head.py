"""The head that stands in Slack is the one that the audit asks for, and it tells nothing of an incident."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.ports import Unavailable
from bot.schedule.daily_head import DailyHead
from bot.slack.announcements import Announcements
from bot.slack.audit_channel import AuditChannel
from bot.slack.limiter import Limiter
from bot.slack.web_client import open_web_client
from bot.workspace.seen import SeenMessage
from tests.custody.site import Site
from tests.scenarios import witness
from tests.scenarios.team import Team

CHANNEL = "#incidents"


@asynccontextmanager
async def daily_head(site: Site, team: Team) -> AsyncIterator[DailyHead]:
    """As the running bot has it, looked at when the test wants it."""
    checkpoint = team.bot.store.checkpoint
    assert checkpoint is not None
    settings = site.host("data").settings
    token = settings.slack_bot_token.get_secret_value()
    async with open_web_client(token, base_url=settings.slack_api_url, limiter=Limiter()) as client:
        channel = AuditChannel(client, Announcements(client, CHANNEL))
        yield DailyHead(checkpoint, channel, site.clock.now)


async def heads_in_slack(team: Team) -> list[SeenMessage]:
    return await witness.posts(team, CHANNEL.removeprefix("#"), "Audit head of")


def digest_of(post: SeenMessage) -> str:
    return next(line.strip("`") for line in post.text.splitlines() if line.startswith("`"))


async def test_the_head_in_slack_proves_the_record_and_tells_nothing_of_it(site: Site) -> None:
    async with site.host("data").muster() as team, daily_head(site, team) as daily:
        await team.type("ada", "declare --private sev1 Merger keys leaked", "general")
        await team.settle()
        await daily.look()
        (post,) = await heads_in_slack(team)
    assert "1 incident, " in post.text
    assert not {"Merger", "INC-1", "inc-1"} & set(post.rendered.replace(",", " ").split())
    status, said = await site.muster("data", "audit", "--head", digest_of(post))
    assert status == 0, said
    assert "The record is what it was at the head of" in said


async def test_each_day_has_one_head_over_restarts(site: Site) -> None:
    async with site.host("data").muster() as team, daily_head(site, team) as daily:
        await team.declare()
        await daily.look()
    async with site.host("data").muster() as team, daily_head(site, team) as daily:
        await daily.look()
        assert len(await heads_in_slack(team)) == 1
        site.clock.move_on(timedelta(days=1))
        await daily.look()
        await daily.look()
        assert len(await heads_in_slack(team)) == 2


async def test_a_head_whose_answer_was_lost_is_not_posted_again(site: Site) -> None:
    async with site.host("data").muster() as team, daily_head(site, team) as daily:
        await team.declare()
        await site.workspace.client.fault("chat.postMessage", "lose_reply", count=1, after=True)
        with pytest.raises(Unavailable):
            await daily.look()
        store = team.bot.store
        await store.client.delete(store.keys.checkpoint_claim)
        await daily.look()
        assert len(await heads_in_slack(team)) == 1
