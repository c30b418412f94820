"""From triage to closed: every pair of statuses, and what ending and reopening do."""

import pytest

from bot.incident import events as happened
from bot.incident.chasing import CLOSING_TIMER
from bot.incident.closing_commands import CloseIncident
from bot.incident.commands import (
    Acknowledge,
    AssignRole,
    AttachPlaybook,
    CancelIncident,
    ChangeSeverity,
    ChangeStatus,
    ChangeStep,
    ClaimRole,
    Command,
    CorrectMilestone,
    PostUpdate,
    ReopenIncident,
    ResolveIncident,
    RetryChannel,
    SetCadence,
    SkipUpdate,
    SnoozeUpdate,
)
from bot.incident.events import StatusChanged
from bot.incident.lifecycle import ACTIVE, ENDED, TRANSITIONS, VERBS, is_reopening
from bot.incident.review_chasing import REVIEW_TIMER
from bot.incident.terms import Milestone, Rejected, Status
from tests.incident.every_command import asked_by
from tests.incident.given import ADA, NOON, Story, after, checkout, minutes, resolved

PAIRS = [(before, to) for before in Status for to in Status]


def reached(status: Status) -> Story:
    story = checkout()
    if status is not Status.TRIAGE:
        story.happened(StatusChanged(at=NOON, by=ADA.id, before=Status.TRIAGE, after=status))
    return story


def asking_for(to: Status, before: Status) -> Command:
    match to:
        case Status.RESOLVED:
            return ResolveIncident(by=ADA)
        case Status.CANCELLED:
            return CancelIncident(by=ADA)
        case Status.CLOSED:
            return CloseIncident(by=ADA, because="The gate has tests of its own.")
    return ReopenIncident(by=ADA) if is_reopening(before, to) else ChangeStatus(by=ADA, status=to)


@pytest.mark.parametrize(("before", "to"), [pair for pair in PAIRS if pair[1] in TRANSITIONS[pair[0]]])
def test_what_the_table_allows_happens(before: Status, to: Status) -> None:
    changed = [each for each in reached(before).do(asking_for(to, before), after(5)) if isinstance(each, StatusChanged)]
    assert changed == [StatusChanged(at=after(5), by=ADA.id, before=before, after=to)]


NOT_BY_REOPENING = [
    (before, to) for before, to in PAIRS if to not in TRANSITIONS[before] and not is_reopening(before, to)
]


@pytest.mark.parametrize(("before", "to"), NOT_BY_REOPENING)
def test_what_the_table_lacks_is_refused(before: Status, to: Status) -> None:
    with pytest.raises(Rejected, match="INC-42 is "):
        reached(before).decided(asking_for(to, before), after(5))


@pytest.mark.parametrize("status", sorted(ACTIVE))
def test_an_open_incident_cannot_be_reopened(status: Status) -> None:
    with pytest.raises(Rejected, match=f"is open already: it is {status}"):
        reached(status).decided(ReopenIncident(by=ADA), after(5))


def test_a_resolved_incident_cannot_be_mitigated() -> None:
    with pytest.raises(Rejected, match="INC-42 is already resolved") as refusal:
        resolved().decided(ChangeStatus(by=ADA, status=Status.MITIGATED), after(31))
    assert refusal.value.verb == "reopen"


def test_resolving_stops_every_timer_of_the_response() -> None:
    assert set(resolved().timers) == {CLOSING_TIMER, REVIEW_TIMER}


def test_reopening_starts_the_clock_afresh() -> None:
    story = resolved()
    story.do(ReopenIncident(by=ADA, why="It is back."), after(100))
    assert story.timers == {"update": after(160)}


def test_reopening_takes_back_that_it_was_mitigated_and_resolved() -> None:
    story = resolved()
    story.do(ReopenIncident(by=ADA), after(100))
    assert not {Milestone.MITIGATED, Milestone.RESOLVED} & set(story.state.milestones)


def test_a_reopened_incident_has_not_ended() -> None:
    story = resolved()
    story.do(ReopenIncident(by=ADA), after(100))
    assert (story.state.ended_at, story.state.status) == (None, Status.INVESTIGATING)


def test_closing_leaves_the_end_where_the_response_ended() -> None:
    story = resolved()
    story.do(CloseIncident(by=ADA, because="It was small."), after(500))
    assert story.state.ended_at == after(30)


def test_resolving_records_when() -> None:
    assert resolved().state.milestones[Milestone.RESOLVED] == after(30)


def test_a_mitigation_that_did_not_hold_no_longer_counts() -> None:
    story = reached(Status.IDENTIFIED)
    story.do(ChangeStatus(by=ADA, status=Status.MITIGATED), after(5))
    story.do(ChangeStatus(by=ADA, status=Status.IDENTIFIED), after(9))
    assert Milestone.MITIGATED not in story.state.milestones


def test_the_first_mitigation_that_holds_is_the_one_that_counts() -> None:
    story = reached(Status.IDENTIFIED)
    for at, status in ((5, Status.MITIGATED), (9, Status.IDENTIFIED), (20, Status.MITIGATED)):
        story.do(ChangeStatus(by=ADA, status=status), after(at))
    assert story.state.milestones[Milestone.MITIGATED] == after(20)


