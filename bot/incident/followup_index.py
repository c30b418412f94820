"""What lists and the weekly round need of follow-ups, so that nobody reads every log for them. Drills are in no index:
what is practised chases nobody and counts nowhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.incident.followup import SETTLED, Followup, FollowupClass, FollowupState, followup_reference, is_overdue
from bot.incident.listing import Listing, may_see
from bot.incident.state import Incident
from bot.incident.terms import MUSTER, IncidentId, UserId

CLOSED_WITHIN: Final = timedelta(days=90)
GOAL_PERCENT: Final = 90
"""Of follow-ups, closed within 90 days: what the best-kept programmes aim at."""
SAMPLED_FOR: Final = timedelta(days=365)
"""The share is of those that were added within the year that ended 90 days ago: all had their 90 days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowupLine:
    """One follow-up in an index. A view of its incident's log, stored beside it in the same step.

    `lead`: who is asked while nobody owns it; None where somebody does. `private`: as its incident was declared, which
    never changes. `tracker`: what it is kept in step with, if with anything; `issue`: its key there, once it is
    filed.
    """

    incident: IncidentId
    number: int
    what: str
    state: FollowupState
    added_at: datetime
    kind: FollowupClass | None = None
    owner: UserId | None = None
    product_sponsor: UserId | None = None
    reliability_sponsor: UserId | None = None
    lead: UserId | None = None
    due_on: date | None = None
    settled_at: datetime | None = None
    waits_for: UserId | None = None
    private: bool = False
    tracker: str = ""
    issue: str = ""

    @property
    def is_open(self) -> bool:
        return self.state not in SETTLED

    @property
    def sponsors(self) -> tuple[UserId, ...]:
        both = (self.product_sponsor, self.reliability_sponsor)
        return tuple(dict.fromkeys(sponsor for sponsor in both if sponsor))

    @property
    def chased(self) -> frozenset[UserId]:
        """Who may hear of it once a week; nobody of what is settled."""
        asked = self.owner or self.lead
        return frozenset((*self.sponsors, *((asked,) if asked else ()))) if self.is_open else frozenset()

    def is_overdue(self, today: date) -> bool:
        return is_overdue(self.due_on, self.state, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reindexed:
    """A line that takes the place of an earlier one. `no_longer`: whom the earlier one concerned, and this does not."""

    line: FollowupLine
    no_longer: frozenset[UserId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A follow-up with the incident that it is of."""

    line: FollowupLine
    listing: Listing

    @property
    def reference(self) -> str:
        return followup_reference(self.line.incident, self.line.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`closed` of `sample` were done, or decided against, within 90 days."""

    closed: int
    sample: int

    @property
    def percent(self) -> int | None:
        return None if self.sample == 0 else self.closed * 100 // self.sample


def followup_lines(incident: Incident, *, with_drills: bool = False) -> Mapping[int, FollowupLine]:
    """By number; none of a drill, unless its own people ask."""
    if incident.drill and not with_drills:
        return {}
    return {number: _line(incident, item) for number, item in incident.followups.items()}


def reindexed(before: Incident | None, after: Incident) -> tuple[Reindexed, ...]:
    """The lines that are others now."""
    if not after.followups:
        return ()
    old = followup_lines(before) if before else {}
    changed = [line for number, line in followup_lines(after).items() if old.get(number) != line]
    return tuple(Reindexed(line=line, no_longer=_chased(old.get(line.number)) - line.chased) for line in changed)


def seen(items: Iterable[Listed], viewer: UserId, see_private: frozenset[UserId]) -> list[Listed]:
    """Those that may be shown to somebody at all."""
    return [item for item in items if may_see(item.listing, viewer, see_private)]


def public(items: Iterable[Listed]) -> list[Listed]:
    """Those that may stand where anybody looks, and be counted there."""
    return [item for item in items if not item.listing.private]


def sampled(at: datetime) -> tuple[datetime, datetime]:
    """When those were added of which the share is taken."""
    until = at - CLOSED_WITHIN
    return until - SAMPLED_FOR, until


def share(sample: Sequence[Listed]) -> Share:
    """Of follow-ups that have all had their 90 days."""
    return Share(closed=sum(_in_time(item.line) for item in sample), sample=len(sample))


def _in_time(line: FollowupLine) -> bool:
    return line.settled_at is not None and line.settled_at - line.added_at <= CLOSED_WITHIN


def _chased(line: FollowupLine | None) -> frozenset[UserId]:
    return line.chased if line else frozenset()


def _line(incident: Incident, item: Followup) -> FollowupLine:
    content = item.content
    return FollowupLine(
        incident=incident.id,
        number=item.number,
        what=content.what,
        state=item.state,
        added_at=item.added_at,
        kind=content.kind,
        owner=content.owner,
        product_sponsor=content.product_sponsor,
        reliability_sponsor=content.reliability_sponsor,
        lead=None if content.owner else _lead(incident),
        due_on=content.due_on,
        settled_at=item.moved_at if item.is_settled else None,
        waits_for=item.waits_for,
        private=incident.private,
        tracker=item.issue.tracker if item.issue and not item.issue.lost else "",
        issue=item.issue.key if item.issue and not item.issue.lost else "",
    )


def _lead(incident: Incident) -> UserId | None:
    lead = incident.commander or incident.reporter
    return None if lead == MUSTER else lead
