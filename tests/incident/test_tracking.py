"""Follow-ups in step with a tracker: which go there, when it is told, and what somebody does there."""

from dataclasses import replace
from typing import Any

import pytest

from bot.incident.afterwards_effects import KeepIssue
from bot.incident.effects import RefreshCard
from bot.incident.followup import Followup, FollowupContent, FollowupState
from bot.incident.followup_commands import AddFollowup, GiveFollowup, MoveFollowup
from bot.incident.followup_events import FollowupMoved
from bot.incident.followup_index import followup_lines
from bot.incident.issue import Issue, Tracking
from bot.incident.issue_commands import FollowIssue, RecordIssue, RecordIssueLost, RecordTold, TrackFollowup
from bot.incident.issue_events import FollowupTracked, IssueFiled, IssueMoved
from bot.incident.policy import FollowupRule, Policy
from bot.incident.terms import MUSTER, MUSTER_ITSELF, Rejected
from tests.incident.given import ADA, BEN, CLEO, POLICY, Story, after, checkout, drill

KEY, URL = "acme/ops#12", "https://github.com/acme/ops/issues/12"
ON_REQUEST = replace(POLICY, tracker="GitHub")
ALL = replace(ON_REQUEST, followups=FollowupRule(tracker=Tracking.ALL))
KEEP = KeepIssue(incident=checkout().state.id, number=1)
DONE, OPEN = FollowupState.DONE, FollowupState.OPEN


def added(policy: Policy = ON_REQUEST, story: Story | None = None) -> Story:
    story = story or checkout()
    story.policy = policy
    content = FollowupContent(what="Alert earlier", owner=BEN.id)
    story.do(AddFollowup(by=ADA, content=content, people=(BEN,)), after(40))
    return story


def filed() -> Story:
    story = added()
    story.do(TrackFollowup(by=ADA, number=1), after(41))
    story.do(RecordIssue(by=MUSTER_ITSELF, number=1, key=KEY, url=URL, told=story.state.version), after(42))
    return story


def item(story: Story) -> Followup:
    return story.state.followups[1]


def issue(story: Story) -> Issue:
    found = item(story).issue
    assert found is not None
    return found


def follow(story: Story, at: float = 50, **more: Any) -> list[Any]:
    return list(story.do(FollowIssue(by=MUSTER_ITSELF, number=1, key=KEY, **more), after(at)))


def move(story: Story, state: FollowupState, at: float = 45, note: str = "seen") -> None:
    story.do(MoveFollowup(by=BEN, number=1, state=state, note=note), after(at))


def told(story: Story, *, closed: bool, at: float = 46) -> None:
    command = RecordTold(by=MUSTER_ITSELF, number=1, key=KEY, told=story.state.version, closed=closed)
    story.do(command, after(at))


def refused(story: Story) -> str:
    with pytest.raises(Rejected) as refusal:
        story.decided(TrackFollowup(by=ADA, number=1), after(60))
    return refusal.value.sentence


def test_one_that_is_asked_for_is_put_there() -> None:
    story = added()
    assert KEEP not in story.effects
    (event,) = story.do(TrackFollowup(by=ADA, number=1), after(41))
    assert isinstance(event, FollowupTracked)
    assert story.effects == (KEEP,)


def test_its_owner_may_ask_for_it_from_outside() -> None:
    story = added()
    story.do(GiveFollowup(by=ADA, number=1, owner=CLEO), after(41))
    assert story.decided(TrackFollowup(by=CLEO, number=1), after(42))


def test_where_the_policy_says_all_it_is_put_there_when_it_is_added() -> None:
    story = added(ALL)
    assert issue(story).tracker == "GitHub"
    assert story.effects[-1] == KEEP
    assert "already" in refused(story)


def test_without_a_tracker_nothing_is_put_anywhere() -> None:
    story = added(replace(ALL, tracker=""))
    assert item(story).issue is None
    assert "No tracker is set up" in refused(story)


@pytest.mark.parametrize("story", [checkout(private=True), drill()], ids=["private", "drill"])
def test_nothing_of_private_incidents_and_drills_ever_goes_there(story: Story) -> None:
    added(ALL, story)
    assert item(story).issue is None
    assert "goes to GitHub" in refused(story)


def test_what_is_settled_is_opened_first() -> None:
    story = added()
    move(story, DONE)
    assert "Open it again first" in refused(story)


def test_the_line_of_the_index_says_whether_it_is_there() -> None:
    story = added(ALL)
    line = followup_lines(story.state)[1]
    assert (line.tracker, line.issue) == ("GitHub", "")
    assert followup_lines(filed().state)[1].issue == KEY


def test_a_second_issue_is_not_recorded() -> None:
    story = filed()
    again = RecordIssue(by=MUSTER_ITSELF, number=1, key="acme/ops#13", url=URL, told=story.state.version)
    assert story.decided(again, after(43)) == ()


