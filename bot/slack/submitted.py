"""One submitted form, as the listeners of forms take it."""

from dataclasses import dataclass

from bot.incident.terms import IncidentId, Person, RequestId
from bot.slack.inputs import Inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """`rest`: what follows the incident's number in private_metadata."""

    by: Person
    inputs: Inputs
    incident: IncidentId
    rest: tuple[str, ...]
    view: str

    @property
    def request(self) -> RequestId:
        return RequestId(f"modal:{self.view}")
