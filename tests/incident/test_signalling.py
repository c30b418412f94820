"""Who outside is told of which events: nobody unnamed, of private incidents and drills only who is marked."""

from dataclasses import replace

from bot.incident.commands import AddNote, DeclareIncident, ResolveIncident
from bot.incident.events import Event
from bot.incident.signal_effects import SendSignal
from bot.incident.signal_listener import Listener
from bot.incident.signalling import SIGNALS
from bot.incident.terms import Severity, Status
from tests.incident.given import ADA, POLICY, Story, after, checkout, drill
from tests.incident.kinds import kinds

SIEM, PRIVATE, DRILLS = (
    Listener(name="siem"),
    Listener(name="vault", private=True),
    Listener(name="school", drills=True),
)
TOLD = replace(POLICY, listeners=(SIEM, PRIVATE, DRILLS))
INSIDE = {
    "AlertContextGiven",
    "CadenceSet",
    "CanvasWritten",
    "CardPosted",
    "ChannelOpened",
    "ClosingAsked",
    "ClosingPutOff",
    "DraftRequested",
    "DraftUploaded",
    "FeedbackAsked",
    "FeedbackGiven",
    "FeedbackOpened",
    "FollowupTracked",
    "InvitationPosted",
    "IssueFiled",
    "IssueLost",
    "IssueMoved",
    "IssueTold",
    "JoinRequested",
    "MessageDeleted",
    "MessageEdited",
    "MessageFlagged",
    "MessageRead",
    "MessageUnflagged",
    "PostMissed",
    "PrereadGiven",
    "RecoveryAsked",
    "RecoveryPutOff",
    "RespondentsFound",
    "ResponderJoined",
    "ResponderLeft",
    "ReviewAsked",
    "RiskAskedAbout",
    "SectionWritten",
    "StepFailed",
    "StepRetried",
    "SummaryScheduled",
    "UpdateReminded",
    "UpdateSkipped",
    "UpdateSnoozed",
    "WorkaroundChased",
}
"""Events that are told nobody outside. Whoever adds an event decides here or in SIGNALS."""


def told(story: Story) -> list[SendSignal]:
    return [effect for effect in story.effects if isinstance(effect, SendSignal)]


def test_without_targets_nothing_follows() -> None:
    story = checkout(policy=POLICY)
    story.do(AddNote(by=ADA, text="Errors fall."), after(5))
    assert told(story) == []


def test_each_target_is_told_of_each_event_under_its_version() -> None:
    story = checkout(policy=TOLD)
    before = story.state.version
    events = story.do(ResolveIncident(by=ADA, summary="Rolled back."), after(30))
    versions = [before + place for place, event in enumerate(events, start=1) if type(event) in SIGNALS]
    for listener in (SIEM, PRIVATE, DRILLS):
        heard = [effect for effect in told(story) if effect.target == listener.name]
        assert [effect.version for effect in heard] == versions
        assert [story.log[effect.version - 1] for effect in heard] == [effect.about for effect in heard]
        assert {(effect.severity, effect.status) for effect in heard} == {(Severity.SEV2, Status.RESOLVED)}


def test_the_declaration_is_the_first_version() -> None:
    from_the_start = Story(policy=TOLD).declare(DeclareIncident(by=ADA, title="Checkout returns 500"))
    assert told(from_the_start)[0].version == 1


def test_of_a_private_incident_only_a_target_so_marked_is_told() -> None:
    story = checkout(private=True, policy=TOLD)
    story.do(AddNote(by=ADA, text="Errors fall."), after(5))
    assert {effect.target for effect in told(story)} == {"vault"}


def test_of_a_drill_only_a_target_so_marked_is_told() -> None:
    story = drill(policy=TOLD)
    story.do(AddNote(by=ADA, text="Errors fall."), after(5))
    assert {effect.target for effect in told(story)} == {"school"}


def test_of_a_private_drill_nobody_is_told_who_lacks_one_mark() -> None:
    story = drill(private=True, policy=TOLD)
    story.do(AddNote(by=ADA, text="Errors fall."), after(5))
    assert told(story) == []


def test_bookkeeping_is_told_nobody() -> None:
    assert told(checkout(policy=TOLD)) == []


def test_every_event_is_told_or_stays_inside_by_decision() -> None:
    every = {kind.__name__ for kind in kinds("events", Event)}
    signals = {kind.__name__ for kind in SIGNALS}
    assert signals & INSIDE == set()
    assert signals | INSIDE == every


def test_no_two_events_have_one_name() -> None:
    assert len(set(SIGNALS.values())) == len(SIGNALS)
