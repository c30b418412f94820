"""Detection, acknowledgement, mitigation and restoration: measured from what is recorded, and never invented."""

from datetime import datetime, timedelta

from bot.incident.commands import (
    Acknowledge,
    ChangeStatus,
    ClaimRole,
    CorrectMilestone,
    ReopenIncident,
    ResolveIncident,
)
from bot.incident.history import happenings
from bot.incident.response_times import Assumption, Basis, Bound, Measure, Moment, Phase, measures, moments
from bot.incident.terms import INCIDENT_COMMANDER, Milestone, Status
from tests.incident.given import ADA, BEN, Story, after, checkout, minutes


def told(story: Story) -> dict[Milestone, Moment]:
    return dict(moments(happenings(story.log)))


def measured(story: Story) -> dict[Phase, Measure]:
    return {measure.phase: measure for measure in measures(told(story))}


def lengths(story: Story) -> dict[Phase, timedelta | None]:
    return {phase: measure.length for phase, measure in measured(story).items()}


def correct(story: Story, milestone: Milestone, to: float, at: float) -> None:
    story.do(CorrectMilestone(by=ADA, milestone=milestone, at=after(to)), after(at))


def whole() -> Story:
    """Impact at 11:50, a sign at 11:56, declared at noon, taken on at 12:04, mitigated at 12:30, restored at 12:45."""
    story = checkout()
    story.do(ClaimRole(by=BEN, role=INCIDENT_COMMANDER), after(4))
    correct(story, Milestone.IMPACT_STARTED, -10, 6)
    correct(story, Milestone.DETECTED, -4, 7)
    story.do(ChangeStatus(by=BEN, status=Status.MITIGATED), after(30))
    story.do(ResolveIncident(by=BEN), after(45))
    return story


def test_each_phase_is_measured_from_what_it_is_said_to_be_measured_from() -> None:
    found = measured(whole())
    assert {phase: (each.start, each.end, each.length) for phase, each in found.items()} == {
        Phase.DETECTION: (Milestone.IMPACT_STARTED, Milestone.DETECTED, minutes(6)),
        Phase.ACKNOWLEDGEMENT: (Milestone.DECLARED, Milestone.ACKNOWLEDGED, minutes(4)),
        Phase.MITIGATION: (Milestone.IMPACT_STARTED, Milestone.MITIGATED, minutes(40)),
        Phase.RESTORATION: (Milestone.IMPACT_STARTED, Milestone.RESOLVED, minutes(55)),
    }
    assert {each.basis for each in found.values()} == {Basis.RECORDED}


def test_what_nobody_recorded_is_not_known_and_has_no_length() -> None:
    found = told(checkout())
    assert (found[Milestone.IMPACT_STARTED].at, found[Milestone.IMPACT_STARTED].basis) == (None, Basis.UNKNOWN)
    assert lengths(checkout()) == dict.fromkeys(Phase)


def test_without_an_earlier_sign_detection_is_estimated_by_the_declaration() -> None:
    story = checkout()
    correct(story, Milestone.IMPACT_STARTED, -10, 6)
    moment = told(story)[Milestone.DETECTED]
    assert (moment.at, moment.assumption) == (after(0), Assumption.DETECTED_WHEN_DECLARED)
    detection = measured(story)[Phase.DETECTION]
    assert (detection.length, detection.basis, detection.bound) == (minutes(10), Basis.ESTIMATED, Bound.AT_MOST)


def test_where_the_impact_began_unknown_to_all_the_declaration_stands_in_and_it_took_at_least_so_long() -> None:
    story = checkout()
    story.do(ChangeStatus(by=BEN, status=Status.MITIGATED), after(20))
    mitigation = measured(story)[Phase.MITIGATION]
    assert (mitigation.start, mitigation.length) == (Milestone.DECLARED, minutes(20))
    assert (mitigation.basis, mitigation.bound) == (Basis.ESTIMATED, Bound.AT_LEAST)


def test_a_resolution_without_a_mitigation_estimates_it_on_both_sides() -> None:
    story = checkout()
    story.do(ResolveIncident(by=ADA), after(20))
    assert told(story)[Milestone.MITIGATED].assumption is Assumption.MITIGATED_WHEN_RESTORED
    assert measured(story)[Phase.MITIGATION].bound is Bound.EITHER
    assert measured(story)[Phase.RESTORATION].bound is Bound.AT_LEAST


def test_moments_that_contradict_each_other_give_no_length() -> None:
    story = checkout()
    correct(story, Milestone.IMPACT_STARTED, 3, 6)
    detection = measured(story)[Phase.DETECTION]
    assert (detection.length, detection.basis) == (None, Basis.CONTRADICTORY)


def test_every_correction_of_a_moment_is_kept_with_who_and_what_it_was_before() -> None:
    story = checkout()
    correct(story, Milestone.IMPACT_STARTED, -10, 6)
    correct(story, Milestone.IMPACT_STARTED, -12, 8)
    corrections = told(story)[Milestone.IMPACT_STARTED].corrections
    before: list[datetime | None] = [each.before for each in corrections]
    assert (before, [each.at for each in corrections]) == ([None, after(-10)], [after(6), after(8)])


def test_of_an_incident_that_was_reopened_the_last_restoration_counts() -> None:
    story = whole()
    story.do(ReopenIncident(by=BEN), after(60))
    assert lengths(story)[Phase.RESTORATION] is None
    story.do(ResolveIncident(by=BEN), after(90))
    assert lengths(story)[Phase.RESTORATION] == minutes(100)


def test_corrections_of_a_restoration_go_with_it_when_the_incident_is_reopened() -> None:
    story = whole()
    correct(story, Milestone.RESOLVED, 44, 50)
    story.do(ReopenIncident(by=BEN), after(60))
    story.do(ResolveIncident(by=BEN), after(90))
    assert told(story)[Milestone.RESOLVED].corrections == ()


def test_an_acknowledgement_is_recorded_when_somebody_says_so() -> None:
    story = checkout()
    story.do(Acknowledge(by=BEN), after(3))
    assert lengths(story)[Phase.ACKNOWLEDGEMENT] == minutes(3)
