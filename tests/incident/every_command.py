"""One of every command, so that a rule for all of them is tested on all of them."""

from dataclasses import replace
from datetime import date

from bot.incident import commands
from bot.incident.alert_commands import AttachAlerts, AttachProposal, PutOffRecovery
from bot.incident.closing_commands import (
    AddWorkaround,
    CloseIncident,
    ExtendWorkaround,
    PutOffClosing,
    RemoveWorkaround,
    StateNoWorkarounds,
)
from bot.incident.commands import Command
from bot.incident.factor import FactorClass, FactorContent
from bot.incident.factor_commands import AcceptRisk, AddFactor, ChangeFactor, RemoveFactor, ReopenRisk
from bot.incident.feedback import Answer, Led, Respondent
from bot.incident.feedback_commands import GiveFeedback, RecordRespondents
from bot.incident.followup import FollowupContent, FollowupState
from bot.incident.followup_commands import AddFollowup, ChangeFollowup, GiveFollowup, MoveFollowup
from bot.incident.informing import UPDATE_TIMER
from bot.incident.issue_commands import FollowIssue, RecordIssue, RecordIssueLost, RecordTold, TrackFollowup
from bot.incident.proposal import ProposalChange, ProposalState
from bot.incident.proposing import answered
from bot.incident.review import ReviewPlan
from bot.incident.review_commands import (
    BookReview,
    CancelReview,
    HoldReview,
    MoveReview,
    RecordInvitation,
    WaiveReview,
)
from bot.incident.review_sections import ReviewSection
from bot.incident.terms import (
    MUSTER_ITSELF,
    SCRIBE,
    EntryKind,
    FileId,
    Milestone,
    Person,
    Severity,
    Status,
    StepState,
    UserId,
    Version,
)
from bot.incident.writing_commands import RecordCanvas, RecordDraft, RequestDraft, WriteSection
from tests.incident.alerts import alert, judged
from tests.incident.given import BEN, NOON, ROLLBACK, ROOM, minutes, ts
from tests.incident.proposals import proposed

REVIEW = ReviewPlan(
    starts_at=NOON + minutes(24 * 60), length=minutes(60), facilitator=BEN.id, invited=(UserId("U0ADA"),)
)
"""The next day at noon, led by Ben."""


