"""Who may: rights are checked for every kind of payload, also for those that Slack's client would never send."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from bot.incident.terms import IncidentId
from bot.workspace.cast import CAST
from tests.scenarios import forged
from tests.scenarios.conftest import StartTeam
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team

ID = {account.name: account.id for account in CAST}
REFUSED = {
    "dee": "Guests of this workspace cannot act on incidents. Ask a full member to do it.",
    "eve": "People of other organisations cannot act on incidents here. Ask a member of this workspace.",
    "pagerbot": "Other bots cannot act on incidents.",
}
OUTSIDERS = pytest.mark.parametrize("who", REFUSED)


async def by_command(team: Team, who: str, channel: str) -> str:
    return (await team.workspace.client.forge("slash", forged.slash(team, who, "note I was here", channel))).text


async def by_form(team: Team, who: str, channel: str) -> str:
    answer = await team.workspace.client.forge("interactive", forged.note_form(team, who, 1))
    return str(answer.raw["answer"]["errors"]["text"])


async def by_button(team: Team, who: str, channel: str) -> str:
    return await forged.pressed(team, who, "take_command", "1")


async def by_menu_of_forms(team: Team, who: str, channel: str) -> str:
    return await forged.pressed(team, who, "post_update", "1")


async def by_declaring(team: Team, who: str, channel: str) -> str:
    typed = forged.slash(team, who, "declare sev1 Mine", team.workspace.channel_id("general"))
    return (await team.workspace.client.forge("slash", typed)).text


async def by_the_declare_form(team: Team, who: str, channel: str) -> str:
    values = {"title": {"value": "Mine"}, "severity": {"selected_option": {"value": "SEV1"}}}
    payload = forged.submission(team, who, "declare_modal", "0||", values)
    return str((await team.workspace.client.forge("interactive", payload)).raw["answer"]["errors"]["title"])


async def by_looking(team: Team, who: str, channel: str) -> str:
    typed = forged.slash(team, who, "list", team.workspace.channel_id("general"))
    return (await team.workspace.client.forge("slash", typed)).text


async def by_message_shortcut(team: Team, who: str, channel: str) -> str:
    payload = forged.message_shortcut(team, who, "add_to_timeline", channel, "1.1")
    return await forged.answered(team, who, payload)


WAYS: Mapping[str, Callable[[Team, str, str], Awaitable[str]]] = {
    "a command": by_command,
    "a form": by_form,
    "a button": by_button,
    "a button that opens a form": by_menu_of_forms,
    "declaring": by_declaring,
    "the declare form": by_the_declare_form,
    "looking": by_looking,
    "a message shortcut": by_message_shortcut,
}


async def version(team: Team) -> int:
    return (await team.bot.handler.read(IncidentId(1))).version


async def channel_id(team: Team, channel: str) -> str:
    return (await team.person("ada").channel(channel)).id


@OUTSIDERS
async def test_outsiders_are_refused_with_a_sentence_whatever_they_send(team: Team, who: str) -> None:
    channel = await channel_id(team, await team.declare(by="ada"))
    await team.settle()
    before = await version(team)
    told = {way: await ask(team, who, channel) for way, ask in WAYS.items()}
    assert told == dict.fromkeys(WAYS, REFUSED[who])
    assert await version(team) == before
    assert len(await team.bot.store.log.listings(active=False)) == 1


@OUTSIDERS
async def test_an_outsiders_emoji_is_just_an_emoji(team: Team, who: str) -> None:
    channel = await team.declare(by="ada")
    ts = await team.person("ada").say(channel, "Errors rise")
    await team.settle()
    before = await version(team)
    payload = forged.reaction(team, who, await channel_id(team, channel), ts)
    assert (await team.workspace.client.forge("event", payload)).ok
    await team.person("ada").wait_until(lambda: heard(team, "reaction_added"))
    assert await version(team) == before


async def heard(team: Team, event: str) -> bool:
    """Whether Muster has acknowledged such an event."""
    return any(each["outcome"] == "acknowledged" for each in await team.workspace.client.deliveries(event))


async def test_a_guest_who_was_invited_still_cannot_act(team: Team) -> None:
    channel = await team.declare(by="ada")
    await team.person("ada").invite(channel, "dee")
    assert await team.type("dee", "note I was here", channel) == REFUSED["dee"]


async def test_a_guest_cannot_be_given_a_role(team: Team) -> None:
    channel = await team.declare(by="ada")
    refusal = await team.type("ada", "assign scribe @dee", channel)
    assert "dee is a guest of this workspace and cannot take a role here." in refusal


async def test_who_is_not_in_the_channel_is_told_to_join_and_then_may(team: Team) -> None:
    channel = await team.declare(by="ada")
    await team.settle()
    cleo = team.person("cleo")
    refusal = await cleo.slash("/incident", "INC-1 severity sev2", channel="general")
    assert f"Only people in #{channel} can do that. Join it first." in refusal.text
    assert (await cleo.click("Join", channel="general", where="ephemeral")).ok
    await cleo.wait_until(lambda: is_inside(team, channel, "cleo"))
    assert "SEV2" in await team.type("cleo", "INC-1 severity sev2", "general")


async def is_inside(team: Team, channel: str, name: str) -> bool:
    return name in await team.person("ada").members(channel)


async def test_a_form_that_was_open_is_refused_once_its_sender_has_left(team: Team) -> None:
    channel = await team.declare(by="ada")
    ben = team.person("ben")
    await ben.join(channel)
    await team.type("ben", "note", channel)
    await ben.wait_for_modal("Add to timeline")
    await ben.leave(channel)
    await ben.wait_until(lambda: heard(team, "member_left_channel"))
    refused = await ben.submit({"What happened": "I am gone"})
    assert refused.errors == {"text": f"Only people in #{channel} can do that. Join it first."}


async def test_a_membership_that_the_log_missed_is_asked_of_slack_once(team: Team) -> None:
    channel = await team.declare(by="ada")
    await team.settle()
    team.workspace.site.install.events = ()
    await team.person("cleo").join(channel)
    before = await version(team)
    for number in (1, 2, 3):
        await team.type("cleo", f"INC-1 note Seen {number} times", "general")
    assert len(await team.calls("conversations.members")) == 1
    assert await version(team) == before + 4  # that she is in, and three notes


async def test_policy_may_let_others_resolve(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team(playbooks_dir=playbooks(tmp_path, f"rights: {{resolve: [{ID['finn']}]}}\n"))
    await team.declare(by="ada")
    await team.settle()
    assert "Join it first." in await team.type("ben", "INC-1 resolve", "general")
    assert "resolved" in await team.type("finn", "INC-1 resolve It is over", "general")


async def test_rights_are_asked_again_when_somebody_becomes_a_guest(team: Team) -> None:
    channel = await team.declare(by="ada")
    await team.person("ada").invite(channel, "ben")
    assert await team.type("ben", "note I was here", channel) not in REFUSED.values()
    await team.workspace.client.change_person("ben", is_restricted=True)
    await team.person("ada").wait_until(lambda: heard(team, "user_change"))
    assert await team.type("ben", "note I was here again", channel) == REFUSED["dee"]
