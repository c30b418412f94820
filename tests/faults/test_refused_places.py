"""What Slack refuses: one clear notice that names what to do, no retry storm, and the incident stays usable."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.workspace.seen import SeenMessage
from tests.faults.delivering import (
    Asked,
    brisk_host,
    hurry,
    letters,
    remove_muster,
    seen_in,
    settle_in_haste,
)
from tests.scenarios import witness
from tests.scenarios.team import Team

HALF_AN_HOUR = timedelta(minutes=31)


@pytest.fixture
async def team(empty_redis: str, tmp_path: Path) -> AsyncIterator[Team]:
    async with brisk_host(empty_redis, tmp_path) as host, host.muster() as team:
        yield team


async def _notices(team: Team, part: str, *, to: str = "ada") -> list[SeenMessage]:
    """Direct messages of Muster's that hold this part."""
    return await witness.posts(team, "muster", part, by=to)


async def _lose(team: Team, channel: str, how: str) -> None:
    if how == "archived":
        await team.person("ada").archive(channel)
    else:
        remove_muster(team.workspace, channel)


@pytest.mark.parametrize(("how", "advice"), [("archived", "unarchive it to go on"), ("removed", "invite it there")])
async def test_a_lost_channel_is_told_once_and_the_incident_stays_usable(team: Team, how: str, advice: str) -> None:
    channel = await team.declare()
    await team.settle()
    await _lose(team, channel, how)
    asked = Asked(team)
    answer = await team.type("ada", "INC-1 status identified", "general")
    assert "INC-1 is identified now" in answer
    await team.type("ada", "INC-1 severity sev2", "general")
    await team.type("ada", "INC-1 update Half of all checkouts fail.", "general")
    await settle_in_haste(team)
    [notice] = await _notices(team, "Muster can do nothing in its channel")
    assert advice in notice.rendered
    assert "`INC-1 status mitigated`" in notice.text
    refused = [call for call in asked.calls if (call["answer"] or {}).get("error")]
    assert len(refused) <= 10  # of three changes: the notice, the card, the topic and whoever is to be invited
    assert len(await seen_in(team, "incidents", "Half of all checkouts fail.")) == 2
    assert "Half of all checkouts fail." in await team.type("ada", "INC-1 timeline", "general")


async def test_a_reminder_that_is_due_in_an_archived_channel_reaches_the_person(team: Team) -> None:
    channel = await team.declare()
    await team.settle()
    await _lose(team, channel, "archived")
    for number in (1, 2):
        team.clock.move_on(HALF_AN_HOUR)
        await team.bot.tick()
        await settle_in_haste(team)
        assert len(await _notices(team, "INC-1 (Checkout is down) owes a status update")) == number
        team.clock.move_on(timedelta(minutes=11))
        await team.bot.tick()
        await settle_in_haste(team)
    assert len(await _notices(team, "Muster can do nothing in its channel")) == 1


async def test_once_the_channel_is_mended_all_goes_on_and_what_was_given_up_can_be_revived(team: Team) -> None:
    channel = await team.declare()
    await team.settle()
    await team.person("ada").archive(channel)
    await team.type("ada", "INC-1 update Half of all checkouts fail.", "general")
    await settle_in_haste(team)
    await team.person("grace").unarchive(channel)
    await team.type("ada", "severity sev2", channel)
    await team.says("ada", channel, "INC-1 is SEV2 now")
    [letter] = await letters(team)
    assert await team.bot.store.outbox.revive(letter.id)
    await hurry(team)
    await team.says("ada", channel, "Update 1 by @ada", "Half of all checkouts fail.")
    assert await letters(team) == []


async def test_a_channel_that_was_renamed_is_the_same_channel(team: Team) -> None:
    channel = await team.declare()
    await team.settle()
    await team.person("grace").join(channel)
    await team.person("grace").rename(channel, "checkout-war-room")
    await team.type("ada", "update Half of all checkouts fail.", "checkout-war-room")
    await settle_in_haste(team)
    assert len(await witness.posts(team, "checkout-war-room", "Update 1 by @ada")) == 1
    assert (await _notices(team, "but"), await letters(team)) == ([], [])


