"""What keeps a follow-up and its issue in step: what it records, whom it blames, what it takes back."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from bot.incident.afterwards_effects import KeepIssue
from bot.incident.events import Event
from bot.incident.followup import FollowupContent, FollowupState
from bot.incident.followup_commands import AddFollowup, GiveFollowup, MoveFollowup
from bot.incident.issue_commands import FollowIssue, RecordIssue, RecordIssueLost, RecordTold, TrackFollowup
from bot.incident.terms import MUSTER_ITSELF, ChannelId, IncidentId, Person, UserId
from bot.issue_ports import Tracker
from bot.ports import Lease, Unavailable
from bot.slack_ports import Refused
from bot.trackers.issue_keeper import IssueKeeper
from bot.trackers.opening import open_tracker
from tests.incident.given import ADA, BEN, CLEO, POLICY, Story, after, checkout
from tests.trackers.small_github import TOKEN, SmallGitHub

SETTLES_IN = timedelta(seconds=15)
HOUR = after(60)
EFFECT = KeepIssue(incident=IncidentId(42), number=1)


class People:
    async def person(self, user: UserId) -> Person:
        found = {person.id: person for person in (ADA, BEN, CLEO)}.get(user)
        if found is None:
            raise Unavailable("Slack", "no answer")
        return found

    async def is_in(self, channel: ChannelId, user: UserId) -> bool:
        return True


@dataclass(kw_only=True)
class Desk:
    """A follow-up that is to be tracked, GitHub, and what keeps them in step at 13:00."""

    story: Story
    github: SmallGitHub
    keeper: IssueKeeper
    uncertain: bool = False
    begun_at: datetime = HOUR

    async def keep(self) -> object:
        return await self.keeper.perform(EFFECT, self.story.state, self.lease)

    async def kept(self) -> None:
        """And recorded, as often as there is something to do."""
        while command := await self.keep():
            assert isinstance(command, RecordIssue | RecordTold | FollowIssue | RecordIssueLost)
            self.story.do(command, after(60))

    @property
    def lease(self) -> Lease:
        return Lease(
            lane="tracker",
            token="t",
            id="42.9.1",
            effect=EFFECT,
            attempt=2 if self.uncertain else 1,
            uncertain=self.uncertain,
            begun_at=self.begun_at,
        )


@pytest.fixture
async def github() -> AsyncIterator[SmallGitHub]:
    async with SmallGitHub(now=lambda: after(60)) as github:
        yield github


@pytest.fixture
async def tracker(github: SmallGitHub) -> AsyncIterator[Tracker]:
    async with open_tracker(name="GitHub", url=github.url, place=github.repository, token=TOKEN) as tracker:
        yield tracker


@pytest.fixture
def desk(github: SmallGitHub, tracker: Tracker) -> Desk:
    story = checkout(policy=replace(POLICY, tracker="GitHub"))
    content = FollowupContent(what="Alert earlier, says <@U0CLEO>", owner=BEN.id)
    story.do(AddFollowup(by=ADA, content=content, people=(BEN,)), after(40))
    story.do(TrackFollowup(by=ADA, number=1), after(41))

    async def history(_: IncidentId) -> Sequence[Event]:
        return story.log

    keeper = IssueKeeper(tracker, People(), history, team="T0ACME", now=lambda: after(60), settles_in=SETTLES_IN)
    return Desk(story=story, github=github, keeper=keeper)


def move(desk: Desk, state: FollowupState, note: str = "seen") -> None:
    desk.story.do(MoveFollowup(by=BEN, number=1, state=state, note=note), after(50))


async def test_people_are_named_and_no_id_of_slack_is_told(desk: Desk) -> None:
    await desk.kept()
    issue = desk.github.issues[1]
    assert issue["title"] == "Alert earlier, says Cleo"
    assert "Owner: Ben" in issue["body"]
    assert not [word for word in ("U0", "C0", "T0ACME") if word in f"{issue['title']} {issue['body']}"]


async def test_whoever_slack_cannot_name_is_somebody(desk: Desk) -> None:
    desk.story.do(GiveFollowup(by=ADA, number=1, owner=Person(id=UserId("U0EVE"))), after(45))
    await desk.kept()
    assert "Owner: somebody" in desk.github.issues[1]["body"]


async def test_what_was_settled_before_it_was_filed_is_closed_there(desk: Desk) -> None:
    move(desk, FollowupState.WILL_NOT_DO)
    await desk.kept()
    assert desk.github.issues[1]["state_reason"] == "not_planned"
    assert desk.github.said(1) == []


async def test_what_came_together_is_one_comment(desk: Desk) -> None:
    await desk.kept()
    move(desk, FollowupState.IN_PROGRESS, note="")
    move(desk, FollowupState.DONE)
    await desk.kept()
    (told,) = desk.github.said(1)
    assert "Ben says that it is in progress." in told
    assert "Ben says that it is done: seen" in told
    assert desk.github.issues[1]["state"] == "closed"


async def test_what_an_earlier_attempt_told_is_not_told_again_and_the_rest_is(desk: Desk) -> None:
    """It told up to a version, died, and then more happened."""
    await desk.kept()
    move(desk, FollowupState.IN_PROGRESS, note="")
    await desk.keep()
    move(desk, FollowupState.DONE)
    desk.uncertain = True
    await desk.kept()
    assert len(desk.github.said(1)) == 2
    assert "in progress" not in desk.github.said(1)[1]


async def test_one_that_may_exist_and_is_not_found_yet_is_waited_for(desk: Desk) -> None:
    desk.uncertain, desk.begun_at = True, after(60) - timedelta(seconds=5)
    with pytest.raises(Unavailable) as waits:
        await desk.keep()
    assert waits.value.after == timedelta(seconds=10)
    assert desk.github.issues == {}
    desk.begun_at = after(59)
    await desk.kept()
    assert len(desk.github.issues) == 1


async def test_one_that_is_found_is_told_what_it_may_not_show(desk: Desk) -> None:
    await desk.keep()
    desk.story.do(GiveFollowup(by=ADA, number=1, owner=CLEO), after(45))
    desk.uncertain = True
    await desk.kept()
    assert len(desk.github.issues) == 1
    assert "Ada gave it to Cleo." in desk.github.said(1)[0]


async def test_closed_there_before_it_was_on_record_it_is_done(desk: Desk) -> None:
    await desk.keep()
    desk.github.somebody_closes(1)
    desk.uncertain = True
    await desk.kept()
    assert desk.story.state.followups[1].state is FollowupState.DONE
    assert desk.github.issues[1]["state"] == "closed"


async def test_asked_for_anew_the_issue_of_before_is_opened_again(desk: Desk) -> None:
    """The token could not see it for a while, so it was taken for lost."""
    await desk.kept()
    lost = RecordIssueLost(by=MUSTER_ITSELF, number=1, key="acme/ops#1", reason="It is there no longer.")
    desk.story.do(lost, after(50))
    desk.github.somebody_closes(1)
    desk.story.do(TrackFollowup(by=ADA, number=1), after(51))
    await desk.kept()
    assert list(desk.github.issues) == [1]
    assert desk.github.issues[1]["state"] == "open"
    assert desk.story.state.followups[1].state is FollowupState.OPEN


async def test_what_was_done_there_before_we_tell_is_seen_first(desk: Desk) -> None:
    await desk.kept()
    move(desk, FollowupState.IN_PROGRESS, note="")
    desk.github.somebody_closes(1)
    command = await desk.keep()
    assert isinstance(command, FollowIssue)
    await desk.kept()
    assert desk.story.state.followups[1].state is FollowupState.DONE
    assert desk.github.issues[1]["state"] == "closed"
    assert len(desk.github.said(1)) == 1


async def test_where_all_else_works_the_effect_itself_is_blamed(desk: Desk) -> None:
    desk.github.fault("POST", "issues", status=500)
    with pytest.raises(Unavailable) as alone:
        await desk.keep()
    assert (alone.value.unknown, alone.value.own, alone.value.after) == (True, True, SETTLES_IN)
    desk.github.faults.clear()
    await desk.kept()
    move(desk, FollowupState.DONE)
    desk.github.fault("PATCH", "issues", status=500)
    with pytest.raises(Unavailable) as own:
        await desk.keep()
    assert own.value.own
    desk.github.fault("PATCH", "issues", status=500)
    desk.github.fault("GET", "acme/ops", status=500, count=1000)
    with pytest.raises(Unavailable) as everybody:
        await desk.keep()
    assert not everybody.value.own


async def test_one_that_is_refused_is_refused_with_the_trackers_words(desk: Desk) -> None:
    desk.github.fault("POST", "issues", status=422, message="Validation Failed")
    with pytest.raises(Refused, match="GitHub does not accept it"):
        await desk.keep()


async def test_a_second_one_of_a_frozen_process_is_closed_with_a_word(desk: Desk) -> None:
    unfiled = desk.story.state
    await desk.kept()
    second = await desk.keeper.perform(EFFECT, unfiled, desk.lease)
    assert isinstance(second, RecordIssue)
    for _ in range(2):
        await desk.keeper.withdraw(EFFECT, desk.story.state, second)
    assert desk.github.issues[2]["state_reason"] == "not_planned"
    (said,) = desk.github.said(2)
    assert "acme/ops/issues/1" in said
    assert desk.github.issues[1]["state"] == "open"


async def test_a_second_comment_of_a_frozen_process_goes(desk: Desk) -> None:
    await desk.kept()
    move(desk, FollowupState.IN_PROGRESS, note="")
    seen = desk.story.state
    await desk.kept()
    second = await desk.keeper.perform(EFFECT, seen, desk.lease)
    assert len(desk.github.said(1)) == 2
    assert isinstance(second, RecordTold)
    await desk.keeper.withdraw(EFFECT, desk.story.state, second)
    assert len(desk.github.said(1)) == 1


async def test_a_state_that_a_frozen_process_set_too_late_is_taken_back(desk: Desk) -> None:
    await desk.kept()
    move(desk, FollowupState.DONE)
    seen = desk.story.state
    await desk.kept()
    move(desk, FollowupState.OPEN, note="")
    await desk.kept()
    second = await desk.keeper.perform(EFFECT, seen, desk.lease)
    assert desk.github.issues[1]["state"] == "closed"
    assert isinstance(second, RecordTold)
    await desk.keeper.withdraw(EFFECT, desk.story.state, second)
    assert desk.github.issues[1]["state"] == "open"
    assert len(desk.github.said(1)) == 2


async def test_nothing_private_leaves_whatever_the_log_says(desk: Desk) -> None:
    for hidden in ({"private": True}, {"drill": True}):
        state = replace(desk.story.state, **hidden)  # type: ignore[arg-type]
        assert await desk.keeper.perform(EFFECT, state, desk.lease) is None
    assert desk.github.asked == []


async def test_an_issue_that_is_gone_is_recorded_as_lost(desk: Desk) -> None:
    await desk.kept()
    desk.github.somebody_transfers(1)
    move(desk, FollowupState.DONE)
    await desk.kept()
    issue = desk.story.state.followups[1].issue
    assert issue is not None
    assert issue.lost == "acme/ops#1 was moved to another repository."
