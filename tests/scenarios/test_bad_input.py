"""Bad input and a bad world: a sentence that helps, and nothing done that was not said."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.incident.terms import SCRIBE, IncidentId
from bot.store.embedded import EmbeddedServer
from tests.scenarios import forged
from tests.scenarios.conftest import StartTeam
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team

REFUSALS = {
    "servity sev1": "`servity` is no verb I know. Did you mean `severity`?",
    "frobnicate": "`frobnicate` is no verb I know. `help` lists them all.",
    "severity sev9": "“SEV9” is no severity here: use SEV1, SEV2, SEV3 or SEV4.",
    "severity bad": "“bad” is no severity here",
    "status gone": "“gone” is no status here",
    "claim captain": "“captain” is no role here: use incident commander, communications lead,",
    "assign captain @ben": "“captain” is no role here",
    "assign scribe @nobody": "I cannot tell who that is",
    "note at 25:99 The rollback began": "25:99",
    "note at 14:05": "Write what happened behind the time",
    "note \u200b ": "A note needs some words.",
    "update \u2060\u200b": "An update needs",
    "remind every now and then": "no length of time",
    "remind every 9d": "between 1 minute and 7 days",
    "playbook nonsense": "I know no playbook “nonsense”.",
    "unfreeze checkout": "`unfreeze` is no verb I know. Did you mean `freeze end`?",
    "help frezze": "`frezze` is no verb I know. Did you mean `freeze`?",
    "freeze end F9": "“F9” names no freeze: “freeze” lists them.",
    "alerts qualty": "“qualty” is nothing of alerts: write “alerts 2”, or “alerts quality”.",
    "timeline last": "“last” is no number of a page",
    "show INC-99": "There is no INC-99 that you can see.",
    "show me": "“me” is no number of an incident",
    "correct lunch 12:00": "“lunch” is no time here",
    f"declare {'x' * 301}": "at most 300 characters",
}


async def version(team: Team) -> int:
    return (await team.bot.handler.read(IncidentId(1))).version


async def test_each_mistake_is_answered_with_what_would_work(team: Team) -> None:
    channel = await team.declare()
    await team.settle()
    before = await version(team)
    for typed, sentence in REFUSALS.items():
        assert sentence in await team.type("ada", typed, channel), typed
        assert await version(team) == before, typed
    assert len(await team.bot.store.log.listings(active=False)) == 1


async def test_did_you_mean_has_the_button_that_was_meant(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "servity sev1", channel)
    ada = team.person("ada")
    assert (await ada.click("Change severity", channel=channel, where="ephemeral")).ok
    await ada.wait_for_modal("Change severity")


async def test_a_person_whom_slack_does_not_know_gets_no_role(team: Team) -> None:
    channel = await team.declare()
    refusal = await team.type("ada", "assign scribe <@U0NOBODY99>", channel)
    assert "cannot" in refusal
    assert (await team.bot.handler.read(IncidentId(1))).holder(SCRIBE) is None


async def test_a_button_of_an_older_version_says_so(team: Team) -> None:
    await team.declare()
    await team.settle()
    before = await version(team)
    for action, value in (("split_incident", "1"), ("step", "1|old"), ("snooze_update", "1|soon"), ("resolve", "x")):
        assert "That button is from an older version" in await forged.pressed(team, "ada", action, value), action
    assert await version(team) == before


async def test_a_step_that_somebody_else_has_done_is_not_done_again(team: Team) -> None:
    channel = await team.declare("sev1 Checkout is down")
    await team.settle()
    stale = "1|checkout-outage|size|started|open"
    assert (await team.workspace.client.forge("interactive", forged.press(team, "ada", "step", stale))).ok
    before = await version(team)
    await team.person("ada").invite(channel, "ben")
    told = await forged.pressed(team, "ben", "step", stale)
    assert "ada" in told or "already" in told or "nothing has changed" in told
    after = await team.bot.handler.read(IncidentId(1))
    assert after.version <= before + 1  # Ben came in


async def test_an_event_delivered_four_times_has_one_effect(team: Team) -> None:
    channel = await team.declare()
    ada = team.person("ada")
    ts = await ada.say(channel, "Errors rise on two hosts")
    await team.workspace.client.delivery_fault("repeat", times=4)
    await ada.react(channel, ts, "pushpin")
    await ada.wait_until(lambda: delivered(team, "reaction_added", 4))
    await team.settle()
    assert (await team.type("ada", "timeline", channel)).count("Errors rise on two hosts") == 1
    assert len(await team.calls("reactions.get")) == 1
    assert len(await team.calls("reactions.add")) == 1


async def delivered(team: Team, event: str, times: int) -> bool:
    return len([each for each in await team.workspace.client.deliveries(event) if each["outcome"]]) >= times


async def test_of_two_who_claim_one_role_one_wins_and_the_other_is_told_who(team: Team) -> None:
    channel = await team.declare()
    await team.person("ada").invite(channel, "ben")
    ada, ben = team.person("ada"), team.person("ben")
    answers = await asyncio.gather(*(each.slash("/incident", "claim scribe", channel=channel) for each in (ada, ben)))
    holder = (await team.bot.handler.read(IncidentId(1))).holder(SCRIBE)
    winner, loser = (0, 1) if holder == team.workspace.user_id("ada") else (1, 0)
    assert holder in {team.workspace.user_id("ada"), team.workspace.user_id("ben")}
    assert f"@{('ada', 'ben')[winner]} is scribe already. To take over" in answers[loser].text
    assert "already" not in answers[winner].text


async def test_a_broken_playbook_on_reload_leaves_the_old_ones(start_team: StartTeam, tmp_path: Path) -> None:
    folder = playbooks(tmp_path, "default_severity: SEV3\n", drill=DRILL)
    team = await start_team(playbooks_dir=folder)
    channel = await team.declare("A drill begins")
    (folder / "drill.md").write_text("---\nid: drill\nseverities: [SEV99]\n---\n", encoding="utf-8")
    (folder / "policy.yaml").write_text("default_severity: SEV1\nservices: [oops\n", encoding="utf-8")
    await team.bot.look_at_playbooks()
    assert "Ring the bell" in await team.type("ada", "playbook", channel)
    assert (
        "is declared as SEV3"
        in (await team.person("ada").slash("/incident", "declare Another", channel="general")).text
    )


DRILL = """---
id: drill
title: Ring the bell
review_by: 2030-01-01
---

