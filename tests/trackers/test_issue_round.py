"""What changed in the tracker is read in order, once, from where it was read last, and handed on."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from aiohttp import web

from bot.incident.commands import Command
from bot.incident.followup import FollowupContent, FollowupState
from bot.incident.followup_commands import AddFollowup, MoveFollowup
from bot.incident.issue_commands import RecordIssue, RecordTold, TrackFollowup
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, IncidentId, RequestId
from bot.issue_ports import Tracker
from bot.ports import Unavailable
from bot.trackers.issue_round import AT_FIRST, IssueRound
from bot.trackers.opening import open_tracker
from tests.incident.given import ADA, POLICY, Story, after, checkout
from tests.trackers.small_github import TOKEN, SmallGitHub

N = IncidentId(42)
HOUR = after(60)


@dataclass
class Index:
    """The protocol issue_ports.IssueIndex, in memory."""

    owners: dict[str, tuple[IncidentId, int]] = field(default_factory=dict)
    until: datetime | None = None
    is_taken: bool = False

    async def followups_of(self, tracker: str, keys: Sequence[str]) -> Mapping[str, tuple[IncidentId, int]]:
        return {key: self.owners[key] for key in keys if key in self.owners}

    async def read_until(self, tracker: str) -> datetime | None:
        return self.until

    async def has_read(self, tracker: str, until: datetime) -> None:
        self.until = until

    async def take_turn(self, span: timedelta) -> bool:
        taken, self.is_taken = self.is_taken, True
        return not taken


@dataclass
class Story42:
    """One incident behind the door; `at` is the time of every command."""

    story: Story
    at: datetime = HOUR
    handled: list[Command] = field(default_factory=list)

    async def read(self, incident: IncidentId) -> Incident:
        return self.story.state

    async def handle(self, incident: IncidentId, command: Command, *, request: RequestId) -> object:
        self.handled.append(command)
        return self.story.do(command, self.at)


@dataclass(kw_only=True)
class Desk:
    github: SmallGitHub
    index: Index
    door: Story42
    round: IssueRound

    def state(self) -> FollowupState:
        return self.door.story.state.followups[1].state

    def at(self, minutes: float) -> None:
        self.door.at = after(minutes)

    async def look(self, minutes: float) -> None:
        self.at(minutes)
        await self.round.read()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """acme/ops#1 is INC-42 F1's, filed an hour after noon."""
    story = checkout(policy=replace(POLICY, tracker="GitHub"))
    story.do(AddFollowup(by=ADA, content=FollowupContent(what="Alert earlier")), after(40))
    story.do(TrackFollowup(by=ADA, number=1), after(41))
    key, url = "acme/ops#1", "https://github.example/acme/ops/issues/1"
    story.do(RecordIssue(by=MUSTER_ITSELF, number=1, key=key, url=url, told=story.state.version), after(42))
    door, index = Story42(story), Index({key: (N, 1)})
    async with SmallGitHub(now=lambda: door.at) as github:
        github.somebody_files("Alert earlier")
        async with open_tracker(name="GitHub", url=github.url, place=github.repository, token=TOKEN) as tracker:
            yield Desk(github=github, index=index, door=door, round=_round(tracker, index, door))


def _round(tracker: Tracker, index: Index, door: Story42) -> IssueRound:
    return IssueRound(tracker, index, door, lambda: door.at)


async def test_what_was_closed_there_is_handed_on_once(desk: Desk) -> None:
    await desk.look(61)
    assert desk.door.handled == []
    desk.at(62)
    desk.github.somebody_closes(1)
    for minute in (63, 64, 65):
        await desk.look(minute)
    assert len(desk.door.handled) == 1
    assert desk.state() is FollowupState.DONE
    assert desk.index.until == after(62)


async def test_at_first_and_after_a_restore_the_last_month_is_read(desk: Desk) -> None:
    desk.github.somebody_closes(1)
    desk.index.until = None
    await desk.look(60 + (AT_FIRST - timedelta(days=1)) / timedelta(minutes=1))
    assert desk.state() is FollowupState.DONE


async def test_the_issues_of_others_are_nobodys(desk: Desk) -> None:
    desk.github.somebody_closes(desk.github.somebody_files("Something else"))
    await desk.look(61)
    assert desk.door.handled == []


