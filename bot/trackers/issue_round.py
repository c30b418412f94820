"""Reads what changed in the tracker and hands it on, in order and from where it was read last. It decides nothing.

Every process looks, and whoever takes the turn reads. What is read twice changes nothing: the log says how each issue
was last known to be.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.incident.commands import Command
from bot.incident.issue import Issue
from bot.incident.issue_commands import FollowIssue, RecordIssueLost
from bot.incident.remote_issue import RemoteIssue
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, IncidentId, Rejected, RequestId
from bot.incident.tracking import is_ours_first
from bot.issue_ports import IssueGone, IssueIndex, Tracker
from bot.slack_ports import Refused

LOOK_EVERY: Final = timedelta(minutes=1)
AT_FIRST: Final = timedelta(days=30)
"""How far back is read where nobody knows how far was read: at first, and after a restore."""
MOST_PAGES: Final = 5
"""Of one look; the next one goes on from there."""

_log = structlog.get_logger(__name__)


class Door(Protocol):
    async def read(self, incident: IncidentId) -> Incident: ...

    async def handle(self, incident: IncidentId, command: Command, *, request: RequestId) -> object: ...


class IssueRound:
    def __init__(self, tracker: Tracker, index: IssueIndex, door: Door, now: Callable[[], datetime]) -> None:
        self._tracker = tracker
        self._index = index
        self._door = door
        self._now = now

    async def look(self) -> None:
        """Where it is our turn. Raises Unavailable where the store or the tracker cannot say; the next look goes on."""
        if await self._index.take_turn(LOOK_EVERY * 0.9):
            await self.read()

    async def read(self) -> None:
        """Now, whoever's turn it is."""
        name = self._tracker.name
        known = await self._index.read_until(name)
        since = known or self._now() - AT_FIRST
        until, page, is_held = since, "", False
        for _ in range(MOST_PAGES):
            found = await self._tracker.changed_since(since, page)
            owners = await self._index.followups_of(name, [issue.key for issue in found.issues])
            for issue in found.issues:
                if issue.key in owners and not await self._follow(*owners[issue.key], issue):
                    is_held = True  # it is read again from here, and holds up no other
                if not is_held:
                    until = max(until, issue.changed_at or until)
            page = found.next
            if not page:
                break
        if until != known:
            await self._index.has_read(name, until)

    async def _follow(self, number: IncidentId, which: int, listed: RemoteIssue) -> bool:
        """False: what we have to tell goes first, and this is looked at again."""
        try:
            incident = await self._door.read(number)
        except Rejected:
            return True
        item = incident.followups.get(which)
        issue = item.issue if item else None
        if issue is None or issue.key != listed.key or issue.lost or issue.closed == listed.closed:
            return True
        if is_ours_first(issue, self._now()):
            return False
        command = await self._seen(which, issue)
        if command is not None:
            _log.info("issue_is_followed", incident=number, followup=which, command=type(command).__name__)
            request = RequestId(f"issue:{number}.{which}:{incident.version}")
            await self._door.handle(number, command, request=request)
        return True

    async def _seen(self, which: int, issue: Issue) -> Command | None:
        """A list may be older than what we have done since, so the issue itself is asked."""
        try:
            remote = await self._tracker.read(issue.key)
        except IssueGone as gone:
            return RecordIssueLost(by=MUSTER_ITSELF, number=which, key=issue.key, reason=gone.reason)
        except Refused as refusal:
            _log.warning("issue_cannot_be_read", key=issue.key, reason=refusal.reason)
            return None
        if remote.closed == issue.closed:
            return None
        return FollowIssue(by=MUSTER_ITSELF, number=which, key=issue.key, closed=remote.closed, done=remote.done)