# Ring the bell

A test of the whole thing.

## First

- [ ] Ring it
"""


class OwnStore:
    """A store of the test's own, which it may stop, hold still and start again on the same data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.server = EmbeddedServer(folder)

    async def start(self) -> str:
        self.server = EmbeddedServer(self._folder)
        await self.server.__aenter__()
        return self.server.url

    async def stop(self) -> None:
        await self.server.__aexit__(None, None, None)

    def hold(self) -> None:
        os.kill(self.server.pid, signal.SIGSTOP)

    def let_go(self) -> None:
        os.kill(self.server.pid, signal.SIGCONT)


@pytest.fixture
async def own_store(tmp_path: Path) -> AsyncIterator[OwnStore]:
    store = OwnStore(tmp_path / "own")
    await store.start()
    yield store
    await store.stop()


@pytest.fixture
async def own_team(own_store: OwnStore, start_team: StartTeam) -> Team:
    """Its store outlives it: fixtures end in the opposite order."""
    return await start_team(redis_url=own_store.server.url)


async def test_with_the_store_down_nothing_is_saved_and_the_person_hears_so(
    own_store: OwnStore, own_team: Team
) -> None:
    channel = await own_team.declare()
    await own_team.settle()
    before = await version(own_team)
    await own_store.stop()
    for text in ("severity sev3", "note I was here", "resolve", "declare sev1 Another"):
        assert "Not saved: the store cannot be reached" in await timed(own_team, text, channel), text
    await own_store.start()
    await own_team.person("ada").wait_until(own_team.bot.is_idle)
    assert await version(own_team) == before
    assert len(await own_team.bot.store.log.listings(active=False)) == 1


async def test_with_the_store_held_still_nobody_hears_done(own_store: OwnStore, own_team: Team) -> None:
    channel = await own_team.declare()
    await own_team.settle()
    before = await version(own_team)
    own_store.hold()
    answer = await timed(own_team, "severity sev3", channel)
    own_store.let_go()
    assert answer.startswith("Not saved")
    await own_team.settle()
    assert await version(own_team) == before


async def timed(team: Team, text: str, channel: str) -> str:
    """The answer, which Slack waits 3 s for."""
    began = time.monotonic()
    answer = await team.type("ada", text, channel)
    assert time.monotonic() - began < 3
    return answer


async def test_a_form_is_kept_open_with_the_store_down(own_store: OwnStore, own_team: Team) -> None:
    channel = await own_team.declare()
    await own_team.settle()
    ada = own_team.person("ada")
    await ada.slash("/incident", "note", channel=channel)
    await ada.wait_for_modal("Add to timeline")
    await own_store.stop()
    refused = await ada.submit({"What happened": "I was here"})
    await own_store.start()
    assert refused.errors["text"].startswith("Not saved: the store cannot be reached")
    assert (await ada.submit({"What happened": "I was here"})).closed
    assert (await own_team.type("ada", "timeline", channel)).count("I was here") == 1
