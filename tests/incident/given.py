"""Incidents to begin a test with: the cast, fixed times, and histories made by the real decisions.

Nothing here asserts. A `Story` is one incident and all that happened in it; its methods are what a test tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.incident.change import Change
from bot.incident.commands import (
    ClaimRole,
    Command,
    DeclareIncident,
    FireTimer,
    RecordChannel,
    RecordJoined,
    RecordMessage,
    ResolveIncident,
)
from bot.incident.consequences import consequences
from bot.incident.decide import decide, declare
from bot.incident.effects import ANNOUNCEMENT, SUMMARY, Effect
from bot.incident.events import Event
from bot.incident.evolve import replay
from bot.incident.informing import UPDATE_TIMER, due_timers
from bot.incident.policy import FeedbackRule, Policy, SeverityRule
from bot.incident.state import Incident
from bot.incident.terms import (
    COMMUNICATIONS_LEAD,
    MUSTER_ITSELF,
    ChannelId,
    Checklist,
    IncidentId,
    MessageTs,
    Person,
    Severity,
    Standing,
    Step,
    TimerName,
    UserId,
    Version,
)

ROOM: Final = ChannelId("C0ROOM")
NEWS: Final = ChannelId("C0NEWS")
"""The incident's channel, and the announcement channel."""

ADA: Final = Person(id=UserId("U0ADA"), name="Ada", speaks_in=ROOM)
BEN: Final = Person(id=UserId("U0BEN"), name="Ben", speaks_in=ROOM)
CLEO: Final = Person(id=UserId("U0CLEO"), name="Cleo")
DEE: Final = Person(id=UserId("U0DEE"), name="Dee", standing=Standing.GUEST)
"""Ada commands, Ben leads communications, Cleo is outside, Dee is a guest."""

NOON: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

POLICY: Final = Policy(
    severities={
        Severity.SEV1: SeverityRule(rubric="Down.", update_every=timedelta(minutes=30), invite=(UserId("U0CTO"),)),
        Severity.SEV2: SeverityRule(rubric="Degraded.", update_every=timedelta(minutes=60)),
        Severity.SEV3: SeverityRule(rubric="A nuisance.", update_every=None, summary_every=timedelta(hours=4)),
    },
    feedback=FeedbackRule(after=None),
)
"""SEV1: every 30 min, SEV2 (the default): every 60 min, SEV3: no reminders, a summary every 4 hours. Nobody is asked
how it went."""

ROLLBACK: Final = Checklist(
    playbook="bad-deploy",
    title="Bad deploy",
    steps=(Step(id="1", title="Stop the rollout"), Step(id="2", title="Roll back")),
)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def after(count: float) -> datetime:
    """So many minutes past noon, when every incident here is declared."""
    return NOON + minutes(count)


def ts(number: int) -> MessageTs:
    return MessageTs(f"{NOON.timestamp() + number:.6f}")


@dataclass(kw_only=True)
class Story:
    """One incident as it unfolds; `effects` holds what followed from the last command."""

    policy: Policy = POLICY
    log: list[Event] = field(default_factory=list)
    live: Incident | None = None
    effects: Sequence[Effect] = ()

    @property
    def state(self) -> Incident:
        assert self.live is not None
        return self.live

    @property
    def timers(self) -> dict[TimerName, datetime]:
        return dict(due_timers(self.state, self.policy))

    def decided(self, command: Command, at: datetime) -> tuple[Event, ...]:
        """What would happen; nothing has."""
        return decide(self.state, command, self.policy, at)

    def do(self, command: Command, at: datetime) -> tuple[Event, ...]:
        before = self.state
        return self._happens(command, before, decide(before, command, self.policy, at))

    def declare(self, command: DeclareIncident, at: datetime = NOON) -> "Story":
        self._happens(command, None, declare(IncidentId(42), command, self.policy, at))
        return self

    def open_channel(self, at: datetime = NOON, *, joined: Sequence[Person] = (ADA, BEN)) -> "Story":
        """The channel exists, those are in it, and the cards hang."""
        self.do(RecordChannel(by=MUSTER_ITSELF, channel=ROOM, name="inc-42-checkout-500"), at)
        self.do(RecordJoined(by=MUSTER_ITSELF, users=tuple(person.id for person in joined)), at)
        self.do(card_posted(SUMMARY, ROOM, self.state.version), at)
        if not self.state.private:
            self.do(card_posted(ANNOUNCEMENT, NEWS, self.state.version), at)
        return self

    def fire(self, at: datetime, name: TimerName = UPDATE_TIMER) -> tuple[Event, ...]:
        return self.do(FireTimer(by=MUSTER_ITSELF, name=name, due_at=at), at)

    def happened(self, *events: Event) -> None:
        """Goes into the log without being decided."""
        self.log += events
        self.live = replay(events, self.live)

    def _happens(self, command: Command, before: Incident | None, events: tuple[Event, ...]) -> tuple[Event, ...]:
        self.happened(*events)
        change = Change(command=command, before=before, after=self.state, policy=self.policy)
        self.effects = consequences(change, events)
        return events


def card_posted(card: str, channel: ChannelId, rendered: Version) -> RecordMessage:
    return RecordMessage(by=MUSTER_ITSELF, card=card, channel=channel, ts=ts(len(card)), rendered=rendered)


def checkout(severity: Severity | None = None, *, private: bool = False, policy: Policy = POLICY) -> Story:
    """Declared by Ada at noon, SEV2 unless told, with its channel open; Ada commands by default."""
    declaration = DeclareIncident(by=ADA, title="Checkout returns 500", severity=severity, private=private)
    return Story(policy=policy).declare(declaration).open_channel()


def drill(severity: Severity | None = None, *, private: bool = False, policy: Policy = POLICY) -> Story:
    """As checkout(), for practice."""
    declaration = DeclareIncident(
        by=ADA, title="Checkout returns 500", severity=severity, private=private, service="checkout", drill=True
    )
    return Story(policy=policy).declare(declaration).open_channel()


def opening(*, private: bool = False) -> Story:
    """Declared by Ada at noon; its channel does not exist yet."""
    return Story().declare(DeclareIncident(by=ADA, title="Checkout returns 500", private=private))


def led(severity: Severity | None = None, *, private: bool = False) -> Story:
    """As checkout(), and Ben is communications lead."""
    from_the_start = checkout(severity, private=private)
    from_the_start.do(claim_communications(), NOON)
    return from_the_start


def claim_communications() -> Command:
    return ClaimRole(by=BEN, role=COMMUNICATIONS_LEAD)


def resolved() -> Story:
    """Checkout, resolved at 12:30."""
    story = checkout()
    story.do(ResolveIncident(by=ADA, summary="Rolled back."), after(30))
    return story
