"""When a review could be: three times within the working hours of all who took part, else the least bad. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import takewhile
from typing import Final

from bot.incident.terms import UserId
from bot.incident.time_zones import zone_of
from bot.incident.working_hours import WorkingHours

HOW_MANY: Final = 3
NOTICE: Final = timedelta(hours=2)
"""Nobody is proposed a time that is nearer than this."""
_STEP: Final = timedelta(minutes=30)
_APART: Final = (timedelta(hours=3), timedelta(hours=1), _STEP)
"""Between two proposals: what suits nobody at ten rarely suits them at half past."""
_LOOKED_FOR: Final = timedelta(days=14)
_WAKING: Final = (time(7), time(20))
"""Outside of these hours, and on a day off, nobody is asked unless there is no other time at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """`time_zone`: an IANA name."""

    user: UserId
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strain:
    """A time outside of somebody's working hours. `begins`: by their own clock; `rest`: a night or a day off."""

    user: UserId
    begins: datetime
    minutes: int
    rest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`late`: how long after it is due the review would end; nothing where it is in time."""

    starts_at: datetime
    strains: tuple[Strain, ...] = ()
    late: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """At most three, the best first. `shared`: all share working hours before the review is due."""

    times: tuple[Proposal, ...]
    shared: bool


def proposals(
    people: Sequence[Attendee], length: timedelta, now: datetime, due_at: datetime | None, hours: WorkingHours
) -> Proposals:
    """`due_at` None: there is no hurry, and two weeks are looked at. All moments aware UTC."""
    until = due_at or now + _LOOKED_FOR
    judged = [_judged(start, people, length, hours) for start in _starts(now, now + _LOOKED_FOR)]
    in_time = list(takewhile(lambda each: each.starts_at + length <= until, judged))
    if shared := [each for each in in_time if not each.strains]:
        return Proposals(times=_in_order(_spread(shared)), shared=True)
    judged = [_late(each, length, until) for each in judged]
    return Proposals(times=_spread(_least_bad(judged)), shared=False)


def _least_bad(judged: Sequence[Proposal]) -> list[Proposal]:
    """In time and a little outside of working hours; else too late, but within them; else what costs least sleep."""
    ranked = sorted(judged, key=_badness)
    awake = [each for each in ranked if not each.late and not any(strain.rest for strain in each.strains)]
    late = [each for each in judged if not each.strains]
    in_time = [each for each in ranked if not each.late]
    return [*awake[:1], *_spread(late)[: HOW_MANY - 1], *in_time[:1], *ranked]


def _starts(now: datetime, until: datetime) -> Iterator[datetime]:
    """Full and half hours, which are the same in nearly every zone."""
    first = (now + NOTICE).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while first < now + NOTICE:
        first += _STEP
    while first < until:
        yield first
        first += _STEP


def _judged(start: datetime, people: Iterable[Attendee], length: timedelta, hours: WorkingHours) -> Proposal:
    strains = (_strain(each, start, length, hours) for each in people)
    return Proposal(starts_at=start, strains=tuple(strain for strain in strains if strain))


def _strain(each: Attendee, start: datetime, length: timedelta, hours: WorkingHours) -> Strain | None:
    zone = zone_of(each.time_zone)
    begins, ends = start.astimezone(zone), (start + length).astimezone(zone)
    works = begins.weekday() in hours.days and begins.date() == ends.date()
    early, late = _minutes(hours.begin) - _minutes(begins.time()), _minutes(ends.time()) - _minutes(hours.until)
    outside = max(early, 0) + max(late, 0)
    if works and outside == 0:
        return None
    awake = works and _WAKING[0] <= begins.time() and ends.time() <= _WAKING[1]
    return Strain(user=each.user, begins=begins, minutes=outside, rest=not awake)


def _minutes(of_day: time) -> int:
    return of_day.hour * 60 + of_day.minute


def _badness(each: Proposal) -> tuple[int, int, datetime]:
    """Nights and days off first, then minutes outside of working hours, then the sooner the better."""
    rests = sum(strain.rest for strain in each.strains)
    return rests, sum(strain.minutes for strain in each.strains), each.starts_at


def _late(each: Proposal, length: timedelta, until: datetime) -> Proposal:
    late = max(each.starts_at + length - until, timedelta())
    return Proposal(starts_at=each.starts_at, strains=each.strains, late=late)


def _spread(found: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """The first that are some hours apart, in that order; where there are too few, nearer ones."""
    chosen: list[Proposal] = []
    for apart in _APART:
        for each in found:
            if len(chosen) < HOW_MANY and all(abs(each.starts_at - one.starts_at) >= apart for one in chosen):
                chosen.append(each)
    return tuple(chosen)


def _in_order(chosen: Iterable[Proposal]) -> tuple[Proposal, ...]:
    return tuple(sorted(chosen, key=lambda each: each.starts_at))
