"""The drill that operators are told to do: back up while Muster runs, lose everything, restore, go on."""

from datetime import timedelta
from typing import Any

from bot.store.connection import ask
from bot.store.keys import Keys
from tests.custody.site import Site
from tests.scenarios import witness
from tests.scenarios.team import Team

MONTHS = timedelta(days=60)


async def views(team: Team) -> dict[str, Any]:
    """All that is made from logs."""
    client, keys = team.bot.store.client, Keys(team=team.bot.identity.team)
    held = {
        name: await ask(client, "HGETALL", name) for name in (keys.listings, keys.channels, f"{keys.prefix}timers:1")
    }
    scores = {name: await ask(client, "ZRANGE", name, 0, -1, "WITHSCORES") for name in (keys.open, keys.timers)}
    return {**held, **scores, keys.counter: await ask(client, "GET", keys.counter)}


async def test_backed_up_while_it_runs_and_restored_elsewhere_all_is_as_it_was_and_nothing_is_posted(
    site: Site,
) -> None:
    async with site.host("first").muster() as team:
        channel = await team.declare()
        await team.type("ada", "update We are rolling back. next 30m", channel)
        await team.settle()
        before = await views(team)
        status, said = await site.muster("first", "backup", "b.jsonl")
        assert (status, said.startswith("Saved 1 incident with ")) == (0, True), said
    site.carry_key("first", "second")
    status, said = await site.muster("second", "restore", "b.jsonl")
    assert status == 0, said
    assert "all of them sealed" in said
    posted = len(await site.workspace.client.calls("chat.postMessage"))
    async with site.host("second").muster() as team:
        assert await views(team) == before
        await team.bot.tick()
        await team.settle()
        assert len(await team.calls("chat.postMessage")) == posted
        await team.declare("sev2 Search is slow")
        await team.says("ada", "incidents", "INC-2", "Search is slow")


async def test_reminders_that_fell_due_while_nothing_ran_come_once(site: Site) -> None:
    async with site.host("first").muster() as team:
        channel = await team.declare()
        await team.type("ada", "update We are rolling back. next 30m", channel)
        await team.settle()
        await site.muster("first", "backup", "b.jsonl")
    await site.muster("second", "restore", "b.jsonl")
    site.clock.move_on(MONTHS)
    async with site.host("second").muster() as team:
        await team.move_on(timedelta())
        assert len(await witness.posts(team, channel, "the next update is due now")) == 1


async def test_the_drill_touches_nothing_that_runs(site: Site) -> None:
    async with site.host("first").muster() as team:
        await team.declare()
        before = await views(team)
        await site.muster("first", "backup", "b.jsonl")
        status, said = await site.muster("first", "restore", "b.jsonl", "--into", "drill")
        assert (status, "all of them sealed" in said) == (0, True), said
        assert await views(team) == before


async def test_a_folder_that_a_running_muster_uses_is_not_restored_into(site: Site) -> None:
    async with site.host("first").muster() as team:
        await team.declare()
        await site.muster("first", "backup", "b.jsonl")
        status, said = await site.muster("first", "restore", "b.jsonl")
    assert status == 1
    assert "uses the data folder" in said


async def test_a_store_that_is_not_empty_is_not_restored_into(site: Site) -> None:
    async with site.host("first").muster() as team:
        await team.declare()
        await site.muster("first", "backup", "b.jsonl")
    status, said = await site.muster("first", "restore", "b.jsonl")
    assert status == 1
    assert "into an empty one only" in said
    status, said = await site.muster("first", "audit")
    assert (status, "Nothing was changed or removed" in said) == (0, True)


async def test_a_stopped_musters_store_is_backed_up_and_audited_too_even_without_slack(site: Site) -> None:
    async with site.host("first").muster() as team:
        await team.declare()
    await site.workspace.client.fault("auth.test", "internal_error", count=9)
    assert (await site.muster("first", "backup", "b.jsonl"))[0] == 0
    assert (await site.muster("first", "audit"))[0] == 0
