"""Roles: given, taken, handed over and given up, by verb, by button and by modal."""

from tests.scenarios import witness
from tests.scenarios.team import Team


async def test_a_role_is_assigned_by_verb_and_its_holder_is_told_what_it_is(team: Team) -> None:
    channel = await team.declare()
    answer = await team.type("ada", "assign communications @ben", channel)
    assert "communications lead" in answer
    await team.says("ada", channel, "@ben", "is communications lead (was nobody).")
    guide = await witness.told(team, "ben", "You are communications lead of INC-1")
    assert {"Post update", "Read the guide", "Release this role"} <= set(guide.buttons)

    async def invited() -> bool:
        return "ben" in await team.person("ada").members(channel)

    await witness.until(team, invited)


async def test_whoever_takes_a_role_reads_its_guide_by_button(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "assign communications @ben", channel)
    told = await witness.told(team, "ben", "communications lead")
    assert (await team.person("ben").click("Read the guide", ts=told.ts)).ok
    guide = await team.person("ben").wait_for_ephemeral("Guide")
    assert "Guide: communications lead" in guide.rendered


async def test_a_role_is_claimed_by_verb_and_given_up_by_button(team: Team) -> None:
    channel = await team.declare()
    await team.person("ada").invite(channel, "cleo")
    assert "scribe" in await team.type("cleo", "claim scribe", channel)
    told = await witness.told(team, "cleo", "You are scribe of INC-1")
    assert (await team.person("cleo").click("Release this role", ts=told.ts)).ok
    await team.says("ada", channel, "Nobody is scribe now (was", "@cleo")


async def test_command_is_taken_by_button_from_whoever_had_it_by_default(team: Team) -> None:
    channel = await team.declare()
    await team.person("ada").invite(channel, "ben")
    await witness.panel(team, "ben", channel)
    assert (await team.person("ben").click("Take command", channel=channel)).ok
    await team.says("ada", channel, "@ben", "is incident commander (was", "@ada")
    await witness.edited_to(team, await team.says("ada", channel, "Impact"), channel, "Commander @ben")
    assert "Acknowledged" in await witness.timeline(team, channel)


async def test_roles_are_assigned_by_modal(team: Team) -> None:
    channel = await team.declare()
    await witness.opens(team, "ada", "Roles", channel)
    await witness.fills(team, "ada", **{"Communications lead": "ben", "Scribe": "cleo"})
    await team.says("ada", channel, "@ben", "is communications lead")
    await team.says("ada", channel, "@cleo", "is scribe")

    async def invited() -> bool:
        return {"ben", "cleo"} <= set(await team.person("ada").members(channel))

    await witness.until(team, invited)


async def test_command_is_handed_over_and_the_card_says_so(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "assign commander @ben", channel)
    await witness.told(team, "ben", "You are incident commander of INC-1")
    await team.says("ada", channel, "@ben", "is incident commander (was", "@ada")
    await witness.until(team, lambda: _topic_names(team, channel, "ben leads"))


async def _topic_names(team: Team, channel: str, name: str) -> bool:
    return name in await team.person("ada").topic(channel)


async def test_a_role_that_somebody_holds_cannot_be_claimed(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "assign scribe @ben", channel)
    await team.person("ada").invite(channel, "cleo")
    refused = await team.type("cleo", "claim scribe", channel)
    assert "@ben" in refused
    assert "is scribe already" in refused
    assert "assign" in refused


async def test_a_guest_cannot_take_a_role_and_is_named(team: Team) -> None:
    channel = await team.declare()
    refused = await team.type("ada", "assign scribe @dee", channel)
    assert "is a guest of this workspace and cannot take a role here" in refused
    assert "dee" in refused


async def test_the_modal_says_beside_the_field_why_a_guest_cannot_take_a_role(team: Team) -> None:
    channel = await team.declare()
    await witness.opens(team, "ada", "Roles", channel)
    sent = await team.person("ada").submit({"Scribe": "dee"})
    assert "cannot take a role here" in sent.errors["role:scribe"]


async def test_who_holds_nothing_has_nothing_to_release(team: Team) -> None:
    channel = await team.declare()
    await team.person("ada").invite(channel, "ben")
    assert "hold no role" in await team.type("ben", "release", channel)


async def test_a_stale_release_button_changes_nothing(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "assign scribe @ben", channel)
    told = await witness.told(team, "ben", "You are scribe")
    await team.type("ada", "assign scribe @cleo", channel)
    assert (await team.person("ben").click("Release this role", ts=told.ts)).ok
    await team.person("ben").wait_for_ephemeral("You are not scribe, so there is nothing to release")
    assert "Scribe @cleo" in await team.type("ada", "show", channel)
