"""When the impact began and when it was detected: recorded as an alert told it, until people know better."""

from dataclasses import replace

import pytest

from bot.incident.alert import LinkKind, believable
from bot.incident.alert_plan import Known
from bot.incident.alert_rehearsal import Rehearsal
from bot.incident.alert_triage import plan
from bot.incident.commands import CorrectMilestone, DeclareIncident
from bot.incident.entry import EntryLabel
from bot.incident.history import happenings
from bot.incident.policy import Policy
from bot.incident.response_times import Basis, Phase, measures, moments
from bot.incident.terms import IncidentId, Milestone, Severity
from bot.incident.timeline import entries
from tests.incident.alerts import alert, arrived
from tests.incident.given import ADA, NOON, POLICY, Story, after, minutes

BEGAN, DETECTED = Milestone.IMPACT_STARTED, Milestone.DETECTED
TOLD = "PodCrash (alertmanager)"


def opening() -> DeclareIncident:
    """Two alerts that came two minutes before noon; the second began first."""
    came, later = NOON - minutes(2), alert(started_at=NOON - minutes(3))
    early = alert("PodCrash", fingerprint="f2", started_at=NOON - minutes(6))
    return plan([arrived(later, at=came), arrived(early, "2-0", came)], Known(), Policy(), NOON).openings[0].command()


def opened() -> Story:
    return Story().declare(opening()).open_channel()


def test_an_alert_says_when_it_began_and_when_anybody_could_know() -> None:
    found = opened().state
    assert (found.milestones[BEGAN], found.milestones[DETECTED]) == (NOON - minutes(6), NOON - minutes(2))
    assert found.told_by == {BEGAN: TOLD, DETECTED: TOLD}


def test_figures_rest_on_the_record_and_name_the_alert() -> None:
    found = moments(happenings(opened().log))
    assert (found[DETECTED].basis, found[DETECTED].told_by) == (Basis.RECORDED, TOLD)
    detection = next(each for each in measures(found) if each.phase is Phase.DETECTION)
    assert (detection.length, detection.basis) == (minutes(4), Basis.RECORDED)


def test_what_people_correct_the_alert_has_not_said() -> None:
    story = opened()
    story.do(CorrectMilestone(by=ADA, milestone=BEGAN, at=NOON - minutes(30)), NOON)
    assert story.state.milestones[BEGAN] == NOON - minutes(30)
    assert story.state.told_by == {DETECTED: TOLD}
    told = {each.subject: each.text for each in entries(story.log) if each.label is EntryLabel.MILESTONE}
    assert told == {BEGAN: "", DETECTED: TOLD}


def test_what_people_declare_says_nothing_of_an_alert() -> None:
    story = Story().declare(DeclareIncident(by=ADA, title="Down", impact_started_at=NOON - minutes(5)))
    assert story.state.told_by == {}


def test_how_severe_it_was_made_is_kept() -> None:
    context = opened().state.alerts.context
    assert context is not None
    assert (context.severity, context.severity_why, context.rule) == (Severity.SEV1, "severity is critical", "grave")


def test_a_link_that_any_of_the_first_alerts_has_is_there() -> None:
    bare = alert(started_at=NOON)
    linked = replace(alert("PodCrash", fingerprint="f2"), links={LinkKind.RUNBOOK: "https://a.example"})
    (made,) = plan([arrived(bare), arrived(linked, "2-0")], Known(), Policy(), NOON).openings
    opening = made.command().opening
    assert opening is not None
    assert opening.links == {LinkKind.RUNBOOK: "https://a.example"}


def test_an_end_that_lies_years_ahead_silences_nothing_that_fires_until_then() -> None:
    rehearsal = Rehearsal(policy=POLICY, checklist_for=lambda _command, _severity: None)
    rehearsal.deliver([alert(started_at=NOON)], after(1))
    rehearsal.deliver([alert(resolved=True, ended_at=after(9_999_999))], after(5))
    assert rehearsal.incidents[IncidentId(1)].alerts.all_resolved
    rehearsal.deliver([alert(started_at=after(6))], after(6))
    assert rehearsal.incidents[IncidentId(1)].alerts.firing == 1


@pytest.mark.parametrize(("ahead", "known"), [(0, True), (60, True), (61, False), (999_999, False)])
def test_a_clock_may_be_an_hour_ahead(ahead: int, known: bool) -> None:
    told = believable(arrived(alert(started_at=after(ahead), ended_at=after(ahead)))).alert
    assert (told.started_at is not None, told.ended_at is not None) == (known, known)
