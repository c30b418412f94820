"""What must follow from a change of a follow-up: its card, and a word to whom it concerns. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bot.incident.change import Change, Follows
from bot.incident.effects import Effect, PostCard, RefreshCard, TellPerson, followup_card
from bot.incident.events import Event
from bot.incident.followup import FollowupState
from bot.incident.followup_events import FollowupAdded, FollowupChanged, FollowupMoved
from bot.incident.issue_consequences import kept_in_step
from bot.incident.rights import may_hear
from bot.incident.state import Incident
from bot.incident.terms import UserId


def _added(change: Change, event: FollowupAdded) -> Iterator[Effect]:
    incident = change.after
    if incident.channel is not None:
        yield PostCard(incident=incident.id, card=followup_card(event.number), channel=incident.channel)
    yield from _tell(incident, (event.content.owner,), event)


def _changed(change: Change, event: FollowupChanged) -> Iterator[Effect]:
    incident = change.after
    yield RefreshCard(incident=incident.id, card=followup_card(event.number))
    if event.after.owner != event.before.owner:
        yield from _tell(incident, (event.after.owner,), event)
    yield from kept_in_step(incident, event.number)


def _moved(change: Change, event: FollowupMoved) -> Iterator[Effect]:
    """Of what is blocked the sponsors hear, who can help, and whoever it waits for."""
    incident = change.after
    yield RefreshCard(incident=incident.id, card=followup_card(event.number))
    if event.after is FollowupState.BLOCKED:
        sponsors = incident.followups[event.number].content.sponsors
        yield from _tell(incident, dict.fromkeys((*sponsors, event.waits_for)), event)
    yield from kept_in_step(incident, event.number)


def _tell(incident: Incident, users: Iterable[UserId | None], event: Event) -> Iterator[Effect]:
    """Nobody is told what they did themselves, nor what they may not know of."""
    for user in users:
        if user and user != event.by and may_hear(incident, user):
            yield TellPerson(incident=incident.id, user=user, about=event)


FOLLOWUP_FOLLOWS: Final[Mapping[type[Event], Follows]] = {
    FollowupAdded: _added,
    FollowupChanged: _changed,
    FollowupMoved: _moved,
}
