"""What Muster says of its own accord, and whether it is still worth saying when its turn comes.

Slack may have been away for hours. Then of each series (reminders, scheduled summaries) only the newest is said, and
it says how many were missed. What people wrote is never overtaken. Pure: a view of the effect and the newest state.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.incident.alert_events import RecoveryAsked
from bot.incident.alerting import may_be_mitigated
from bot.incident.chasing import chased_together
from bot.incident.closing_events import ClosingAsked, WorkaroundChased
from bot.incident.effects import REMINDER, Effect, PostCard, PostNotice, TellPerson
from bot.incident.events import Event, SummaryScheduled, UpdateReminded
from bot.incident.factor_events import RiskAskedAbout
from bot.incident.feedback_events import FeedbackAsked
from bot.incident.informing import ASKED_LEAD
from bot.incident.review import ReviewStage
from bot.incident.review_events import ReviewAsked
from bot.incident.rights import may_hear
from bot.incident.state import Incident
from bot.incident.terms import Status, UserId

SUMMARIES: Final = "summary"
CLOSING: Final = "closing"
REVIEW: Final = "review"


class Timeliness(StrEnum):
    DUE = "it is to be said"
    OVERTAKEN = "a newer one is to be said instead"
    OVER = "its reason has gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a series: the third of this incident's reminders to its lead. `number` counts from 1."""

    series: str
    number: int
    stage: int = 0


def reminders(stage: int) -> str:
    """The series of reminders that have climbed so far; each has a place of its own in Slack."""
    return f"{REMINDER}:{stage}"


def place_of(effect: Effect) -> Place | None:
    """None for what stands in no series."""
    match effect:
        case PostCard(card=card) if card.startswith(f"{REMINDER}:"):
            number = int(card.removeprefix(f"{REMINDER}:"))
            return Place(series=reminders(ASKED_LEAD), number=number, stage=ASKED_LEAD)
        case PostNotice(about=about) | TellPerson(about=about):
            return _place_of(about)
    return None


def _place_of(about: Event) -> Place | None:
    match about:
        case UpdateReminded(number=number, stage=stage) if number:
            return Place(series=reminders(stage), number=number, stage=stage)
        case SummaryScheduled(number=number):
            return Place(series=SUMMARIES, number=number)
        case ClosingAsked(number=number):
            return Place(series=CLOSING, number=number)
        case ReviewAsked(number=number):
            return Place(series=REVIEW, number=number)
        case WorkaroundChased(number=number, chase=chase):
            return Place(series=f"workaround:{number}", number=chase)
        case RiskAskedAbout(number=number):
            return Place(series=f"risk:{number}", number=1)
    return None


def timeliness(effect: Effect, incident: Incident) -> Timeliness:
    if isinstance(effect, TellPerson) and isinstance(effect.about, FeedbackAsked):
        return _of_feedback(effect.about, incident)
    if isinstance(effect, TellPerson | PostNotice) and isinstance(effect.about, RecoveryAsked):
        return _of_recovery(effect.about, incident)
    place = place_of(effect)
    if place is None:
        return Timeliness.DUE
    match effect:
        case TellPerson(about=ClosingAsked() as question):
            return _of_question(question, incident)
        case TellPerson(user=user, about=ReviewAsked() as question):
            return of_review_question(question.stage, question.number, incident, user)
        case TellPerson(about=WorkaroundChased() as chase):
            return _of_chase(chase, incident)
        case TellPerson(about=RiskAskedAbout() as question):
            return _of_risk(question, incident)
    if not incident.is_active:
        return Timeliness.OVER
    if place.stage == 0:
        return Timeliness.OVERTAKEN if place.number < incident.clock.summaries else Timeliness.DUE
    return _of_reminder(place, incident)


def _of_reminder(place: Place, incident: Incident) -> Timeliness:
    """A reminder that was answered is over; so is one of an earlier round of asking."""
    clock = incident.clock
    if clock.stage == 0 or place.number < clock.round_began_with:
        return Timeliness.OVER
    newest = clock.reminders if clock.stage >= place.stage else clock.reminders - 1
    return Timeliness.OVERTAKEN if place.number < newest else Timeliness.DUE


def _of_recovery(question: RecoveryAsked, incident: Incident) -> Timeliness:
    """What fired since is asked about anew, once it has resolved."""
    changed_at = incident.alerts.changed_at
    stands = may_be_mitigated(incident) and (changed_at is None or changed_at <= question.at)
    return Timeliness.DUE if stands else Timeliness.OVER


def _of_question(question: ClosingAsked, incident: Incident) -> Timeliness:
    if incident.status is not Status.RESOLVED or not may_hear(incident, question.asked):
        return Timeliness.OVER
    return Timeliness.OVERTAKEN if question.number < incident.closure.asks else Timeliness.DUE


def of_review_question(stage: ReviewStage, number: int, incident: Incident, user: UserId | None) -> Timeliness:
    """Over once the review was booked, settled or called off; `user` None: a channel."""
    course = incident.review
    if incident.is_active or course.stage is None or (user and not may_hear(incident, user)):
        return Timeliness.OVER
    if number < course.asks:
        return Timeliness.OVERTAKEN
    return Timeliness.DUE if course.stage is stage else Timeliness.OVER


def _of_chase(chase: WorkaroundChased, incident: Incident) -> Timeliness:
    """Over once all that it asks about is gone or may stay for longer."""
    if may_hear(incident, chase.asked) and chased_together(incident, chase):
        return Timeliness.DUE
    found = incident.closure.workarounds[chase.number]
    if not found.stands or found.expires_on != chase.expires_on or not may_hear(incident, chase.asked):
        return Timeliness.OVER
    return Timeliness.OVERTAKEN if chase.chase < found.chases else Timeliness.DUE


def _of_risk(question: RiskAskedAbout, incident: Incident) -> Timeliness:
    """Over once it is gone, accepted anew or accepted no longer."""
    found = incident.factors[question.number]
    stands = found.stands and found.accepted and found.accepted.look_again_on == question.look_again_on
    return Timeliness.DUE if stands and may_hear(incident, question.asked) else Timeliness.OVER


def _of_feedback(asked: FeedbackAsked, incident: Incident) -> Timeliness:
    """Nobody is asked how it went while it goes on."""
    return Timeliness.DUE if not incident.is_active and may_hear(incident, asked.asked) else Timeliness.OVER


def missed_before(incident: Incident, series: str, number: int) -> int:
    """How many of the series, directly before this one, were never said."""
    missed = incident.missed.get(series)
    return missed.count if missed and missed.number == number - 1 else 0
