"""Decisions: accepting the risk of a contributing factor for a while, and asking about it when the day has come."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.incident.declaring import LONGEST_TEXT, is_readable
from bot.incident.events import Event
from bot.incident.factor import Acceptance, Factor, factor_name
from bot.incident.factor_commands import AcceptRisk, ReopenRisk
from bot.incident.factor_events import RiskAccepted, RiskAskedAbout, RiskReopened
from bot.incident.factor_index import is_addressed
from bot.incident.factoring import standing
from bot.incident.policy import Policy
from bot.incident.rights import may_hear, require_responder
from bot.incident.state import Incident
from bot.incident.terms import MUSTER, Person, Rejected, TimerName, UserId
from bot.incident.working_hours import day_of, end_of_day, first_working_moment

Events = tuple[Event, ...]

LONGEST_ACCEPTANCE: Final = timedelta(days=366)
"""What nobody looks at for longer is not accepted but forgotten."""
RISK_TIMER: Final = TimerName("risks")


def accept(incident: Incident, command: AcceptRisk, policy: Policy, at: datetime) -> Events:
    """Again, with another day or reason, too."""
    found = _found(incident, command.number, command.by, policy)
    why = command.why.strip()
    if not is_readable(why):
        raise Rejected("Say why it may stay as it is.", field="why", verb="risks")
    if len(why) > LONGEST_TEXT:
        raise Rejected(f"At most {LONGEST_TEXT} characters fit here.", field="why")
    today = day_of(at, command.by.time_zone)
    if command.look_again_on <= today:
        raise Rejected("Choose a day that is still to come, on which to look again.", field="look_again_on")
    if command.look_again_on > today + LONGEST_ACCEPTANCE:
        raise Rejected("A risk is accepted for a year at most: choose an earlier day.", field="look_again_on")
    accepted = RiskAccepted(
        at=at,
        by=command.by.id,
        number=found.number,
        text=found.content.text,
        why=why,
        look_again_on=command.look_again_on,
        time_zone=command.by.time_zone,
    )
    return (accepted,)


def reopen(incident: Incident, command: ReopenRisk, policy: Policy, at: datetime) -> Events:
    found = _found(incident, command.number, command.by, policy)
    if found.accepted is None:
        raise Rejected(f"Nobody has accepted the risk of {factor_name(found.number)}.", verb="risks")
    why = command.why.strip()[:LONGEST_TEXT]
    return (RiskReopened(at=at, by=command.by.id, number=found.number, text=found.content.text, why=why),)


def ask_again(incident: Incident, policy: Policy, by: UserId, at: datetime) -> Events:
    """Each whose day has come; once, for the register shows it from then on."""
    return tuple(
        RiskAskedAbout(
            at=at,
            by=by,
            number=factor.number,
            text=factor.content.text,
            asked=asked,
            look_again_on=accepted.look_again_on,
        )
        for factor, accepted, asked, due_at in _due(incident, policy)
        if due_at <= at
    )


def next_look(incident: Incident, policy: Policy) -> datetime | None:
    return min((due_at for _, _, _, due_at in _due(incident, policy)), default=None)


def _found(incident: Incident, number: int, by: Person, policy: Policy) -> Factor:
    """Whoever owns or sponsors what addresses it may speak of it from anywhere."""
    factor = incident.factors.get(number)
    actions = factor.content.followups if factor else ()
    people = (incident.followups[each].content.people for each in actions if each in incident.followups)
    require_responder(incident, by, policy, also=frozenset().union(*people))
    return standing(incident, number)


def _due(incident: Incident, policy: Policy) -> Iterator[tuple[Factor, Acceptance, UserId, datetime]]:
    """Those that stand accepted and of which nobody was asked yet, whom to ask, and when."""
    for factor in incident.standing_factors:
        accepted = factor.accepted
        if accepted is None or accepted.asked_at is not None or is_addressed(incident, factor):
            continue
        asked = accepted.by if may_hear(incident, accepted.by) else incident.commander
        if asked and asked != MUSTER and may_hear(incident, asked):
            begins = end_of_day(accepted.look_again_on - timedelta(days=1), accepted.time_zone)
            due_at = first_working_moment(begins, accepted.time_zone, policy.closing.working_hours)
            yield factor, accepted, asked, due_at
