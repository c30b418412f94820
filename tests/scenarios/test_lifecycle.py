"""The lifecycle, by verbs and by modals: every status, the end, and what comes after it."""

from bot.incident.terms import Milestone
from tests.scenarios import witness
from tests.scenarios.team import Team


async def test_the_response_moves_through_its_statuses_by_verb(team: Team) -> None:
    channel = await team.declare()
    for status in ("investigating", "identified", "mitigated"):
        answer = await team.type("ada", f"status {status}", channel)
        assert f"INC-1 is {status} now" in answer
    text = await witness.timeline(team, channel)
    for change in ("triage → investigating", "investigating → identified", "identified → mitigated"):
        assert f"Status {change} by @ada" in text


async def test_a_change_is_told_in_the_channel_and_below_the_announcement(team: Team) -> None:
    channel = await team.declare()
    announced = await team.says("ada", "incidents", "INC-1")
    await team.type("ada", "status mitigated Errors are back to normal", channel)
    await team.says("ada", channel, "INC-1 is mitigated now (was triage): Errors are back to normal.")
    await witness.in_thread(team, announced, "incidents", "INC-1 is mitigated now")


async def test_cards_and_topic_follow_the_status(team: Team) -> None:
    channel = await team.declare()
    card, announced = await team.says("ada", channel, "Impact"), await team.says("ada", "incidents", "INC-1")
    await team.type("ada", "status identified", channel)
    await witness.edited_to(team, card, channel, "SEV1 · Identified · INC-1")
    await witness.edited_to(team, announced, "incidents", "SEV1 · Identified · INC-1")

    async def named() -> bool:
        return "identified" in await team.person("ada").topic(channel)

    await witness.until(team, named)


async def test_a_status_is_changed_by_modal_with_a_note(team: Team) -> None:
    channel = await team.declare()
    view = await witness.opens(team, "ada", "Change status", channel)
    assert "Note" in view.fields
    await witness.fills(team, "ada", Status="Investigating", Note="Logs first")
    await team.says("ada", channel, "INC-1 is investigating now (was triage): Logs first.")


async def test_the_severity_is_changed_by_verb_with_its_reason(team: Team) -> None:
    channel = await team.declare("sev2 Search is slow")
    await team.type("ada", "severity sev1 It is down for everybody", channel)
    await team.says("ada", channel, "INC-1 is SEV1 now (was SEV2): It is down for everybody.")
    assert "Severity SEV2 → SEV1 by @ada: It is down for everybody" in await witness.timeline(team, channel)


async def test_the_severity_is_changed_by_modal(team: Team) -> None:
    channel = await team.declare("sev2 Search is slow")
    await witness.panel(team, "ada", channel)
    await witness.opens(team, "ada", "Change severity", channel)
    await witness.fills(team, "ada", Severity="SEV3", Why="A way around it")
    await team.says("ada", channel, "INC-1 is SEV3 now (was SEV2): A way around it.")


async def test_an_incident_is_resolved_with_its_summary(team: Team) -> None:
    channel = await team.declare()
    card, announced = await team.says("ada", channel, "Impact"), await team.says("ada", "incidents", "INC-1")
    await team.type("ada", "resolve Release 1.84 is rolled back.", channel)
    await team.says("ada", channel, "INC-1 is resolved: Release 1.84 is rolled back.")
    after = await witness.edited_to(team, card, channel, "Resolved", "Outcome   Release 1.84 is rolled back.")
    assert after.buttons == ["Reopen incident", "Close incident", "More"]
    over = await witness.edited_to(team, announced, "incidents", "Resolved", "Release 1.84 is rolled back.")
    assert over.buttons == []


async def test_resolving_by_the_status_verb_is_the_same(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "status resolved All is well", channel)
    await team.says("ada", channel, "INC-1 is resolved: All is well.")


async def test_an_incident_is_resolved_by_modal(team: Team) -> None:
    channel = await team.declare()
    await witness.panel(team, "ada", channel)
    await witness.opens(team, "ada", "Resolve incident", channel)
    await witness.fills(team, "ada", **{"What ended it": "A restart."})
    await team.says("ada", channel, "INC-1 is resolved: A restart.")


async def test_a_resolved_incident_is_reopened_by_verb(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "resolve", channel)
    assert "is reopened and investigating again: It is back" in await team.type("ada", "reopen It is back", channel)
    shown = await team.type("ada", "show", channel)
    assert "SEV1 · Investigating · INC-1" in shown
    assert "Next update by" in shown


async def test_a_resolved_incident_is_reopened_by_button(team: Team) -> None:
    channel = await team.declare()
    card = await team.says("ada", channel, "Impact")
    await team.type("ada", "resolve", channel)
    await witness.edited_to(team, card, channel, "Resolved")
    await witness.opens(team, "ada", "Reopen incident", channel)
    await witness.fills(team, "ada", Why="It is back")
    await team.says("ada", channel, "INC-1 is reopened and investigating again: It is back.")


async def test_a_resolved_incident_is_closed_by_button_and_not_twice(team: Team) -> None:
    channel = await team.declare()
    card = await team.says("ada", channel, "Impact")
    await team.type("ada", "resolve", channel)
    await witness.edited_to(team, card, channel, "Resolved")
    await witness.opens(team, "ada", "Close incident", channel)
    await witness.fills(team, "ada", **{"Note": "Reviewed", "Close it all the same, because": "It was small."})
    await team.says("ada", channel, "INC-1 is closed, nothing more is expected here: Reviewed.")
    assert "INC-1 is closed already" in await team.type("ada", "close", channel)


async def test_an_incident_is_cancelled_and_says_that_none_is_needed(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "cancel It was a load test", channel)
    await team.says("ada", channel, "INC-1 is cancelled, no response is needed: It was a load test.")
    assert "No incident is open." in await team.type("ada", "", "general")


async def test_refusals_name_the_verb_that_would_work(team: Team) -> None:
    channel = await team.declare()
    assert "Resolve it before you close it" in await team.type("ada", "close", channel)
    assert "is open already" in await team.type("ada", "reopen", channel)
    assert "is triage already" in await team.type("ada", "status triage", channel)
    await team.type("ada", "resolve", channel)
    refused = await team.type("ada", "status mitigated", channel)
    assert "INC-1 is already resolved. To work on it again: reopen it." in refused
    assert "[Reopen incident]" in refused


async def test_a_stale_button_of_a_resolved_incident_changes_nothing(team: Team) -> None:
    channel = await team.declare()
    await witness.panel(team, "ada", channel)
    await witness.opens(team, "ada", "Change status", channel)
    await team.type("ada", "resolve", channel)
    sent = await team.person("ada").submit({"Status": "Mitigated"})
    assert "INC-1 is already resolved" in "".join(sent.errors.values())


async def test_the_moments_that_metrics_need_are_recorded_apart(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "acknowledge", channel)
    await team.type("ada", "status mitigated", channel)
    await team.type("ada", "resolve", channel)
    milestones = (await witness.first_incident(team)).milestones
    assert {Milestone.DECLARED, Milestone.ACKNOWLEDGED, Milestone.MITIGATED, Milestone.RESOLVED} <= set(milestones)
    assert "Acknowledged" in await witness.timeline(team, channel)
