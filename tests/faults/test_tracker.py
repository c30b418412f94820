"""However often processes die or freeze: one issue for one follow-up, and each comment once."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.crash_point import CrashPoint
from bot.incident.issue import Issue
from tests.faults.fleet import KILLED, Fleet, Member
from tests.trackers.small_github import TOKEN, SmallGitHub


@pytest.fixture
async def github() -> AsyncIterator[SmallGitHub]:
    async with SmallGitHub() as github:
        yield github


async def start(fleet: Fleet, github: SmallGitHub, *, crash_at: str = "", freeze_at: str = "") -> Member:
    settings = {"GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": github.repository, "GITHUB_API_URL": github.url}
    return await fleet.start(settings=settings, crash_at=crash_at, freeze_at=freeze_at)


async def typed(fleet: Fleet, text: str) -> None:
    channel = (await fleet.incident()).channel if "declare" not in text else "general"
    assert channel is not None
    assert (await fleet.person("ada").slash("/incident", text, channel=channel)).ok


async def begun(fleet: Fleet, github: SmallGitHub, *, crash_at: str = "", freeze_at: str = "") -> Member:
    """An incident with one follow-up, and a process that is armed with a moment of what comes then."""
    first = await start(fleet, github)
    await typed(fleet, "declare sev2 Checkout is down")
    await fleet.until_quiet()
    await typed(fleet, "followup Alert earlier")
    await fleet.until_quiet()
    await fleet.kill(first)
    return await start(fleet, github, crash_at=crash_at, freeze_at=freeze_at)


async def dies(fleet: Fleet, member: Member) -> None:
    await fleet.workspace.client.wait_until(lambda: not member.runs, timeout=20)
    assert await member.muster.ended() == KILLED, member.log
    await fleet.lapse()


async def issue(fleet: Fleet) -> Issue:
    found = (await fleet.incident()).followups[1].issue
    assert found is not None
    return found


async def test_one_issue_through_two_kills_after_it_was_filed(fleet: Fleet, github: SmallGitHub) -> None:
    member = await begun(fleet, github, crash_at=CrashPoint.AFTER_FILE)
    await typed(fleet, "followup 1 track")
    await dies(fleet, member)
    await dies(fleet, await start(fleet, github, crash_at=CrashPoint.AFTER_FILE))
    await start(fleet, github)
    await fleet.until_quiet()
    assert len(github.issues) == 1
    assert (await issue(fleet)).key == "acme/ops#1"
    assert not (await issue(fleet)).owes


@pytest.mark.parametrize("point", [CrashPoint.AFTER_ISSUE_CHANGE, CrashPoint.AFTER_COMMENT, CrashPoint.AFTER_WORK])
async def test_closed_and_commented_once_though_it_dies_between(
    fleet: Fleet, github: SmallGitHub, point: CrashPoint
) -> None:
    member = await begun(fleet, github)
    await typed(fleet, "followup 1 track")
    await fleet.until_quiet()
    await fleet.kill(member)
    member = await start(fleet, github, crash_at=f"{point}:2" if point is CrashPoint.AFTER_WORK else point)
    shown = next(each for each in await fleet.person("ada").messages(await channel(fleet)) if "F1" in each.rendered)
    ada = fleet.person("ada")
    await ada.click("Done", channel=shown.channel, ts=shown.ts)
    await ada.wait_for_modal("Done")
    await ada.submit({"What shows it": "https://grafana.example/alert"})
    await dies(fleet, member)
    await start(fleet, github)
    await fleet.until_quiet()
    assert github.issues[1]["state"] == "closed"
    assert len(github.said(1)) == 1
    assert (await issue(fleet)).closed


async def channel(fleet: Fleet) -> str:
    found = (await fleet.incident()).channel
    assert found is not None
    return found


async def test_a_process_that_was_frozen_before_it_filed_takes_its_own_issue_back(
    fleet: Fleet, github: SmallGitHub
) -> None:
    member = await begun(fleet, github, freeze_at=CrashPoint.BEFORE_FILE)
    await typed(fleet, "followup 1 track")
    await fleet.workspace.client.wait_until(lambda: fleet.is_frozen(member), timeout=20)
    fleet.move_on(timedelta(seconds=30))
    await fleet.lapse()
    await start(fleet, github)
    await fleet.workspace.client.wait_until(lambda: len(github.issues) == 1, timeout=20)
    await fleet.until_quiet()
    fleet.thaw(member)
    await fleet.workspace.client.wait_until(lambda: is_taken_back(github), timeout=20)
    stands = (await issue(fleet)).key
    (closed,) = [number for number in github.issues if f"acme/ops#{number}" != stands]
    assert "Filed twice by mistake" in github.said(closed)[0]


def is_taken_back(github: SmallGitHub) -> bool:
    return [each["state_reason"] for each in github.issues.values()].count("not_planned") == 1
