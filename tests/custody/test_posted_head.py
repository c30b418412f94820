"""The head that stands in Slack is the one that the audit asks for, and it tells nothing of an incident."""

from datetime import timedelta

import pytest

from bot.ports import Unavailable
from bot.workspace.seen import SeenMessage
from tests.custody.site import Site
from tests.scenarios import witness
from tests.scenarios.team import Team
from tests.scenarios.test_private_incidents import declare_privately

CHANNEL = "#incidents"


async def heads_in_slack(team: Team) -> list[SeenMessage]:
    return await witness.posts(team, CHANNEL.removeprefix("#"), "Audit head of")


def digest_of(post: SeenMessage) -> str:
    return next(line.strip("`") for line in post.text.splitlines() if line.startswith("`"))


async def test_the_head_in_slack_proves_the_record_and_tells_nothing_of_it(site: Site) -> None:
    async with site.host("data", audit_channel=CHANNEL).muster() as team:
        await declare_privately(team, "Merger keys leaked")
        await team.bot.look_at_head()
        (post,) = await heads_in_slack(team)
    assert "1 incident, " in post.text
    assert not {"Merger", "INC-1", "inc-1"} & set(post.rendered.replace(",", " ").split())
    status, said = await site.muster("data", "audit", "--head", digest_of(post))
    assert status == 0, said
    assert "The record is what it was at the head of" in said


async def test_each_day_has_one_head_over_restarts(site: Site) -> None:
    async with site.host("data", audit_channel=CHANNEL).muster() as team:
        await team.declare()
        await team.bot.look_at_head()
    async with site.host("data", audit_channel=CHANNEL).muster() as team:
        await team.bot.look_at_head()
        assert len(await heads_in_slack(team)) == 1
        site.clock.move_on(timedelta(days=1))
        await team.bot.look_at_head()
        await team.bot.look_at_head()
        assert len(await heads_in_slack(team)) == 2


async def test_a_head_whose_answer_was_lost_is_not_posted_again(site: Site) -> None:
    async with site.host("data", audit_channel=CHANNEL).muster() as team:
        await team.declare()
        await site.workspace.client.fault("chat.postMessage", "lose_reply", count=1, after=True)
        with pytest.raises(Unavailable):
            await team.bot.look_at_head()
        store = team.bot.store
        await store.client.delete(store.keys.checkpoint_claim)
        await team.bot.look_at_head()
        assert len(await heads_in_slack(team)) == 1