def test_the_tracker_is_told_of_each_change_and_of_what_came_meanwhile() -> None:
    story = added()
    story.do(TrackFollowup(by=ADA, number=1), after(41))
    seen = story.state.version
    move(story, FollowupState.IN_PROGRESS)
    assert KEEP in story.effects
    story.do(RecordIssue(by=MUSTER_ITSELF, number=1, key=KEY, url=URL, told=seen), after(46))
    assert KEEP in story.effects
    told(story, closed=False)
    assert story.effects == ()
    assert not issue(story).owes


def test_its_card_is_drawn_again_once_it_is_there() -> None:
    story = added(ALL)
    story.do(RecordIssue(by=MUSTER_ITSELF, number=1, key=KEY, url=URL, told=story.state.version), after(42))
    assert not [each for each in story.effects if isinstance(each, RefreshCard)], "no card was posted yet"


def test_closed_there_as_done_it_is_done_with_the_link_as_evidence() -> None:
    story = filed()
    there, moved = follow(story, closed=True)
    assert isinstance(there, IssueMoved)
    assert isinstance(moved, FollowupMoved)
    assert (moved.by, moved.after, moved.via) == (MUSTER, DONE, "GitHub")
    assert moved.note == f"Closed as done in GitHub: {URL}"
    assert KEEP not in story.effects, "it knows"


def test_closed_there_as_not_planned_it_will_not_be_done() -> None:
    story = filed()
    follow(story, closed=True, done=False)
    assert item(story).state is FollowupState.WILL_NOT_DO


def test_reopened_there_it_is_open_again() -> None:
    story = filed()
    follow(story, closed=True)
    follow(story, at=51, closed=False)
    assert item(story).state is OPEN


def test_what_it_was_last_known_to_be_is_no_change() -> None:
    story = filed()
    move(story, DONE)
    told(story, closed=True)
    assert follow(story, closed=True) == []


def test_what_is_on_its_way_there_goes_first() -> None:
    """Closed by ourselves, not yet on record, and opened again here meanwhile: nobody there closed it."""
    story = filed()
    move(story, DONE)
    move(story, OPEN, at=46, note="")
    assert follow(story, closed=True) == []
    assert item(story).state is OPEN


def test_what_could_not_be_told_for_an_hour_holds_nothing_up() -> None:
    story = filed()
    move(story, FollowupState.IN_PROGRESS, note="")
    assert len(follow(story, at=45 + 61, closed=True)) == 2
    assert item(story).state is DONE


def test_both_did_the_same_and_nothing_more_happens() -> None:
    story = filed()
    move(story, DONE)
    (there,) = follow(story, closed=True, in_turn=True)
    assert isinstance(there, IssueMoved)
    assert item(story).note == "seen"


def test_an_issue_that_is_lost_is_told_nothing_more_and_may_be_put_there_anew() -> None:
    story = filed()
    story.do(RecordIssueLost(by=MUSTER_ITSELF, number=1, key=KEY, reason="It was deleted."), after(50))
    move(story, FollowupState.IN_PROGRESS, at=51, note="")
    assert KEEP not in story.effects
    story.do(TrackFollowup(by=ADA, number=1), after(52))
    assert (issue(story).key, issue(story).again) == ("", True)
    assert KEEP in story.effects


def test_what_belongs_to_another_issue_changes_nothing() -> None:
    story = filed()
    assert story.decided(FollowIssue(by=MUSTER_ITSELF, number=1, key="acme/ops#9", closed=True), after(50)) == ()


def test_only_muster_reports_what_happened_there() -> None:
    with pytest.raises(Rejected):
        filed().decided(FollowIssue(by=ADA, number=1, key=KEY, closed=True), after(50))


def test_filed_after_it_was_settled_it_is_closed_there() -> None:
    story = added()
    story.do(TrackFollowup(by=ADA, number=1), after(41))
    move(story, DONE)
    record = RecordIssue(by=MUSTER_ITSELF, number=1, key=KEY, url=URL, told=story.state.version, closed=True)
    (event,) = story.do(record, after(46))
    assert isinstance(event, IssueFiled)
    assert issue(story).closed
    assert KEEP not in story.effects


def test_opened_again_here_while_it_was_filed_as_closed_it_stays_open() -> None:
    story = added()
    story.do(TrackFollowup(by=ADA, number=1), after(41))
    move(story, DONE)
    seen = story.state.version
    move(story, OPEN, at=46, note="")
    record = RecordIssue(by=MUSTER_ITSELF, number=1, key=KEY, url=URL, told=seen, closed=True)
    assert len(story.do(record, after(47))) == 1
    assert item(story).state is OPEN
    assert KEEP in story.effects
