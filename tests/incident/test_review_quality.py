"""How good a review was: five questions, each with its reason, and none before it was held."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.incident.commands import AttachPlaybook, ChangeStep, CorrectMilestone, ResolveIncident
from bot.incident.factor import FactorClass, FactorContent
from bot.incident.factor_commands import AddFactor
from bot.incident.followup import FollowupClass, FollowupContent, FollowupState
from bot.incident.followup_commands import AddFollowup, MoveFollowup
from bot.incident.review_commands import HoldReview
from bot.incident.review_quality import Criterion, Judged, quality
from bot.incident.review_sections import ReviewSection
from bot.incident.terms import MUSTER_ITSELF, FileId, Milestone, StepState, Version
from bot.incident.writing_commands import RecordDraft, WriteSection
from tests.incident.given import ADA, BEN, ROLLBACK, Story, after, checkout

WHOLE = FollowupContent(
    what="Alert before certificates expire", owner=BEN.id, due_on=date(2026, 4, 1), metric="none under 30 days"
)


def held(story: Story | None = None) -> Story:
    story = story or checkout()
    if story.state.is_active:
        story.do(ResolveIncident(by=ADA, summary="Rolled back."), after(30))
    story.do(HoldReview(by=ADA, facilitator=BEN), after(60))
    return story


def judged(story: Story, criterion: Criterion) -> Judged:
    found = quality(story.state)
    assert found is not None
    return next(each for each in found.judged if each.criterion is criterion)


def test_there_is_none_until_it_was_held() -> None:
    story = checkout()
    story.do(ResolveIncident(by=ADA), after(30))
    assert quality(story.state) is None


def test_a_bare_review_has_no_point_and_every_reason() -> None:
    found = quality(held().state)
    assert found is not None
    assert (found.points, found.of) == (0, 5)
    assert [each.why for each in found.judged] == [
        "not recorded: impact started, acknowledged, mitigated",
        "0 are named",
        "no follow-up was agreed",
        "none was used, and no follow-up writes or mends one",
        "no draft stands in the channel",
    ]


def test_a_timeline_is_complete_with_every_moment() -> None:
    story = held()
    for milestone in (Milestone.IMPACT_STARTED, Milestone.ACKNOWLEDGED, Milestone.MITIGATED):
        story.do(CorrectMilestone(by=ADA, milestone=milestone, at=after(10)), after(70))
    assert judged(story, Criterion.TIMELINE).met


def test_one_factor_is_not_enough_and_two_are() -> None:
    story = held()
    factor = AddFactor(by=ADA, content=FactorContent(text="Nobody reviews flags", kind=FactorClass.PROCESS))
    story.do(factor, after(70))
    assert judged(story, Criterion.FACTORS) == Judged(criterion=Criterion.FACTORS, met=False, why="1 is named")
    two = replace(factor, content=FactorContent(text="Two releases at once", kind=FactorClass.TECHNOLOGY))
    story.do(two, after(71))
    assert judged(story, Criterion.FACTORS).met


def test_where_none_is_named_what_people_wrote_counts_by_class() -> None:
    story = held()
    for section in (ReviewSection.PROCESS, ReviewSection.TECHNOLOGY):
        story.do(WriteSection(by=ADA, section=section, text="Nobody reviews flags.", seen=0), after(70))
    why = "2 are written about"
    assert judged(story, Criterion.FACTORS) == Judged(criterion=Criterion.FACTORS, met=True, why=why)


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"due_on": None}, "F1 lacks a deadline"),
        ({"metric": " "}, "F1 lacks a metric or hypothesis"),
        ({"owner": None, "metric": ""}, "F1 lacks an owner and a metric or hypothesis"),
    ],
)
def test_an_action_that_cannot_be_verified_is_named(changes: dict[str, Any], lacks: str) -> None:
    story = held()
    story.do(AddFollowup(by=ADA, content=replace(WHOLE, **changes), people=(BEN,)), after(70))
    found = judged(story, Criterion.ACTIONS)
    assert (found.met, found.why) == (False, lacks)


def test_what_is_done_or_decided_against_lacks_nothing() -> None:
    story = held()
    story.do(AddFollowup(by=ADA, content=WHOLE, people=(BEN,)), after(70))
    for number, state in ((2, FollowupState.DONE), (3, FollowupState.WILL_NOT_DO)):
        story.do(AddFollowup(by=ADA, content=FollowupContent(what="Look at it")), after(70))
        story.do(MoveFollowup(by=ADA, number=number, state=state, note="https://example.com/1"), after(71))
    assert judged(story, Criterion.ACTIONS).met


def test_a_playbook_is_touched_by_its_steps_or_by_a_follow_up_that_mends_one() -> None:
    story = checkout()
    story.do(AttachPlaybook(by=ADA, checklist=ROLLBACK), after(5))
    assert not judged(held(story), Criterion.PLAYBOOK).met
    used = checkout()
    used.do(AttachPlaybook(by=ADA, checklist=ROLLBACK), after(5))
    used.do(ChangeStep(by=ADA, playbook="bad-deploy", step="1", state=StepState.DONE), after(6))
    assert judged(held(used), Criterion.PLAYBOOK).why == "steps of 1 were used"
    mended = held()
    runbook = replace(WHOLE, kind=FollowupClass.RUNBOOK)
    mended.do(AddFollowup(by=ADA, content=runbook, people=(BEN,)), after(70))
    assert judged(mended, Criterion.PLAYBOOK).why == "F1 mends one"


def test_it_is_shared_while_the_draft_in_the_channel_is_as_new_as_what_was_written() -> None:
    story = held()
    story.do(RecordDraft(by=MUSTER_ITSELF, wanted_at=Version(9), file=FileId("F1")), after(61))
    assert judged(story, Criterion.SHARED).met
    story.do(WriteSection(by=ADA, section=ReviewSection.PROCESS, text="Nobody reviews flags.", seen=0), after(70))
    assert judged(story, Criterion.SHARED).why == "people have written since the draft in the channel was made"
    story.do(RecordDraft(by=MUSTER_ITSELF, wanted_at=Version(12), file=FileId("F2")), after(80))
    assert judged(story, Criterion.SHARED).met
