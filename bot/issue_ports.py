"""As ports.py, of the trackers in which follow-ups are kept as issues."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.incident.remote_issue import Examined, IssuePage, NewIssue, RemoteIssue
from bot.incident.terms import IncidentId


class IssueIndex(Protocol):
    """Whose an issue in a tracker is, and how far the tracker's changes were read. Each method raises Unavailable."""

    async def followups_of(self, tracker: str, keys: Sequence[str]) -> Mapping[str, tuple[IncidentId, int]]:
        """By key: the incident and the number of the follow-up; a key that is nobody's is left out."""

    async def read_until(self, tracker: str) -> datetime | None: ...

    async def has_read(self, tracker: str, until: datetime) -> None: ...

    async def take_turn(self, span: timedelta) -> bool:
        """Whether it is ours to look. For so long it is nobody else's."""


class Tracker(Protocol):
    """Where follow-ups are kept as issues. Each method raises Unavailable, Refused, and IssueGone of an issue that was.

    `name`: as people call it. `settles_in`: for how long after a request that nobody answered its issue may exist and
    not be found.
    """

    name: str
    settles_in: timedelta

    async def file(self, issue: NewIssue) -> RemoteIssue: ...

    async def find(self, marker: str) -> RemoteIssue | None:
        """Of our own making, by what it was marked with."""

    async def read(self, key: str) -> RemoteIssue: ...

    async def change(self, key: str, *, title: str | None, closed: bool | None, done: bool = True) -> RemoteIssue:
        """None leaves it as it is. `done`: closed because it is done, and not because it will not be."""

    async def comment(self, key: str, lines: Sequence[str], marker: str) -> None:
        """Plain text, and the marker in it where it can be read."""

    async def find_comment(self, key: str, marker: str) -> str:
        """The whole marker of a comment of ours that begins so; empty: there is none."""

    async def keep_one(self, key: str, marker: str) -> None:
        """Of several comments whose marker begins so, all but the oldest are taken back."""

    async def changed_since(self, since: datetime, page: str) -> IssuePage:
        """The oldest change first; bounded. `page`: '' for the first, else what the page before named as next."""

    async def works(self) -> bool:
        """Whether it answers, and lets us do what we need there."""

    async def examine(self) -> Examined:
        """Token, place and rights, for people; it raises nothing."""


class IssueGone(Exception):  # noqa: N818 - what it is
    """The issue was deleted, or moved to where we may not follow it. `reason`: a sentence for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
