"""What is asked of follow-ups and their issues in a tracker. As commands.py: a wish, or the report of an effect."""

from dataclasses import dataclass

from bot.incident.commands import Command
from bot.incident.issue import NOTHING_YET
from bot.incident.terms import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackFollowup(Command):
    """Keep it in step with an issue in the tracker."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordIssue(Command):
    """It is filed under this key. `told`: the version that it shows; `closed`: as it stands there, `done`: for which
    reason.
    """

    number: int
    key: str
    url: str
    told: Version
    closed: bool = False
    done: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTold(Command):
    """The tracker knows of the follow-up up to this version. `closed`: as the issue stands there since.

    `since`: the version up to which it knew of it before.
    """

    number: int
    key: str
    told: Version
    closed: bool
    since: Version = NOTHING_YET


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordIssueLost(Command):
    """The issue is there no longer, or no longer where we may reach it. `reason`: a sentence."""

    number: int
    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowIssue(Command):
    """Somebody closed or reopened the issue there. `done`: it was closed because it is done.

    `in_turn`: nothing of ours is on its way there at this moment.
    """

    number: int
    key: str
    closed: bool
    done: bool = True
    in_turn: bool = False
