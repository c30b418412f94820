"""Deploy freezes: a while in which nothing of a service is to be deployed. It stops nobody: it is told, and asked for.

Pure: what a freeze is, which services it is of, when it is to be told. It is of the services that it names and of
nothing that needs them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from bot.incident.catalogue import spoken
from bot.incident.commands import AddNote
from bot.incident.policy import FreezeRule, Policy
from bot.incident.rights import require_full_member
from bot.incident.service_names import known_service
from bot.incident.terms import MUSTER, EntryKind, IncidentId, Person, Rejected, Standing, UserId

FreezeNumber = NewType("FreezeNumber", int)
"""The number in F3; given once, in order."""

LONGEST: Final = timedelta(days=7)
"""From now on; whoever needs longer says so again before it ends."""
LONGEST_WHY: Final = 500
MOST_SERVICES: Final = 20
MOST_FREEZES: Final = 200
"""At once."""
_SAME: Final = timedelta(minutes=1)
"""So near to each other two ends are one: a command that is delivered twice asks for two."""
KNOWN_FOR: Final = timedelta(days=7)
"""How long one that is over can be looked up: as long as deployments may be told of afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeWish:
    """A freeze that somebody wants. `request` names the wish, so that its repetition is recognised.

    `lasts` None: as long as the policy says. `incident`: which it follows from, where everybody may know of that.
    """

    request: str
    services: tuple[str, ...]
    lasts: timedelta | None = None
    why: str = ""
    incident: IncidentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """A freeze as it stands. `ended_at`: when it ended, be it early or at its time; None: not yet.

    `after`: the newest freeze that was known when it began, so that of two who begin one at once only one does.
    `reminded`: whether it was told that it ends soon. `revision`: how often it was changed.
    """

    number: FreezeNumber
    services: tuple[str, ...]
    since: datetime
    until: datetime
    by: UserId
    request: str
    after: int
    why: str = ""
    incident: IncidentId | None = None
    reminded: bool = False
    ended_at: datetime | None = None
    ended_by: UserId | None = None
    revision: int = 0

    @property
    def reference(self) -> str:
        return f"F{self.number}"

    @property
    def ends_at(self) -> datetime:
        return self.ended_at or self.until

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.ends_at

    def covers(self, service: str, at: datetime) -> bool:
        """Whether the service was frozen by it at this moment, however its name is written."""
        return self.holds(at) and spoken(service) in {spoken(each) for each in self.services}

    def reminds_at(self, rule: FreezeRule) -> datetime:
        """Of a short one, when three quarters of it are over."""
        return self.until - min(rule.remind_before, (self.until - self.since) / 4)


class FreezeTurn(StrEnum):
    """What happened to a freeze; each is an entry of the log of freezes, with who did it."""

    BEGAN = "began"
    EXTENDED = "extended"
    REMINDED = "reminded"
    ENDED = "ended"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeChange:
    """One entry of that log: `freeze` as it is from now on, `before` as it was read (None: it is new)."""

    at: datetime
    by: UserId
    turn: FreezeTurn
    freeze: Freeze
    before: Freeze | None = None


def granted(by: Person, wish: FreezeWish, known: Sequence[Freeze], policy: Policy, at: datetime) -> FreezeWish:
    """What somebody asks for, with the services as the catalogue spells them. Raises Rejected."""
    require_full_member(by)
    services = tuple(dict.fromkeys(known_service(each, policy) for each in wish.services))
    if not services:
        raise Rejected("Name the service, as in “freeze checkout 24h why”.", verb="freeze", field="services")
    if len(services) > MOST_SERVICES:
        raise Rejected(f"One freeze is of {MOST_SERVICES} services at most.", field="services")
    for service in services:
        _require_unfrozen(service, known, at)
    lasts = wish.lasts or policy.freezes.lasts
    _require_length(lasts)
    if sum(each.holds(at) for each in known) >= MOST_FREEZES:
        raise Rejected(f"There are {MOST_FREEZES} freezes already: end some of them.", verb="freeze")
    return replace(wish, services=services, lasts=lasts, why=" ".join(wish.why.split())[:LONGEST_WHY])


