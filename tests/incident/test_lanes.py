"""Where effects queue: posts to one place in order, everything else side by side."""

import pytest

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
from bot.incident.effects import Effect
from bot.incident.events import Event
from bot.incident.freeze import FreezeTurn
from bot.incident.freeze_effects import NoteFreeze, PostFrozenChange, TellFreeze
from bot.incident.invitation_effects import MailInvitation, PostInvitation
from bot.incident.maintenance_effects import PostMaintenance, TellMaintenance
from bot.incident.proposal_effects import PostProposal, RefreshProposal, RemindProposal
from bot.incident.quality_effects import PostAlertQuality
from bot.incident.service_change import ChangeKind, ServiceChange
from bot.incident.signal_effects import SendSignal
from bot.incident.terms import NO_INCIDENT, IncidentId, Severity, Status, UserId, Version
from bot.incident.watchdog_effects import TellBlind, TellSeeing
from tests.incident.given import NEWS, NOON, ROOM, ts
from tests.incident.kinds import kinds

N = IncidentId(42)
ABOUT: Event = events.SummaryScheduled(at=NOON, by=UserId("muster"), number=1)

LANES: dict[Effect, tuple[str, int]] = {
    effects.OpenChannel(incident=N, name="inc-42", private=False): ("42:open", 0),
    effects.InviteUsers(incident=N, channel=ROOM, users=()): ("C0ROOM:invite", 0),
    TellMaintenance(incident=NO_INCIDENT, window=3, began=True, place="#x"): ("maintenance:posts", 0),
    PostFrozenChange(
        incident=N, change=ServiceChange(service="checkout", what="v7", kind=ChangeKind.DEPLOY, at=NOON)
    ): ("freezes:posts", 0),
    NoteFreeze(incident=N, freeze=3, turn=FreezeTurn.BEGAN): ("42:freezes", 0),
    TellFreeze(incident=NO_INCIDENT, freeze=3, turn=FreezeTurn.BEGAN, until=NOON, place="#x"): ("freezes:posts", 0),
    PostAlertQuality(incident=NO_INCIDENT, week=2930, planned_at=NOON): ("alerts:quality", 0),
    TellBlind(incident=NO_INCIDENT, watchdog="p", last_at=None, raised_at=NOON, climbed=False): ("watchdogs:posts", 0),
    TellSeeing(incident=NO_INCIDENT, watchdog="p", last_at=NOON, heard_at=NOON, climbed=True): ("watchdogs:posts", 0),
    PostProposal(incident=NO_INCIDENT, proposal=7): ("proposals:posts", 0),
    RefreshProposal(incident=NO_INCIDENT, proposal=7): ("proposals:7:card", 2),
    RemindProposal(incident=NO_INCIDENT, proposal=7, others=(8,)): ("proposals:posts", 0),
    PostMaintenance(incident=N, channel=ROOM): ("C0ROOM:posts", 0),
    effects.InviteGroups(incident=N, channel=ROOM, groups=()): ("C0ROOM:invite", 0),
    effects.RefreshTopic(incident=N, channel=ROOM): ("C0ROOM:topic", 2),
    effects.PostCard(incident=N, card="summary", channel=ROOM): ("C0ROOM:posts", 0),
    effects.PostCard(incident=N, card="announcement", channel=None): ("announcement:posts", 0),
    effects.RefreshCard(incident=N, card="summary"): ("42:card:summary", 2),
    effects.PinMessage(incident=N, channel=ROOM, ts=ts(1)): ("C0ROOM:pin", 0),
    effects.AddBookmark(incident=N, channel=ROOM, ts=ts(1), title="Incident summary"): ("C0ROOM:bookmark", 0),
    effects.PostNotice(incident=N, channel=ROOM, about=ABOUT): ("C0ROOM:posts", 0),
    effects.PostNotice(incident=N, channel=None, about=ABOUT): ("announcement:posts", 0),
    effects.PostSurroundings(incident=N, channel=ROOM): ("C0ROOM:posts", 0),
    effects.PostPrecedents(incident=N, channel=ROOM): ("C0ROOM:posts", 0),
    effects.PostSuspects(incident=N, channel=ROOM): ("C0ROOM:posts", 0),
    effects.KeepGist(incident=N): ("42:gist", 2),
    effects.TellPerson(incident=N, user=UserId("U0ADA"), about=ABOUT): ("U0ADA:posts", 0),
    effects.AnswerDeclarer(incident=N, user=UserId("U0ADA"), answer_url="https://hooks.test/1"): ("42:answer", 0),
    effects.FetchMessage(incident=N, channel=ROOM, ts=ts(1)): (f"C0ROOM:{ts(1)}:read", 0),
    effects.AddTick(incident=N, channel=ROOM, ts=ts(1), emoji="tick"): (f"C0ROOM:{ts(1)}:tick", 0),
    TellFollowups(incident=N, user=UserId("U0ADA"), planned_at=NOON): ("U0ADA:posts", 0),
    PostDigest(incident=N, planned_at=NOON): ("digest:posts", 0),
    effects.RemoveTick(incident=N, channel=NEWS, ts=ts(1), emoji="tick"): (f"C0NEWS:{ts(1)}:tick", 0),
    PostInvitation(incident=N, channel=ROOM, about=ABOUT): ("C0ROOM:invitation", 0),
    MailInvitation(incident=N, user=UserId("U0ADA"), about=ABOUT): ("42:letters:U0ADA", 0),
    FindRespondents(incident=N): ("42:respondents", 0),
    KeepIssue(incident=N, number=3): ("tracker", 0),
    UploadDraft(incident=N, channel=ROOM, wanted_at=Version(9)): ("C0ROOM:draft", 0),
    PostReviewOverdue(incident=N, number=3): ("digest:posts", 0),
    RememberFacilitator(incident=N, user=UserId("U0ADA"), named_at=NOON): ("42:facilitator", 0),
    WriteCanvas(incident=N, channel=ROOM): ("C0ROOM:canvas", 2),
    PostPreread(incident=N, channel=ROOM, number=1): ("C0ROOM:posts", 0),
    SendPreread(incident=N, user=UserId("U0ADA"), number=1): ("U0ADA:posts", 0),
    SendSignal(
        incident=N,
        target="siem",
        version=Version(7),
        severity=Severity.SEV1,
        status=Status.TRIAGE,
        about=ABOUT,
    ): ("signal:siem", 0),
}


@pytest.mark.parametrize("effect", LANES, ids=lambda effect: type(effect).__name__)
def test_an_effect_queues_in_its_lane(effect: Effect) -> None:
    assert (effect.lane, effect.keep) == LANES[effect]


def test_every_effect_has_a_lane() -> None:
    assert {type(effect) for effect in LANES} == kinds("effects", Effect)


def test_no_lane_carries_the_address_that_an_answer_goes_to() -> None:
    assert not [effect for effect in LANES if "hooks" in effect.lane]
