"""An incident with unmistakable words in every text that a person can put into one: made of the core's own list of
commands, so that a new command, or a new field of one, is among them by itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, get_type_hints

from bot.clock import new_request_id
from bot.incident.alert_commands import AttachProposal
from bot.incident.closing_commands import CloseIncident
from bot.incident.commands import (
    CancelIncident,
    Command,
    ReopenIncident,
    ResolveIncident,
)
from bot.incident.review_commands import WaiveReview
from bot.incident.terms import ChannelId, IncidentId, Person, Rejected, UserId
from bot.workspace.cast import CAST
from tests.incident import given
from tests.incident.every_command import asked_by
from tests.scenarios.team import Team

MARK: Final = "quokka"
"""What every marker word begins with; no other word of ours or of the shipped playbooks has it."""
NAMES_THINGS: Final = frozenset(
    {"emoji", "flagged_ts", "id", "playbook", "step", "permalink", "source", "time_zone", "revision"}
)
"""Fields whose text is chosen from what there is and is no one's words."""
NEVER_TOLD: Final = {CancelIncident, WaiveReview, AttachProposal}
"""It is no false alarm, policy asks for its review, and neither a private incident nor a drill takes alerts that people
are asked about. All else that holds a text must be told.
"""
_ENDINGS: Final = (ResolveIncident, CancelIncident, ReopenIncident, CloseIncident)


def marker(*parts: str) -> str:
    """With a number, since evidence must have one."""
    return f"{MARK}{''.join(sign for sign in ''.join(parts).lower() if sign.isalpha())} 7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who and what of the workspace stands for whom and what of the core's examples. `others`: channel, messages."""

    ada: Person
    people: Mapping[UserId, Person]
    others: Mapping[str, str]
    now: datetime


async def told_everything(team: Team, number: IncidentId, channel: str) -> set[type[Command]]:
    """Asks all that can be asked, as Ada in the channel, through response, resolution and close.

    Answers with what holds a text and was never accepted.
    """
    cast = await _cast(team, channel)
    done: set[type[Command]] = set()
    for ending in (None, ResolveIncident, ReopenIncident, ResolveIncident, CloseIncident):
        if ending is CloseIncident:
            await days_pass(team)
        if ending:
            done |= await _ask(team, number, [marked(ending(by=cast.ada), cast)])
        asked = [marked(each, cast) for each in asked_by(cast.ada) if not isinstance(each, _ENDINGS)]
        done |= await _ask(team, number, asked)
        await team.settle()
    texts = {type(each) for each in asked_by(cast.ada) if MARK in repr(marked(each, cast))}
    return texts - done - NEVER_TOLD


async def days_pass(team: Team) -> None:
    """So many that all are asked how it went, wherever they are."""
    for _ in range(4):
        await team.move_on(timedelta(days=1))


async def _ask(team: Team, number: IncidentId, commands: list[Command]) -> set[type[Command]]:
    done: set[type[Command]] = set()
    for command in commands:
        try:
            await team.bot.handler.handle(number, command, request=new_request_id("leaks"))
        except Rejected:
            continue
        done.add(type(command))
    return done


def marked(command: Command, cast: Cast) -> Command:
    """The command with a word of its own in every text, and people and places that there are."""
    found: Command = _marked(command, type(command).__name__, cast)
    return found


def _marked(value: Any, path: str, cast: Cast) -> Any:
    if isinstance(value, Person):
        return cast.people.get(value.id, value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **dict(_fields(value, path, cast)))
    if isinstance(value, tuple):
        return tuple(_marked(each, path, cast) for each in value)
    if isinstance(value, datetime):
        return cast.now + (value - given.NOON)
    if isinstance(value, date):
        return cast.now.date() + (value - given.NOON.date())
    if isinstance(value, str) and value in cast.people:
        return cast.people[UserId(value)].id
    return cast.others.get(value, value) if type(value) is str else value


def _fields(value: Any, path: str, cast: Cast) -> Iterator[tuple[str, object]]:
    hints = get_type_hints(type(value))
    for field in fields(value):
        now = getattr(value, field.name)
        if hints[field.name] is str and field.name not in NAMES_THINGS and not _is_link(now):
            yield field.name, marker(path, field.name)
        else:
            yield field.name, _marked(now, f"{path}{field.name}", cast)


def _is_link(value: object) -> bool:
    return isinstance(value, str) and value.startswith("https://")


async def _cast(team: Team, channel: str) -> Cast:
    said = [await team.person("ada").say(channel, marker(word)) for word in ("flagged", "added")]
    others = {given.ROOM: team.workspace.channel_id(channel), given.ts(1): said[0], given.ts(2): said[1]}
    ada, ben = (_person(team, name, channel) for name in ("ada", "ben"))
    return Cast(ada=ada, people={given.ADA.id: ada, given.BEN.id: ben}, others=others, now=team.clock.now())


def _person(team: Team, name: str, channel: str) -> Person:
    account = next(each for each in CAST if each.name == name)
    room = ChannelId(team.workspace.channel_id(channel))
    return Person(id=UserId(account.id), name=account.real_name, speaks_in=room)
