"""Declaring: the war room, who is told what, and what a title may hold."""

from tests.scenarios.team import Team


async def test_declaring_opens_a_furnished_war_room(team: Team) -> None:
    channel = await team.declare("sev1 Checkout is down", by="cleo")
    await team.settle()
    card = await team.says("cleo", channel, "SEV1", "Checkout is down", "INC-1")
    assert card.pinned
    cleo = team.person("cleo")
    assert channel == "inc-1-checkout-is-down"
    assert "SEV1" in await cleo.topic(channel)
    assert len(await cleo.bookmarks(channel)) == 1
    await team.says("ada", "incidents", "INC-1", "Checkout is down")
