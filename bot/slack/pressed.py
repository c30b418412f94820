"""One press of a button, as the listeners of buttons take it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.incident.terms import IncidentId, Person, RequestId
from bot.slack.listening import Desk
from bot.slack.looking import Viewing
from bot.slack.replies import Outcome, Spot


class Stale(Exception):  # noqa: N818 - a button's value that says nothing today is no error of ours
    """The value is not one that today's buttons have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """One press. `incident` 0: a button that belongs to none. `value`: what follows the incident's number."""

    by: Person
    incident: IncidentId
    value: str
    spot: Spot
    action: str

    @property
    def request(self) -> RequestId:
        """A trigger id belongs to one interaction."""
        return RequestId(f"press:{self.spot.trigger}:{self.action}")

    @property
    def viewing(self) -> Viewing:
        return Viewing(by=self.by, incident=self.incident)


Listener = Callable[[Desk, Pressed], Awaitable[Outcome]]