async def test_what_is_on_its_way_there_goes_first_and_is_looked_at_again(desk: Desk) -> None:
    desk.at(61)
    story = desk.door.story
    story.do(MoveFollowup(by=ADA, number=1, state=FollowupState.IN_PROGRESS), after(61))
    desk.github.somebody_closes(1)
    await desk.look(62)
    assert desk.state() is FollowupState.IN_PROGRESS
    told = RecordTold(by=MUSTER_ITSELF, number=1, key="acme/ops#1", told=story.state.version, closed=False)
    story.do(told, after(63))
    await desk.look(64)
    assert desk.state() is FollowupState.DONE


async def test_what_waits_holds_up_no_other(desk: Desk) -> None:
    story, url = desk.door.story, "https://github.example/acme/ops/issues/2"
    story.do(AddFollowup(by=ADA, content=FollowupContent(what="Write it down")), after(58))
    story.do(TrackFollowup(by=ADA, number=2), after(58))
    command = RecordIssue(by=MUSTER_ITSELF, number=2, key="acme/ops#2", url=url, told=story.state.version)
    story.do(command, after(59))
    desk.index.owners["acme/ops#2"] = (N, 2)
    story.do(MoveFollowup(by=ADA, number=1, state=FollowupState.IN_PROGRESS), after(60))
    desk.github.somebody_files("Write it down")
    desk.at(61)
    desk.github.somebody_closes(1)
    desk.at(62)
    desk.github.somebody_closes(2)
    await desk.look(63)
    assert desk.door.story.state.followups[2].state is FollowupState.DONE
    assert desk.state() is FollowupState.IN_PROGRESS
    told = RecordTold(by=MUSTER_ITSELF, number=1, key="acme/ops#1", told=story.state.version, closed=False)
    story.do(told, after(64))
    await desk.look(65)
    assert desk.state() is FollowupState.DONE


async def test_a_list_that_lags_behind_what_we_did_is_not_believed(desk: Desk) -> None:
    """It says closed, as it was a moment ago; we have opened it since, and the log says so."""
    desk.at(61)
    desk.github.somebody_closes(1)
    stale = dict(desk.github.issues[1])
    desk.github.somebody_reopens(1)
    listed, desk.github._listed = desk.github._listed, lambda request: _page([stale])  # type: ignore[method-assign]
    await desk.look(62)
    assert desk.door.handled == []
    desk.github._listed = listed  # type: ignore[method-assign]


def _page(issues: list[dict[str, object]]) -> web.Response:
    return web.json_response(issues)


async def test_a_tracker_that_is_away_is_read_from_there_later(desk: Desk) -> None:
    await desk.look(61)
    until = desk.index.until
    desk.at(62)
    desk.github.somebody_closes(1)
    desk.github.fault("GET", "issues", status=503, count=2)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await desk.look(63)
    assert desk.index.until == until
    await desk.look(64)
    assert desk.state() is FollowupState.DONE


async def test_one_process_looks_at_a_time(desk: Desk) -> None:
    await desk.round.look()
    asked = len(desk.github.asked)
    await desk.round.look()
    assert len(desk.github.asked) == asked


async def test_one_that_was_deleted_meanwhile_is_recorded_as_lost(desk: Desk) -> None:
    desk.at(61)
    desk.github.somebody_closes(1)
    shown = [dict(desk.github.issues[1])]
    desk.github.somebody_deletes(1)
    desk.github._listed = lambda request: _page(shown)  # type: ignore[method-assign]
    await desk.look(62)
    issue = desk.door.story.state.followups[1].issue
    assert issue is not None
    assert "was deleted" in issue.lost


async def test_one_that_may_not_be_read_holds_up_nothing(desk: Desk) -> None:
    desk.at(61)
    desk.github.somebody_closes(1)
    desk.github.fault("GET", "issues/1", status=451)
    await desk.look(62)
    assert desk.door.handled == []
    assert desk.index.until == after(61)


async def test_many_changes_are_read_in_portions(desk: Desk) -> None:
    for number in range(620):
        desk.door.at = after(61) + timedelta(seconds=number)
        desk.github.somebody_files(f"Issue {number}")
    desk.door.at = after(90)
    desk.github.somebody_closes(1)
    for _ in range(2):
        await desk.look(91)
    assert desk.state() is FollowupState.DONE
