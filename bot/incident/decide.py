"""The table of decisions: which rule answers which command.

A rule is pure: it takes the incident, the command, the policy and the time, and returns what happens or raises
Rejected. It reads no clock, does no I/O and draws no lots. No events is an answer too: there is nothing to do.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from bot.incident import (
    accepting,
    alerting,
    closing,
    commands,
    convening,
    factoring,
    following_up,
    giving_feedback,
    informing,
    invitations,
    leading,
    progress,
    recording,
    reviewing,
    tracking,
    workarounds,
)
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
from bot.incident.declaring import declare
from bot.incident.events import Event
from bot.incident.factor_commands import AcceptRisk, AddFactor, ChangeFactor, RemoveFactor, ReopenRisk
from bot.incident.feedback_commands import GiveFeedback, RecordRespondents
from bot.incident.followup_commands import AddFollowup, ChangeFollowup, GiveFollowup, MoveFollowup
from bot.incident.issue_commands import FollowIssue, RecordIssue, RecordIssueLost, RecordTold, TrackFollowup
from bot.incident.policy import Policy
from bot.incident.review_commands import (
    BookReview,
    CancelReview,
    HoldReview,
    MoveReview,
    RecordInvitation,
    WaiveReview,
)
from bot.incident.state import Incident
from bot.incident.writing_commands import RecordCanvas, RecordDraft, RequestDraft, WriteSection

__all__ = ["RULES", "decide", "declare"]

Rule = Callable[[Incident, Any, Policy, datetime], tuple[Event, ...]]

RULES: Final[Mapping[type[Command], Rule]] = {
    commands.ChangeSeverity: progress.change_severity,
    commands.ChangeStatus: progress.change_status,
    commands.ResolveIncident: progress.resolve,
    commands.CancelIncident: progress.cancel,
    commands.ReopenIncident: progress.reopen,
    CloseIncident: closing.close,
    PutOffClosing: closing.put_off,
    AddWorkaround: workarounds.add_workaround,
    ExtendWorkaround: workarounds.extend_workaround,
    RemoveWorkaround: workarounds.remove_workaround,
    StateNoWorkarounds: workarounds.state_no_workarounds,
    BookReview: convening.book,
    MoveReview: convening.move,
    HoldReview: convening.hold,
    WaiveReview: convening.waive,
    CancelReview: convening.cancel_review,
    RecordInvitation: invitations.record_invitation,
    commands.Acknowledge: progress.acknowledge,
    commands.CorrectMilestone: progress.correct_milestone,
    commands.AssignRole: leading.assign,
    commands.ClaimRole: leading.claim,
    commands.ReleaseRole: leading.release,
    commands.JoinIncident: leading.join,
    commands.PostUpdate: informing.post_update,
    commands.SetCadence: informing.set_cadence,
    commands.SnoozeUpdate: informing.snooze,
    commands.SkipUpdate: informing.skip,
    commands.RetryChannel: recording.retry_channel,
    commands.FireTimer: informing.fire_timer,
    commands.AddNote: recording.add_note,
    commands.AttachPlaybook: recording.attach_playbook,
    commands.ChangeStep: recording.change_step,
    AddFollowup: following_up.add,
    ChangeFollowup: following_up.change,
    GiveFollowup: following_up.give,
    MoveFollowup: following_up.move,
    TrackFollowup: tracking.track,
    RecordIssue: tracking.record,
    RecordTold: tracking.told,
    RecordIssueLost: tracking.lost,
    FollowIssue: tracking.follow,
    AddFactor: factoring.add,
    ChangeFactor: factoring.change,
    RemoveFactor: factoring.remove,
    AcceptRisk: accepting.accept,
    ReopenRisk: accepting.reopen,
    WriteSection: reviewing.write_section,
    RequestDraft: reviewing.request_draft,
    RecordDraft: reviewing.record_draft,
    AttachAlerts: alerting.attach,
    AttachProposal: alerting.attach_proposal,
    PutOffRecovery: alerting.put_off_recovery,
    GiveFeedback: giving_feedback.give_feedback,
    RecordRespondents: giving_feedback.record_respondents,
    RecordCanvas: reviewing.record_canvas,
    commands.FlagMessage: recording.flag,
    commands.UnflagMessage: recording.unflag,
    commands.AddMessageToTimeline: recording.add_message,
    commands.RecordMessageText: recording.record_text,
    commands.RecordMessageEdit: recording.record_edit,
    commands.RecordMessageDeletion: recording.record_deletion,
    commands.RecordChannel: recording.record_channel,
    commands.RecordMessage: recording.record_card,
    commands.RecordJoined: recording.record_joined,
    commands.RecordLeft: recording.record_left,
    commands.RecordFailure: recording.record_failure,
    commands.RecordMissed: recording.record_missed,
}


def decide(incident: Incident, command: Command, policy: Policy, at: datetime) -> tuple[Event, ...]:
    """What happens because of this command, oldest first. Raises Rejected."""
    return RULES[type(command)](incident, command, policy, at)
