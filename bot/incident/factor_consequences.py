"""What must follow from a contributing factor: whoever accepted its risk is asked when the day has come. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.incident.change import Change, Follows
from bot.incident.effects import Effect, TellPerson
from bot.incident.events import Event
from bot.incident.factor_events import RiskAskedAbout


def _asked(change: Change, event: RiskAskedAbout) -> Iterator[Effect]:
    yield TellPerson(incident=change.after.id, user=event.asked, about=event)


FACTOR_FOLLOWS: Final[Mapping[type[Event], Follows]] = {RiskAskedAbout: _asked}
