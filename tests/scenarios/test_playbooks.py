"""Playbooks: the matching one is a checklist in the war room, worked through step by step."""

from pathlib import Path

import pytest

from bot.workspace.seen import SeenMessage
from tests.scenarios import witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.team import Team

FIRST = "Measure how many checkouts fail, and for whom"
LONGEST = 100
"""As many steps as a playbook may have: twice as many as a message may have blocks."""


async def _checklist(team: Team, channel: str, title: str = "Checkout outage") -> SeenMessage:
    return await team.says("ada", channel, f"Playbook: {title}", "steps settled")


async def _press(team: Team, card: SeenMessage, button: str, by: str = "ada") -> None:
    answer = await team.person(by).click(button, channel=card.channel, ts=card.ts)
    assert answer.ok, answer


async def test_the_matching_playbook_is_posted_and_says_why(team: Team) -> None:
    channel = await team.declare("sev1 Checkout is down")
    card = await _checklist(team, channel)
    assert "0 of 11 steps settled" in card.rendered
    assert "Attached because it" in card.rendered
    assert f"○ 1. {FIRST}" in card.rendered
    assert {"Start", "Done", "Skip"} <= set(card.buttons)


async def test_no_playbook_is_posted_where_none_matches(team: Team) -> None:
    channel = await team.declare("sev3 The cat sits on the keyboard")
    await team.settle()
    assert await witness.posts(team, channel, "Playbook: ") == []


async def test_a_step_is_started_and_done_by_button(team: Team) -> None:
    channel = await team.declare()
    card = await _checklist(team, channel)
    await _press(team, card, "Start")
    started = await witness.edited_to(team, card, channel, f"◐ 1. {FIRST}", "started @ada")
    assert {"Done", "Failed", "Skip"} <= set(started.buttons)
    await _press(team, card, "Done")
    await witness.edited_to(team, card, channel, "1 of 11 steps settled", f"✓ 1. {FIRST}")


@pytest.mark.parametrize(("button", "mark", "state"), [("Skip", "–", "skipped"), ("Done", "✓", "done")])
async def test_a_step_is_settled_without_being_started(team: Team, button: str, mark: str, state: str) -> None:
    channel = await team.declare()
    card = await _checklist(team, channel)
    await _press(team, card, button)
    await witness.edited_to(team, card, channel, f"{mark} 1. {FIRST}", f"{state} @ada")


async def test_a_failed_step_stays_in_sight(team: Team) -> None:
    channel = await team.declare()
    card = await _checklist(team, channel)
    await _press(team, card, "Start")
    await witness.edited_to(team, card, channel, "started @ada")
    await _press(team, card, "Failed")
    failed = await witness.edited_to(team, card, channel, f"✗ 1. {FIRST}", "failed @ada")
    assert "Start" in failed.buttons


async def test_each_change_of_a_step_is_in_the_timeline_and_on_the_summary_card(team: Team) -> None:
    channel = await team.declare()
    await _press(team, await _checklist(team, channel), "Start")
    assert f"Step {FIRST}: started by @ada" in await witness.timeline(team, channel)
    shown = await team.type("ada", "show", channel)
    assert f"Now   {FIRST} (@ada" in shown
    assert "Playbook: Checkout outage, step 1 of 11" in shown


async def test_a_step_that_somebody_has_settled_is_not_settled_again(team: Team) -> None:
    channel = await team.declare()
    await team.person("ada").invite(channel, "ben")
    card = await _checklist(team, channel)
    stale = {**_pressed(card, "Done"), "block_id": "b", "action_ts": card.ts}
    await _press(team, card, "Done")
    who, place = {"id": team.workspace.user_id("ben")}, {"id": team.workspace.channel_id(channel)}
    forged = {"type": "block_actions", "user": who, "channel": place, "actions": [stale]}
    await team.workspace.client.forge("interactive", forged)
    await team.person("ben").wait_for_ephemeral("That step is done already, by @ada. Nothing has changed.")
    assert (await witness.timeline(team, channel)).count(f"Step {FIRST}") == 1


def _pressed(card: SeenMessage, label: str) -> dict[str, object]:
    elements = [each for block in card.blocks for each in block.get("elements", ()) if each.get("type") == "button"]
    return next(each for each in elements if each["text"]["text"] == label)


async def test_another_playbook_is_attached_by_name(team: Team) -> None:
    channel = await team.declare()
    assert "is attached" in await team.type("ada", "playbook bad deploy", channel)
    await _checklist(team, channel, "Bad deploy and rollback")
    await _checklist(team, channel, "Checkout outage")
    assert "Playbook Bad deploy and rollback attached" in await witness.timeline(team, channel)


async def test_a_playbook_is_attached_once(team: Team) -> None:
    channel = await team.declare()
    assert "is attached already" in await team.type("ada", "playbook checkout outage", channel)


async def test_a_playbook_is_attached_by_button_from_the_list(team: Team) -> None:
    channel = await team.declare("sev3 The cat sits on the keyboard")
    listed = await team.type("ada", "playbook", channel)
    assert "Vendor outage" in listed
    assert (await team.person("ada").click("attach_playbook:vendor-outage", channel=channel)).ok
    await _checklist(team, channel, "Vendor outage")


async def test_a_misspelt_playbook_gets_did_you_mean(team: Team) -> None:
    channel = await team.declare()
    refused = await team.type("ada", "playbook bad deplyo", channel)
    assert "I know no playbook “bad deplyo”. Did you mean Bad deploy and rollback?" in refused


async def test_steps_of_two_playbooks_do_not_mix(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "playbook bad deploy", channel)
    other = await _checklist(team, channel, "Bad deploy and rollback")
    await _press(team, other, "Start")
    await witness.edited_to(team, other, channel, "◐ 1.")
    assert "○ 1." in (await _checklist(team, channel)).rendered


@pytest.fixture
def long_playbook(tmp_path: Path) -> Path:
    folder = tmp_path / "playbooks"
    folder.mkdir()
    steps = "\n".join(f"- [ ] Step number {number} *(id: step-{number})*\n" for number in range(1, LONGEST + 1))
    head = "---\nid: long\ntitle: Long haul\nwords: [haul]\n---\n\n# Long haul\n\nVery long.\n\n## All of it\n\n"
    (folder / "long.md").write_text(head + steps)
    return folder


async def test_a_very_long_playbook_is_one_message_and_can_be_worked(
    start_team: StartTeam, long_playbook: Path
) -> None:
    team = await start_team(playbooks_dir=long_playbook)
    channel = await team.declare("sev2 A long haul")
    card = await _checklist(team, channel, "Long haul")
    assert f"0 of {LONGEST} steps settled" in card.rendered
    assert f"{LONGEST}. Step number {LONGEST}" in card.rendered
    await _press(team, card, "Done")
    await witness.edited_to(team, card, channel, f"1 of {LONGEST} steps settled", "○ 2. Step number 2")
