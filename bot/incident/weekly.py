"""The weekly round of follow-ups: when it comes, what somebody is told in it, and what the digest says. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.incident.followup_index import Listed, Share, public, share
from bot.incident.listing import Listing
from bot.incident.policy import FollowupRule
from bot.incident.terms import UserId
from bot.incident.themes import RisksThisWeek

A_WEEK: Final = timedelta(days=7)
LATEST_HOUR: Final = time(19)
"""What could not be said when it was due is said at a decent hour: between the policy's hour and this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """What one person is told: what is theirs, what is overdue of what they sponsor, what of it has an owner who left,
    and what nobody owns.
    """

    own: tuple[Listed, ...] = ()
    sponsored: tuple[Listed, ...] = ()
    orphaned: tuple[Listed, ...] = ()
    unowned: tuple[Listed, ...] = ()

    @property
    def items(self) -> tuple[Listed, ...]:
        return (*self.own, *self.sponsored, *self.orphaned, *self.unowned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a channel is told; nothing of private incidents and of drills, not even a count.

    `open`: how many there are. `overdue`: how many of them are; `late`: those that have been for long. `unclosed`:
    incidents that are resolved, and that nobody closes although somebody was asked, the oldest first.
    """

    open: int
    overdue: int
    late: tuple[Listed, ...]
    unowned: tuple[Listed, ...]
    share: Share
    unclosed: tuple[Listing, ...] = ()
    risks: RisksThisWeek = field(default_factory=RisksThisWeek)


def next_round(after: datetime, zone: tzinfo, rule: FollowupRule) -> datetime:
    """The first moment after this one at which it is that weekday and hour in the zone."""
    here = after.astimezone(zone)
    days = (rule.weekday - here.weekday()) % 7
    planned = _at(here.date() + timedelta(days=days), zone, rule)
    return planned if planned > after else _at(here.date() + timedelta(days=days + 7), zone, rule)


def decent(at: datetime, zone: tzinfo, rule: FollowupRule) -> datetime:
    """`at`, or where that is in the evening or at night, when the next day's hour has come."""
    here = at.astimezone(zone)
    if here.time() < rule.at:
        return _at(here.date(), zone, rule)
    if here.time() >= max(LATEST_HOUR, rule.at.replace(minute=59)):
        return _at(here.date() + timedelta(days=1), zone, rule)
    return at


def weekly(items: Sequence[Listed], user: UserId, today: date, gone: frozenset[UserId] = frozenset()) -> Weekly | None:
    """Of the open ones that concern somebody and that they may see; None: there is nothing to tell. `gone`: those of
    their owners whose account is deactivated.
    """
    sponsored = [item for item in items if item.line.owner != user and user in item.line.sponsors]
    told = Weekly(
        own=_by_deadline(item for item in items if item.line.owner == user),
        sponsored=_by_deadline(
            item for item in sponsored if item.line.is_overdue(today) and item.line.owner not in gone
        ),
        orphaned=_by_deadline(item for item in sponsored if item.line.owner in gone),
        unowned=_by_deadline(item for item in items if item.line.owner is None and item.line.lead == user),
    )
    return told if told.items else None


def owners_of(items: Iterable[Listed]) -> frozenset[UserId]:
    return frozenset(item.line.owner for item in items if item.line.owner)


def digest(
    items: Sequence[Listed],
    sample: Sequence[Listed],
    unclosed: Iterable[Listing],
    today: date,
    rule: FollowupRule,
    *,
    risks: RisksThisWeek | None = None,
    gone: frozenset[UserId] = frozenset(),
) -> Digest | None:
    """`items`: all that are open, `sample`: those of which the share is taken, `gone`: owners who left. None: there is
    nothing to tell.
    """
    shown, left = public(items), to_be_listed(unclosed)
    risks = risks or RisksThisWeek()
    if not shown and not left and not risks.is_news:
        return None
    overdue = [item for item in shown if item.line.is_overdue(today)]
    return Digest(
        open=len(shown),
        overdue=len(overdue),
        late=_by_deadline(item for item in overdue if _late(item, today, rule)),
        unowned=_by_deadline(item for item in shown if item.line.owner is None or item.line.owner in gone),
        share=share(public(sample)),
        unclosed=left,
        risks=risks,
    )


def to_be_listed(unclosed: Iterable[Listing]) -> tuple[Listing, ...]:
    """Incidents that nobody closes, where anybody may look: no private one, and no drill."""
    shown = (each for each in unclosed if each.unclosed_since and not each.private and not each.drill)
    return tuple(sorted(shown, key=lambda each: (each.unclosed_since or each.declared_at, each.incident)))


def _late(item: Listed, today: date, rule: FollowupRule) -> bool:
    return item.line.due_on is not None and today - item.line.due_on > rule.digest_after


def _at(day: date, zone: tzinfo, rule: FollowupRule) -> datetime:
    return datetime.combine(day, rule.at, tzinfo=zone)


def _by_deadline(items: Iterable[Listed]) -> tuple[Listed, ...]:
    """What is due first comes first; what has no deadline comes last, the oldest first."""
    return tuple(sorted(items, key=lambda item: (item.line.due_on or date.max, item.line.added_at)))