def asked_by(by: Person) -> list[Command]:
    """Everything that a person can ask of an incident."""
    return [
        commands.ChangeSeverity(by=by, severity=Severity.SEV1),
        commands.ChangeStatus(by=by, status=Status.IDENTIFIED),
        commands.ResolveIncident(by=by),
        commands.CancelIncident(by=by),
        commands.ReopenIncident(by=by),
        AddWorkaround(by=by, what="The flag is off.", owner=BEN, expires_on=date(2026, 3, 9)),
        ExtendWorkaround(by=by, number=1, expires_on=date(2026, 3, 16)),
        RemoveWorkaround(by=by, number=1),
        StateNoWorkarounds(by=by),
        CloseIncident(by=by),
        PutOffClosing(by=by),
        BookReview(by=by, plan=REVIEW),
        MoveReview(by=by, plan=replace(REVIEW, starts_at=NOON + minutes(2 * 24 * 60)), why="Ben is away."),
        CancelReview(by=by, why="Ben is away."),
        WaiveReview(by=by, why="The cause is known."),
        HoldReview(by=by, came=(BEN.id,), facilitator=BEN),
        commands.Acknowledge(by=by),
        commands.CorrectMilestone(by=by, milestone=Milestone.DETECTED, at=NOON - minutes(5)),
        commands.AssignRole(by=by, role=SCRIBE, holder=BEN),
        commands.ClaimRole(by=by, role=SCRIBE),
        commands.ReleaseRole(by=by),
        commands.JoinIncident(by=by),
        commands.PostUpdate(by=by, known="Half of EU checkouts fail."),
        commands.SetCadence(by=by, every=minutes(20)),
        commands.SnoozeUpdate(by=by, span=minutes(90)),
        commands.SkipUpdate(by=by),
        commands.RetryChannel(by=by),
        commands.AddNote(by=by, text="Rolled back.", kind=EntryKind.DECISION),
        commands.AttachPlaybook(by=by, checklist=ROLLBACK),
        commands.ChangeStep(by=by, playbook="bad-deploy", step="1", state=StepState.DONE),
        AddFollowup(by=by, content=FollowupContent(what="Alert before certificates expire")),
        ChangeFollowup(by=by, number=1, content=FollowupContent(what="Alert 30 days before", owner=BEN.id)),
        GiveFollowup(by=by, number=1, owner=BEN),
        MoveFollowup(by=by, number=1, state=FollowupState.DONE, note="https://example.com/alert"),
        TrackFollowup(by=by, number=1),
        AddFactor(by=by, content=FactorContent(text="Nobody reviews flags", kind=FactorClass.PROCESS)),
        ChangeFactor(by=by, number=1, content=FactorContent(text="Flags go live", kind=FactorClass.TECHNOLOGY)),
        AcceptRisk(by=by, number=1, why="The vendor mends it.", look_again_on=date(2026, 6, 1)),
        ReopenRisk(by=by, number=1),
        RemoveFactor(by=by, number=1, why="It was another flag."),
        commands.FlagMessage(by=by, channel=ROOM, ts=ts(1), emoji="scales", flagged_ts="2.0"),
        commands.UnflagMessage(by=by, channel=ROOM, ts=ts(1), emoji="scales", flagged_ts="3.0"),
        commands.AddMessageToTimeline(by=by, channel=ROOM, ts=ts(2), author=BEN.id, text="It is the release."),
        WriteSection(by=by, section=ReviewSection.PROCESS, text="Nobody reviews flags.", seen=0),
        RequestDraft(by=by),
        PutOffRecovery(by=by),
        AttachProposal(
            by=by,
            judged=(judged(alert()),),
            answers=ProposalChange(before=proposed(), after=answered(proposed(), ProposalState.ATTACHED, by.id, NOON)),
        ),
        GiveFeedback(by=by, respondent=Respondent("9f2c"), answer=Answer(led=Led.CLEAR)),
    ]


def reported() -> list[Command]:
    """Everything that Slack, a timer or an effect reports."""
    by = MUSTER_ITSELF
    return [
        commands.RecordMessageText(by=by, ts=ts(1), author=BEN.id, text="It is the release."),
        commands.RecordMessageEdit(by=by, ts=ts(1), text="It was the release.", edited_ts="9.0"),
        commands.RecordMessageDeletion(by=by, ts=ts(1)),
        commands.RecordChannel(by=by, channel=ROOM, name="inc-42"),
        commands.RecordMessage(by=by, card="summary", channel=ROOM, ts=ts(9), rendered=Version(1)),
        RecordIssue(by=by, number=1, key="acme/ops#12", url="https://github.com/acme/ops/issues/12", told=Version(9)),
        RecordTold(by=by, number=1, key="acme/ops#12", told=Version(12), closed=False),
        FollowIssue(by=by, number=1, key="acme/ops#12", closed=True),
        RecordIssueLost(by=by, number=1, key="acme/ops#12", reason="acme/ops#12 was deleted there."),
        RecordDraft(by=by, wanted_at=Version(9), file=FileId("F01")),
        RecordInvitation(by=by, number=1, sequence=0, file=FileId("F02")),
        RecordCanvas(by=by, canvas=FileId("F02")),
        commands.RecordJoined(by=by, users=(UserId("U0NEW"),)),
        commands.RecordLeft(by=by, user=BEN.id),
        commands.RecordFailure(by=by, step="topic", reason="missing_scope"),
        commands.RecordMissed(by=by, series="reminder:1", number=1),
        AttachAlerts(by=by, judged=(judged(alert()),)),
        RecordRespondents(by=by, zones=((BEN.id, "America/New_York"),)),
        commands.FireTimer(by=by, name=UPDATE_TIMER, due_at=NOON),
    ]
