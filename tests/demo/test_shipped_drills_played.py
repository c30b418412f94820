"""Each shipped drill is played to its scorecard by a scripted player, on a clock that is moved on: nobody waits."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from bot.demo.world import Plan, World, world
from bot.workspace.seen import SeenMessage

PATIENCE = 20.0
STEP_SECONDS = 10.0
LONGEST_SECONDS = 40 * 60


@pytest.fixture
async def staged() -> AsyncIterator[World]:
    async with world(Plan(port=0)) as running:
        yield running


@dataclass(slots=True, kw_only=True)
class Player:
    """Ada, who declares and leads; the clock moves on a little whenever she looks."""

    staged: World
    moved: float = field(default=0.0)

    async def until(self, check: Callable[[], Awaitable[object]]) -> object:
        while not (found := await check()):
            assert self.moved < LONGEST_SECONDS, self.staged.host.playing()
            self.moved += STEP_SECONDS
            await self.staged.host.move_clock(STEP_SECONDS)
            await self.staged.workspace.site.changes.after(self.staged.workspace.site.changes.number, 0.02)
        return found

    async def sees(self, channel: str, part: str) -> None:
        """What the script brings, in its time."""
        ada = self.staged.workspace.person("ada")

        async def seen() -> bool:
            return any(part in each.rendered for each in await ada.messages(channel))

        await self.until(seen)

    async def reads(self, channel: str, part: str) -> SeenMessage:
        """What Muster posts, at once."""
        return await self.staged.workspace.person("ada").wait_for_message(channel, part, timeout=PATIENCE)

    async def types(self, text: str, channel: str = "general") -> None:
        answer = await self.staged.workspace.person("ada").slash("/incident", text, channel=channel)
        assert answer.ok, answer

    async def war_room(self, number: int = 1) -> str:
        ada = self.staged.workspace.person("ada")
        found = await ada.wait_until(lambda: ada.channel_named(f"inc-{number}-"), timeout=PATIENCE)
        return str(found.name)

    async def waits_for(self, part: str) -> None:
        async def told() -> bool:
            return part in (self.staged.host.playing() or {})["waits_for"]

        await self.until(told)

    async def declare_in_private(self, title: str) -> None:
        ada = self.staged.workspace.person("ada")
        await ada.slash("/incident", "declare", channel="general")
        await ada.wait_for_modal("Declare")
        sent = await ada.submit({"title": title, "private": ["yes"]})
        assert sent.ok, sent

    async def brings_in(self, name: str, role: str, channel: str) -> None:
        await self.types(f"assign {role} @{name}", channel)
        invited = self.staged.workspace.person(name)
        await invited.wait_until(lambda: invited.channel_named(channel), timeout=PATIENCE)

    async def end(self, channel: str) -> SeenMessage:
        """Mitigates and resolves, and reads the scorecard."""
        await self.types("update We know what it is, and are undoing it. next 30m", channel)
        await self.types("status mitigated The harm has stopped", channel)
        await self.waits_for("all has been said")
        await self.types("resolve It is over, and what is left has an owner.", channel)
        return await self.reads(channel, "Scorecard of DRILL")

    async def has_ended(self) -> None:
        await self.staged.workspace.client.wait_until(lambda: self.state()["ended"], timeout=PATIENCE)

    def state(self) -> dict[str, object]:
        return self.staged.host.playing() or {}


async def begun(staged: World, name: str) -> Player:
    await staged.host.start_drill(name, "ada")
    return Player(staged=staged)


async def test_the_pay_button_is_played_to_its_scorecard(staged: World) -> None:
    player = await begun(staged, "pay-button")
    await player.sees("support", "I press Pay")
    await player.types("declare sev2 Payments fail since release 1.84")
    channel = await player.war_room()
    await player.reads(channel, "Playbook: Bad deploy and rollback")
    await player.sees("deploys", "1.84 is live in us (scheduled)")
    await player.sees(channel, "count double charges")
    await player.end(channel)
    await player.has_ended()
    assert player.state()["said"] == player.state()["of"]


async def test_the_night_ferry_is_played_to_its_scorecard(staged: World) -> None:
    player = await begun(staged, "night-ferry")
    await player.sees("support", "4209")
    await player.types("declare sev1 Bookings missing after database failover")
    channel = await player.war_room()
    await player.reads(channel, "Playbook: Database replication lag")
    await player.sees("sam", "passenger list")
    await player.sees(channel, "as a primary")
    await player.sees(channel, "The lists are done")
    await player.end(channel)
    await player.has_ended()


async def test_the_strange_export_goes_private_and_is_played_to_its_scorecard(staged: World) -> None:
    player = await begun(staged, "strange-export")
    await player.sees("cleo", "It isn't ours")
    await player.types("declare sev1 Unusual export of customers")
    public = await player.war_room()
    await player.sees("cleo", "The channel is public!")
    await player.declare_in_private("Data leak")
    channel = await player.war_room(2)
    await player.types("cancel Moved elsewhere", public)
    await player.waits_for("Finn, who is not in")
    await player.brings_in("finn", "operations", channel)
    await player.brings_in("cleo", "scribe", channel)
    await player.sees(channel, "a second key")
    card = await player.end(channel)
    assert "Scorecard" in card.rendered
    outsider = staged.workspace.person("sam")
    assert [seen.name for seen in await outsider.channels() if seen.name.startswith("inc-")] == [public]


async def test_what_is_declared_while_a_drill_plays_is_a_drill_and_afterwards_it_is_none(staged: World) -> None:
    player = await begun(staged, "pay-button")
    await player.types("declare sev2 Payments fail")
    assert "drill" in await player.war_room()
    await player.reads("drills", "Payments fail")
    await staged.host.stop_drill()
    await player.types("declare sev2 Search is slow")
    assert "drill" not in await player.war_room(2)
    await player.reads("incidents", "Search is slow")


async def test_a_drill_that_nobody_answers_waits_and_can_be_ended(staged: World) -> None:
    player = await begun(staged, "pay-button")
    await player.sees("general", "Shouldn't somebody declare this?")
    await player.waits_for("an incident to be declared")
    await staged.host.stop_drill()
    assert staged.host.playing() is None
