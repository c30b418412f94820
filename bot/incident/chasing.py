"""Decisions: asking about what was left behind: an incident that is resolved and not closed, a workaround that expired.

Both are asked of one person, within working hours of their zone, and again weekly at most. Of a drill nobody is asked.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from bot.incident.accepting import RISK_TIMER, next_look
from bot.incident.closing_events import ClosingAsked, WorkaroundChased
from bot.incident.closure import Workaround
from bot.incident.events import Event
from bot.incident.policy import ClosingRule, Policy
from bot.incident.rights import may_hear
from bot.incident.state import Incident
from bot.incident.terms import INCIDENT_COMMANDER, MUSTER, Status, TimerName, UserId
from bot.incident.working_hours import end_of_day, first_working_moment

Events = tuple[Event, ...]

CLOSING_TIMER: Final = TimerName("closing")
WORKAROUND_TIMER: Final = TimerName("workarounds")


def chasing_timers(incident: Incident, policy: Policy) -> Mapping[TimerName, datetime]:
    if incident.drill:
        return {}
    due = {
        CLOSING_TIMER: _next_question(incident, policy.closing),
        WORKAROUND_TIMER: _next_chase(incident, policy),
        RISK_TIMER: next_look(incident, policy),
    }
    return {name: at for name, at in due.items() if at is not None}


def is_at_work(incident: Incident, asked: UserId, rule: ClosingRule, at: datetime) -> bool:
    """Whether it is a working hour of whoever is asked to close it."""
    return first_working_moment(at, zone_in(incident, asked), rule.working_hours) == at


def ask_to_close(incident: Incident, by: UserId, at: datetime) -> Events:
    asked = responsible(incident)
    if asked is None:
        return ()
    return (ClosingAsked(at=at, by=by, number=incident.closure.asks + 1, asked=asked),)


def chase_workarounds(incident: Incident, policy: Policy, by: UserId, at: datetime) -> Events:
    """Each that is due by now; others have their time."""
    return tuple(
        WorkaroundChased(
            at=at,
            by=by,
            number=each.number,
            asked=asked,
            chase=each.chases + 1,
            expires_on=each.expires_on,
        )
        for each, asked, due_at in _chases(incident, policy.closing)
        if due_at <= at
    )


def chased_together(incident: Incident, chase: WorkaroundChased) -> tuple[Workaround, ...]:
    """Of what was asked about in one step, all that the same person is asked about, as far as it is still so."""
    found = (each for each in incident.closure.standing if each.chased_at == chase.at)
    return tuple(each for each in found if _asked_of(incident, each) == chase.asked)


def _asked_of(incident: Incident, workaround: Workaround) -> UserId | None:
    """The owner; once they have left, whoever is responsible."""
    return workaround.owner if may_hear(incident, workaround.owner) else responsible(incident)


def _next_question(incident: Incident, rule: ClosingRule) -> datetime | None:
    if incident.status is not Status.RESOLVED or incident.ended_at is None:
        return None
    asked, closure = responsible(incident), incident.closure
    if asked is None:
        return None
    after = closure.asked_at + rule.ask_again_after if closure.asked_at else incident.ended_at + rule.ask_after
    return first_working_moment(after, zone_in(incident, asked), rule.working_hours)


def responsible(incident: Incident) -> UserId | None:
    """The commander, else who reported it; nobody who may not hear of it any more."""
    candidates = (incident.commander, incident.reporter)
    return next((user for user in candidates if user not in (None, MUSTER) and may_hear(incident, user)), None)


def zone_in(incident: Incident, user: UserId) -> str:
    held = incident.roles.get(INCIDENT_COMMANDER)
    return held.time_zone if held and held.holder == user else incident.reporter_zone


def _next_chase(incident: Incident, policy: Policy) -> datetime | None:
    return min((due_at for _, _, due_at in _chases(incident, policy.closing)), default=None)


def _chases(incident: Incident, rule: ClosingRule) -> Iterator[tuple[Workaround, UserId, datetime]]:
    """What still stands, whom to ask about it, and when."""
    for each in incident.closure.standing:
        asked = _asked_of(incident, each)
        if asked:
            zone = each.time_zone if may_hear(incident, each.owner) else zone_in(incident, asked)
            yield each, asked, _chase_at(each, zone, rule)


def _chase_at(workaround: Workaround, time_zone: str, rule: ClosingRule) -> datetime:
    expired_at = end_of_day(workaround.expires_on, workaround.time_zone)
    after = workaround.chased_at + rule.ask_again_after if workaround.chased_at else expired_at
    return first_working_moment(after, time_zone, rule.working_hours)
