"""Who took part in an incident, in which role, and when, and how much each contributed. Pure: read from the log."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.incident import events as happened
from bot.incident.entry import Entry
from bot.incident.events import Event
from bot.incident.terms import MUSTER, Role, UserId
from bot.incident.timeline import entries, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """A role held from `since` until `until`; None: to the end of the log."""

    role: Role
    holder: UserId
    since: datetime
    until: datetime | None = None
    by_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """`joined_at`, `left_at`: of the incident's channel, None where the log does not know or they stayed.

    `contributions`: entries of the timeline that they wrote, flagged or caused.
    """

    user: UserId
    tenures: tuple[Tenure, ...] = ()
    joined_at: datetime | None = None
    left_at: datetime | None = None
    contributions: int = 0


def tenures(events: Iterable[Event]) -> tuple[Tenure, ...]:
    """In the order in which roles were taken. Whoever chooses a role that they had by default begins anew."""
    found: list[Tenure] = []
    holding: dict[Role, int] = {}
    for event in events:
        if not isinstance(event, happened.RoleAssigned | happened.RoleReleased):
            continue
        if event.role in holding:
            place = holding.pop(event.role)
            found[place] = replace(found[place], until=event.at)
        if isinstance(event, happened.RoleAssigned):
            holding[event.role] = len(found)
            begun = Tenure(role=event.role, holder=event.holder, since=event.at, by_default=event.by_default)
            found.append(begun)
    return tuple(found)


def participants(events: Sequence[Event], entries: Iterable[Entry]) -> tuple[Participant, ...]:
    """Whoever held a role, did something or was in the channel, in the order in which they came. Muster is nobody."""
    held = tenures(events)
    done = Counter(user for entry in entries for user in _contributors(entry))
    came, left = _presence(events)
    everybody = dict.fromkeys(user for user in _in_order(events, came) if user != MUSTER)
    everybody.update(dict.fromkeys(user for user in done if user != MUSTER))
    return tuple(
        Participant(
            user=user,
            tenures=tuple(tenure for tenure in held if tenure.holder == user),
            joined_at=came.get(user),
            left_at=left.get(user),
            contributions=done[user],
        )
        for user in everybody
    )


def took_part(events: Sequence[Event]) -> tuple[UserId, ...]:
    """As above, and whoever asked to be let in."""
    came = (each.user for each in participants(events, visible(entries(events))))
    asked = (event.user for event in events if isinstance(event, happened.JoinRequested))
    return tuple(dict.fromkeys((*came, *asked)))


def _contributors(entry: Entry) -> frozenset[UserId]:
    return frozenset({entry.by, *entry.flagged_by, *(correction.by for correction in entry.corrections)})


def _in_order(events: Iterable[Event], came: Mapping[UserId, datetime]) -> Iterator[UserId]:
    """A reporter is the first, whoever else had opened the channel by then."""
    for event in events:
        match event:
            case happened.IncidentDeclared():
                yield event.by
            case happened.RoleAssigned():
                yield event.holder
            case happened.ResponderJoined():
                yield event.user
    yield from came


def _presence(events: Iterable[Event]) -> tuple[Mapping[UserId, datetime], Mapping[UserId, datetime]]:
    """When each first joined, and when they last left who did not come back."""
    came: dict[UserId, datetime] = {}
    left: dict[UserId, datetime] = {}
    for event in events:
        match event:
            case happened.ResponderJoined():
                came.setdefault(event.user, event.at)
                left.pop(event.user, None)
            case happened.ResponderLeft():
                left[event.user] = event.at
    return came, left
