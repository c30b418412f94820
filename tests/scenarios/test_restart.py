"""Restarts: what was acknowledged is finished by whoever runs next, and nothing is done twice."""

from datetime import timedelta

import pytest

from tests.scenarios import witness
from tests.scenarios.host import Host
from tests.scenarios.team import Team

DECLARE = "declare sev1 Checkout is down"


async def _channel(team: Team) -> str:
    async def opened() -> str:
        found = await team.person("ada").channel_named("inc-1")
        return found.name if found else ""

    return str(await witness.until(team, opened))


async def _complete_and_single(team: Team) -> None:
    """One channel, one summary (pinned and bookmarked once), one checklist, one announcement."""
    channel = await _channel(team)
    ada = team.person("ada")
    await witness.until(team, lambda: ada.bookmarks(channel))
    await witness.until(team, lambda: ada.pins(channel))
    await witness.until(team, lambda: ada.topic(channel))
    await team.says("ada", "incidents", "INC-1")
    await team.says("ada", channel, "Playbook: Checkout outage")
    await team.settle()
    assert [each.name for each in await ada.channels() if each.name.startswith("inc-")] == [channel]
    assert len(await witness.posts(team, channel, "Impact   ")) == 1
    assert len(await witness.posts(team, channel, "steps settled")) == 1
    assert len(await witness.posts(team, "incidents", "INC-1")) == 1
    assert len(await ada.pins(channel)) == 1
    assert len(await ada.bookmarks(channel)) == 1


async def test_a_war_room_that_was_only_recorded_is_opened_after_the_restart(host: Host) -> None:
    async with host.muster() as team:
        team.bot.runner.stop()
        assert "INC-1 is declared as SEV1" in await team.type("ada", DECLARE, "general")
        assert await team.calls("conversations.create") == []
    async with host.muster() as team:
        await _complete_and_single(team)


async def test_a_war_room_that_was_half_built_is_finished_after_the_restart(host: Host) -> None:
    await host.workspace.client.fault("chat.postMessage", "internal_error", count=2)
    async with host.muster() as team:
        await team.type("ada", DECLARE, "general")
        await _channel(team)
    async with host.muster() as team:
        await _complete_and_single(team)


@pytest.mark.parametrize("method", ["conversations.create", "chat.postMessage", "pins.add", "bookmarks.add"])
async def test_a_call_whose_answer_is_lost_is_not_made_twice(host: Host, method: str) -> None:
    await host.workspace.client.fault(method, "lose_reply", count=1, after=True)
    async with host.muster() as team:
        await team.type("ada", DECLARE, "general")
        await _complete_and_single(team)


async def test_an_answer_that_is_lost_while_muster_stops_is_looked_for_by_the_next(host: Host) -> None:
    await host.workspace.client.fault("conversations.create", "lose_reply", count=1, after=True)
    async with host.muster() as team:
        await team.type("ada", DECLARE, "general")
        await _channel(team)
    async with host.muster() as team:
        await _complete_and_single(team)


async def test_the_work_goes_on_after_a_restart_as_if_there_had_been_none(host: Host) -> None:
    async with host.muster() as team:
        channel = await team.declare()
        card = await team.says("ada", channel, "Impact")
        await team.settle()
    async with host.muster() as team:
        await team.type("ada", "status identified", channel)
        await witness.edited_to(team, card, channel, "SEV1 · Identified · INC-1")
        assert "Status triage → identified by @ada" in await witness.timeline(team, channel)


async def test_a_command_delivered_again_after_a_restart_is_not_handled_again(host: Host) -> None:
    async with host.muster() as team:
        channel = await team.declare()
        await team.type("ada", "note Only once.", channel)
        delivered = (await team.workspace.client.deliveries("slash_commands"))[-1]["payload"]
    async with host.muster() as team:
        await team.workspace.client.forge("slash", delivered)
        assert (await witness.timeline(team, channel)).count("Only once.") == 1


async def test_two_musters_on_one_store_do_each_thing_once(host: Host) -> None:
    async with host.muster() as team, host.muster():
        await team.type("ada", DECLARE, "general")
        await _complete_and_single(team)
        channel = await _channel(team)
        await team.type("ada", "update Half of checkouts fail.", channel)
        await team.says("ada", channel, "Update 1 by @ada")
        await team.settle()
        assert len(await witness.posts(team, channel, "Update 1 by @ada")) == 1


async def test_of_two_musters_one_is_stopped_and_the_other_does_its_work(host: Host) -> None:
    async with host.muster() as survivor:
        async with host.muster() as team:
            channel = await team.declare()
            await team.settle()
        if host.settings.transport == "HTTP":
            await host.workspace.deliver_over_http(f"http://127.0.0.1:{survivor.bot.port}/slack/events")
        await survivor.type("ada", "note Still here.", channel)
        await survivor.move_on(timedelta(minutes=30, seconds=1))
        await survivor.says("ada", channel, "the next update is due now")
