"""How good the rules of the monitoring are, week by week, and which to fix first. Pure; no word of it is about people.

What costs people most comes first: false alarms, proposals that nobody takes up, incidents that nobody takes up, no
runbook, flapping, and firings that lead nowhere.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from statistics import median
from typing import Final, NewType

from bot.incident.alert_tally import Figure, Sounding

Week = NewType("Week", int)
"""An ISO week in UTC, by its number since that of 1970-01-01."""
_FIRST_MONDAY: Final = datetime(1969, 12, 29, tzinfo=UTC)
_A_WEEK: Final = timedelta(weeks=1)

MOST_TO_FIX: Final = 10
FEWEST_FIRINGS: Final = 3
"""In a week; of a rule that fires less nothing can be said."""
FEWEST_CANCELLED: Final = 2
FEWEST_TURNED_DOWN: Final = 3
FEWEST_FLAPS: Final = 3
FEWEST_FOR_NOTHING: Final = 10
SLOW: Final = timedelta(minutes=15)


_FOR_SOMETHING: Final = (Figure.SUPPRESSED, Figure.ANSWERED, Figure.FROZE)
"""Maintenance, what people had answered before, and what made them freeze deploys."""


class Fault(IntEnum):
    """In the order in which they are to be fixed."""

    CANCELLED = 1
    TURNED_DOWN = 2
    SLOW = 3
    UNGUIDED = 4
    FLAPPED = 5
    LEADS_NOWHERE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleQuality:
    """What one rule of the monitoring did. `took`: from detection to command, of incidents that it opened."""

    sounding: Sounding
    figures: Mapping[Figure, int] = field(default_factory=dict)
    took: tuple[timedelta, ...] = ()

    def count(self, figure: Figure) -> int:
        return self.figures.get(figure, 0)

    @property
    def fired(self) -> int:
        return self.count(Figure.FIRED)

    @property
    def led(self) -> int:
        """Firings that opened an incident or joined one."""
        return self.count(Figure.OPENED) + self.count(Figure.JOINED)

    @property
    def ignored(self) -> int:
        """Recorded by a rule, or proposed to people who ignored it or let it expire; not what maintenance explains."""
        return self.count(Figure.RECORDED) + self.count(Figure.TURNED_DOWN)

    @property
    def to_command(self) -> timedelta | None:
        return timedelta(seconds=median(each.total_seconds() for each in self.took)) if self.took else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekQuality:
    """`rest`: how often further rules fired that were too many to be kept one by one."""

    week: Week
    rules: tuple[RuleQuality, ...] = ()
    rest: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """`count`: how often, or how many minutes. `advice`: what is wrong and what to do; no foreign text is in it."""

    fault: Fault
    count: int
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToFix:
    """A rule with its flaws, the gravest first. `before`: how often it fired in the week before."""

    rule: RuleQuality
    flaws: tuple[Flaw, ...]
    before: int = 0


def week_of(at: datetime) -> Week:
    return Week((at - _FIRST_MONDAY) // _A_WEEK)


def monday(week: Week) -> date:
    return (_FIRST_MONDAY + week * _A_WEEK).date()


def newest_weeks(at: datetime, count: int) -> list[Week]:
    """The running one first."""
    return [Week(week_of(at) - back) for back in range(count)]


def together(weeks: Iterable[WeekQuality]) -> list[RuleQuality]:
    """Each rule once, those that fired most first; what is said of it is from the newest of its weeks."""
    found: dict[str, RuleQuality] = {}
    for week in sorted(weeks, key=lambda each: each.week):
        for rule in week.rules:
            before = found.get(rule.sounding.key)
            found[rule.sounding.key] = _added(before, rule) if before else rule
    return sorted(found.values(), key=lambda each: (-each.fired, each.sounding.name, each.sounding.source))


def to_fix(rules: Iterable[RuleQuality], before: Iterable[RuleQuality] = ()) -> tuple[ToFix, ...]:
    """The ten that are most worth it, by their gravest flaw and how often it showed."""
    earlier = {each.sounding.key: each.fired for each in before}
    flawed = [
        ToFix(rule=rule, flaws=found, before=earlier.get(rule.sounding.key, 0))
        for rule in rules
        if (found := flaws(rule))
    ]
    return tuple(sorted(flawed, key=_order)[:MOST_TO_FIX])


def flaws(rule: RuleQuality) -> tuple[Flaw, ...]:
    """The gravest first; none of a rule that fires rarely."""
    if rule.fired - rule.count(Figure.SUPPRESSED) < FEWEST_FIRINGS:
        return ()
    return tuple(sorted(_flaws(rule), key=lambda each: each.fault))


def _flaws(rule: RuleQuality) -> Iterator[Flaw]:
    yield from _false_alarms(rule)
    if rule.to_command and rule.to_command >= SLOW:
        minutes = rule.to_command // timedelta(minutes=1)
        advice = f"{minutes} min until somebody took command: see whom its service calls, and how"
        yield Flaw(fault=Fault.SLOW, count=minutes, advice=advice)
    unguided = rule.count(Figure.UNGUIDED)
    if unguided and rule.led:
        advice = "no runbook: add runbook_url to the alert, or runbooks to its service"
        yield Flaw(fault=Fault.UNGUIDED, count=unguided, advice=advice)
    flapped = rule.count(Figure.FLAPPED)
    if flapped >= FEWEST_FLAPS:
        advice = f"flapped {flapped} times: give it a longer “for”"
        yield Flaw(fault=Fault.FLAPPED, count=flapped, advice=advice)


def _false_alarms(rule: RuleQuality) -> Iterator[Flaw]:
    """At most one of the three."""
    cancelled, opened = rule.count(Figure.CANCELLED), rule.count(Figure.OPENED)
    turned_down, proposed = rule.count(Figure.TURNED_DOWN), rule.count(Figure.PROPOSED)
    for_nothing = rule.fired - sum(map(rule.count, _FOR_SOMETHING))
    if cancelled >= FEWEST_CANCELLED and 2 * cancelled >= opened:
        told = f"{cancelled} incidents that it opened were cancelled: raise its threshold, or propose instead"
        yield Flaw(fault=Fault.CANCELLED, count=cancelled, advice=told)
    elif turned_down >= FEWEST_TURNED_DOWN and 2 * turned_down >= proposed:
        told = f"proposed, and not taken up {turned_down} times: record it, or raise its threshold"
        yield Flaw(fault=Fault.TURNED_DOWN, count=turned_down, advice=told)
    elif for_nothing >= FEWEST_FOR_NOTHING and not rule.led:
        is_recorded = rule.count(Figure.RECORDED) >= for_nothing
        advice = "raise its threshold, or take it out" if is_recorded else "record it, or raise its threshold"
        told = f"fired {rule.fired} times and led to no incident: {advice}"
        yield Flaw(fault=Fault.LEADS_NOWHERE, count=for_nothing, advice=told)


def _order(each: ToFix) -> tuple[int, int, int, str, str]:
    gravest, sounding = each.flaws[0], each.rule.sounding
    return gravest.fault, -gravest.count, -each.rule.fired, sounding.name, sounding.source


def _added(one: RuleQuality, other: RuleQuality) -> RuleQuality:
    """`other` is the newer one."""
    figures = {each: one.count(each) + other.count(each) for each in (*one.figures, *other.figures)}
    return RuleQuality(sounding=other.sounding, figures=figures, took=(*one.took, *other.took))


def in_all(rules: Sequence[RuleQuality], figure: Figure) -> int:
    return sum(each.count(figure) for each in rules)
