"""What the chat asks of the renderers, as one protocol: state in, message out; no I/O and no clock of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.incident.effects import SCORECARD
from bot.incident.events import Event
from bot.incident.freeze import Freeze
from bot.incident.state import Incident
from bot.incident.surroundings import Surroundings
from bot.incident.terms import UserId
from bot.slack.message import Message


def told_from_history(card: str) -> bool:
    """Whether the state alone is not enough to draw it."""
    return card.startswith(f"{SCORECARD}:")


class Renderer(Protocol):
    """Every text of the war room. `at`: the moment for which it is written."""

    def card(
        self,
        card: str,
        incident: Incident,
        at: datetime,
        history: Sequence[Event] = (),
        freezes: Sequence[Freeze] = (),
    ) -> Message:
        """`card` as in effects.PostCard. `history`: the whole log, for a card that is `told_from_history`; `freezes`:
        those of its services, for the summary.
        """

    def notice(self, event: Event, incident: Incident, at: datetime) -> Message:
        """What a channel is told of it."""

    def personal(self, event: Event, incident: Incident, at: datetime) -> Message:
        """What one person is told of it."""

    def surroundings(self, found: Surroundings, incident: Incident, at: datetime) -> Message:
        """What is known around it, which is something."""

    def declared(self, incident: Incident, at: datetime) -> Message:
        """What whoever declared is told once the channel exists."""

    def topic(self, incident: Incident, names: Mapping[UserId, str]) -> str:
        """At most 250 characters. Topics show no mentions, so it is given the commander's name, if it is known."""
