"""What the risk register needs of contributing factors, so that nobody reads every log for it. Drills are in no index.

A factor is closed when all that was to be done about it is done; until then it is open, also while somebody accepts it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from bot.incident.factor import Acceptance, Factor, FactorClass, Surrounding, factor_reference
from bot.incident.followup import Followup, FollowupState, is_overdue
from bot.incident.listing import Listing, may_see
from bot.incident.search_words import mark, words_of
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, UserId

MOST_WORDS: Final = 20
"""Of one factor; a sentence of 300 characters has hardly more that tell anything."""
SURROUNDING: Final = "surrounding"
"""The kind of mark by which factors of one kind of environment on one service are told to be alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A follow-up that addresses a factor."""

    number: int
    what: str
    state: FollowupState
    owner: UserId | None = None
    due_on: date | None = None

    def is_overdue(self, today: date) -> bool:
        return is_overdue(self.due_on, self.state, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorLine:
    """One factor in the index. A view of its incident's log, stored beside it in the same step.

    `declared_at`, `service`, `private`: of its incident, as it was declared, which never changes.
    """

    incident: IncidentId
    number: int
    text: str
    kind: FactorClass
    added_at: datetime
    declared_at: datetime
    surrounding: Surrounding | None = None
    service: str = ""
    actions: tuple[Action, ...] = ()
    accepted: Acceptance | None = None
    private: bool = False
    stands: bool = True

    @property
    def is_settled(self) -> bool:
        """It was removed, or all that was to be done about it is done; what nobody does settles nothing."""
        is_addressed = bool(self.actions) and all(each.state is FollowupState.DONE for each in self.actions)
        return is_addressed or not self.stands

    def is_accepted(self, today: date) -> bool:
        """Until the day on which to look again."""
        return self.accepted is not None and today < self.accepted.look_again_on

    def is_open(self, today: date) -> bool:
        return not self.is_settled and not self.is_accepted(today)

    @property
    def words(self) -> Mapping[str, str]:
        """Its telling words in compared form, each with how it is written."""
        return _words(self.text)

    @property
    def surrounding_mark(self) -> str:
        """Empty where it is of no kind of environment."""
        return mark(SURROUNDING, f"{self.surrounding} on {self.service}") if self.surrounding else ""

    @property
    def marks(self) -> frozenset[str]:
        """By which others like it are found; none of one that does not stand."""
        if not self.stands:
            return frozenset()
        return frozenset(filter(None, (self.surrounding_mark, *self.words)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexedFactor:
    """A line that takes the place of an earlier one. `no_longer`: marks that the earlier one had, and this has not."""

    line: FactorLine
    no_longer: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFactor:
    """A factor with the incident that it is of."""

    line: FactorLine
    listing: Listing

    @property
    def reference(self) -> str:
        return factor_reference(self.line.incident, self.line.number)


def factor_lines(incident: Incident) -> Mapping[int, FactorLine]:
    """By number, those that were removed too; none of a drill."""
    if incident.drill:
        return {}
    return {number: line_of(incident, factor) for number, factor in incident.factors.items()}


def reindexed_factors(before: Incident | None, after: Incident) -> tuple[ReindexedFactor, ...]:
    """The lines that are others now: also by what became of a follow-up."""
    if not after.factors:
        return ()
    old = factor_lines(before) if before else {}
    changed = [line for number, line in factor_lines(after).items() if old.get(number) != line]
    return tuple(ReindexedFactor(line=line, no_longer=_marks(old.get(line.number)) - line.marks) for line in changed)


def seen(items: Iterable[ListedFactor], viewer: UserId, see_private: frozenset[UserId]) -> list[ListedFactor]:
    """Those that may be shown to somebody at all."""
    return [item for item in items if may_see(item.listing, viewer, see_private)]


def public(items: Iterable[ListedFactor]) -> list[ListedFactor]:
    """Those that may stand where anybody looks, and be counted there."""
    return [item for item in items if not item.listing.private]


def is_addressed(incident: Incident, factor: Factor) -> bool:
    return line_of(incident, factor).is_settled


def line_of(incident: Incident, factor: Factor) -> FactorLine:
    content = factor.content
    actions = (incident.followups[number] for number in content.followups if number in incident.followups)
    return FactorLine(
        incident=incident.id,
        number=factor.number,
        text=content.text,
        kind=content.kind,
        surrounding=content.surrounding,
        service=incident.service,
        added_at=factor.added_at,
        declared_at=incident.declared_at,
        actions=tuple(_action(each) for each in actions),
        accepted=factor.accepted,
        private=incident.private,
        stands=factor.stands,
    )


@lru_cache(maxsize=8192)
def _words(text: str) -> Mapping[str, str]:
    return dict(list(words_of(text).items())[:MOST_WORDS])


def _marks(line: FactorLine | None) -> frozenset[str]:
    return line.marks if line else frozenset()


def _action(item: Followup) -> Action:
    content = item.content
    return Action(number=item.number, what=content.what, state=item.state, owner=content.owner, due_on=content.due_on)
