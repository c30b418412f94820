"""The draft of a postmortem: what the log knows, who took part, what is asked for; from the log alone."""

import pytest
from hypothesis import given, settings

from bot.incident.closing_commands import CloseIncident
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
    DeclareIncident,
    FlagMessage,
    PostUpdate,
    RecordFailure,
    RecordLeft,
    RecordMessageText,
    ReleaseRole,
    ReopenIncident,
    ResolveIncident,
    UnflagMessage,
)
from bot.incident.impact import Figure, Question
from bot.incident.participation import Participant
from bot.incident.postmortem import Postmortem, postmortem
from bot.incident.remarks import Remark, RemarkKind
from bot.incident.response_times import Basis
from bot.incident.review_sections import PROMPTS, ReviewSection
from bot.incident.terms import (
    INCIDENT_COMMANDER,
    MUSTER,
    MUSTER_ITSELF,
    EntryKind,
    File,
    Milestone,
    Rejected,
    Severity,
    Status,
    StepState,
    UserId,
)
from tests.incident.given import (
    ADA,
    BEN,
    CLEO,
    NOON,
    POLICY,
    ROLLBACK,
    ROOM,
    Story,
    after,
    checkout,
    led,
    minutes,
    resolved,
    ts,
)
from tests.incident.test_invariants import COMMANDS, STEPS


def draft(story: Story) -> Postmortem:
    return postmortem(story.log, story.policy)


def figure(story: Story, question: Question) -> Figure:
    return next(each for each in draft(story).impact if each.question is question)


def remark(story: Story, kind: RemarkKind) -> Remark | None:
    return next((each for each in draft(story).remarks if each.kind is kind), None)


def participant(story: Story, user: UserId) -> Participant:
    return next(each for each in draft(story).participants if each.user == user)


def flag(story: Story, number: int, emoji: str, text: str, *files: File) -> None:
    story.do(FlagMessage(by=BEN, channel=ROOM, ts=ts(number), emoji=emoji, flagged_ts="1.0"), after(1))
    story.do(RecordMessageText(by=MUSTER_ITSELF, ts=ts(number), author=ADA.id, text=text, files=files), after(1))


def test_there_is_no_postmortem_of_an_empty_log() -> None:
    with pytest.raises(ValueError, match="empty"):
        postmortem([], POLICY)


def test_the_outcome_is_what_was_written_at_the_end() -> None:
    story = resolved()
    story.do(CloseIncident(by=ADA, note="All done.", because="Nothing else was asked."), after(99))
    assert (draft(story).heading.outcome, draft(story).heading.status) == ("Rolled back.", Status.CLOSED)


def test_reopening_takes_the_outcome_back() -> None:
    story = resolved()
    story.do(ReopenIncident(by=ADA, why="Again."), after(40))
    assert (draft(story).heading.outcome, draft(story).heading.is_active) == ("", True)


def test_a_cancelled_incident_says_why() -> None:
    story = checkout()
    story.do(CancelIncident(by=ADA, why="Declared twice."), after(5))
    assert draft(story).heading.outcome == "Declared twice."


def test_the_worst_severity_is_remembered_after_it_was_lowered() -> None:
    story = checkout(Severity.SEV1)
    story.do(ChangeSeverity(by=ADA, severity=Severity.SEV3), after(5))
    heading = draft(story).heading
    assert (heading.worst, heading.severity) == (Severity.SEV1, Severity.SEV3)


def test_that_it_is_private_or_a_drill_stands_in_the_heading() -> None:
    drill = Story().declare(DeclareIncident(by=ADA, title="Practice", drill=True))
    assert (draft(checkout(private=True)).heading.private, draft(drill).heading.drill) == (True, True)


def test_impact_that_nobody_described_is_asked_for() -> None:
    basis = {each.question: each.basis for each in draft(checkout()).impact}
    assert set(basis.values()) == {Basis.UNKNOWN}
    assert list(basis) == list(Question)


def test_impact_is_quoted_from_declaration_updates_and_flags_in_the_order_of_time() -> None:
    declaration = DeclareIncident(by=ADA, title="Checkout returns 500", impact="Nobody in the EU can pay.")
    story = Story().declare(declaration).open_channel()
    flag(story, 30, "boom", "52 % of checkouts fail.")
    story.do(PostUpdate(by=BEN, known="Known.", impact="18 % still fail."), after(20))
    said = [each.text for each in figure(story, Question.WHO).statements]
    assert said == ["Nobody in the EU can pay.", "52 % of checkouts fail.", "18 % still fail."]


