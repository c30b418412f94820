"""Brings the issue of a follow-up to where the follow-up is: filed once, told in order, and looked at before it is
written to, so that what somebody did there is seen. What becomes of a failure is decided elsewhere.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.crash_point import CrashPoint, crash_point
from bot.incident.afterwards_effects import KeepIssue
from bot.incident.commands import Command
from bot.incident.events import Event
from bot.incident.followup import Followup, FollowupState
from bot.incident.issue import Issue
from bot.incident.issue_commands import FollowIssue, RecordIssue, RecordIssueLost, RecordTold
from bot.incident.issue_events import FollowupTracked
from bot.incident.state import Incident
from bot.incident.terms import MUSTER, MUSTER_ITSELF, IncidentId, UserId, Version
from bot.issue_ports import IssueGone, Tracker
from bot.ports import Lease, Unavailable
from bot.slack_ports import Directory
from bot.trackers import issue_words as words

History = Callable[[IncidentId], Awaitable[Sequence[Event]]]

MOST_WORK: Final = timedelta(seconds=13)
"""With what weighing a failure takes, less than an effect may take."""
WEIGHED_WITHIN: Final = timedelta(seconds=2)
SOMEBODY: Final = "somebody"

_log = structlog.get_logger(__name__)


class IssueKeeper:
    """`team`: Slack's id of the workspace, which tells installations apart."""

    def __init__(
        self,
        tracker: Tracker,
        people: Directory,
        history: History,
        *,
        team: str,
        now: Callable[[], datetime],
        settles_in: timedelta,
    ) -> None:
        self._tracker = tracker
        self._people = people
        self._history = history
        self._team = team
        self._now = now
        self._settles_in = settles_in

    async def perform(self, effect: KeepIssue, incident: Incident, lease: Lease) -> Command | None:
        """Answers with what is to be recorded. Raises Unavailable and Refused."""
        item = incident.followups.get(effect.number)
        issue = item.issue if item else None
        if item is None or issue is None or not self._is_ours(incident, issue):
            return None
        try:
            async with asyncio.timeout(MOST_WORK.total_seconds()):
                return await self._keep(incident, item, issue, lease)
        except IssueGone as gone:
            by = MUSTER_ITSELF
            return RecordIssueLost(by=by, number=item.number, key=issue.key, reason=gone.reason)
        except TimeoutError:
            failure = Unavailable(self._tracker.name, "no answer in time", unknown=True)
        except Unavailable as unavailable:
            failure = unavailable
        raise await self._weighed(failure)

    async def withdraw(self, effect: KeepIssue, incident: Incident, command: Command | None) -> None:
        """Two processes did it, since one was frozen: what this one did comes after what is on record, and goes."""
        item = incident.followups.get(effect.number)
        stands = item.issue if item else None
        match command:
            case RecordTold() if item and stands and stands.key == command.key:
                await self._take_back(incident, item, stands, command)
            case RecordIssue() if stands and stands.key not in {"", command.key}:
                await self._close_second(incident, effect.number, stands, command)

    async def _take_back(self, incident: Incident, item: Followup, stands: Issue, told: RecordTold) -> None:
        """The second comment, and a state that was over when it was set."""
        marker = words.comments_from(self._marker(incident, item.number), told.since)
        await self._tracker.keep_one(told.key, marker)
        remote = await self._tracker.read(told.key)
        if remote.closed == told.closed != stands.closed:
            await self._tracker.change(told.key, title=None, closed=stands.closed, done=_is_done(item))

    async def _close_second(self, incident: Incident, number: int, stands: Issue, command: RecordIssue) -> None:
        _log.warning("issue_filed_twice", incident=incident.id, closed=command.key, stands=stands.key)
        said = f"Filed twice by mistake. The one that is kept in step is {stands.url}"
        twice = f"{self._marker(incident, number)}-twice"
        if not await self._tracker.find_comment(command.key, twice):
            await self._tracker.comment(command.key, [said], twice)
        await self._tracker.change(command.key, title=None, closed=True, done=False)

    def _is_ours(self, incident: Incident, issue: Issue) -> bool:
        """Privacy is asked once more, where it leaves the house."""
        return issue.tracker == self._tracker.name and issue.owes and not (incident.private or incident.drill)

    async def _keep(self, incident: Incident, item: Followup, issue: Issue, lease: Lease) -> Command:
        if issue.key:
            return await self._tell(incident, item, issue, lease)
        return await self._file(incident, item, issue, lease)

    async def _file(self, incident: Incident, item: Followup, issue: Issue, lease: Lease) -> Command:
        marker, told = self._marker(incident, item.number), incident.version
        filed = await self._tracker.find(marker) if lease.uncertain or issue.again else None
        if filed is None:
            self._may_not_be_hidden(lease)
            name_of = await self._names(words.named_in(incident, item, ()))
            crash_point(CrashPoint.BEFORE_FILE)
            try:
                filed = await self._tracker.file(words.new_issue(incident, item, name_of, marker))
            except Unavailable as failure:
                raise self._found_later(failure) from failure
        else:
            told = await self._tracked_at(incident, item.number)
        crash_point(CrashPoint.AFTER_FILE)
        # Asked for anew, an issue of before is opened again; else whoever closed it there since has the last word.
        if (item.is_settled and not filed.closed) or (issue.again and filed.closed != item.is_settled):
            filed = await self._tracker.change(filed.key, title=None, closed=item.is_settled, done=_is_done(item))
        return RecordIssue(
            by=MUSTER_ITSELF,
            number=item.number,
            key=filed.key,
            url=filed.url,
            told=told,
            closed=filed.closed,
            done=filed.done,
        )

    def _may_not_be_hidden(self, lease: Lease) -> None:
        """Raises Unavailable while one that an earlier attempt filed may exist and not be found yet."""
        if not lease.uncertain or lease.begun_at is None:
            return
        left = lease.begun_at + self._settles_in - self._now()
        if timedelta() < left <= self._settles_in:
            raise Unavailable(self._tracker.name, "an issue may be on its way to being found", after=left)

    def _found_later(self, failure: Unavailable) -> Unavailable:
        """One that may have been filed is looked for when it can be found."""
        if not failure.unknown or failure.after is not None:
            return failure
        return Unavailable(failure.what, failure.reason, unknown=True, after=self._settles_in)

    async def _tracked_at(self, incident: Incident, number: int) -> Version:
        """What an issue of an earlier attempt shows at least; whatever came since is told in a comment."""
        events = await self._history(incident.id)
        asked = [
            at for at, event in enumerate(events, 1) if isinstance(event, FollowupTracked) and event.number == number
        ]
        return Version(asked[-1] if asked else 0)

    async def _tell(self, incident: Incident, item: Followup, issue: Issue, lease: Lease) -> Command:
        remote = await self._tracker.read(issue.key)
        if remote.closed not in {issue.closed, item.is_settled} and not lease.uncertain:
            # Nobody here wants it otherwise, so somebody there does.
            return FollowIssue(
                by=MUSTER_ITSELF,
                number=item.number,
                key=issue.key,
                closed=remote.closed,
                done=remote.done,
                in_turn=True,
            )
        events = (await self._history(incident.id))[: incident.version]
        news = words.news_of(events, item.number, issue.told)
        name_of = await self._names(words.named_in(incident, item, news))
        title = words.readable(item.content.what, name_of) if words.is_renamed(news) else None
        closed = None if remote.closed == item.is_settled else item.is_settled
        if title is not None or closed is not None:
            await self._tracker.change(issue.key, title=title, closed=closed, done=_is_done(item))
            crash_point(CrashPoint.AFTER_ISSUE_CHANGE)
        told = await self._comment(incident, item, issue, lease, words.comment_lines(incident, item, news, name_of))
        return RecordTold(
            by=MUSTER_ITSELF,
            number=item.number,
            key=issue.key,
            told=told,
            closed=item.is_settled,
            since=issue.told,
        )

    async def _comment(
        self, incident: Incident, item: Followup, issue: Issue, lease: Lease, lines: Sequence[str]
    ) -> Version:
        """Answers with the version up to which it is told: an earlier attempt may have told less."""
        if not lines:
            return incident.version
        marker = self._marker(incident, item.number)
        if lease.uncertain:
            found = await self._tracker.find_comment(issue.key, words.comments_from(marker, issue.told))
            if until := re.search(r"-v(\d{1,9})$", found):
                return Version(min(int(until[1]), incident.version))
        until_now = words.comment_marker(marker, issue.told, incident.version)
        await self._tracker.comment(issue.key, lines, until_now)
        crash_point(CrashPoint.AFTER_COMMENT)
        return incident.version

    async def _names(self, users: frozenset[UserId]) -> words.NameOf:
        """Somebody whom Slack cannot name just now is somebody; their id stays here."""
        known = {MUSTER: "Muster"}
        for user in users:
            try:
                known[user] = (await self._people.person(user)).name or SOMEBODY
            except Unavailable as failure:
                if failure.what == "the store":
                    raise
        return lambda user: known.get(user, SOMEBODY)

    async def _weighed(self, failure: Unavailable) -> Unavailable:
        """Whose fault it is that no clear answer came: a tracker that works otherwise has something against this."""
        is_told_to_wait = failure.after is not None and not failure.unknown
        if failure.what != self._tracker.name or is_told_to_wait or not failure.retryable:
            return failure
        try:
            async with asyncio.timeout(WEIGHED_WITHIN.total_seconds()):
                works = await self._tracker.works()
        except TimeoutError:
            works = False
        return Unavailable(failure.what, failure.reason, after=failure.after, unknown=failure.unknown, own=works)

    def _marker(self, incident: Incident, number: int) -> str:
        return words.marker(self._team, incident.id, number)


def _is_done(item: Followup) -> bool:
    return item.state is not FollowupState.WILL_NOT_DO
