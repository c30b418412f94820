"""The check says whether the tracker of the settings will do, and what to do where it will not."""

from collections.abc import AsyncIterator

import pytest

from bot.checkup.finding import Finding, Level
from bot.checkup.tracker_check import check_tracker
from bot.settings import Settings
from tests.trackers.small_github import TOKEN, SmallGitHub


@pytest.fixture
async def github() -> AsyncIterator[SmallGitHub]:
    async with SmallGitHub() as github:
        yield github


async def checked(github: SmallGitHub) -> Finding:
    given = {"github_token": TOKEN, "github_repository": github.repository, "github_api_url": github.url}
    settings = Settings.model_validate({"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1", **given})
    (finding,) = await check_tracker(settings)
    assert TOKEN not in str(finding)
    return finding


async def test_a_repository_whose_issues_may_be_written_is_well(github: SmallGitHub) -> None:
    finding = await checked(github)
    assert (finding.level, "acme/ops" in finding.sentence) == (Level.OK, True)


async def test_without_a_tracker_nothing_is_said() -> None:
    assert (
        await check_tracker(Settings.model_validate({"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"})) == []
    )


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ({"archived": True}, "unarchive"),
        ({"has_issues": False}, "switch them on"),
        ({"is_there": False}, "correct it"),
        ({"token": "another"}, "GITHUB_TOKEN"),
        ({"may_push": False}, "Issues: read and write"),
        ({"renamed_to": "acme/operations"}, "GITHUB_REPOSITORY"),
    ],
)
async def test_what_is_wrong_is_named_with_what_to_do(
    github: SmallGitHub, wrong: dict[str, object], advice: str
) -> None:
    for name, value in wrong.items():
        setattr(github, name, value)
    finding = await checked(github)
    assert finding.level is Level.BAD
    assert advice in f"{finding.sentence} {finding.advice}"


async def test_nobody_there_is_told(github: SmallGitHub) -> None:
    url = github.url
    await github.down()
    given = {"github_token": TOKEN, "github_repository": "acme/ops", "github_api_url": url}
    settings = Settings.model_validate({"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1", **given})
    (finding,) = await check_tracker(settings)
    assert "cannot be reached" in finding.sentence
