"""What happened to follow-ups in a tracker. As events.py: names and fields are stored for ever."""

from dataclasses import dataclass

from bot.incident.events import Event
from bot.incident.terms import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowupTracked(Event):
    """It is to be kept in step with an issue in this tracker ('GitHub', 'Jira')."""

    number: int
    tracker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFiled(Event):
    """`told`: the version of the log that the issue shows; `closed`: as it stands there."""

    number: int
    key: str
    url: str
    told: Version
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueTold(Event):
    """The tracker knows of the follow-up up to this version of the log."""

    number: int
    told: Version
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueMoved(Event):
    """Somebody closed or reopened it there."""

    number: int
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLost(Event):
    """The two are no longer kept in step. `reason`: a sentence for people."""

    number: int
    reason: str
