"""One command's work, and the effects that many consequences share. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.incident.afterwards_effects import UploadDraft, WriteCanvas
from bot.incident.commands import Command
from bot.incident.effects import ANNOUNCEMENT, Effect, InviteUsers, PostNotice
from bot.incident.events import Event
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import MUSTER, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One command's whole work: the incident before (None: it was declared) and after it."""

    command: Command
    before: Incident | None
    after: Incident
    policy: Policy


Follows = Callable[[Change, Any], Iterator[Effect]]
"""What must follow from one event; of which kind, says the table that the rule stands in."""


def tell_channel(change: Change, event: Event) -> Iterator[Effect]:
    if change.after.channel is not None:
        yield PostNotice(incident=change.after.id, channel=change.after.channel, about=event)


def tell_everyone(change: Change, event: Event) -> Iterator[Effect]:
    """The incident's channel, and the thread of the announcement card; of a private incident only the channel."""
    yield from tell_channel(change, event)
    if not change.after.private:
        yield from announce(change, event)


def announce(change: Change, event: Event) -> Iterator[Effect]:
    """To the thread of the announcement card; of a drill, that is wherever drills are announced, if anywhere."""
    incident = change.after
    yield PostNotice(incident=incident.id, channel=None, about=event, thread_of=ANNOUNCEMENT, drill=incident.drill)


def invite(change: Change, users: Iterable[UserId]) -> Iterator[Effect]:
    incident = change.after
    wanted = tuple(user for user in dict.fromkeys(users) if user not in incident.members and user != MUSTER)
    if wanted and incident.channel is not None:
        yield InviteUsers(incident=incident.id, channel=incident.channel, users=wanted)


def upload_draft(change: Change, event: Event) -> Iterator[Effect]:
    """Into the incident's own channel and nowhere else."""
    incident = change.after
    if incident.channel is not None:
        yield UploadDraft(incident=incident.id, channel=incident.channel, wanted_at=incident.version)
        yield WriteCanvas(incident=incident.id, channel=incident.channel)
