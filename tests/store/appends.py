"""Appends to try the store with. Ada declares and commands."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.incident.effects import Effect, PinMessage, RefreshTopic
from bot.incident.events import Event, IncidentDeclared, NoteAdded
from bot.incident.factor_index import ReindexedFactor
from bot.incident.followup_index import Reindexed
from bot.incident.listing import Listing
from bot.incident.terms import (
    ChannelId,
    IncidentId,
    MessageTs,
    RequestId,
    Severity,
    Status,
    TimerName,
    UserId,
    Version,
)
from bot.ports import Append, Lease

ADA = UserId("UADA")
ROOM = ChannelId("C42")
AT = datetime(2026, 3, 1, 14, 5, 6, 789012, tzinfo=UTC)


def declared(incident: int = 1, title: str = "Checkout returns 500") -> IncidentDeclared:
    number = IncidentId(incident)
    return IncidentDeclared(at=AT, by=ADA, incident=number, title=title, severity=Severity.SEV1, update_every=None)


def note(text: str) -> NoteAdded:
    return NoteAdded(at=AT, by=ADA, text=text, happened_at=AT)


def listed(incident: int = 1, *, active: bool = True, channel: ChannelId | None = None) -> Listing:
    return Listing(
        incident=IncidentId(incident),
        title="Checkout returns 500",
        severity=Severity.SEV1,
        status=Status.TRIAGE if active else Status.RESOLVED,
        private=False,
        active=active,
        reporter=ADA,
        declared_at=AT,
        channel=channel,
        members=frozenset({ADA}),
    )


def an_append(
    incident: int = 1,
    expected: int = 0,
    events: Sequence[Event] | None = None,
    effects: Sequence[Effect] = (),
    timers: Mapping[TimerName, datetime] | None = None,
    *,
    request: str = "",
    completes: Lease | None = None,
    followups: Sequence[Reindexed] = (),
    factors: Sequence[ReindexedFactor] = (),
    listing: Listing | None = None,
    valid_until: float | None = None,
) -> Append:
    """Declares unless `expected` says that the incident exists; a note when no events are given."""
    return Append(
        incident=IncidentId(incident),
        expected=Version(expected),
        request=RequestId(request or secrets.token_hex(8)),
        events=events if events is not None else [note("seen") if expected else declared(incident)],
        listing=listing or listed(incident),
        effects=effects,
        timers=timers or {},
        completes=completes,
        followups=followups,
        factors=factors,
        valid_until=valid_until,
    )


def pin(n: int, channel: ChannelId = ROOM) -> PinMessage:
    return PinMessage(incident=IncidentId(1), channel=channel, ts=MessageTs(f"{n}.0"))


def topic(channel: ChannelId = ROOM) -> RefreshTopic:
    return RefreshTopic(incident=IncidentId(1), channel=channel)
