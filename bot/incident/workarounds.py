"""Decisions: what is temporarily in place, who owns it and until when it may stay."""

from datetime import date, datetime, timedelta
from typing import Final

from bot.incident.closing_commands import AddWorkaround, ExtendWorkaround, RemoveWorkaround, StateNoWorkarounds
from bot.incident.closing_events import NoWorkaroundsStated, WorkaroundAdded, WorkaroundExtended, WorkaroundRemoved
from bot.incident.closure import Workaround
from bot.incident.declaring import LONGEST_TEXT, is_readable
from bot.incident.events import Event
from bot.incident.policy import Policy
from bot.incident.rights import require_able_to_own, require_responder
from bot.incident.state import Incident
from bot.incident.terms import Person, Rejected, UserId
from bot.incident.working_hours import day_of, end_of_day

Events = tuple[Event, ...]

LONGEST_WHAT: Final = 300
LONGEST_STAY: Final = timedelta(days=366)
"""What is meant to stay for longer is no workaround."""
ANOTHER_STAY: Final = timedelta(days=14)
"""What "keep it" means without a day."""


def add_workaround(incident: Incident, command: AddWorkaround, policy: Policy, at: datetime) -> Events:
    """Also of an incident that has ended: what is still in place is often found later."""
    require_responder(incident, command.by, policy)
    return workaround_added(incident, command, at)


def workaround_added(incident: Incident, command: AddWorkaround, at: datetime) -> Events:
    """Once it is settled that they may."""
    what = " ".join(command.what.split())
    if not is_readable(what):
        raise Rejected("A workaround needs a few words: what is in place?", field="what", verb="workaround")
    if len(what) > LONGEST_WHAT:
        sentence = f"That has {len(what)} characters and at most {LONGEST_WHAT} fit. Details can go into a note."
        raise Rejected(sentence, field="what")
    _require_owner(incident, command.owner)
    _require_day(command.expires_on, day_of(at, command.owner.time_zone))
    added = WorkaroundAdded(
        at=at,
        by=command.by.id,
        number=len(incident.closure.workarounds) + 1,
        what=what,
        owner=command.owner.id,
        expires_on=command.expires_on,
        time_zone=command.owner.time_zone,
    )
    return (added,)


def extend_workaround(incident: Incident, command: ExtendWorkaround, policy: Policy, at: datetime) -> Events:
    found = _standing(incident, command, policy)
    if command.seen not in (None, found.expires_on):
        raise Rejected(f"W{found.number} has another day by now: {found.expires_on}. Nothing has changed.")
    today = day_of(at, found.time_zone)
    expires_on = command.expires_on or today + ANOTHER_STAY
    _require_day(expires_on, today)
    if expires_on == found.expires_on:
        raise Rejected(f"W{found.number} may stay until that day already.", field="expires_on")
    extended = WorkaroundExtended(
        at=at,
        by=command.by.id,
        number=found.number,
        what=found.what,
        before=found.expires_on,
        expires_on=expires_on,
    )
    return (extended,)


def remove_workaround(incident: Incident, command: RemoveWorkaround, policy: Policy, at: datetime) -> Events:
    found = _standing(incident, command, policy)
    note = command.note.strip()[:LONGEST_TEXT]
    return (WorkaroundRemoved(at=at, by=command.by.id, number=found.number, what=found.what, note=note),)


def state_no_workarounds(incident: Incident, command: StateNoWorkarounds, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    if incident.closure.none_in_place:
        raise Rejected("That is on record already.", field="no_workarounds")
    return none_stated(incident, command.by.id, at)


def none_stated(incident: Incident, by: UserId, at: datetime) -> Events:
    """As above; nothing where it is on record."""
    if standing := incident.closure.standing:
        first = standing[0].number
        raise Rejected(
            f"{len(standing)} of them {'is' if len(standing) == 1 else 'are'} listed as in place. "
            f"Remove what is gone, as in “workaround remove {first}”.",
            field="no_workarounds",
            verb="workaround",
        )
    return () if incident.closure.none_in_place else (NoWorkaroundsStated(at=at, by=by),)


def has_expired(workaround: Workaround, at: datetime) -> bool:
    return at >= end_of_day(workaround.expires_on, workaround.time_zone)


def _standing(incident: Incident, command: ExtendWorkaround | RemoveWorkaround, policy: Policy) -> Workaround:
    """The one that is meant. Its owner may say what becomes of it from anywhere. Raises Rejected."""
    found = incident.closure.workarounds.get(command.number)
    require_responder(incident, command.by, policy, also=frozenset({found.owner}) if found else frozenset())
    if found is None:
        raise Rejected(f"{incident.reference} has no workaround W{command.number}.", verb="workaround")
    if not found.stands:
        raise Rejected(f"W{found.number} is removed already. Nothing has changed.", verb="workaround")
    return found


def _require_owner(incident: Incident, owner: Person) -> None:
    """Somebody who can be asked about it, and who may know of the incident."""
    require_able_to_own(owner, "owner", "a workaround")
    if incident.private and owner.id not in incident.members:
        raise Rejected(
            "{who} is not in the channel of this private incident. Invite them there first.",
            field="owner",
            who=owner.id,
        )


def _require_day(expires_on: date, today: date) -> None:
    if expires_on < today:
        raise Rejected("That day is over: choose one on which it can still be removed.", field="expires_on")
    if expires_on > today + LONGEST_STAY:
        raise Rejected("A workaround may stay for a year at most: choose an earlier day.", field="expires_on")
