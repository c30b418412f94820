"""Text that people write pings nobody, disguises no link and is kept whole, on every surface."""

import json
import re
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from bot.incident.terms import IncidentId
from bot.workspace.person import Person
from bot.workspace.rendering import links, pings
from bot.workspace.seen import SeenMessage
from tests.scenarios.conftest import StartTeam
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team
from tests.scenarios.test_declare_modal import room

EVIL = "<!channel> <https://evil.example|bank> *b* {{7*7}} & @here <@U0CLEO0001>"
"""As a form, an event or a policy carries it: nothing of it was composed by Slack's client."""
BROADCASTS = {"here", "channel", "everyone"}
TITLES = [
    EVIL,
    "<!everyone|all good> `code` ~gone~ _it_ > quoted",
    "決済が止まっています",
    "فشل الدفع للعملاء",
    "🔥🔥 👩‍👩‍👧‍👦 is down",
    "“Smart” ‘quotes’ — and … dots",
    "x" * 300,
    "--- / ---",
]


async def everything_seen(team: Team, *names: str) -> AsyncIterator[SeenMessage]:
    for name in names:
        person = team.person(name)
        for each in await person.ephemerals():
            yield each
        for channel in [*(each.name for each in await person.channels() if name in each.members), "muster"]:
            for message in await person.messages(channel):
                yield message
                for reply in await person.thread(channel, message.ts) if message.reply_count else ():
                    yield reply


async def assert_harmless(team: Team) -> None:
    """Nothing that Muster wrote pings anybody but Ada, who leads, or shows an address other than its own.

    An ephemeral answer notifies nobody whom it names, but a broadcast must not stand even there.
    """
    async for message in everything_seen(team, "ada", "ben", "cleo"):
        if message.user == "muster":
            named = message.pings & BROADCASTS if message.ephemeral else message.pings
            assert named <= {"ada"}, message.rendered
            assert disguised(message.links) == [], message.rendered
    for call in await team.calls("views.publish") + await team.calls("views.open"):
        view = json.loads(call["args"]["view"])
        assert pings(view) <= {team.workspace.user_id("ada")}
        assert disguised(links(view)) == []


def disguised(found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Slack makes an address that stands in a text a link too: it shows where it leads."""
    return [(label, url) for label, url in found if "evil" in url and label != url]


def unmarked(text: str) -> str:
    """Without the word joiners by which signs of markup are kept from being any."""
    return text.replace("\u2060", "")


@pytest.fixture
async def team(start_team: StartTeam, tmp_path: Path) -> Team:
    """With no services to choose from, so that what is affected is typed."""
    return await start_team(playbooks_dir=playbooks(tmp_path, "{}"))


async def by_form(team: Team, title: str) -> str:
    ada = team.person("ada")
    await ada.slash("/incident", "declare", channel="general")
    await ada.wait_for_modal("Declare incident")
    assert (await ada.submit({"Title": title, "Impact": EVIL, "What is affected": EVIL})).closed
    name = (await room(team)).name
    await team.settle()
    return name


@pytest.mark.parametrize("title", TITLES)
async def test_any_title_makes_a_legal_channel_and_is_kept_whole(team: Team, title: str) -> None:
    channel = await by_form(team, title)
    assert re.fullmatch(r"inc-1(-[a-z0-9]+)*", channel)
    assert len(channel) <= 80
    assert (await team.bot.handler.read(IncidentId(1))).title == title
    card = (await team.person("ada").pins(channel))[0]
    assert title in unmarked(card.rendered)
    await assert_harmless(team)


async def test_newlines_and_turning_marks_leave_a_title_of_one_line(team: Team) -> None:
    await by_form(team, "Search\u202e is\n\n slow\u200b")
    assert (await team.bot.handler.read(IncidentId(1))).title == "Search is slow"


async def test_a_typed_title_keeps_what_was_typed(team: Team) -> None:
    """Slack composes what is typed into a command; a person who types <!channel> means those letters."""
    channel = await team.declare("sev1 <!channel> see https://status.example & *now*")
    await team.settle()
    card = (await team.person("ada").pins(channel))[0]
    assert "<!channel> see https://status.example & *now*" in unmarked(card.rendered)
    await assert_harmless(team)


async def test_nothing_that_is_written_during_an_incident_pings(team: Team) -> None:
    channel = await team.declare("sev1 Search is slow")
    for text in (f"note {EVIL}", f"severity sev2 {EVIL}", f"status mitigated {EVIL}", f"resolve {EVIL}"):
        await team.type("ada", text, channel)
    await team.type("ada", "timeline", channel)
    await team.says("ada", channel, "Resolved", "Outcome", "{{7*7}}")
    await team.says("cleo", "incidents", "Resolved")
    await assert_harmless(team)


async def test_a_status_update_pings_nobody_in_either_channel(team: Team) -> None:
    channel = await team.declare("sev1 Search is slow")
    await fill_in(team.person("ada"), channel)
    await team.says("ada", channel, "Update 1", "{{7*7}}")
    await team.person("cleo").wait_until(lambda: has_replies(team, "incidents"))
    await assert_harmless(team)


async def has_replies(team: Team, channel: str) -> bool:
    return any(each.reply_count for each in await team.person("cleo").messages(channel))


async def fill_in(person: Person, channel: str) -> None:
    await person.slash("/incident", "update", channel=channel)
    await person.wait_for_modal("Post update")
    filled = {"What we know": EVIL, "Impact now": EVIL, "What we are doing": EVIL}
    assert (await person.submit(filled)).closed


async def test_a_flagged_message_pings_nobody(team: Team) -> None:
    channel = await team.declare("sev1 Search is slow")
    ada = team.person("ada")
    ts = await ada.say(channel, "Hello @cleo, see https://evil.example/login and *act* {{7*7}}")
    await ada.react(channel, ts, "pushpin")

    async def listed() -> bool:
        return "{{7*7}}" in await team.type("ada", "timeline", channel)

    await ada.wait_until(listed)
    await team.settle()
    await assert_harmless(team)


async def test_a_role_of_the_policy_pings_nobody(start_team: StartTeam, tmp_path: Path) -> None:
    policy = 'roles: {sector_lead: {title: "<!channel> <https://evil.example|lead>", purpose: "<!here> *b*"}}\n'
    team = await start_team(playbooks_dir=playbooks(tmp_path, policy))
    channel = await team.declare("sev1 Search is slow")
    await team.type("ada", "claim sector_lead", channel)
    await team.type("ada", "assign", channel)
    await team.settle()
    await assert_harmless(team)


async def test_a_wrong_verb_is_quoted_without_a_ping(team: Team) -> None:
    for text in (EVIL, f"show {EVIL}", f"playbook {EVIL}", f"severity {EVIL}", f"assign {EVIL}"):
        await team.type("cleo", text, "general")
    await assert_harmless(team)


async def test_a_hostile_title_is_harmless_in_lists_and_home(team: Team) -> None:
    await by_form(team, EVIL)
    for text in ("", "list", "show INC-1", "timeline INC-1"):
        await team.type("cleo", text, "general")
    await team.person("cleo").open_home()
    await team.person("cleo").wait_until(team.person("cleo").home)
    await assert_harmless(team)