def test_only_what_holds_a_number_can_say_how_many() -> None:
    story = checkout()
    story.do(PostUpdate(by=BEN, known="Known.", impact="Nobody can pay."), after(5))
    assert figure(story, Question.HOW_MANY).basis is Basis.UNKNOWN
    story.do(PostUpdate(by=BEN, known="Known.", impact="18 % cannot pay."), after(9))
    assert [each.text for each in figure(story, Question.HOW_MANY).statements] == ["18 % cannot pay."]


def test_a_service_alone_only_estimates_who_was_affected() -> None:
    story = Story().declare(DeclareIncident(by=ADA, title="Checkout returns 500", service="checkout"))
    assert figure(story, Question.WHO).basis is Basis.ESTIMATED


def test_impact_lasts_until_it_is_mitigated() -> None:
    story = checkout()
    story.do(CorrectMilestone(by=ADA, milestone=Milestone.IMPACT_STARTED, at=after(-10)), after(1))
    story.do(ChangeStatus(by=ADA, status=Status.MITIGATED), after(20))
    story.do(ResolveIncident(by=ADA), after(90))
    until, lasted = figure(story, Question.UNTIL).moment, figure(story, Question.HOW_LONG).measure
    assert until is not None
    assert lasted is not None
    assert (until.at, lasted.length) == (after(20), minutes(30))


def test_a_declaration_that_was_corrected_is_the_one_that_counts() -> None:
    story = checkout()
    story.do(CorrectMilestone(by=ADA, milestone=Milestone.DECLARED, at=after(-4)), after(1))
    found = draft(story)
    assert (found.heading.declared_at, found.moments[Milestone.DETECTED].at) == (after(-4), after(-4))


def test_a_flag_that_was_taken_off_is_counted_and_not_shown() -> None:
    story = checkout()
    flag(story, 30, "scales", "Roll back.")
    story.do(UnflagMessage(by=BEN, channel=ROOM, ts=ts(30), emoji="scales", flagged_ts="2.0"), after(2))
    assert (draft(story).decisions, draft(story).retracted) == ((), 1)


def test_a_hypothesis_flagged_twice_was_tried_and_ruled_out() -> None:
    story = checkout()
    flag(story, 30, "bulb", "It is the cache.")
    flag(story, 30, "no_entry_sign", "It is the cache.")
    flag(story, 40, "bulb", "It is the release.")
    found = {entry.text: EntryKind.RULED_OUT in entry.kinds for entry in draft(story).hypotheses}
    assert found == {"It is the cache.": True, "It is the release.": False}


def test_what_has_files_is_evidence_whatever_it_was_flagged_as() -> None:
    story = checkout()
    flag(story, 30, "pushpin", "See the graph.", File(name="graph.png", link="https://files.example/graph.png"))
    flag(story, 40, "mag", "The log says 502.")
    assert [entry.text for entry in draft(story).evidence] == ["See the graph.", "The log says 502."]


def test_each_step_of_a_playbook_has_what_became_of_it() -> None:
    story = checkout()
    story.do(AttachPlaybook(by=ADA, checklist=ROLLBACK), after(1))
    story.do(ChangeStep(by=BEN, playbook="bad-deploy", step="1", state=StepState.FAILED, note="No rights."), after(2))
    (used,) = draft(story).playbooks
    assert [(use.step.id, use.progress.state, use.progress.note) for use in used.steps] == [
        ("1", StepState.FAILED, "No rights."),
        ("2", StepState.OPEN, ""),
    ]
    failed = remark(story, RemarkKind.STEP_FAILED)
    assert failed is not None
    assert failed.subject == "Stop the rollout"


def test_roles_are_held_from_when_to_when() -> None:
    story = led()
    story.do(ClaimRole(by=BEN, role=INCIDENT_COMMANDER), after(5))
    story.do(ReleaseRole(by=BEN, role=INCIDENT_COMMANDER), after(9))
    ada, ben = participant(story, ADA.id), participant(story, BEN.id)
    assert [(each.since, each.until, each.by_default) for each in ada.tenures] == [(NOON, after(5), True)]
    assert [(each.role, each.since, each.until) for each in ben.tenures] == [
        ("communications_lead", NOON, None),
        ("incident_commander", after(5), after(9)),
    ]


def test_whoever_wrote_flagged_or_led_took_part_and_muster_did_not() -> None:
    story = checkout()
    story.do(AssignRole(by=ADA, role=INCIDENT_COMMANDER, holder=CLEO), after(2))
    story.do(AddNote(by=BEN, text="A note."), after(3))
    found = {each.user: each.contributions for each in draft(story).participants}
    # Ada: the declaration, command by default, handing it over, and with that the acknowledgement.
    assert found == {ADA.id: 4, BEN.id: 1, CLEO.id: 0}
    assert MUSTER not in found


