"""Who leads the next review: whoever of policy's rota did so least recently, and not who commanded. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.incident.events import Event, RoleAssigned
from bot.incident.rights import may_hear
from bot.incident.state import Incident
from bot.incident.terms import INCIDENT_COMMANDER, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class NextFacilitator:
    """`why`: a clause, for the card."""

    user: UserId
    why: str


def next_facilitator(
    incident: Incident, history: Iterable[Event], rota: Sequence[UserId], last_led: Mapping[UserId, datetime]
) -> NextFacilitator | None:
    """`last_led`: who was named facilitator when; who never was comes first, in the order of the rota.

    None: the rota is empty, or nobody of it may hear of this incident.
    """
    able = [user for user in rota if may_hear(incident, user)]
    commanded = _commanders(history)
    others = [user for user in able if user not in commanded]
    if not able:
        return None
    chosen = min(others or able, key=lambda user: last_led.get(user) or datetime.min.replace(tzinfo=UTC))
    return NextFacilitator(user=chosen, why=_why(last_led.get(chosen), is_commander=not others))


def _commanders(history: Iterable[Event]) -> frozenset[UserId]:
    """By default, too: they lead it all the same."""
    return frozenset(
        event.holder for event in history if isinstance(event, RoleAssigned) and event.role == INCIDENT_COMMANDER
    )


def _why(last: datetime | None, *, is_commander: bool) -> str:
    turn = f"by rotation, last on {last.day} {last:%b %Y}" if last else "by rotation, for the first time"
    return f"{turn}; all of the rota who can come commanded it" if is_commander else turn
