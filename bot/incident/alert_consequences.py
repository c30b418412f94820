"""What must follow from a change of an incident's alerts: a line on its card, and a question. Never a message each."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.incident.alert_events import AlertsChanged, RecoveryAsked
from bot.incident.change import Change, Follows, tell_channel
from bot.incident.effects import SUMMARY, Effect, RefreshCard, TellPerson
from bot.incident.events import CardPosted, Event


def _changed(change: Change, event: AlertsChanged) -> Iterator[Effect]:
    """What flaps changes the card no more; the next change that counts shows where it stands."""
    incident, before = change.after, change.before
    if before and SUMMARY in incident.cards and incident.alerts.shown > before.alerts.shown:
        yield RefreshCard(incident=incident.id, card=SUMMARY)


def _asked(change: Change, event: RecoveryAsked) -> Iterator[Effect]:
    if event.asked:
        yield TellPerson(incident=change.after.id, user=event.asked, about=event)
    else:
        yield from tell_channel(change, event)


def alerts_moved_on(change: Change, event: CardPosted) -> bool:
    """The summary was drawn, and before it stood in Slack further alerts came."""
    return event.card == SUMMARY and change.after.alerts.shown > event.rendered


ALERT_FOLLOWS: Final[Mapping[type[Event], Follows]] = {
    AlertsChanged: _changed,
    RecoveryAsked: _asked,
}