def _require_unfrozen(service: str, known: Iterable[Freeze], at: datetime) -> None:
    """One freeze a service: ended means that it may be deployed."""
    if (freeze := covering(known, [service], at)) is not None:
        raise Rejected(
            f"Deploys of {service[:75]} are frozen already ({freeze.reference}, by {{who}}). "
            f"For longer: freeze extend {freeze.reference} 24h.",
            verb="freeze",
            field="services",
            who=freeze.by,
        )


def _require_length(lasts: timedelta) -> None:
    if not timedelta(0) < lasts <= LONGEST:
        raise Rejected("A freeze lasts between 1 minute and 7 days from now, and can be extended.", verb="freeze")


def extended(by: Person, freeze: Freeze, lasts: timedelta | None, policy: Policy, at: datetime) -> FreezeChange:
    """It ends so long from now, which is not earlier than it would have ended. Raises Rejected."""
    require_full_member(by)
    _require_open(freeze, at)
    lasts = lasts or policy.freezes.lasts
    _require_length(lasts)
    if at + lasts < freeze.until + _SAME:
        raise Rejected(f"{freeze.reference} lasts that long already.", verb="freeze")
    after = replace(freeze, until=at + lasts, reminded=False)
    return FreezeChange(at=at, by=by.id, turn=FreezeTurn.EXTENDED, freeze=after, before=freeze)


def ended(by: Person, freeze: Freeze, at: datetime) -> FreezeChange:
    """By hand, before its time. Raises Rejected."""
    require_full_member(by)
    _require_open(freeze, at)
    after = replace(freeze, ended_at=at, ended_by=by.id)
    return FreezeChange(at=at, by=by.id, turn=FreezeTurn.ENDED, freeze=after, before=freeze)


def _require_open(freeze: Freeze, at: datetime) -> None:
    if not freeze.holds(at):
        raise Rejected(f"{freeze.reference} is over already.", verb="freeze")


def note_of(freeze: Freeze, turn: FreezeTurn) -> AddNote:
    """For the timeline of the incident from which it follows, that it began or is over: in the name of who did it."""
    services, over = ", ".join(freeze.services), turn is FreezeTurn.ENDED
    who = freeze.ended_by or MUSTER if over else freeze.by
    began = f"Deploys of {services} are frozen ({freeze.reference}){': ' if freeze.why else ''}{freeze.why}"
    return AddNote(
        by=Person(id=who, standing=Standing.MUSTER),
        text=f"Deploys of {services} are no longer frozen ({freeze.reference})" if over else began,
        happened_at=freeze.ends_at if over else freeze.since,
        kind=EntryKind.ENTRY if who == MUSTER else EntryKind.DECISION,
    )


def due(known: Iterable[Freeze], rule: FreezeRule, at: datetime) -> tuple[FreezeChange, ...]:
    """What is to be done at this moment."""
    changes = (_change(each, rule, at) for each in known)
    return tuple(each for each in changes if each is not None)


def _change(freeze: Freeze, rule: FreezeRule, at: datetime) -> FreezeChange | None:
    if freeze.ended_at is not None:
        if freeze.ended_at + KNOWN_FOR > at:
            return None
        return FreezeChange(at=at, by=MUSTER, turn=FreezeTurn.FORGOTTEN, freeze=freeze, before=freeze)
    if freeze.until <= at:
        after = replace(freeze, ended_at=freeze.until)
        return FreezeChange(at=at, by=MUSTER, turn=FreezeTurn.ENDED, freeze=after, before=freeze)
    if not freeze.reminded and freeze.reminds_at(rule) <= at:
        after = replace(freeze, reminded=True)
        return FreezeChange(at=at, by=MUSTER, turn=FreezeTurn.REMINDED, freeze=after, before=freeze)
    return None


def covering(freezes: Iterable[Freeze], services: Iterable[str], at: datetime) -> Freeze | None:
    """The freeze that lasts longest of those of one of these services at this moment."""
    named = tuple(services)
    found = [each for each in freezes if any(each.covers(service, at) for service in named)]
    return max(found, key=lambda each: each.ends_at, default=None)
