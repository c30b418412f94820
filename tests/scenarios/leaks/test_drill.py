"""A drill with a marker word in every text: no channel of real work hears of it, no digest, no person outside of it,
no incident that is like it, and no search that did not ask for drills.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.incident.feedback_commands import GiveFeedback
from bot.incident.review_commands import BookReview, CancelReview, MoveReview
from bot.incident.terms import IncidentId
from tests.scenarios.leaks.marking import MARK, marker, told_everything
from tests.scenarios.leaks.silence import assert_nothing_was_sent_outside, assert_silent
from tests.scenarios.leaks.surfaces import a_world, asks, files_for, served
from tests.scenarios.team import Team

pytestmark = pytest.mark.timeout(300)
DRILL = IncidentId(1)
NOT_IN_A_DRILL: Final = {GiveFeedback, BookReview, MoveReview, CancelReview}
"""Nobody is asked how it went, and it has its scorecard and no review."""
SETTINGS = [{}, {"drill_channel": "#drills"}]


async def played(team: Team) -> str:
    """Everything that can be done in a drill, and three weeks after it; answers with its channel's id."""
    await team.person("ada").create_channel("drills")
    await team.person("ada").invite("drills", "muster")
    name = await team.declare(f"sev3 {marker('title')} printer ledger", verb="drill")
    assert await told_everything(team, DRILL, name) <= NOT_IN_A_DRILL
    for _ in range(6):
        await team.move_on(timedelta(days=4))
        await team.bot.look_at_followups()
        await team.settle()
    return team.workspace.channel_id(name)


@pytest.mark.parametrize("settings", SETTINGS, ids=["announced nowhere", "announced as drills"])
async def test_nothing_of_a_drill_reaches_a_channel_or_a_person_outside_of_it(
    redis_url: str, tmp_path: Path, transport: str, settings: dict[str, Any]
) -> None:
    async with a_world(redis_url, tmp_path, transport, digest_channel="#general", **settings) as team:
        channel = await played(team)
        drills = team.workspace.channel_id("drills")
        heard = [
            str(call["args"]) for call in await team.calls("chat.postMessage") if call["args"]["channel"] == drills
        ]
        assert any(MARK in each for each in heard) == bool(settings)
        await assert_nothing_was_sent_outside(team, channel, *([drills] if settings else []))
        for where, text in {**await served(team, DRILL), **await files_for(team, "ada")}.items():
            assert_silent(where, text, channel)


async def test_no_incident_and_no_search_is_told_of_it(redis_url: str, tmp_path: Path, transport: str) -> None:
    async with a_world(redis_url, tmp_path, transport) as team:
        channel = await played(team)
        found = await asks(team, "ada", "search printer ledger", "general")
        assert_silent("search", found, channel)
        assert MARK in (await asks(team, "ada", "search drills printer ledger", "general")).lower()
        real = await team.declare("sev1 The printer ledger jams", by="ben")
        await team.settle()
        said = "\n".join(each.rendered for each in await team.person("ben").messages(real))
        assert_silent(real, said, channel)


async def test_this_check_finds_what_leaks(redis_url: str, tmp_path: Path, transport: str) -> None:
    async with a_world(redis_url, tmp_path, transport) as team:
        channel = await played(team)
        await assert_nothing_was_sent_outside(team, channel)
        slack = AsyncWebClient(token=team.workspace.bot_token, base_url=team.workspace.api_url)
        await slack.chat_postMessage(channel=team.workspace.channel_id("incidents"), text=marker("title"))
        with pytest.raises(AssertionError):
            await assert_nothing_was_sent_outside(team, channel)
