"""What must follow from asking for feedback. From an answer follows nothing: an effect would tell of it. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.incident.afterwards_effects import FindRespondents
from bot.incident.change import Change, Follows
from bot.incident.effects import Effect, TellPerson
from bot.incident.events import Event
from bot.incident.feedback_events import FeedbackAsked, FeedbackOpened


def _opened(change: Change, event: FeedbackOpened) -> Iterator[Effect]:
    if not event.lapsed:
        yield FindRespondents(incident=change.after.id)


def _asked(change: Change, event: FeedbackAsked) -> Iterator[Effect]:
    yield TellPerson(incident=change.after.id, user=event.asked, about=event)


FEEDBACK_FOLLOWS: Final[Mapping[type[Event], Follows]] = {
    FeedbackOpened: _opened,
    FeedbackAsked: _asked,
}
