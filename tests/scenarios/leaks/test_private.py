"""A private incident that holds a marker word in every text, and Cleo, who is not in it: nothing she asks, presses
or reads differs from a workspace in which there is no such incident.
"""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta
from difflib import ndiff
from pathlib import Path
from typing import Final

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.incident.terms import IncidentId
from bot.slack.buttons import BUTTONS
from bot.slack.submissions import SUBMISSIONS
from bot.slack.verbs import VERBS
from bot.workspace.cast import CAST
from tests.scenarios.house_rules import playbooks
from tests.scenarios.leaks.marking import MARK, days_pass, marker, told_everything
from tests.scenarios.leaks.silence import assert_nothing_was_sent_outside, assert_silent
from tests.scenarios.leaks.surfaces import (
    Found,
    Json,
    a_world,
    all_that_stands,
    asks,
    does_everything,
    files_for,
    forged_presses,
    forged_submissions,
    found_by,
    like_any,
    presses,
    renumbered,
    served,
    typed,
)
from tests.scenarios.team import Team

CLEO: Final = next(account.id for account in CAST if account.name == "cleo")
READER: Final = "r" * 40
SECRET, NEVER = 2, 77
"""The private incident, and one that never was. INC-1 is Cleo's own, and public."""
pytestmark = pytest.mark.timeout(300)
A_WEEK: Final = timedelta(days=8)


async def _told_a_secret(team: Team) -> str:
    """Ada's private incident that holds everything; answers with its channel's id."""
    channel = await _declared_privately(team)
    assert not await told_everything(team, IncidentId(SECRET), channel)
    return team.workspace.channel_id(channel)


async def _declared_privately(team: Team) -> str:
    ada = team.person("ada")
    await ada.slash("/incident", "declare", channel="general")
    form = await ada.wait_for_modal("Declare incident")
    inputs = [block for block in form.blocks if block["type"] == "input"]
    labels = [each["label"]["text"] for each in inputs if each["element"]["type"] == "plain_text_input"]
    words = {label: f"{marker(label)} printer ledger" for label in labels}
    assert (await ada.submit({**words, "Private": ["yes"]})).closed
    name = f"inc-{SECRET}"

    async def furnished() -> bool:
        return bool(await ada.channel_named(name) and await ada.pins(name))

    await ada.wait_until(furnished)
    await ada.invite(name, "ben")

    async def has_ben() -> bool:
        return "INC-2" in await team.type("ben", "list", "general")

    await ada.wait_until(has_ben)
    await team.settle()
    return name


@pytest.fixture
async def secret(redis_url: str, tmp_path: Path, transport: str) -> AsyncIterator[tuple[Team, str]]:
    """Cleo's own incident, and then the private one, with its channel's id."""
    async with a_world(redis_url, tmp_path, transport) as team:
        yield team, await _after_cleos_own(team)


async def _after_cleos_own(team: Team) -> str:
    await team.declare("sev3 Printer jams", by="cleo")
    return await _told_a_secret(team)


async def test_every_verb_answers_of_it_as_of_none(secret: tuple[Team, str]) -> None:
    await assert_verbs_are_silent(*secret)


async def test_these_checks_find_what_leaks(redis_url: str, tmp_path: Path, transport: str) -> None:
    """The same of somebody whom the policy lets see it, and of a word that was said outside."""
    seeing = playbooks(tmp_path, f"rights: {{see_private: [{CLEO}]}}\n")
    async with a_world(redis_url, tmp_path, transport, playbooks_dir=seeing) as team:
        channel = await _after_cleos_own(team)
        with pytest.raises(AssertionError):
            await assert_verbs_are_silent(team, channel)
        await assert_nothing_was_sent_outside(team, channel)
        slack = AsyncWebClient(token=team.workspace.bot_token, base_url=team.workspace.api_url)
        await slack.chat_postMessage(channel=team.workspace.channel_id("general"), text=marker("title"))
        with pytest.raises(AssertionError):
            await assert_nothing_was_sent_outside(team, channel)


