"""The scorecard: each figure from the log, nothing where it did not happen, and one thing to try."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.incident.commands import (
    AddNote,
    AssignRole,
    AttachPlaybook,
    CancelIncident,
    ChangeSeverity,
    ChangeStatus,
    ChangeStep,
    ClaimRole,
    Command,
    CorrectMilestone,
    FlagMessage,
    PostUpdate,
    RecordMessageText,
    ReopenIncident,
    ResolveIncident,
    SetCadence,
    SkipUpdate,
    SnoozeUpdate,
    UnflagMessage,
)
from bot.incident.policy import Policy
from bot.incident.scorecard import Habit, Reached, Scorecard, Tally, scorecard
from bot.incident.terms import (
    COMMUNICATIONS_LEAD,
    INCIDENT_COMMANDER,
    MUSTER_ITSELF,
    OPERATIONS_LEAD,
    SCRIBE,
    Milestone,
    Severity,
    Status,
    StepState,
)
from tests.incident.given import ADA, BEN, POLICY, ROLLBACK, ROOM, Story, after, drill, minutes, ts

MITIGATED = ChangeStatus(by=ADA, status=Status.MITIGATED)
RESOLVED = ResolveIncident(by=ADA)
UPDATE = PostUpdate(by=BEN, known="We look.")


def told(*happened: tuple[float, Command], severity: Severity = Severity.SEV1, policy: Policy = POLICY) -> Scorecard:
    """The scorecard of a drill at noon in which so much happened, each so many minutes later."""
    story = played(*happened, severity=severity)
    return scorecard(story.log, policy)


def played(*happened: tuple[float, Command], severity: Severity = Severity.SEV1) -> Story:
    story = drill(severity)
    for at, command in happened:
        story.do(command, after(at))
    return story


def reached(count: float) -> Reached:
    return Reached(at=after(count), after=minutes(count))


def test_a_drill_in_which_nothing_happened_has_no_figures() -> None:
    card = told((10, RESOLVED))
    assert (card.commander, card.first_update, card.mitigation) == (None, None, None)
    assert (card.resolution, card.resolutions) == (reached(10), 1)
    assert (card.promises, card.roles, card.steps) == (Tally(done=0, of=0), Tally(done=0, of=4), Tally(done=0, of=0))
    assert (card.entries, card.playbooks) == (0, ())


def test_who_commands_by_default_has_not_taken_command() -> None:
    card = told((2, ClaimRole(by=BEN, role=COMMUNICATIONS_LEAD)), (10, RESOLVED))
    assert card.commander is None
    assert INCIDENT_COMMANDER in card.unfilled


@pytest.mark.parametrize(
    "command",
    [ClaimRole(by=ADA, role=INCIDENT_COMMANDER), AssignRole(by=ADA, role=INCIDENT_COMMANDER, holder=BEN)],
    ids=["taken by who had it by default", "given to another"],
)
def test_command_is_taken_when_somebody_takes_or_is_given_it(command: Command) -> None:
    assert told((3, command), (10, RESOLVED)).commander == reached(3)


def test_times_run_from_the_declaration_to_the_first_update_the_mitigation_and_the_end() -> None:
    card = told((4, UPDATE), (9, UPDATE), (20, MITIGATED), (25, RESOLVED))
    assert card.declared_at == after(0)
    assert (card.first_update, card.mitigation, card.resolution) == (reached(4), reached(20), reached(25))


def test_a_mitigation_that_did_not_hold_is_none() -> None:
    again = ChangeStatus(by=ADA, status=Status.INVESTIGATING)
    assert told((20, MITIGATED), (22, again), (25, RESOLVED)).mitigation is None


def corrected(milestone: Milestone, at: datetime) -> Command:
    return CorrectMilestone(by=ADA, milestone=milestone, at=at)


def test_corrected_times_count_also_those_corrected_afterwards() -> None:
    earlier = corrected(Milestone.MITIGATED, after(15))
    card = told((20, MITIGATED), (25, RESOLVED), (40, earlier), (41, corrected(Milestone.RESOLVED, after(24))))
    assert (card.mitigation, card.resolution) == (reached(15), reached(24))


def test_a_corrected_declaration_moves_every_span_and_none_below_nothing() -> None:
    card = told((4, UPDATE), (25, RESOLVED), (40, corrected(Milestone.DECLARED, after(10))))
    assert card.first_update == Reached(at=after(4), after=minutes(0))
    assert card.resolution == Reached(at=after(25), after=minutes(15))


@pytest.mark.parametrize(
    ("happened", "kept", "made"),
    [
        ((), 0, 0),
        (((29, UPDATE),), 1, 1),
        (((30, UPDATE),), 1, 1),
        (((30.9, UPDATE),), 1, 1),
        (((31, UPDATE),), 0, 1),
        (((10, UPDATE), (39, UPDATE)), 2, 2),
        (((10, UPDATE), (41, UPDATE)), 1, 2),
        (((29, SnoozeUpdate(by=BEN)), (30, UPDATE)), 1, 1),
        (((29, SnoozeUpdate(by=BEN)), (40, UPDATE)), 0, 1),
        (((30, SkipUpdate(by=BEN)), (60, UPDATE)), 1, 1),
        (((40, SkipUpdate(by=BEN)),), 0, 1),
    ],
    ids=[
        "the first still runs at the end",
        "in time",
        "on the minute",
        "in the minute that was promised",
        "late",
        "two in time",
        "the second late",
        "snoozed, and in time",
        "snoozed in time, then late",
        "skipped in time",
        "skipped late",
    ],
)
def test_a_promise_is_kept_by_what_comes_in_time(
    happened: tuple[tuple[float, Command], ...], kept: int, made: int
) -> None:
    end = max((at for at, _ in happened), default=10) + 5
    assert told(*happened, (end, RESOLVED)).promises == Tally(done=kept, of=made)


def test_a_promise_that_has_lapsed_when_it_ends_is_broken() -> None:
    assert told((31, RESOLVED)).promises == Tally(done=0, of=1)


@pytest.mark.parametrize(
    "command",
    [
        SetCadence(by=ADA, every=minutes(20)),
        SetCadence(by=ADA, every=None),
        ChangeSeverity(by=ADA, severity=Severity.SEV2),
    ],
    ids=["sooner", "no more", "another severity"],
)
def test_a_promise_that_is_replaced_in_time_counts_neither_way(command: Command) -> None:
    assert told((5, command), (10, RESOLVED)).promises == Tally(done=0, of=0)


def test_one_that_had_lapsed_before_it_was_replaced_is_broken() -> None:
    assert told((35, SetCadence(by=ADA, every=minutes(20))), (36, RESOLVED)).promises == Tally(done=0, of=1)


def test_reminders_do_not_touch_a_promise() -> None:
    story = drill(Severity.SEV1)
    story.fire(after(30))
    story.do(UPDATE, after(32))
    story.do(RESOLVED, after(33))
    assert scorecard(story.log, POLICY).promises == Tally(done=0, of=1)


def test_roles_are_those_of_the_policy_that_somebody_was_chosen_for() -> None:
    card = told(
        (1, ClaimRole(by=BEN, role=COMMUNICATIONS_LEAD)),
        (2, AssignRole(by=ADA, role=SCRIBE, holder=BEN)),
        (10, RESOLVED),
    )
    assert (card.roles, card.unfilled) == (Tally(done=2, of=4), (INCIDENT_COMMANDER, OPERATIONS_LEAD))


def step(number: str, state: StepState) -> Command:
    return ChangeStep(by=BEN, playbook=ROLLBACK.playbook, step=number, state=state)


def test_a_playbook_counts_by_its_settled_steps() -> None:
    attached = AttachPlaybook(by=ADA, checklist=ROLLBACK)
    card = told((1, attached), (2, step("1", StepState.SKIPPED)), (3, step("2", StepState.STARTED)), (9, RESOLVED))
    assert (card.playbooks, card.steps) == (("Bad deploy",), Tally(done=1, of=2))


def test_entries_are_what_people_wrote_or_flagged_and_did_not_take_back() -> None:
    kept, retracted = ts(1), ts(2)
    card = told(
        (1, AddNote(by=ADA, text="We look.")),
        (2, FlagMessage(by=BEN, channel=ROOM, ts=kept, emoji="pushpin", flagged_ts="1.0")),
        (3, RecordMessageText(by=MUSTER_ITSELF, ts=kept, author=BEN.id, text="It is the release.")),
        (4, FlagMessage(by=BEN, channel=ROOM, ts=retracted, emoji="pushpin", flagged_ts="2.0")),
        (5, UnflagMessage(by=BEN, channel=ROOM, ts=retracted, emoji="pushpin", flagged_ts="3.0")),
        (10, RESOLVED),
        (12, AddNote(by=ADA, text="For the review.")),
    )
    assert card.entries == 2


def test_one_that_was_reopened_is_measured_to_its_last_resolution() -> None:
    reopened = ReopenIncident(by=ADA)
    card = told((20, MITIGATED), (25, RESOLVED), (26, reopened), (30, UPDATE), (40, RESOLVED))
    assert (card.resolutions, card.mitigation, card.resolution) == (2, None, reached(40))
    assert card.first_update == reached(30)


def test_a_log_of_one_that_goes_on_tells_so_far() -> None:
    assert told((4, UPDATE)).resolution is None
    assert told((4, UPDATE), (5, CancelIncident(by=ADA))).first_update == reached(4)


def test_nothing_was_declared_nothing_is_told() -> None:
    with pytest.raises(ValueError, match="declared"):
        scorecard((), POLICY)


WELL = (
    (2, ClaimRole(by=ADA, role=INCIDENT_COMMANDER)),
    (2, ClaimRole(by=BEN, role=COMMUNICATIONS_LEAD)),
    (3, AssignRole(by=ADA, role=SCRIBE, holder=BEN)),
    (3, AssignRole(by=ADA, role=OPERATIONS_LEAD, holder=BEN)),
    (4, AttachPlaybook(by=ADA, checklist=ROLLBACK)),
    (5, step("1", StepState.DONE)),
    (6, AddNote(by=ADA, text="Roll back first.")),
    (10, UPDATE),
    (20, MITIGATED),
)


def test_a_drill_in_which_all_was_done_has_nothing_left_to_try() -> None:
    card = told(*WELL, (25, RESOLVED))
    assert card.went_well == tuple(Habit)
    assert card.to_try is None


@pytest.mark.parametrize(
    ("left_out", "to_try"),
    [(0, Habit.COMMAND), (5, Habit.PLAYBOOK), (6, Habit.RECORD), (8, Habit.MITIGATION), (2, Habit.ROLES)],
)
def test_one_thing_is_named_to_try(left_out: int, to_try: Habit) -> None:
    happened = [each for at, each in enumerate(WELL) if at != left_out]
    assert told(*happened, (25, RESOLVED)).to_try is to_try


def test_the_first_thing_to_try_is_the_one_most_worth_learning() -> None:
    assert told((40, UPDATE), (41, RESOLVED)).to_try is Habit.COMMAND


def test_an_update_is_only_missed_where_one_was_due() -> None:
    early = told((2, ClaimRole(by=ADA, role=INCIDENT_COMMANDER)), (10, RESOLVED))
    late = told((2, ClaimRole(by=ADA, role=INCIDENT_COMMANDER)), (40, RESOLVED))
    assert (early.to_try, late.to_try) == (Habit.MITIGATION, Habit.FIRST_UPDATE)


def test_broken_promises_are_worth_a_word() -> None:
    card = told((2, ClaimRole(by=ADA, role=INCIDENT_COMMANDER)), (10, UPDATE), (41, UPDATE), (45, RESOLVED))
    assert card.to_try is Habit.PROMISES
    assert Habit.FIRST_UPDATE in card.went_well


def test_what_came_after_the_first_promise_did_not_come_early() -> None:
    card = told((35, ClaimRole(by=ADA, role=INCIDENT_COMMANDER)), (40, RESOLVED))
    assert Habit.COMMAND not in card.went_well
    assert replace(card, first_due_at=None).in_time(card.commander)
