"""What a declaration records."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.incident.commands import DeclareIncident
from bot.incident.events import IncidentDeclared, MilestoneReached, NoteAdded, PlaybookAttached, RoleAssigned
from bot.incident.evolve import replay
from bot.incident.state import Incident
from bot.incident.terms import INCIDENT_COMMANDER, IncidentId, Milestone, Rejected, Severity, Status
from tests.incident.given import ADA, NOON, ROLLBACK, Story, after, minutes

DOWN = DeclareIncident(by=ADA, title="Checkout returns 500")


def declared(command: DeclareIncident) -> Incident:
    return Story().declare(command).state


def test_a_declaration_is_the_first_event_and_the_reporter_leads() -> None:
    assert Story().declare(DOWN).log == [
        IncidentDeclared(
            at=NOON,
            by=ADA.id,
            incident=IncidentId(42),
            title="Checkout returns 500",
            severity=Severity.SEV2,
            update_every=minutes(60),
            reporter_name="Ada",
        ),
        RoleAssigned(at=NOON, by=ADA.id, role=INCIDENT_COMMANDER, holder=ADA.id, by_default=True),
    ]


def test_it_begins_in_triage_and_is_detected_when_it_is_declared() -> None:
    state = declared(DOWN)
    assert state.status is Status.TRIAGE
    assert state.milestones == {Milestone.DETECTED: NOON, Milestone.DECLARED: NOON}


def test_what_is_affected_and_how_and_whence_is_kept() -> None:
    state = declared(replace(DOWN, service=" web  shop ", impact=" No sales. ", source="https://slack.test/p1"))
    assert (state.service, state.impact, state.source) == ("web shop", "No sales.", "https://slack.test/p1")


def test_a_severity_that_is_not_used_here_is_refused() -> None:
    with pytest.raises(Rejected, match="SEV4 is not used here") as refusal:
        declared(replace(DOWN, severity=Severity.SEV4))
    assert refusal.value.field == "severity"


def test_when_the_impact_started_is_recorded_apart() -> None:
    story = Story().declare(replace(DOWN, impact_started_at=after(-20)))
    assert story.log[1] == MilestoneReached(
        at=NOON, by=ADA.id, milestone=Milestone.IMPACT_STARTED, happened_at=after(-20)
    )


def test_an_impact_that_starts_now_is_no_impact_of_the_future() -> None:
    assert declared(replace(DOWN, impact_started_at=NOON)).milestones[Milestone.IMPACT_STARTED] == NOON


def test_an_impact_of_the_future_is_refused() -> None:
    with pytest.raises(Rejected, match="cannot have started in the future") as refusal:
        declared(replace(DOWN, impact_started_at=NOON + timedelta(seconds=1)))
    assert refusal.value.field == "impact_started_at"


def test_the_matching_playbook_is_kept_as_it_stood() -> None:
    story = Story().declare(replace(DOWN, checklist=ROLLBACK))
    assert story.log[-1] == PlaybookAttached(at=NOON, by=ADA.id, checklist=ROLLBACK)


def test_a_log_that_does_not_begin_with_a_declaration_is_no_incident() -> None:
    with pytest.raises(ValueError, match="begins with IncidentDeclared"):
        replay([NoteAdded(at=NOON, by=ADA.id, text="Hello?", happened_at=NOON)])


def test_an_empty_log_is_no_incident() -> None:
    assert replay([]) is None