async def assert_verbs_are_silent(team: Team, channel: str) -> None:
    for verb in VERBS:
        for yours, none in zip(typed(verb, SECRET), typed(verb, NEVER), strict=True):
            answers = [await asks(team, "cleo", text, "general") for text in (yours, none)]
            assert like_any(answers[0], SECRET) == like_any(answers[1], NEVER), yours
            assert_silent(yours, answers[0], channel)


async def test_every_button_and_form_that_members_see_says_of_it_what_it_says_of_none(secret: tuple[Team, str]) -> None:
    team, channel = secret
    found = await found_by(team, "ada", f"inc-{SECRET}")
    assert len(found.forms) > len(SUBMISSIONS) / 2, sorted(found.forms)
    assert len(found.buttons) > len(BUTTONS) / 2, sorted(found.buttons)
    for made in (forged_presses, _submissions):
        pairs = (made(team, "cleo", found, SECRET, number) for number in (SECRET, NEVER))
        for yours, none in zip(*pairs, strict=True):
            answers = [await presses(team, "cleo", payload) for payload in (yours, none)]
            assert like_any(answers[0], SECRET) == like_any(answers[1], NEVER), json.dumps(yours)
            assert_silent(json.dumps(yours), answers[0], channel)


def _submissions(team: Team, name: str, found: Found, _seen: int, number: int) -> Iterator[Json]:
    return forged_submissions(team, name, found, number)


@pytest.mark.parametrize("token", ["", READER], ids=["no token", "a reader's token"])
async def test_no_address_of_musters_own_server_tells_of_it(
    redis_url: str, tmp_path: Path, transport: str, token: str
) -> None:
    """A token may read, and has no right to see what is private."""
    async with a_world(redis_url, tmp_path, transport, api_tokens=f"reader:read:{READER}") as team:
        channel = await _after_cleos_own(team)
        yours, none = [await served(team, number, token) for number in (SECRET, NEVER)]
        assert "GET /api/incidents/{number}" in yours
        for address, text in yours.items():
            assert_silent(address, text, channel)
            assert "{" in address or f"INC-{SECRET}" not in text, address
            assert "{" not in address or like_any(text, SECRET) == like_any(none[address], NEVER), address
        shown = yours["GET /api/incidents"]
        assert shown.startswith("200 ") == bool(token)
        assert ("Printer jams" in shown) == bool(token)
        assert '"number": 2' not in shown


async def cleos_view(team: Team) -> Mapping[str, str]:
    """All that Cleo is answered and can read, in the week after."""
    answers = dict(await does_everything(team, "cleo", "inc-1-printer-jams"))
    for words in ("printer ledger", "ledger", "drills ledger", MARK):
        answers |= {f"search {words}": await asks(team, "cleo", f"search {words}", "general")}
    await team.declare("sev2 The printer ledger jams again", by="cleo")
    await team.settle()
    for _ in range(3):
        await team.move_on(A_WEEK / 2)
        await team.bot.look_at_followups()
        await team.settle()
    return {**answers, **await all_that_stands(team, "cleo")}


async def test_a_workspace_with_a_secret_looks_to_an_outsider_like_one_without(
    redis_url: str, tmp_path: Path, transport: str
) -> None:
    views: list[Mapping[str, str]] = []
    for has_secret in (True, False):
        async with a_world(redis_url, tmp_path, transport, digest_channel="#general") as team:
            await team.declare("sev3 Printer jams", by="cleo")
            channel = await _told_a_secret(team) if has_secret else ""
            if not has_secret:
                await days_pass(team)
            seen = await cleos_view(team)
            gone = SECRET if has_secret else NEVER
            views.append({renumbered(where, gone): renumbered(text, gone) for where, text in seen.items()})
            if has_secret:
                await assert_nothing_was_sent_outside(team, channel)
                for where, text in {**await served(team, SECRET), **await files_for(team, "cleo")}.items():
                    assert_silent(where, text, channel)
    assert views[0].keys() == views[1].keys()
    told = [differences(where, views[0][where], views[1][where]) for where in views[0]]
    assert not any(told), "\n".join(filter(None, told))


def differences(where: str, with_it: str, without: str) -> str:
    found = [each for each in ndiff(without.splitlines(), with_it.splitlines()) if each[0] in "+-"]
    return "\n".join([f"{where}:", *found]) if found else ""
