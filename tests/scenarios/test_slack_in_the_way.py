"""Slack refuses the war room, or is away for a while: whoever declared is never left in silence."""

from tests.scenarios.team import Team


async def heard_by_ada(team: Team, *parts: str) -> bool:
    """In a direct message, or quietly where she declared."""
    ada = team.person("ada")
    quiet = [seen.rendered for seen in await ada.ephemerals()]
    direct = [str(call["args"].get("text", "")) for call in await team.calls("chat.postMessage")]
    return any(all(part in text for part in parts) for text in quiet + direct)


async def test_a_channel_that_slack_refuses_is_told_to_whoever_declared(team: Team) -> None:
    await team.workspace.client.fault("conversations.create", "refuse", error="restricted_action")
    answer = await team.person("ada").slash("/incident", "declare sev1 Checkout is down", channel="general")
    assert "INC-1" in answer.text

    await team.person("ada").wait_until(
        lambda: heard_by_ada(team, "INC-1 is open, but its channel could not be opened", "an admin")
    )


async def test_an_incident_declared_while_slack_is_down_is_acknowledged_and_gets_its_channel_later(team: Team) -> None:
    await team.workspace.client.fault("conversations.create", "internal_error", count=2)
    ada = team.person("ada")
    answer = await ada.slash("/incident", "declare sev1 Checkout is down", channel="general")
    assert "INC-1 is declared" in answer.text
    assert "its channel is being opened" in answer.text
    assert await ada.wait_until(lambda: ada.channel_named("inc-1"))
