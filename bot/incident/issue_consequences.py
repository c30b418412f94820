"""What must follow where a follow-up is kept in step with a tracker. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.incident.afterwards_effects import KeepIssue
from bot.incident.change import Change, Follows
from bot.incident.effects import Effect, RefreshCard, followup_card
from bot.incident.events import Event
from bot.incident.issue_events import FollowupTracked, IssueFiled, IssueLost, IssueMoved, IssueTold
from bot.incident.state import Incident


def kept_in_step(incident: Incident, number: int) -> Iterator[Effect]:
    """The tracker is told, where there is something to tell it."""
    issue = incident.followups[number].issue
    if issue is not None and issue.owes:
        yield KeepIssue(incident=incident.id, number=number)


def _shown_and_kept(change: Change, event: FollowupTracked | IssueFiled | IssueLost) -> Iterator[Effect]:
    incident, card = change.after, followup_card(event.number)
    if card in incident.cards:
        yield RefreshCard(incident=incident.id, card=card)
    yield from kept_in_step(incident, event.number)


def _kept(change: Change, event: IssueTold | IssueMoved) -> Iterator[Effect]:
    """The follow-up went on while the tracker was told."""
    yield from kept_in_step(change.after, event.number)


ISSUE_FOLLOWS: Final[Mapping[type[Event], Follows]] = {
    FollowupTracked: _shown_and_kept,
    IssueFiled: _shown_and_kept,
    IssueLost: _shown_and_kept,
    IssueTold: _kept,
    IssueMoved: _kept,
}
