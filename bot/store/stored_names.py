"""The names under which events and effects are stored. A promise for ever: rows are added, never changed."""

from collections.abc import Mapping
from typing import Final

from bot.incident import effects, events
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
from bot.incident.effects import Effect
from bot.incident.events import Event
from bot.incident.factor_events import FactorAdded, FactorChanged, FactorRemoved
from bot.incident.followup_events import FollowupAdded, FollowupChanged, FollowupMoved
from bot.incident.writing_events import CanvasWritten, DraftRequested, DraftUploaded, SectionWritten

EVENTS: Final[Mapping[str, type[Event]]] = {
    "IncidentDeclared": events.IncidentDeclared,
    "DrillDeclared": events.IncidentDeclared,
    "SeverityChanged": events.SeverityChanged,
    "StatusChanged": events.StatusChanged,
    "RoleAssigned": events.RoleAssigned,
    "RoleReleased": events.RoleReleased,
    "MilestoneReached": events.MilestoneReached,
    "MilestoneCorrected": events.MilestoneCorrected,
    "NoteAdded": events.NoteAdded,
    "UpdatePosted": events.UpdatePosted,
    "CadenceSet": events.CadenceSet,
    "UpdateReminded": events.UpdateReminded,
    "UpdateSnoozed": events.UpdateSnoozed,
    "UpdateSkipped": events.UpdateSkipped,
    "SummaryScheduled": events.SummaryScheduled,
    "PlaybookAttached": events.PlaybookAttached,
    "StepChanged": events.StepChanged,
    "MessageFlagged": events.MessageFlagged,
    "MessageUnflagged": events.MessageUnflagged,
    "MessageRead": events.MessageRead,
    "MessageEdited": events.MessageEdited,
    "MessageDeleted": events.MessageDeleted,
    "ChannelOpened": events.ChannelOpened,
    "CardPosted": events.CardPosted,
    "ResponderJoined": events.ResponderJoined,
    "ResponderLeft": events.ResponderLeft,
    "JoinRequested": events.JoinRequested,
    "StepFailed": events.StepFailed,
    "StepRetried": events.StepRetried,
    "PostMissed": events.PostMissed,
    "RestorationVerified": RestorationVerified,
    "WorkaroundAdded": WorkaroundAdded,
    "WorkaroundExtended": WorkaroundExtended,
    "WorkaroundRemoved": WorkaroundRemoved,
    "WorkaroundChased": WorkaroundChased,
    "NoWorkaroundsStated": NoWorkaroundsStated,
    "ReviewRecorded": ReviewRecorded,
    "GateOverridden": GateOverridden,
    "ClosingAsked": ClosingAsked,
    "ClosingPutOff": ClosingPutOff,
    "FollowupAdded": FollowupAdded,
    "FollowupChanged": FollowupChanged,
    "FollowupMoved": FollowupMoved,
    "FactorAdded": FactorAdded,
    "FactorChanged": FactorChanged,
    "FactorRemoved": FactorRemoved,
    "SectionWritten": SectionWritten,
    "DraftRequested": DraftRequested,
    "DraftUploaded": DraftUploaded,
    "CanvasWritten": CanvasWritten,
}
EFFECTS: Final[Mapping[str, type[Effect]]] = {
    "OpenChannel": effects.OpenChannel,
    "InviteUsers": effects.InviteUsers,
    "RefreshTopic": effects.RefreshTopic,
    "PostCard": effects.PostCard,
    "RefreshCard": effects.RefreshCard,
    "PinMessage": effects.PinMessage,
    "AddBookmark": effects.AddBookmark,
    "PostNotice": effects.PostNotice,
    "TellPerson": effects.TellPerson,
    "AnswerDeclarer": effects.AnswerDeclarer,
    "FetchMessage": effects.FetchMessage,
    "AddTick": effects.AddTick,
    "RemoveTick": effects.RemoveTick,
    "PostPrecedents": effects.PostPrecedents,
    "KeepGist": effects.KeepGist,
    "TellFollowups": effects.TellFollowups,
    "PostDigest": effects.PostDigest,
    "UploadDraft": effects.UploadDraft,
    "WriteCanvas": effects.WriteCanvas,
}
DRILL_DECLARED: Final = "DrillDeclared"
"""A drill's first event. A version that knows no drills would announce it as an incident, so it must not read it."""
