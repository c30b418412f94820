"""Private incidents: who is not in the channel sees nothing of them, not even that they are."""

from collections.abc import Callable
from pathlib import Path

import aiohttp

from bot.workspace.cast import CAST
from tests.scenarios import forged
from tests.scenarios.conftest import StartTeam
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team

SECRET = "Kestrel"
UNKNOWN = 77
HIDDEN = "There is no INC-1 that you can see."
ID = {account.name: account.id for account in CAST}
CLEO_SEES = f"rights: {{see_private: [{ID['cleo']}]}}\n"


async def declare_privately(team: Team, title: str = f"{SECRET} reads our mail") -> str:
    """Ada declares; answers with the channel's name, once its card is pinned."""
    ada = team.person("ada")
    await ada.slash("/incident", "declare", channel="general")
    await ada.wait_for_modal("Declare incident")
    assert (await ada.submit({"Title": title, "Private": ["yes"]})).closed

    async def furnished() -> str:
        found = await ada.channel_named("inc-")
        return found.name if found and await ada.pins(found.name) else ""

    name = str(await ada.wait_until(furnished))
    await team.settle()
    return name


async def seen_by(team: Team, name: str) -> str:
    """Everything that stands anywhere where this person can look."""
    person = team.person(name)
    texts = [each.rendered for each in await person.ephemerals()]
    for channel in await person.channels():
        texts += [channel.name, channel.topic, channel.purpose]
        if name in channel.members:
            texts += [each.rendered for each in await person.messages(channel.name)]
    views = [view.rendered for view in (await person.home(), await person.modal()) if view]
    return "\n".join([*texts, *views])


async def test_a_private_incident_is_announced_nowhere(team: Team) -> None:
    channel = await declare_privately(team)
    found = await team.person("ada").channel(channel)
    assert (found.is_private, channel, set(found.members)) == (True, "inc-1", {"ada", "muster"})
    assert await team.person("ada").messages("incidents") == []
    assert "INC-1" not in await seen_by(team, "cleo")


async def test_whoever_is_not_in_it_sees_it_in_no_list(team: Team) -> None:
    await declare_privately(team)
    cleo = team.person("cleo")
    answers = [await team.type("cleo", text, "general") for text in ("", "list", "list all")]
    await cleo.open_home()
    home = await cleo.wait_until(cleo.home)
    seen = "\n".join([*answers, home.rendered, await seen_by(team, "cleo")])
    assert "INC-1" not in seen
    assert SECRET not in seen
    assert "No incident is open." in home.rendered


async def test_its_members_see_it_in_their_lists(team: Team) -> None:
    await declare_privately(team)
    assert SECRET in await team.type("ada", "list", "general")
    await team.person("ada").open_home()
    assert SECRET in (await team.person("ada").wait_until(team.person("ada").home)).rendered


async def test_not_found_and_not_yours_read_the_same(team: Team) -> None:
    await declare_privately(team)
    for verb in ("show", "timeline", "join", "playbook", "resolve", "status", "status mitigated", "update", "note Hm"):
        yours, missing = [await team.type("cleo", f"INC-{number} {verb}", "general") for number in (1, UNKNOWN)]
        assert yours == missing.replace(f"INC-{UNKNOWN}", "INC-1"), verb
        assert yours.startswith(HIDDEN), verb


async def test_a_forged_button_reads_as_if_there_were_no_incident(team: Team) -> None:
    await declare_privately(team)
    for action in ("show_timeline", "show_incident", "join", "take_command", "acknowledge", "more", "post_update"):
        answers = [await forged.pressed(team, "cleo", action, str(number)) for number in (1, UNKNOWN)]
        assert answers[0] == answers[1].replace(f"INC-{UNKNOWN}", "INC-1"), action
        assert HIDDEN in answers[0], action


async def test_a_forged_form_reads_as_if_there_were_no_incident(team: Team) -> None:
    await declare_privately(team)
    found = await team.workspace.client.forge("interactive", forged.note_form(team, "cleo", 1))
    missing = await team.workspace.client.forge("interactive", forged.note_form(team, "cleo", UNKNOWN))
    errors = found.raw["answer"]["errors"]
    assert errors == {"text": HIDDEN}
    assert errors["text"] == missing.raw["answer"]["errors"]["text"].replace(f"INC-{UNKNOWN}", "INC-1")


async def test_a_command_forged_from_its_channel_is_let_in_for_slack_alone_can_say_so(team: Team) -> None:
    """Slack sends a command only for a member of the channel, so its word counts as membership."""
    channel = await declare_privately(team)
    typed = forged.slash(team, "ben", "show", (await team.person("ada").channel(channel)).id)
    assert SECRET in (await team.workspace.client.forge("slash", typed)).text


async def test_a_guest_hears_of_a_private_incident_no_more_than_of_none(team: Team) -> None:
    await declare_privately(team)
    answers = [await forged.pressed(team, "dee", "join", str(number)) for number in (1, UNKNOWN)]
    assert answers[0].replace("INC-1", "") == answers[1].replace(f"INC-{UNKNOWN}", "")


async def test_whoever_is_let_in_sees_it_and_who_leaves_does_not(team: Team) -> None:
    channel = await declare_privately(team)
    ben = team.person("ben")
    await team.person("ada").invite(channel, "ben")
    await shown(team, "ben", lambda text: SECRET in text)
    await ben.leave(channel)
    await shown(team, "ben", lambda text: text.startswith(HIDDEN))


async def shown(team: Team, name: str, fits: Callable[[str], bool]) -> None:
    """Asks for the incident until the answer fits: membership is an event that takes its time."""

    async def asked() -> bool:
        return fits(await team.type(name, "show INC-1", "general"))

    await team.person(name).wait_until(asked)


async def test_whom_the_policy_names_sees_it(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team(playbooks_dir=playbooks(tmp_path, CLEO_SEES))
    await declare_privately(team)
    assert SECRET in await team.type("cleo", "list", "general")
    assert SECRET in await team.type("cleo", "show INC-1", "general")
    assert (await team.type("ben", "show INC-1", "general")).startswith(HIDDEN)


async def test_the_metrics_name_no_private_incident(team: Team) -> None:
    channel = await declare_privately(team)
    await team.type("ada", "note We shut the mail server down", channel)
    text = await metrics(team)
    assert "muster_" in text
    assert SECRET not in text
    assert "inc-1" not in text.lower()


async def metrics(team: Team) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{team.bot.port}/metrics") as answer:
        return await answer.text()


async def test_nothing_that_happens_in_it_is_told_outside(team: Team) -> None:
    channel = await declare_privately(team)
    for text in ("update We shut it down next 5m", "severity sev1", "resolve It is over"):
        await team.type("ada", text, channel)
    await team.settle()
    assert "resolved" in await team.person("ada").topic(channel)
    assert await team.person("cleo").messages("incidents") == []
    assert "INC-1" not in await seen_by(team, "cleo")
