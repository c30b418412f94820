"""One channel that is rate limited, one post that always fails: only they wait, and all else goes on in order."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.slack.chat import SlackChat
from bot.slack.web_client import WebClient
from bot.verdict import MOST_FAILURES
from tests.faults.agreement import doubled, misordered
from tests.faults.delivering import Asked, brisk_host, hurry, letters, seen_in, settle_in_haste
from tests.scenarios import witness
from tests.scenarios.host import Host
from tests.scenarios.team import Team

RETRY_AFTER = 2.0
"""Seconds; the arithmetic is the same for Slack's 30, which `long` sits through."""


def slack_of(team: Team) -> WebClient:
    """What the effect runner calls Slack with, behind whatever else it reaches."""
    chat: Any = team.bot.runner._chat
    while not isinstance(chat, SlackChat):
        chat = chat._chat
    return chat._client


@pytest.fixture
async def host(empty_redis: str, tmp_path: Path) -> AsyncIterator[Host]:
    async with brisk_host(empty_redis, tmp_path) as host:
        yield host


@pytest.fixture
async def team(host: Host) -> AsyncIterator[Team]:
    async with host.muster() as team:
        yield team


def _posts_to(asked: Asked, channel: str) -> list[dict[str, Any]]:
    return [call for call in asked.calls if call["method"] == "chat.postMessage" and call["args"]["channel"] == channel]


@pytest.mark.parametrize("seconds", [RETRY_AFTER, pytest.param(30.0, marks=pytest.mark.long)])
async def test_a_channel_at_its_limit_waits_in_every_process_while_others_go_on(host: Host, seconds: float) -> None:
    async with host.muster() as team, host.muster() as other:
        limited, free = await team.declare(), await team.declare("sev1 Search is down", by="ben")
        await team.settle()
        place = host.workspace.channel_id(limited)
        asked = Asked(team)
        await team.workspace.client.fault(
            "chat.postMessage", "ratelimited", count=1, seconds=seconds, where={"channel": place}
        )
        for number in (1, 2):
            await team.type("ada", f"update Cluster {number} is back.", limited)
            await team.type("ben", f"update Index {number} is back.", free)
            other.bot.runner.wake()
        await team.says("ben", free, "Update 2 by @ben")
        assert len(_posts_to(asked, place)) == 1
        await team.person("ada").wait_until(team.bot.is_idle, timeout=seconds + 20)
        refused, *later = _posts_to(asked, place)
        assert [call["time"] - refused["time"] >= seconds for call in later] == [True, True]
        assert len(await witness.posts(team, limited, "Known: Cluster")) == 2
        assert (doubled(host.workspace), misordered(host.workspace), await letters(team)) == ([], [], [])


@pytest.mark.parametrize("seconds", [RETRY_AFTER])
async def test_what_goes_to_the_same_place_by_another_lane_waits_too(team: Team, seconds: float) -> None:
    """The answer to whoever declared goes by a lane of its own; without its address it is a direct message too."""
    channel = await team.declare(by="ben")
    await team.settle()
    ben = team.workspace.user_id("ben")
    asked = Asked(team)
    where = {"channel": ben}
    await team.workspace.client.fault("chat.postMessage", "ratelimited", count=1, seconds=seconds, where=where)
    await team.type("ben", "assign communications @ben", channel)
    await team.person("ada").wait_until(lambda: _posts_to(asked, ben))
    team.workspace.site.response_urls.base_url = "http://127.0.0.1:1"  # from now on nobody listens there
    await team.type("ben", "declare sev2 Search is slow", "general")
    await team.person("ada").wait_until(team.bot.is_idle, timeout=20)
    refused, *later = _posts_to(asked, ben)
    assert len(later) >= 1
    assert all(call["time"] - refused["time"] >= seconds for call in later)


@pytest.mark.parametrize(("kind", "error"), [("internal_error", ""), ("bad_gateway", ""), ("refuse", "invalid_blocks")])
async def test_a_post_that_always_fails_is_given_up_and_the_rest_of_its_lane_goes_on(
    team: Team, kind: str, error: str
) -> None:
    channel = await team.declare()
    await team.settle()
    where = {"text": "poison"}
    await team.workspace.client.fault("chat.postMessage", kind, error=error or None, where=where)
    asked = Asked(team)
    for text in ("Before it.", "A poisonous text.", "After it.", "And after that."):
        await team.type("ada", f"update {text}", channel)
    await _settle_while_others_post(team)
    told = [seen.rendered for seen in await witness.posts(team, channel, "Known: ")]
    assert [part in text for part, text in zip(("Before", "After it", "And after"), told, strict=True)] == [True] * 3
    assert [letter.lane for letter in await letters(team)] != []
    assert {letter.id.partition(".")[0] for letter in await letters(team)} == {"1"}
    attempts = [call for call in asked.calls if "poison" in str(call["args"].get("text"))]
    assert len(attempts) <= 2 * MOST_FAILURES  # in the channel and below the announcement
    assert misordered(team.workspace) == []


async def _settle_while_others_post(team: Team) -> None:
    """Slack is well: Ben hears of a role now and then, so a post that fails fails alone."""
    busy = await team.declare("sev2 Search is slow", by="ben")
    for number in range(4):
        await team.type("ben", f"update Index {number} is rebuilt.", busy)
    await settle_in_haste(team)


async def test_a_post_that_was_given_up_can_be_revived_once_slack_takes_it(team: Team) -> None:
    channel = await team.declare()
    await team.settle()
    await team.workspace.client.fault("chat.postMessage", "internal_error", where={"text": "poison"})
    await team.type("ada", "update A poisonous text.", channel)
    await _settle_while_others_post(team)
    await team.workspace.client.clear_faults()
    given_up = await letters(team)
    for letter in given_up:
        assert await team.bot.store.outbox.revive(letter.id)
    await settle_in_haste(team)
    assert len(await witness.posts(team, channel, "Update 1 by @ada")) == 1
    assert len(await seen_in(team, "incidents", "by @ada")) == 1
    assert (await letters(team), doubled(team.workspace), len(given_up)) == ([], [], 2)


async def test_slack_whose_posts_fail_for_a_while_loses_none_of_them(team: Team) -> None:
    """Not everything is down, only posts, and nothing tells one post's fault from Slack's: so all of them wait."""
    channel = await team.declare()
    await team.settle()
    slack_of(team).pulse._worked.clear()  # as if it were long ago
    await team.workspace.client.fault("chat.postMessage", "internal_error")
    await team.type("ada", "update Half of all checkouts fail.", channel)
    asked = Asked(team)

    async def is_tried_often() -> bool:
        await hurry(team)
        return asked.methods["conversations.history"] + asked.methods["chat.postMessage"] > 3 * MOST_FAILURES

    await team.person("ada").wait_until(is_tried_often, timeout=20)
    assert await letters(team) == []
    await team.workspace.client.clear_faults()
    await settle_in_haste(team)
    assert len(await witness.posts(team, channel, "Update 1 by @ada")) == 1