def test_who_left_the_channel_and_did_not_come_back_has_left() -> None:
    story = checkout()
    story.do(RecordLeft(by=MUSTER_ITSELF, user=BEN.id), after(7))
    assert (participant(story, BEN.id).left_at, participant(story, ADA.id).left_at) == (after(7), None)


def test_what_went_well_is_told_with_its_numbers() -> None:
    story = led(Severity.SEV1)
    story.do(ClaimRole(by=BEN, role=INCIDENT_COMMANDER), after(4))
    story.do(PostUpdate(by=BEN, known="Known."), after(20))
    assert remark(story, RemarkKind.ALL_PROMISES_KEPT) == Remark(kind=RemarkKind.ALL_PROMISES_KEPT, count=1, of=1)
    soon = remark(story, RemarkKind.ACKNOWLEDGED_SOON)
    assert soon is not None
    assert soon.span == minutes(4)
    assert remark(story, RemarkKind.NOBODY_INFORMED) is None


def test_what_hindered_is_told_with_its_numbers() -> None:
    story = checkout(Severity.SEV2)
    story.do(ChangeSeverity(by=ADA, severity=Severity.SEV1), after(10))
    for passed in (30, 35, 40):
        story.fire(after(passed))
    story.do(PostUpdate(by=BEN, known="Known."), after(45))
    story.do(RecordFailure(by=MUSTER_ITSELF, step="topic", reason="missing_scope"), after(46))
    story.do(ResolveIncident(by=ADA), after(50))
    story.do(ReopenIncident(by=ADA), after(60))
    found = {each.kind: (each.count, each.span, each.subject) for each in draft(story).remarks}
    assert found == {
        RemarkKind.UPDATES_LATE: (1, minutes(15), ""),
        RemarkKind.NOBODY_INFORMED: (0, None, ""),
        RemarkKind.REMINDERS_CLIMBED: (1, None, ""),
        RemarkKind.REOPENED: (1, None, ""),
        RemarkKind.SEVERITY_RAISED: (1, None, ""),
        RemarkKind.SLACK_REFUSED: (0, None, "topic"),
    }


def test_an_incident_that_ended_without_anybody_taking_it_on_says_so() -> None:
    assert remark(resolved(), RemarkKind.NEVER_ACKNOWLEDGED) is not None
    assert remark(checkout(), RemarkKind.NEVER_ACKNOWLEDGED) is None


def test_bands_follow_one_another_from_the_declaration_to_the_end() -> None:
    story = checkout(Severity.SEV2)
    story.do(ChangeStatus(by=ADA, status=Status.IDENTIFIED), after(10))
    story.do(ChangeSeverity(by=ADA, severity=Severity.SEV1), after(15))
    story.do(ResolveIncident(by=ADA), after(40))
    found = draft(story)
    assert [(band.value, band.since, band.until) for band in found.status_bands] == [
        (Status.TRIAGE, NOON, after(10)),
        (Status.IDENTIFIED, after(10), after(40)),
        (Status.RESOLVED, after(40), after(40)),
    ]
    assert [(band.value, band.length) for band in found.severity_bands] == [
        (Severity.SEV2, minutes(15)),
        (Severity.SEV1, minutes(25)),
    ]


def test_every_section_for_people_has_a_prompt_that_asks_for_no_person() -> None:
    assert set(PROMPTS) == set(ReviewSection)
    blaming = ("who caused", "whose fault", "the cause", "mistake")
    assert not [prompt for prompt in PROMPTS.values() if any(words in prompt.casefold() for words in blaming)]


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(steps=STEPS)
def test_any_log_gives_a_draft_whose_figures_agree_with_each_other(steps: list[tuple[int, int]]) -> None:
    found = draft(story_of(steps))
    assert all((each.at is None) == (each.basis is Basis.UNKNOWN) for each in found.moments.values())
    assert all((each.length is None) == (each.basis in (Basis.UNKNOWN, Basis.CONTRADICTORY)) for each in found.measures)
    assert all(band.since <= band.until for band in (*found.status_bands, *found.severity_bands))
    assert [each.at for each in found.entries] == sorted(each.at for each in found.entries)


def story_of(steps: list[tuple[int, int]], title: str = "Checkout returns 500", *, private: bool = False) -> Story:
    """What came of these commands; those that are refused change nothing."""
    story, at = Story(), NOON
    story.declare(DeclareIncident(by=ADA, title=title, private=private))
    for index, passed in steps:
        at += minutes(passed)
        attempt(story, COMMANDS[index], (at - NOON) / minutes(1))
    return story


def attempt(story: Story, command: Command, at: float) -> None:
    try:
        story.do(command, after(at))
    except Rejected:
        return
