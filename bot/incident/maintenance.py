"""Maintenance windows: a while in which a service is expected to misbehave, so that its alerts call nobody.

Pure: what a window is, whom it covers, when its beginning and its end are to be told. A window covers the services that
it names and nothing that needs them: what is quiet by mistake is worse than what is loud.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from bot.incident.catalogue import spoken
from bot.incident.policy import Policy
from bot.incident.rights import require_full_member
from bot.incident.service_names import known_service
from bot.incident.terms import MUSTER, Person, Rejected, UserId

WindowNumber = NewType("WindowNumber", int)
"""The number in M3; given once, in order."""

LONGEST: Final = timedelta(days=7)
LONGEST_WHY: Final = 500
MOST_SERVICES: Final = 20
MOST_WINDOWS: Final = 200
"""Planned or under way, at once."""
SHOWN_FOR: Final = timedelta(days=1)
"""How long a window that is over can still be looked up."""


class Source(StrEnum):
    """Where a window was planned."""

    SLACK = "in Slack"
    CATALOGUE = "in services.yaml"
    CALENDAR = "in the calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A window that somebody wants. `key` names the wish, so that its repetition is recognised."""

    key: str
    services: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    why: str = ""
    source: Source = Source.SLACK
    by: UserId = MUSTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A window as it stands. `ended_at`: when it was ended, be it early or at its time; None: not yet.

    `revision`: how often it was changed, by which the store knows whether what was read is still so.
    """

    number: WindowNumber
    plan: Planned
    is_told: bool = False
    ended_at: datetime | None = None
    ended_by: UserId | None = None
    revision: int = 0

    @property
    def reference(self) -> str:
        return f"M{self.number}"

    @property
    def ends_at(self) -> datetime:
        return self.ended_at or self.plan.ends_at

    def is_under_way(self, at: datetime) -> bool:
        return self.plan.begins_at <= at < self.ends_at

    def covers(self, service: str, at: datetime) -> bool:
        """Whether the service is in maintenance at this moment, however its name is written."""
        return self.is_under_way(at) and spoken(service) in {spoken(each) for each in self.plan.services}


class Turn(StrEnum):
    """What happened to a window; each is an entry of the log of windows, with who did it."""

    PLANNED = "planned"
    BEGAN = "began"
    ENDED = "ended"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowChange:
    """One entry of that log: `window` as it is from now on, `before` as it was read (None: it is new)."""

    at: datetime
    by: UserId
    turn: Turn
    window: Window
    before: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietAlert:
    """An alert that called nobody because of a window. `key` names the alert; its repetitions are only counted.

    `entry`: the id under which it came ('1700000000000-3'), so that one that is told again counts once.
    """

    key: str
    service: str
    title: str
    entry: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """What a window kept quiet: each alert with how often it came, the first ones first. `more`: those not kept."""

    alerts: tuple[tuple[QuietAlert, int], ...] = ()
    more: int = 0

    @property
    def count(self) -> int:
        return sum(times for _, times in self.alerts) + self.more


def planned(by: Person, wish: Planned, known: Sequence[Window], policy: Policy, at: datetime) -> Planned:
    """What somebody asks for, with the services as the catalogue spells them. Raises Rejected."""
    require_full_member(by)
    services = tuple(dict.fromkeys(known_service(each, policy) for each in wish.services))
    if not services:
        raise Rejected(
            "Name the service, as in “maintenance checkout 2h new disks”.", verb="maintenance", field="services"
        )
    if len(services) > MOST_SERVICES:
        raise Rejected(f"One window is for {MOST_SERVICES} services at most.", field="services")
    length = wish.ends_at - wish.begins_at
    if not timedelta(0) < length <= LONGEST:
        raise Rejected("A window is between 1 minute and 7 days long.", field="length")
    if wish.ends_at <= at:
        raise Rejected("That window is over already.", field="begins_at")
    if sum(each.ended_at is None for each in known) >= MOST_WINDOWS:
        raise Rejected(f"{MOST_WINDOWS} windows are planned already: end some of them.", verb="maintenance")
    return replace(wish, services=services, why=" ".join(wish.why.split())[:LONGEST_WHY], by=by.id)


def ended(by: Person, window: Window, at: datetime) -> WindowChange:
    """By hand, before its time. Raises Rejected."""
    require_full_member(by)
    if window.ended_at is not None or window.plan.ends_at <= at:
        raise Rejected(f"{window.reference} is over already.", verb="maintenance")
    return WindowChange(
        at=at, by=by.id, turn=Turn.ENDED, window=replace(window, ended_at=at, ended_by=by.id), before=window
    )


def due(known: Iterable[Window], wishes: Iterable[Planned], at: datetime) -> tuple[Planned | WindowChange, ...]:
    """What is to be done at this moment: wishes whose time has come and that nobody took up, then changes.

    A wish that began and ended while nobody looked is not taken up: there is nothing left to keep quiet or to tell.
    """
    known = tuple(known)
    taken = {each.plan.key for each in known}
    new = [each for each in wishes if each.key not in taken and each.begins_at <= at < each.ends_at]
    changes = [_change(each, at) for each in known]
    return (*new, *(each for each in changes if each is not None))


def _change(window: Window, at: datetime) -> WindowChange | None:
    if window.ended_at is None and window.plan.ends_at <= at:
        after = replace(window, ended_at=window.plan.ends_at)
        return WindowChange(at=at, by=MUSTER, turn=Turn.ENDED, window=after, before=window)
    if window.ended_at is None and not window.is_told and window.plan.begins_at <= at:
        after = replace(window, is_told=True)
        return WindowChange(at=at, by=MUSTER, turn=Turn.BEGAN, window=after, before=window)
    if window.ended_at is not None and max(window.ended_at, window.plan.ends_at) + SHOWN_FOR <= at:
        return WindowChange(at=at, by=MUSTER, turn=Turn.FORGOTTEN, window=window, before=window)
    return None


def is_worth_telling(change: WindowChange) -> bool:
    """Stakeholders hear that it begins and that it ends: of one that never began to be told, neither."""
    if change.turn is Turn.BEGAN:
        return True
    return change.turn is Turn.ENDED and change.before is not None and change.before.is_told


def covering(windows: Iterable[Window], services: Iterable[str], at: datetime) -> Window | None:
    """The window that lasts longest of those that cover one of these services at this moment."""
    named = tuple(services)
    found = [each for each in windows if any(each.covers(service, at) for service in named)]
    return max(found, key=lambda each: each.ends_at, default=None)
