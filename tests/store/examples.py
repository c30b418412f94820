"""One of every event and effect that can be stored; only ever add at the end.

tests/golden holds the same as bytes, for each version.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.incident import effects, events
from bot.incident.afterwards_effects import (
    FindRespondents,
    KeepIssue,
    PostDigest,
    PostPreread,
    PostReviewOverdue,
    RememberFacilitator,
    SendPreread,
    TellFollowups,
    UploadDraft,
    WriteCanvas,
)
from bot.incident.alert import AlertState, AttachedAlert, LinkKind, Reason
from bot.incident.alert_events import AlertContextGiven, AlertsChanged, RecoveryAsked, RecoveryPutOff
from bot.incident.closing_events import (
    ClosingAsked,
    ClosingPutOff,
    GateOverridden,
    NoWorkaroundsStated,
    RestorationVerified,
    ReviewRecorded,
    WorkaroundAdded,
    WorkaroundChased,
    WorkaroundExtended,
    WorkaroundRemoved,
)
from bot.incident.closure import Check, Review, ReviewState
from bot.incident.factor import FactorClass, FactorContent, Surrounding
from bot.incident.factor_events import (
    FactorAdded,
    FactorChanged,
    FactorRemoved,
    RiskAccepted,
    RiskAskedAbout,
    RiskReopened,
)
from bot.incident.feedback import Answer, Informed, Led, Respondent
from bot.incident.feedback_events import FeedbackAsked, FeedbackGiven, FeedbackOpened, RespondentsFound
from bot.incident.followup import Degree, FollowupClass, FollowupContent, FollowupState
from bot.incident.followup_events import FollowupAdded, FollowupChanged, FollowupMoved
from bot.incident.freeze import FreezeTurn
from bot.incident.freeze_effects import NoteFreeze, PostFrozenChange, TellFreeze
from bot.incident.invitation_effects import MailInvitation, PostInvitation
from bot.incident.issue_events import FollowupTracked, IssueFiled, IssueLost, IssueMoved, IssueTold
from bot.incident.maintenance_effects import PostMaintenance, TellMaintenance
from bot.incident.proposal_effects import PostProposal, RefreshProposal, RemindProposal
from bot.incident.quality_effects import PostAlertQuality
from bot.incident.review import InvitedFunction, ReviewPlan, ReviewStage
from bot.incident.review_events import (
    InvitationPosted,
    PrereadGiven,
    ReviewAsked,
    ReviewBooked,
    ReviewCancelled,
    ReviewHeld,
    ReviewMoved,
    ReviewWaived,
)
from bot.incident.review_sections import ReviewSection
from bot.incident.service_change import ChangeKind, ServiceChange
from bot.incident.signal_effects import SendSignal
from bot.incident.terms import (
    INCIDENT_COMMANDER,
    NO_INCIDENT,
    ChannelId,
    Checklist,
    EntryKind,
    File,
    FileId,
    GroupId,
    IncidentId,
    MessageTs,
    Milestone,
    Severity,
    Status,
    Step,
    StepState,
    UserId,
    Version,
)
from bot.incident.watchdog_effects import TellBlind, TellSeeing
from bot.incident.writing_events import CanvasWritten, DraftRequested, DraftUploaded, SectionWritten

ADA, BEN, CLEO = UserId("UADA"), UserId("UBEN"), UserId("UCLEO")
AT = datetime(2026, 3, 1, 14, 5, 6, 789012, tzinfo=UTC)
NEXT = datetime(2026, 3, 1, 14, 35, tzinfo=UTC)
LATER = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
ROOM = ChannelId("C42")
TS = MessageTs("1355517523.000005")
ONE = IncidentId(1)
DAY = date(2026, 4, 1)
HALF_AN_HOUR = timedelta(minutes=30)
CHECKLIST = Checklist(
    playbook="bad-deploy",
    title="Bad deploy",
    steps=(
        Step(
            id="1", title="Roll back", role=INCIDENT_COMMANDER, expected=timedelta(minutes=5), commands=("make undo",)
        ),
    ),
)
ALERT = FollowupContent(
    what="Alert 30 days before a certificate expires",
    kind=FollowupClass.MONITORING,
    owner=ADA,
    product_sponsor=BEN,
    due_on=date(2026, 3, 31),
    metric="no certificate with less than 30 days",
    impact=Degree.HIGH,
    effort=Degree.LOW,
)
PLAN = ReviewPlan(
    starts_at=LATER - timedelta(days=1),
    length=timedelta(hours=1),
    facilitator=CLEO,
    invited=(ADA, BEN),
    functions=(InvitedFunction(name="reliability", people=(BEN,), unread=(GroupId("S0604QSJC"),)),),
    why_facilitator="the first of the rota",
    time_zone="Europe/Berlin",
)
CHANGES = FactorContent(
    text="Two releases at once",
    kind=FactorClass.ENVIRONMENT,
    surrounding=Surrounding.RECENT_CHANGES,
    entry=Version(7),
    followups=(1, 3),
)
NOTE = events.NoteAdded(at=AT, by=BEN, text="落ちた <!channel>\nمرحبا 🔥", happened_at=AT, kind=EntryKind.DECISION)

FIRING = AttachedAlert(
    key="3f2a90b1c5d7",
    source="alertmanager",
    name="HighErrorRate",
    state=AlertState.FIRING,
    reason=Reason.DECLARED_BY_RULE,
    why="rule “grave”",
    summary="Half of *checkouts* fail <!channel>",
    service="checkout",
    link="https://prometheus.example/graph?g0.expr=up",
    started_at=AT,
)
RESOLVED_ALERT = AttachedAlert(
    key="aa2a90b1c5d7",
    source="alertmanager",
    name="PodCrash",
    state=AlertState.RESOLVED,
    reason=Reason.ATTACHED_SAME_GROUP,
    why="the same group",
    ended_at=NEXT,
    changes=2,
)

EVERY_EVENT: tuple[events.Event, ...] = (
    events.IncidentDeclared(
        at=AT, by=ADA, incident=ONE, title="Checkout “500”", severity=Severity.SEV1, update_every=HALF_AN_HOUR
    ),
    events.SeverityChanged(at=AT, by=ADA, before=Severity.SEV1, after=Severity.SEV2, update_every=None, why="smaller"),
    events.StatusChanged(at=AT, by=ADA, before=Status.TRIAGE, after=Status.INVESTIGATING, note="we look"),
    events.RoleAssigned(at=AT, by=ADA, role=INCIDENT_COMMANDER, holder=BEN, before=ADA, by_default=False),
    events.RoleReleased(at=AT, by=BEN, role=INCIDENT_COMMANDER, before=BEN),
    events.MilestoneReached(at=AT, by=ADA, milestone=Milestone.DETECTED, happened_at=AT),
    events.MilestoneCorrected(at=AT, by=ADA, milestone=Milestone.IMPACT_STARTED, before=None, happened_at=AT),
    NOTE,
    events.UpdatePosted(at=AT, by=BEN, number=1, known="Rolling back.", impact="18 %", doing="clusters", next_at=NEXT),
    events.CadenceSet(at=AT, by=ADA, every=timedelta(minutes=20, microseconds=1), next_at=NEXT),
    events.UpdateReminded(at=AT, by=ADA, due_at=NEXT, stage=2, asked=BEN),
    events.UpdateSnoozed(at=AT, by=BEN, until=NEXT),
    events.UpdateSkipped(at=AT, by=BEN, next_at=None),
    events.SummaryScheduled(at=AT, by=ADA, number=3),
    events.PlaybookAttached(at=AT, by=ADA, checklist=CHECKLIST),
    events.StepChanged(
        at=AT, by=CLEO, playbook="bad-deploy", step="1", title="Roll back", before=StepState.OPEN, after=StepState.DONE
    ),
    events.MessageFlagged(
        at=AT, by=CLEO, channel=ROOM, ts=TS, emoji="scales", kind=EntryKind.DECISION, flagged_ts="1355517524.0"
    ),
    events.MessageUnflagged(at=AT, by=CLEO, ts=TS, emoji="scales", kind=EntryKind.DECISION, flagged_ts="1355517525.0"),
    events.MessageRead(at=AT, by=ADA, ts=TS, author=BEN, text="Roll back first", files=(File(name="graph.png"),)),
    events.MessageEdited(at=AT, by=BEN, ts=TS, text="Roll back, then look", edited_ts="1355517526.0"),
    events.MessageDeleted(at=AT, by=BEN, ts=TS),
    events.ChannelOpened(at=AT, by=ADA, channel=ROOM, name="inc-1-checkout"),
    events.CardPosted(at=AT, by=ADA, card="summary", channel=ROOM, ts=TS, rendered=Version(3)),
    events.ResponderJoined(at=AT, by=CLEO, user=CLEO),
    events.ResponderLeft(at=AT, by=CLEO, user=CLEO),
    events.JoinRequested(at=AT, by=CLEO, user=CLEO),
    events.StepFailed(at=AT, by=ADA, step="topic", reason="missing_scope"),
    events.StepRetried(at=AT, by=ADA, step="channel"),
    events.PostMissed(at=AT, by=ADA, series="reminder:1", number=2),
    events.IncidentDeclared(
        at=AT, by=ADA, incident=ONE, title="Practice", severity=Severity.SEV2, update_every=HALF_AN_HOUR, drill=True
    ),
    RestorationVerified(at=AT, by=ADA, evidence="99.9 % of payments succeed: https://graphs.example/7"),
    WorkaroundAdded(
        at=AT, by=ADA, number=1, what="The flag is off.", owner=BEN, expires_on=DAY, time_zone="Europe/Berlin"
    ),
    WorkaroundExtended(at=AT, by=BEN, number=1, what="The flag is off.", before=DAY, expires_on=date(2026, 4, 8)),
    WorkaroundChased(at=AT, by=ADA, number=1, asked=BEN, chase=1, expires_on=DAY),
    WorkaroundRemoved(at=AT, by=BEN, number=1, what="The flag is off.", note="It is on again."),
    NoWorkaroundsStated(at=AT, by=ADA),
    ReviewRecorded(at=AT, by=ADA, review=Review(state=ReviewState.BOOKED, on=DAY, facilitator=CLEO), due_at=NEXT),
    GateOverridden(at=AT, by=ADA, missing=(Check.VERIFIED, Check.REVIEW), why="It was small."),
    ClosingAsked(at=AT, by=ADA, number=1, asked=BEN),
    ClosingPutOff(at=AT, by=BEN),
    FollowupAdded(at=AT, by=ADA, number=1, content=ALERT, source=TS, link="https://acme.slack.com/archives/C42/p1"),
    FollowupChanged(at=AT, by=ADA, number=1, before=ALERT, after=ALERT.given_to(CLEO)),
    FollowupMoved(
        at=AT,
        by=CLEO,
        number=1,
        before=FollowupState.OPEN,
        after=FollowupState.BLOCKED,
        note="the vendor’s answer",
        waits_for=BEN,
    ),
    FollowupMoved(
        at=AT,
        by=CLEO,
        number=1,
        before=FollowupState.BLOCKED,
        after=FollowupState.DONE,
        note="Closed as done in GitHub: https://github.com/acme/ops/issues/12",
        via="GitHub",
    ),
    FollowupTracked(at=AT, by=ADA, number=1, tracker="GitHub"),
    IssueFiled(
        at=AT, by=ADA, number=1, key="acme/ops#12", url="https://github.com/acme/ops/issues/12", told=Version(9)
    ),
    IssueTold(at=AT, by=ADA, number=1, told=Version(12), closed=True),
    IssueMoved(at=AT, by=ADA, number=1, closed=False),
    IssueLost(at=AT, by=ADA, number=1, reason="acme/ops#12 was deleted there."),
    SectionWritten(
        at=AT, by=BEN, section=ReviewSection.PROCESS, text="Flags are *not* reviewed.\n- 落ちた <b>", number=2
    ),
    DraftRequested(at=AT, by=BEN),
    DraftUploaded(at=AT, by=ADA, wanted_at=Version(57), file=FileId("F0001")),
    AlertContextGiven(
        at=AT,
        by=ADA,
        rule="grave",
        severity_why="severity is critical",
        links={LinkKind.RUNBOOK: "https://runbooks.example/5xx"},
        labels={"service": "checkout", "severity": "critical"},
    ),
    AlertsChanged(at=AT, by=ADA, alerts=(FIRING, RESOLVED_ALERT), claims=("0af3", "77c1"), overflowed=True),
    RecoveryAsked(at=AT, by=ADA, asked=BEN, alerts=2),
    RecoveryPutOff(at=AT, by=BEN),
    FeedbackOpened(at=AT, by=ADA, anonymous=True, lapsed=False),
    RespondentsFound(at=AT, by=ADA, zones=((BEN, "America/New_York"), (CLEO, "UTC"))),
    FeedbackAsked(at=AT, by=ADA, asked=BEN),
    FeedbackGiven(
        at=AT,
        by=ADA,
        respondent=Respondent("9f2c"),
        answer=Answer(led=Led.CLEAR, informed=Informed.LATE, change="落ちた <!channel>"),
    ),
    ReviewBooked(at=AT, by=ADA, number=1, sequence=0, plan=PLAN, due_at=NEXT),
    ReviewMoved(
        at=AT,
        by=BEN,
        number=1,
        sequence=1,
        before=PLAN,
        after=replace(PLAN, starts_at=LATER),
        why="落ちた",
        due_at=NEXT,
    ),
    ReviewCancelled(at=AT, by=BEN, number=1, sequence=2, plan=PLAN, why="Nobody can come."),
    ReviewHeld(at=AT, by=BEN, on=DAY, facilitator=CLEO, number=1, came=(ADA, BEN)),
    ReviewWaived(at=AT, by=BEN, why="The cause is known.", number=1, sequence=3, plan=PLAN),
    InvitationPosted(at=AT, by=ADA, number=1, sequence=3, file=FileId("F0002")),
    FactorAdded(at=AT, by=BEN, number=1, content=CHANGES),
    FactorChanged(
        at=AT, by=ADA, number=1, before=CHANGES, after=FactorContent(text="Flags <b>", kind=FactorClass.PROCESS)
    ),
    FactorRemoved(at=AT, by=ADA, number=1, text="Flags <b>", why="落ちた; CF2 says it"),
    RiskAccepted(
        at=AT, by=BEN, number=1, text="Flags <b>", why="It is rare.", look_again_on=DAY, time_zone="Europe/Berlin"
    ),
    RiskReopened(at=AT, by=BEN, number=1, text="Flags <b>", why="It is not."),
    RiskAskedAbout(at=AT, by=ADA, number=1, text="Flags <b>", asked=BEN, look_again_on=DAY),
    CanvasWritten(at=AT, by=ADA, canvas=FileId("F0002")),
    ReviewAsked(at=AT, by=ADA, stage=ReviewStage.CLIMBED, asked=(ADA, BEN), number=3),
    PrereadGiven(at=AT, by=ADA, number=1, to=(ADA, BEN)),
)

EVERY_EFFECT: tuple[effects.Effect, ...] = (
    effects.OpenChannel(incident=ONE, name="inc-1-checkout", private=True, answer_url="https://example.com/answer"),
    effects.InviteUsers(incident=ONE, channel=ROOM, users=(ADA, BEN)),
    effects.RefreshTopic(incident=ONE, channel=ROOM),
    effects.PostCard(incident=ONE, card="summary", channel=None),
    effects.RefreshCard(incident=ONE, card="summary"),
    effects.PinMessage(incident=ONE, channel=ROOM, ts=TS),
    effects.AddBookmark(incident=ONE, channel=ROOM, ts=TS, title="Summary"),
    effects.PostNotice(incident=ONE, channel=ROOM, about=NOTE, thread_of="announcement"),
    effects.TellPerson(incident=ONE, user=BEN, about=EVERY_EVENT[3]),
    effects.AnswerDeclarer(incident=ONE, user=ADA, answer_url=""),
    effects.FetchMessage(incident=ONE, channel=ROOM, ts=TS),
    effects.AddTick(incident=ONE, channel=ROOM, ts=TS, emoji="white_check_mark"),
    effects.RemoveTick(incident=ONE, channel=ROOM, ts=TS, emoji="white_check_mark"),
    effects.PostNotice(incident=ONE, channel=None, about=NOTE, thread_of="announcement", drill=True),
    effects.PostPrecedents(incident=ONE, channel=ROOM),
    effects.PostSuspects(incident=ONE, channel=ROOM),
    effects.KeepGist(incident=ONE),
    TellFollowups(incident=ONE, user=ADA, planned_at=AT),
    PostDigest(incident=ONE, planned_at=AT),
    KeepIssue(incident=ONE, number=1),
    UploadDraft(incident=ONE, channel=ROOM, wanted_at=Version(57)),
    PostInvitation(incident=ONE, channel=ROOM, about=ReviewBooked(at=AT, by=ADA, number=1, sequence=0, plan=PLAN)),
    MailInvitation(
        incident=ONE,
        user=BEN,
        about=ReviewWaived(at=AT, by=BEN, why="The cause is known.", number=1, sequence=3, plan=PLAN),
    ),
    FindRespondents(incident=ONE),
    WriteCanvas(incident=ONE, channel=ROOM),
    TellMaintenance(incident=NO_INCIDENT, window=3, began=False, place="#checkout"),
    PostMaintenance(incident=ONE, channel=ROOM),
    effects.InviteGroups(incident=ONE, channel=ROOM, groups=(GroupId("S0ONCALL1"),)),
    RememberFacilitator(incident=ONE, user=BEN, named_at=AT),
    PostReviewOverdue(incident=ONE, number=3),
    PostPreread(incident=ONE, channel=ROOM, number=1),
    SendPreread(incident=ONE, user=BEN, number=1),
    SendSignal(
        incident=ONE,
        target="siem",
        version=Version(7),
        severity=Severity.SEV1,
        status=Status.INVESTIGATING,
        about=EVERY_EVENT[2],
    ),
    PostAlertQuality(incident=NO_INCIDENT, week=2930, planned_at=AT),
    TellBlind(incident=NO_INCIDENT, watchdog="prometheus", last_at=None, raised_at=AT, climbed=True),
    TellSeeing(incident=NO_INCIDENT, watchdog="prometheus", last_at=AT, heard_at=AT, climbed=False),
    PostProposal(incident=NO_INCIDENT, proposal=7),
    RefreshProposal(incident=NO_INCIDENT, proposal=7),
    RemindProposal(incident=NO_INCIDENT, proposal=7, others=(8, 9)),
    TellFreeze(incident=NO_INCIDENT, freeze=3, turn=FreezeTurn.REMINDED, until=NEXT, place="#checkout"),
    PostFrozenChange(
        incident=ONE,
        change=ServiceChange(
            service="checkout", what="落ちた <b>", kind=ChangeKind.FEATURE_FLAG, at=AT, told_by="ci", freeze="F3"
        ),
    ),
    NoteFreeze(incident=ONE, freeze=3, turn=FreezeTurn.ENDED),
    effects.PostSurroundings(incident=ONE, channel=ROOM),
)
