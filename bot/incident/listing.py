"""What lists, Home and lookups need of an incident, so that nobody replays every log to show a list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.incident.state import Incident
from bot.incident.terms import ChannelId, IncidentId, Role, Severity, Status, UserId, reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One line of a list. A view of the log, stored beside it in the same step and always rebuildable.

    `unclosed_since`: when it was resolved, where nobody closes it although somebody was asked; else None.
    """

    incident: IncidentId
    title: str
    severity: Severity
    status: Status
    private: bool
    active: bool
    reporter: UserId
    declared_at: datetime
    channel: ChannelId | None = None
    channel_name: str = ""
    members: frozenset[UserId] = frozenset()
    roles: Mapping[Role, UserId] = field(default_factory=dict)
    next_update_at: datetime | None = None
    drill: bool = False
    unclosed_since: datetime | None = None
    service: str = ""

    @property
    def reference(self) -> str:
        return reference(self.incident, drill=self.drill)


def listing(incident: Incident) -> Listing:
    return Listing(
        incident=incident.id,
        title=incident.title,
        severity=incident.severity,
        status=incident.status,
        private=incident.private,
        active=incident.is_active,
        reporter=incident.reporter,
        declared_at=incident.declared_at,
        channel=incident.channel,
        channel_name=incident.channel_name,
        members=incident.members,
        roles={role: held.holder for role, held in incident.roles.items()},
        next_update_at=incident.clock.due_at,
        drill=incident.drill,
        unclosed_since=_unclosed_since(incident),
        service=incident.service,
    )


def _unclosed_since(incident: Incident) -> datetime | None:
    asked = incident.status is Status.RESOLVED and incident.closure.asked_at is not None
    return incident.ended_at if asked and not incident.drill else None


def may_see(listing: Listing, user: UserId, see_private: frozenset[UserId]) -> bool:
    """Whether an incident may be shown to somebody at all; a private one only to who is in its channel.

    A role or having reported it is not enough: whoever was taken out of a private channel was so for a reason.
    """
    opening = listing.channel is None and user == listing.reporter
    return not listing.private or opening or user in listing.members or user in see_private
