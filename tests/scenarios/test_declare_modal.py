"""Declaring by form: every field, errors beside the field, and one incident however often it is submitted."""

from datetime import timedelta

from bot.incident.terms import IncidentId, Milestone
from bot.workspace.person import Person
from bot.workspace.seen import SeenChannel
from tests.scenarios.team import Team

FIELDS = ["Title", "Severity", "What is affected", "Impact", "When it started", "Who commands", "Private", "Drill"]


async def at_the_form(team: Team, name: str = "ada") -> Person:
    person = team.person(name)
    assert (await person.slash("/incident", "declare", channel="general")).ok
    await person.wait_for_modal("Declare incident")
    return person


async def room(team: Team, name: str = "ada", part: str = "inc-") -> SeenChannel:
    """The incident channel, once the person is in it."""

    async def entered() -> SeenChannel | None:
        found = await team.person(name).channel_named(part)
        return found if found and name in found.members else None

    found: SeenChannel = await team.person(name).wait_until(entered)
    return found


async def test_the_form_asks_for_all_that_a_declaration_may_say(team: Team) -> None:
    ada = await at_the_form(team)
    modal = await ada.modal()
    assert modal is not None
    assert modal.fields == FIELDS


async def test_a_title_is_all_that_the_form_needs(team: Team) -> None:
    ada = await at_the_form(team)
    assert (await ada.submit({"Title": "Search is slow"})).closed
    assert (await room(team)).name == "inc-1-search-is-slow"
    told = await ada.wait_for_ephemeral("INC-1 is open in", channel="general")
    assert "You have command" in told.rendered


async def test_each_field_is_kept(team: Team) -> None:
    ada = await at_the_form(team)
    began = team.clock.now() - timedelta(minutes=33)
    filled = {"Title": "Search is slow", "Severity": "SEV1", "What is affected": "search", "Impact": "EU cannot search"}
    chosen = {"When it started": int(began.timestamp()), "Who commands": "ben"}
    assert (await ada.submit(filled | chosen)).closed
    channel = (await room(team, "ben")).name
    card = await team.says("ben", channel, "SEV1 · Triage · INC-1", "*Search is slow*", "Commander @ben")
    assert "Impact   search (tier 2, owner discovery" in card.rendered
    assert "): EU cannot search · since" in card.rendered
    incident = await team.bot.handler.read(IncidentId(1))
    assert incident.milestones[Milestone.IMPACT_STARTED] == began.replace(microsecond=0)


async def test_whoever_is_chosen_commands_and_is_told_so(team: Team) -> None:
    ada = await at_the_form(team)
    await ada.submit({"Title": "Search is slow", "Who commands": "ben"})
    told = await team.says("ben", "muster", "You are incident commander of INC-1")
    assert "Read the guide" in told.buttons
    assert "@ben leads" in (await ada.wait_for_ephemeral("INC-1 is open in", channel="general")).rendered


async def test_a_guest_cannot_be_chosen_to_command(team: Team) -> None:
    ada = await at_the_form(team)
    refused = await ada.submit({"Title": "Search is slow", "Who commands": "dee"})
    assert refused.errors == {"commander": "dee is a guest of this workspace and cannot take a role here."}
    assert not refused.closed


async def test_an_empty_title_is_refused_beside_its_field(team: Team) -> None:
    ada = await at_the_form(team)
    refused = await ada.submit({"Title": "   "})
    assert list(refused.errors) == ["title"]
    assert (await ada.submit({"Title": "Search is slow"})).closed


async def test_an_impact_in_the_future_is_refused_beside_its_field(team: Team) -> None:
    ada = await at_the_form(team)
    later = int((team.clock.now() + timedelta(hours=1)).timestamp())
    refused = await ada.submit({"Title": "Search is slow", "When it started": later})
    assert refused.errors == {"impact_started_at": "The impact cannot have started in the future."}


async def test_one_form_submitted_twice_is_one_incident(team: Team) -> None:
    ada = await at_the_form(team)
    await ada.submit({"Title": "Search is slow"})
    await room(team)
    first = (await team.workspace.client.deliveries("interactive"))[-1]["payload"]
    assert (await team.workspace.client.forge("interactive", first)).ok
    await team.settle()
    assert len(await team.bot.store.log.listings(active=False)) == 1
    assert len(await team.calls("conversations.create")) == 1


async def test_a_private_incident_is_chosen_in_the_form(team: Team) -> None:
    ada = await at_the_form(team)
    await ada.submit({"Title": "Somebody reads our mail", "Private": ["yes"]})
    found = await room(team)
    assert found.is_private
    assert found.name == "inc-1"
