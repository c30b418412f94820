"""An answer that is lost, broken or no answer at all, to every call that has an effect: one message, one channel."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.workspace.server import Workspace
from tests.faults.agreement import doubled, misordered
from tests.faults.delivering import (
    DECLARE,
    Asked,
    brisk_host,
    letters,
    seen_in,
    settle_in_haste,
)
from tests.scenarios import witness
from tests.scenarios.host import Host
from tests.scenarios.team import Team

KINDS = ["lose_reply", "internal_error", "bad_gateway", "html_body", "empty_body"]
EFFECTS_ON_SLACK = (
    "conversations.create",
    "conversations.invite",
    "conversations.setTopic",
    "chat.update",
    "pins.add",
    "bookmarks.add",
    "reactions.add",
)
HISTORY = {"channels:history", "groups:history", "im:history"}
PING = "the next update is due now"


@pytest.fixture
async def host(empty_redis: str, tmp_path: Path) -> AsyncIterator[Host]:
    async with brisk_host(empty_redis, tmp_path) as host:
        yield host


async def _strike(team: Team, kind: str, *, after: bool, posts: int) -> None:
    """The next of each call, and so many posts."""
    await team.workspace.client.clear_faults()
    for method in EFFECTS_ON_SLACK:
        await team.workspace.client.fault(method, kind, count=1, after=after)
    await team.workspace.client.fault("chat.postMessage", kind, count=posts, after=after)


async def _dialogue(team: Team, kind: str, *, after: bool) -> str:
    """Every kind of post, edit and mark, each of which loses its first answer."""
    await _strike(team, kind, after=after, posts=3)
    await team.type("ada", DECLARE, "general")
    channel = str((await witness.until(team, lambda: team.person("ada").channel_named("inc-1"))).name)
    await settle_in_haste(team)
    await _strike(team, kind, after=after, posts=2)
    await team.type("ada", "update Half of all checkouts fail.", channel)
    await settle_in_haste(team)
    await _strike(team, kind, after=after, posts=2)
    await team.type("ada", "assign communications @ben", channel)
    ts = await team.person("ada").say(channel, "Errors rise.")
    await team.person("ada").react(channel, ts, "pushpin")
    await settle_in_haste(team)
    await _strike(team, kind, after=after, posts=1)
    team.clock.move_on(timedelta(minutes=31))
    await team.bot.tick()
    await settle_in_haste(team)
    await team.workspace.client.clear_faults()
    return channel


@pytest.mark.parametrize("after", [True, False], ids=["it had its effect", "it had none"])
@pytest.mark.parametrize("kind", KINDS)
async def test_every_call_whose_answer_is_lost_has_its_effect_once(host: Host, kind: str, after: bool) -> None:
    async with host.muster() as team:
        channel = await _dialogue(team, kind, after=after)
        assert (doubled(host.workspace), misordered(host.workspace), await letters(team)) == ([], [], [])
        assert [each.name for each in await team.person("grace").channels() if each.name.startswith("inc-")] == [
            channel
        ]
        for part in ("Impact   ", "Update 1 by @ada", "@ben is communications lead", PING):
            assert len([seen for seen in await team.person("ada").messages(channel) if part in seen.rendered]) == 1
        assert len(await seen_in(team, "incidents", "Half of all checkouts fail.")) == 2  # the card and its thread
        assert len(await witness.posts(team, "muster", "You are communications lead", by="ben")) == 1
        assert len(await team.person("ada").pins(channel)) == len(await team.person("ada").bookmarks(channel)) == 1


async def test_of_two_musters_that_lose_every_first_answer_one_opens_the_channel(host: Host) -> None:
    """Whoever tries again finds what the other one made."""
    await host.workspace.client.fault("conversations.create", "lose_reply", count=3, after=True)
    async with host.muster() as team, host.muster() as other:
        await team.type("ada", DECLARE, "general")
        await settle_in_haste(team)
        await settle_in_haste(other)
        names = [channel.name for channel in host.workspace.site.team.channels.values()]
        assert len([name for name in names if name.startswith("inc-1")]) == 1


async def test_a_name_that_somebody_else_took_is_not_taken_for_ours(host: Host) -> None:
    await host.workspace.person("cleo").create_channel("inc-1-checkout-is-down")
    await host.workspace.client.fault("conversations.create", "lose_reply", count=1)
    async with host.muster() as team:
        assert await team.declare() == "inc-1-checkout-is-down-2"


@pytest.fixture
async def deaf(empty_redis: str, tmp_path: Path) -> AsyncIterator[Team]:
    """Muster that may read no channel's history."""
    async with brisk_host(empty_redis, tmp_path) as host:
        _take_scopes(host.workspace, HISTORY)
        async with host.muster() as team:
            yield team


def _take_scopes(workspace: Workspace, gone: set[str]) -> None:
    install = workspace.site.install
    install.scopes = tuple(scope for scope in install.scopes if scope not in gone)


async def test_with_no_history_to_read_an_update_is_repeated(deaf: Team) -> None:
    channel = await deaf.declare()
    await deaf.settle()
    await deaf.workspace.client.fault("chat.postMessage", "lose_reply", count=1, where={"text": "Half"})
    await deaf.type("ada", "update Half of all checkouts fail.", channel)
    await settle_in_haste(deaf)
    said = [*await seen_in(deaf, channel, "Update 1 by"), *await seen_in(deaf, "incidents", "Update 1 by")]
    assert len(said) == 3  # in the channel, below the announcement, and one of them again
    assert await letters(deaf) == []


async def test_with_no_history_to_read_a_ping_is_given_up_where_admins_see_it(deaf: Team) -> None:
    channel = await deaf.declare()
    await deaf.settle()
    await deaf.workspace.client.fault("chat.postMessage", "lose_reply", count=1, where={"text": PING})
    deaf.clock.move_on(timedelta(minutes=31))
    asked = Asked(deaf)
    await deaf.bot.tick()
    await settle_in_haste(deaf)
    assert len(await witness.posts(deaf, channel, PING)) == 1
    assert asked.methods["chat.postMessage"] == 1
    [letter] = await letters(deaf)
    assert "it may have arrived, which cannot be looked up (the app lacks channels:history" in letter.reason
    assert "1 message could not be delivered. The newest: INC-1" in await deaf.type("grace", "", "general")
    assert "delivered" not in await deaf.type("cleo", "", "general")
