"""What can be read: the timeline, the incident, the list, the playbooks and help; paged, and within Slack's limits."""

from datetime import timedelta

from bot.incident.commands import AddNote, DeclareIncident
from bot.incident.terms import IncidentId, Person, RequestId, UserId
from bot.workspace.seen import SeenMessage
from tests.scenarios import witness
from tests.scenarios.team import Team

MOST_BLOCKS = 50
MOST_TEXT = 3000


def _ada(team: Team) -> Person:
    return Person(id=UserId(team.workspace.user_id("ada")), name="Ada")


async def _noted(team: Team, count: int, text: str = "Note number") -> None:
    """As if Ada had typed so many notes; each a second after the other."""
    for number in range(1, count + 1):
        team.clock.move_on(timedelta(seconds=1))
        note = AddNote(by=_ada(team), text=f"{text} {number}.")
        await team.bot.handler.handle(IncidentId(1), note, request=RequestId(f"test:{number}"))


def _fits(seen: SeenMessage) -> bool:
    texts = [block.get("text", {}).get("text", "") for block in seen.blocks if block["type"] == "section"]
    return len(seen.blocks) <= MOST_BLOCKS and all(len(text) <= MOST_TEXT for text in texts)


async def test_a_long_timeline_is_read_page_by_page_from_its_end(team: Team) -> None:
    channel = await team.declare()
    await _noted(team, 120)
    last = await team.type("ada", "timeline", channel)
    assert "page 7 of 7" in last
    assert "Note number 120." in last
    first = await team.type("ada", "timeline 1", channel)
    assert "declared by @ada" in first
    assert "Note number 120." not in first


async def test_the_pages_of_a_timeline_are_turned_in_place(team: Team) -> None:
    channel = await team.declare()
    await _noted(team, 40)
    await team.type("ada", "timeline", channel)
    ada = team.person("ada")
    shown = len(await ada.ephemerals(channel))
    assert (await ada.click("Older", channel=channel)).ok
    await ada.wait_for_ephemeral("page 2 of 3", channel)
    assert (await ada.click("Newer", channel=channel)).ok
    await ada.wait_for_ephemeral("page 3 of 3", channel)
    assert len(await ada.ephemerals(channel)) == shown


async def test_entries_of_the_greatest_length_stay_within_slacks_limits(team: Team) -> None:
    channel = await team.declare()
    await _noted(team, 25, "<&>" * 900)
    for page in ("1", "2"):
        answer = await team.person("ada").slash("/incident", f"timeline {page}", channel=channel)
        assert answer.message is not None, answer
        assert _fits(answer.message)


async def test_a_page_that_is_no_number_is_refused(team: Team) -> None:
    channel = await team.declare()
    assert "is no number of a page" in await team.type("ada", "timeline soon", channel)


async def test_the_incident_is_shown_from_anywhere_by_its_number(team: Team) -> None:
    await team.declare()
    shown = await team.type("cleo", "show INC-1", "general")
    assert "SEV1 · Triage · INC-1" in shown
    assert "Commander @ada" in shown


async def test_the_timeline_is_read_from_anywhere_by_its_number(team: Team) -> None:
    await team.declare()
    assert "INC-1 declared by @ada" in await team.type("cleo", "timeline INC-1", "general")


async def test_where_there_is_no_incident_the_verb_says_how_to_name_one(team: Team) -> None:
    assert "There is no incident in this channel." in await team.type("ada", "timeline", "general")


async def test_open_incidents_are_listed_and_ended_ones_on_request(team: Team) -> None:
    channel = await team.declare("sev2 Search is slow")
    await team.declare("sev1 Checkout is down")
    await team.type("ada", "resolve", channel)
    listed = await team.type("ada", "list", "general")
    assert "Checkout is down" in listed
    assert "Search is slow" not in listed
    assert "Search is slow" in await team.type("ada", "list all", "general")


async def test_a_long_list_is_paged(team: Team) -> None:
    team.bot.runner.stop()  # their war rooms are not what is read here
    for number in range(1, 26):
        command = DeclareIncident(by=_ada(team), title=f"Fault number {number}")
        await team.bot.handler.declare(command, request=RequestId(f"test:{number}"))
    ada = team.person("ada")
    assert "Incidents: 25, page 1 of 3" in await team.type("ada", "list", "general")
    assert (await ada.click("Next", channel="general")).ok
    await ada.wait_for_ephemeral("page 2 of 3", "general")
    assert "page 3 of 3" in await team.type("ada", "list 3", "general")


async def test_the_playbooks_are_listed_with_what_is_attached(team: Team) -> None:
    channel = await team.declare()
    listed = await team.type("ada", "playbook", channel)
    assert "Checkout outage" in listed
    assert "Attached." in listed
    assert "Bad deploy and rollback" in listed


async def test_the_playbooks_can_be_read_outside_of_an_incident(team: Team) -> None:
    assert "Checkout outage" in await team.type("ada", "playbook", "general")


async def test_help_names_every_verb(team: Team) -> None:
    text = await team.type("ada", "help", "general")
    for verb in ("declare", "severity", "status", "assign", "claim", "note", "update", "remind", "resolve", "reopen"):
        assert f"`{verb}" in text


async def test_help_of_one_verb_is_short(team: Team) -> None:
    text = await team.type("ada", "help freezes", "general")
    assert text.startswith("`/incident freeze [checkout [24h] why] | extend F3 24h | end F3`: when nothing of")
    assert "declare" not in text
    assert "`declare [sev1] [title]`" in await team.type("ada", "help me", "general")


async def test_a_wrong_verb_gets_did_you_mean(team: Team) -> None:
    channel = await team.declare()
    refused = await team.type("ada", "servity sev2", channel)
    assert "servity" in refused
    assert "Did you mean" in refused
    assert "[Change severity]" in refused


async def test_the_panel_offers_what_can_be_done_now(team: Team) -> None:
    channel = await team.declare()
    panel = await witness.panel(team, "ada", channel)
    for button in ("Post update", "Change status", "Assign roles", "Show timeline", "Resolve incident"):
        assert f"[{button}]" in panel
    await team.type("ada", "resolve", channel)
    assert "[Reopen incident]" in await witness.panel(team, "ada", channel)


async def test_the_timeline_is_shown_by_button(team: Team) -> None:
    channel = await team.declare()
    await witness.panel(team, "ada", channel)
    assert (await team.person("ada").click("Show timeline", channel=channel)).ok
    await team.person("ada").wait_for_ephemeral("INC-1 declared by @ada", channel)
