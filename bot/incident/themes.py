"""What returns over incidents: factors that are alike, by a kind of environment on a service or by their words. Pure.

What counts is for the caller to choose: only incidents that whoever is told may see, and never a drill.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.incident.factor import Surrounding
from bot.incident.factor_index import FactorLine, ListedFactor, public
from bot.incident.likeness import Likeness
from bot.incident.listing import Listing
from bot.incident.terms import IncidentId

WITHIN: Final = timedelta(days=90)
"""An incident that was declared longer ago counts for nothing that returns."""
RETURNS_FROM: Final = 2
"""Incidents."""
SHARED_AT_LEAST: Final = 2
"""Words: with one alone in common, two factors are hardly the same."""
SHARED_SHARE: Final = 3
"""And of the shorter one's words at least every third."""
MOST_HOLDERS: Final = 12
"""Of a word: one that more risks have tells nothing of what they have in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What factors have in common: a kind of environment on a service ('': none was named), else words as written."""

    surrounding: Surrounding | None = None
    service: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Returning:
    """A theme and its incidents, the newest first."""

    theme: Theme
    incidents: tuple[Listing, ...]

    @property
    def count(self) -> int:
        return len(self.incidents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """What earlier incidents say about one. `precedents`: those like it, never a private one.

    `returning`: the themes of its factors.
    """

    precedents: Sequence[Likeness] = ()
    returning: Sequence[Returning] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """Factors of one theme, the newest first; mostly there is one. `theme` None: it is alone."""

    items: tuple[ListedFactor, ...]
    theme: Theme | None = None

    @property
    def incidents(self) -> tuple[Listing, ...]:
        return _incidents(self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class RisksThisWeek:
    """What the digest says of contributing factors. `open`: how many there are, `unaddressed`: by no follow-up.

    `due`: of these somebody accepted the risk, until a day that has come.
    """

    returning: tuple[Returning, ...] = ()
    open: int = 0
    unaddressed: int = 0
    due: int = 0

    @property
    def is_news(self) -> bool:
        """Whether it is reason enough for a digest by itself."""
        return bool(self.returning or self.due)


def risks_this_week(unsettled: Iterable[ListedFactor], recent: Iterable[ListedFactor], today: date) -> RisksThisWeek:
    """Of public incidents alone. `recent`: those of the last 90 days, settled ones too."""
    lines = [each.line for each in public(unsettled) if each.line.is_open(today)]
    return RisksThisWeek(
        returning=tuple(themes(public(recent))),
        open=len(lines),
        unaddressed=sum(not each.actions for each in lines),
        due=sum(each.accepted is not None for each in lines),
    )


def returning(item: ListedFactor, others: Iterable[ListedFactor]) -> tuple[Returning, ...]:
    """The themes of a factor that other incidents have, too. `others`: of the last 90 days; it may be among them."""
    apart = [each for each in others if each.line.incident != item.line.incident]
    surrounded = [each for each in apart if _same_surrounding(item.line, each.line)]
    worded = [each for each in apart if shared_words(item.line, each.line)]
    found = [
        Returning(theme=_surrounding(item.line), incidents=_incidents([item, *surrounded])),
        Returning(theme=Theme(words=_most_shared(item.line, worded)), incidents=_incidents([item, *worded])),
    ]
    return tuple(each for each in found if each.count >= RETURNS_FROM)


def shared_words(one: FactorLine, other: FactorLine) -> tuple[str, ...]:
    """As the first writes them; none where they are too few to be the same."""
    ours, theirs = one.words, other.words
    shared = [written for word, written in ours.items() if word in theirs]
    enough = len(shared) >= SHARED_AT_LEAST and len(shared) * SHARED_SHARE >= min(len(ours), len(theirs))
    return tuple(shared) if enough else ()


def risks(items: Sequence[ListedFactor]) -> list[Risk]:
    """Each factor with those of its theme, the newest first; each in one risk alone."""
    groups: list[list[ListedFactor]] = []
    holders: dict[str, list[int]] = {}
    for item in sorted(items, key=lambda each: (each.line.added_at, each.line.incident), reverse=True):
        place = _group_of(item.line, groups, holders)
        if place is None:
            place = len(groups)
            groups.append([])
            for mark in item.line.marks:
                holders.setdefault(mark, []).append(place)
        groups[place].append(item)
    return [Risk(items=tuple(group), theme=_theme(group)) for group in groups]


def themes(items: Sequence[ListedFactor]) -> list[Returning]:
    """What returns among these, in most incidents first."""
    found = [Returning(theme=risk.theme, incidents=risk.incidents) for risk in risks(items) if risk.theme]
    return sorted((each for each in found if each.count >= RETURNS_FROM), key=lambda each: -each.count)


def _group_of(
    line: FactorLine, groups: Sequence[Sequence[ListedFactor]], holders: Mapping[str, list[int]]
) -> int | None:
    """By the kind of environment on a service first, else by words in common with a group's newest."""
    if line.surrounding_mark in holders:
        return holders[line.surrounding_mark][0]
    shared: dict[int, int] = {}
    for word in line.words:
        places = holders.get(word, ())
        for place in places if len(places) <= MOST_HOLDERS else ():
            shared[place] = shared.get(place, 0) + 1
    likely = [place for place, count in shared.items() if count >= SHARED_AT_LEAST]
    likely.sort(key=lambda place: -shared[place])
    return next((place for place in likely if shared_words(groups[place][0].line, line)), None)


def _theme(group: Sequence[ListedFactor]) -> Theme | None:
    first, *others = group
    if not others or len(_incidents(group)) < RETURNS_FROM:
        return None
    if first.line.surrounding and all(_same_surrounding(first.line, each.line) for each in others):
        return _surrounding(first.line)
    return Theme(words=_most_shared(first.line, others))


def _surrounding(line: FactorLine) -> Theme:
    return Theme(surrounding=line.surrounding, service=line.service)


def _same_surrounding(one: FactorLine, other: FactorLine) -> bool:
    return bool(one.surrounding_mark) and one.surrounding_mark == other.surrounding_mark


def _most_shared(line: FactorLine, others: Iterable[ListedFactor]) -> tuple[str, ...]:
    """The words that most of them share with it, as it writes them."""
    counted = Counter(word for each in others for word in line.words if word in each.line.words)
    most = max(counted.values(), default=0)
    return tuple(written for word, written in line.words.items() if counted[word] * 2 > most)


def _incidents(items: Iterable[ListedFactor]) -> tuple[Listing, ...]:
    """Each once, the newest first."""
    items = tuple(items)
    if len(items) == 1:  # as nearly all are, in a register of thousands
        return (items[0].listing,)
    found: dict[IncidentId, Listing] = {each.line.incident: each.listing for each in items}
    return tuple(found[number] for number in sorted(found, reverse=True))
