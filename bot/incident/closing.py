"""Decisions: closing an incident, and the gate of checks before it. Nothing closes by itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.incident import events as happened
from bot.incident.closing_commands import CloseIncident, PutOffClosing
from bot.incident.closing_events import ClosingPutOff, GateOverridden, RestorationVerified
from bot.incident.closure import Check, ReviewDuty, ReviewState
from bot.incident.convening import recorded_by_hand
from bot.incident.declaring import LONGEST_TEXT, is_readable
from bot.incident.events import Event
from bot.incident.evolve import evolve
from bot.incident.policy import Policy
from bot.incident.review import ReviewCourse
from bot.incident.review_duty import review_rule
from bot.incident.rights import require_responder
from bot.incident.state import Incident
from bot.incident.terms import Rejected, Status
from bot.incident.workarounds import has_expired, none_stated, workaround_added
from bot.incident.working_hours import day_of

Events = tuple[Event, ...]

_SHOWS_SOMETHING: Final = re.compile(r"https?://\S|\d")
_LATEST_DAY: Final = timedelta(hours=12)
"""By so much the last place on earth is behind UTC: a day is over when it is over there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A check that is not met. `sentence`: what is missing, as a clause. `verb`, `field`: what would mend it, and
    the input of the close form that would."""

    check: Check
    sentence: str
    verb: str
    field: str


def gate(incident: Incident, policy: Policy, at: datetime) -> tuple[Missing, ...]:
    """What is missing before it can be closed; nothing where it can. A drill leaves nothing behind to be asked for."""
    if incident.drill:
        return ()
    return tuple(missing for check in _CHECKS if (missing := check(incident, policy, at)))


def close(incident: Incident, command: CloseIncident, policy: Policy, at: datetime) -> Events:
    """What the command brings along is recorded with it; where something is missing without a reason, nothing is."""
    require_responder(incident, command.by, policy, policy.rights.resolve)
    _require_resolved(incident)
    brought = _brought(incident, command, policy, at)
    missing = gate(_after(incident, brought), policy, at)
    because = command.because.strip()[:LONGEST_TEXT]
    if missing and not is_readable(because):
        raise _not_ready(incident, missing)
    overridden = GateOverridden(at=at, by=command.by.id, missing=tuple(each.check for each in missing), why=because)
    note = command.note.strip() or ("" if missing else because)
    closed = happened.StatusChanged(at=at, by=command.by.id, before=incident.status, after=Status.CLOSED, note=note)
    return (*brought, *([overridden] if missing else []), closed)


def put_off(incident: Incident, command: PutOffClosing, policy: Policy, at: datetime) -> Events:
    """Whoever was asked need not be in the channel to say so."""
    asked = frozenset({incident.commander or incident.reporter})
    require_responder(incident, command.by, policy, also=asked)
    if incident.status is not Status.RESOLVED:
        raise Rejected(f"{incident.reference} is {incident.status}. Nothing has changed.", verb="show")
    return (ClosingPutOff(at=at, by=command.by.id),)


def _require_resolved(incident: Incident) -> None:
    match incident.status:
        case Status.RESOLVED:
            return
        case Status.CLOSED:
            raise Rejected(f"{incident.reference} is closed already.")
        case Status.CANCELLED:
            raise Rejected(f"{incident.reference} is cancelled, so there is nothing left to close.", verb="reopen")
    raise Rejected(f"{incident.reference} is still {incident.status}. Resolve it before you close it.", verb="resolve")


def _not_ready(incident: Incident, missing: tuple[Missing, ...]) -> Rejected:
    listed = "; ".join(each.sentence for each in missing)
    beside = {each.field: f"{each.sentence[0].upper()}{each.sentence[1:]}." for each in missing}
    return Rejected(
        f"{incident.reference} is not ready to be closed: {listed}. Fill in the form, or write close because, and why.",
        verb="close",
        field=missing[0].field,
        beside=beside,
    )


def _after(incident: Incident, events: Events) -> Incident:
    for event in events:
        incident = evolve(incident, event)
    return incident


def _brought(incident: Incident, command: CloseIncident, policy: Policy, at: datetime) -> Events:
    return (
        *_evidence(incident, command, at),
        *_released(incident, command, at),
        *_workarounds(incident, command, at),
        *_review(incident, command, policy, at),
    )


def _evidence(incident: Incident, command: CloseIncident, at: datetime) -> Events:
    evidence = command.evidence.strip()
    if not evidence or evidence == incident.closure.evidence:
        return ()
    if not _SHOWS_SOMETHING.search(evidence):
        raise Rejected("Show it by a link or a number, such as “99.9 % of payments succeed”.", field="evidence")
    return (RestorationVerified(at=at, by=command.by.id, evidence=evidence[:LONGEST_TEXT]),)


def _released(incident: Incident, command: CloseIncident, at: datetime) -> Events:
    if not command.release_roles:
        return ()
    return tuple(
        happened.RoleReleased(at=at, by=command.by.id, role=role, before=held.holder)
        for role, held in incident.roles.items()
    )


def _workarounds(incident: Incident, command: CloseIncident, at: datetime) -> Events:
    if command.workaround and command.no_workarounds:
        raise Rejected("Either list a workaround or say that there is none.", field="no_workarounds")
    if command.workaround:
        return workaround_added(incident, command.workaround, at)
    return none_stated(incident, command.by.id, at) if command.no_workarounds else ()


def _review(incident: Incident, command: CloseIncident, policy: Policy, at: datetime) -> Events:
    if command.review is None:
        return ()
    return recorded_by_hand(incident, command.review, command.by, policy, at)


def _is_verified(incident: Incident, policy: Policy, at: datetime) -> Missing | None:
    if incident.closure.evidence:
        return None
    sentence = "nothing shows yet that it is restored, be it a link or a number"
    return Missing(check=Check.VERIFIED, sentence=sentence, verb="close", field="evidence")


def _are_roles_released(incident: Incident, policy: Policy, at: datetime) -> Missing | None:
    if not incident.roles:
        return None
    titles = ", ".join(policy.roles[role].title if role in policy.roles else role for role in incident.roles)
    count = "1 role is" if len(incident.roles) == 1 else f"{len(incident.roles)} roles are"
    sentence = f"{count} still held ({titles})"
    return Missing(check=Check.ROLES, sentence=sentence, verb="release", field="release_roles")


def _are_workarounds_listed(incident: Incident, policy: Policy, at: datetime) -> Missing | None:
    closure, field = incident.closure, "no_workarounds"
    expired = [each for each in closure.standing if has_expired(each, at)]
    if expired:
        names = ", ".join(f"W{each.number}" for each in expired)
        sentence = f"{names} may stay no longer and is still in place: remove it or give it a new day"
        field = "what"
    elif closure.workarounds or closure.none_in_place:
        return None
    else:
        sentence = "nobody has said whether a workaround is in place"
    return Missing(check=Check.WORKAROUNDS, sentence=sentence, verb="workaround", field=field)


def _is_review_settled(incident: Incident, policy: Policy, at: datetime) -> Missing | None:
    duty, course = review_rule(incident, policy).review, incident.review
    over = _has_passed(course, at)
    if duty is ReviewDuty.NONE or (course.state and over is None):
        return None
    if over:
        sentence = f"the review was booked for {over}, which is over: was it held, or is it on another day"
    elif duty is ReviewDuty.REQUIRED:
        sentence = f"{incident.severity} needs a review that is booked or held"
    else:
        sentence = "the review is neither booked nor held nor waived"
    return Missing(check=Check.REVIEW, sentence=sentence, verb="close", field="review")


def _are_followups_owned(incident: Incident, policy: Policy, at: datetime) -> Missing | None:
    """One that is settled needs no owner any more."""
    drafts = [each for each in incident.followups.values() if each.content.owner is None and not each.is_settled]
    if not drafts:
        return None
    names = ", ".join(f"F{each.number}" for each in drafts[:10])
    sentence = f"nobody owns {names}: give it to somebody, or say why it will not be done"
    return Missing(check=Check.FOLLOWUPS, sentence=sentence, verb="followups", field="because")


def _has_passed(course: ReviewCourse, at: datetime) -> date | None:
    """The day for which it was booked, once that is over everywhere and nobody has said what became of it."""
    day = day_of(course.booked.plan.ends_at, "UTC") if course.booked else course.on
    is_over = day is not None and day < (at - _LATEST_DAY).date()
    return day if is_over and course.state is ReviewState.BOOKED else None


_CHECKS: Final[tuple[Callable[[Incident, Policy, datetime], Missing | None], ...]] = (
    _is_verified,
    _are_roles_released,
    _are_workarounds_listed,
    _is_review_settled,
    _are_followups_owned,
)
