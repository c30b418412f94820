"""What happened to follow-ups. As events.py: names and fields are stored for ever."""

from dataclasses import dataclass

from bot.incident.events import Event
from bot.incident.followup import FollowupContent, FollowupState
from bot.incident.terms import MessageTs, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowupAdded(Event):
    """`number` counts the incident's follow-ups from 1. `source`: the message that it was drafted from, if any."""

    number: int
    content: FollowupContent
    source: MessageTs | None = None
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowupChanged(Event):
    """Its words, people or deadline; a new owner is one, too."""

    number: int
    before: FollowupContent
    after: FollowupContent


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowupMoved(Event):
    """`note`: the evidence, the reason, or what it waits for; `waits_for`: on whom.

    `via`: the tracker in which somebody did so; empty: nobody did so elsewhere.
    """

    number: int
    before: FollowupState
    after: FollowupState
    note: str = ""
    waits_for: UserId | None = None
    via: str = ""