def test_an_update_after_the_end_promises_no_other() -> None:
    (posted,) = resolved().do(PostUpdate(by=ADA, known="All well since noon.", next_in=minutes(30)), after(60))
    assert isinstance(posted, happened.UpdatePosted)
    assert posted.next_at is None


@pytest.mark.parametrize("milestone", sorted(set(Milestone) - {Milestone.RESOLVED}))
def test_each_moment_can_be_corrected_and_the_correction_is_logged(milestone: Milestone) -> None:
    story = checkout()
    before = story.state.milestones.get(milestone)
    (corrected,) = story.do(CorrectMilestone(by=ADA, milestone=milestone, at=after(-7)), after(5))
    assert corrected == happened.MilestoneCorrected(
        at=after(5), by=ADA.id, milestone=milestone, before=before, happened_at=after(-7)
    )
    assert story.state.milestones[milestone] == after(-7)


def test_when_it_was_resolved_can_be_corrected_once_it_is() -> None:
    story = resolved()
    story.do(CorrectMilestone(by=ADA, milestone=Milestone.RESOLVED, at=after(20)), after(40))
    assert story.state.milestones[Milestone.RESOLVED] == after(20)


def test_a_moment_still_to_come_is_refused() -> None:
    with pytest.raises(Rejected, match="still to come"):
        checkout().decided(CorrectMilestone(by=ADA, milestone=Milestone.DETECTED, at=after(6)), after(5))


def test_a_correction_to_the_same_moment_changes_nothing() -> None:
    with pytest.raises(Rejected, match="already recorded"):
        checkout().decided(CorrectMilestone(by=ADA, milestone=Milestone.DECLARED, at=NOON), after(5))


@pytest.mark.parametrize(("status", "verb"), VERBS.items())
def test_a_status_with_a_verb_of_its_own_names_that_verb(status: Status, verb: str) -> None:
    with pytest.raises(Rejected, match=f": {verb}") as refusal:
        checkout().decided(ChangeStatus(by=ADA, status=status), after(5))
    assert refusal.value.verb == verb


def test_there_is_no_way_back_to_triage_and_the_ways_that_exist_are_named() -> None:
    with pytest.raises(Rejected, match="It can become investigating, identified, resolved or cancelled"):
        reached(Status.MITIGATED).decided(ChangeStatus(by=ADA, status=Status.TRIAGE), after(5))


def test_whoever_closes_a_cancelled_incident_is_not_sent_to_resolve_it() -> None:
    with pytest.raises(Rejected, match="cancelled, so there is nothing left to close") as refusal:
        reached(Status.CANCELLED).decided(CloseIncident(by=ADA), after(5))
    assert refusal.value.verb == "reopen"


def test_when_it_was_resolved_cannot_be_corrected_before_it_is() -> None:
    with pytest.raises(Rejected, match="is not resolved") as refusal:
        checkout().decided(CorrectMilestone(by=ADA, milestone=Milestone.RESOLVED, at=NOON), after(5))
    assert refusal.value.verb == "resolve"


def test_a_note_on_the_status_that_it_has_is_sent_to_the_timeline() -> None:
    with pytest.raises(Rejected, match=r"INC-42 is identified already\. .* write a note") as refusal:
        reached(Status.IDENTIFIED).decided(ChangeStatus(by=ADA, status=Status.IDENTIFIED, note="Pod 7."), after(5))
    assert refusal.value.verb == "note"


NOT_AFTER_THE_END = {
    ChangeSeverity,
    ChangeStatus,
    ResolveIncident,
    RetryChannel,
    CancelIncident,
    Acknowledge,
    AssignRole,
    ClaimRole,
    SetCadence,
    SnoozeUpdate,
    SkipUpdate,
    AttachPlaybook,
    RetryChannel,
}


@pytest.mark.parametrize("command", asked_by(ADA), ids=lambda command: type(command).__name__)
def test_after_the_end_the_response_is_over_and_only_the_record_goes_on(command: Command) -> None:
    refused = {ended for ended in ENDED if is_over(reached(ended), command)}
    assert refused == refusing(type(command))


def refusing(command: type[Command]) -> frozenset[Status]:
    """Steps are ticked until the incident is closed: some of them are for afterwards."""
    if command is ChangeStep:
        return ENDED - {Status.RESOLVED}
    return ENDED if command in NOT_AFTER_THE_END else frozenset()


def is_over(story: Story, command: Command) -> bool:
    """Whether the command is refused because the response has ended."""
    try:
        story.do(command, after(60))
    except Rejected as refusal:
        over = f"INC-42 is already {story.state.status}. To work on it again: reopen it."
        return (refusal.sentence, refusal.verb) == (over, "reopen")
    return False


def test_a_moment_may_be_corrected_to_now() -> None:
    assert checkout().do(CorrectMilestone(by=ADA, milestone=Milestone.MITIGATED, at=after(5)), after(5))


@pytest.mark.parametrize("status", sorted(ACTIVE))
def test_whoever_closes_an_open_incident_is_told_to_resolve_it_first(status: Status) -> None:
    with pytest.raises(Rejected, match=f"INC-42 is still {status}. Resolve it before") as refusal:
        reached(status).decided(CloseIncident(by=ADA), after(5))
    assert refusal.value.verb == "resolve"