async def test_a_lost_announcement_channel_is_told_apart_and_nothing_else_suffers(team: Team) -> None:
    channel = await team.declare()
    await team.settle()
    remove_muster(team.workspace, "incidents")
    for number in (1, 2, 3):
        await team.type("ada", f"update Cluster {number} is back.", channel)
    await settle_in_haste(team)
    [notice] = await _notices(team, "it could not be announced")
    assert "invite it there" in notice.rendered
    assert len(await witness.posts(team, channel, "Known: Cluster")) == 3
    assert len(await letters(team)) == 3


async def test_a_missing_scope_is_told_once_with_its_name_and_what_to_do(team: Team) -> None:
    install = team.workspace.site.install
    install.scopes = tuple(scope for scope in install.scopes if scope not in {"pins:write", "bookmarks:write"})
    asked = Asked(team)
    await team.type("ada", "declare sev1 Checkout is down", "general")
    await settle_in_haste(team)
    assert [("pins:write" in each.text) for each in await _notices(team, "could not be pinned")] == [True]
    assert [("bookmarks:write" in each.text) for each in await _notices(team, "bookmark could not be")] == [True]
    assert (asked.methods["pins.add"], asked.methods["bookmarks.add"]) == (1, 1)


async def test_a_scope_that_several_steps_need_is_told_once(team: Team) -> None:
    channel = await team.declare()
    install = team.workspace.site.install
    install.scopes = tuple(scope for scope in install.scopes if scope != "channels:manage")
    await team.type("ada", "severity sev2", channel)
    await team.type("ada", "assign scribe @cleo", channel)
    await settle_in_haste(team)
    assert len(await _notices(team, "the app lacks channels:manage")) == 1


async def test_a_revoked_token_turns_readiness_red_loses_nothing_and_recovers(team: Team) -> None:
    channel = await team.declare()
    await team.settle()
    install = team.workspace.site.install
    token, install.bot_token = install.bot_token, "xoxb-local-another"
    asked = Asked(team)
    for number in range(1, 9):
        await team.type("ada", f"update Cluster {number} is back.", channel)
    await team.person("ada").wait_until(lambda: asked.methods["auth.test"] >= 3)
    status, why = await _readiness(team)
    assert (status, "SLACK_BOT_TOKEN (invalid_auth)" in why, "copy its token anew" in why) == (503, True, True)
    assert sum(asked.methods.values()) - asked.methods["auth.test"] <= 12
    install.bot_token = token
    await settle_in_haste(team)
    assert len(await witness.posts(team, channel, "Known: Cluster")) == 8
    assert (await letters(team), (await _readiness(team))[0]) == ([], 200)


async def _readiness(team: Team) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{team.bot.port}/readyz") as page:
        return page.status, await page.text()


async def test_a_channel_that_could_not_be_opened_is_tried_again_by_button(team: Team) -> None:
    await team.workspace.client.fault("conversations.create", "refuse", error="restricted_action", count=1)
    await team.type("ada", "declare sev1 Checkout is down", "general")
    await settle_in_haste(team)
    [notice] = await _notices(team, "its channel could not be opened")
    assert (await team.person("ada").click("Try the channel again", ts=notice.ts)).ok
    found = await witness.until(team, lambda: team.person("ada").channel_named("inc-1"))
    await team.says("ada", found.name, "Impact")
    assert (await _notices(team, f"INC-1 is open in #{found.name}"))[0].ts > notice.ts


async def test_a_channel_that_could_not_be_opened_is_tried_again_by_verb_and_told_again(team: Team) -> None:
    await team.workspace.client.fault("conversations.create", "refuse", error="restricted_action", count=2)
    await team.type("ada", "declare sev1 Checkout is down", "general")
    await settle_in_haste(team)
    assert "being opened" in await team.type("ada", "INC-1 channel", "general")
    await settle_in_haste(team)
    assert len(await _notices(team, "its channel could not be opened")) == 2
    await team.type("ada", "INC-1 channel", "general")
    assert await witness.until(team, lambda: team.person("ada").channel_named("inc-1"))
