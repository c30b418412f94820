"""Decisions: follow-ups in step with a tracker outside. Nothing of private incidents and of drills ever goes there."""

from dataclasses import replace
from datetime import datetime

from bot.incident.events import Event
from bot.incident.followup import Followup, FollowupState
from bot.incident.followup_events import FollowupMoved
from bot.incident.issue import OURS_FIRST, Issue, Tracking
from bot.incident.issue_commands import FollowIssue, RecordIssue, RecordIssueLost, RecordTold, TrackFollowup
from bot.incident.issue_events import FollowupTracked, IssueFiled, IssueLost, IssueMoved, IssueTold
from bot.incident.policy import Policy
from bot.incident.rights import require_muster, require_responder
from bot.incident.state import Incident
from bot.incident.terms import Rejected, UserId

Events = tuple[Event, ...]


def can_be_tracked(incident: Incident, item: Followup, tracker: str) -> bool:
    """Whether somebody may ask for it. `tracker`: the one that is set up; empty: none is."""
    is_open = not (incident.private or incident.drill or item.is_settled)
    return bool(tracker) and is_open and not _is_kept(item, tracker)


def track(incident: Incident, command: TrackFollowup, policy: Policy, at: datetime) -> Events:
    item = incident.followups.get(command.number)
    require_responder(incident, command.by, policy, also=item.content.people if item else frozenset())
    if item is None:
        raise Rejected(f"{incident.reference} has no follow-up F{command.number}.", verb="followups")
    tracker = policy.tracker
    if not tracker:
        raise Rejected("No tracker is set up for follow-ups. Whoever runs Muster can set one up.", verb="followups")
    if incident.private:
        raise Rejected(
            f"Nothing of a private incident goes to {tracker}: other people read there. The follow-up stays here.",
            verb="followups",
        )
    if incident.drill:
        raise Rejected(f"Nothing of a drill goes to {tracker}. The follow-up stays in this channel.", verb="followups")
    if _is_kept(item, tracker):
        raise Rejected(f"F{item.number} is kept in step with {tracker} already.", verb="followups")
    if item.is_settled:
        raise Rejected(f"F{item.number} is settled ({item.state}). Open it again first.", verb="followups")
    return (FollowupTracked(at=at, by=command.by.id, number=item.number, tracker=tracker),)


def by_policy(incident: Incident, number: int, by: UserId, policy: Policy, at: datetime) -> Events:
    """What the policy asks to be tracked, once somebody has added it or owns it."""
    item = incident.followups.get(number)
    if not policy.tracker or policy.followups.tracker is not Tracking.ALL or incident.private or incident.drill:
        return ()
    if item is not None and (item.is_settled or item.issue is not None):
        return ()
    return (FollowupTracked(at=at, by=by, number=number, tracker=policy.tracker),)


def record(incident: Incident, command: RecordIssue, policy: Policy, at: datetime) -> Events:
    """Where one is on record already, that one stands; whoever filed another takes it back."""
    require_muster(command.by)
    issue = _issue(incident, command.number)
    if issue is None or issue.key or issue.lost:
        return ()
    filed = IssueFiled(
        at=at,
        by=command.by.id,
        number=command.number,
        key=command.key,
        url=command.url,
        told=command.told,
        closed=command.closed,
    )
    item = incident.followups[command.number]
    if not command.closed or item.is_settled or issue.touched > command.told:
        return (filed,)
    # Somebody closed it there before it was on record.
    known = replace(issue, key=command.key, url=command.url)
    return (filed, _moved(item, known, closed=True, done=command.done, at=at, by=command.by.id))


def told(incident: Incident, command: RecordTold, policy: Policy, at: datetime) -> Events:
    require_muster(command.by)
    issue = _in_step(incident, command.number, command.key)
    if issue is None or (command.told <= issue.told and command.closed == issue.closed):
        return ()
    known = max(command.told, issue.told)
    return (IssueTold(at=at, by=command.by.id, number=command.number, told=known, closed=command.closed),)


def lost(incident: Incident, command: RecordIssueLost, policy: Policy, at: datetime) -> Events:
    require_muster(command.by)
    if _in_step(incident, command.number, command.key) is None:
        return ()
    return (IssueLost(at=at, by=command.by.id, number=command.number, reason=command.reason),)


def follow(incident: Incident, command: FollowIssue, policy: Policy, at: datetime) -> Events:
    """The newer change is the one that comes later in the log. What we have done there ourselves is no change: the
    issue is then as it was last known to be, or as what is on its way there will make it."""
    require_muster(command.by)
    issue = _in_step(incident, command.number, command.key)
    if issue is None or command.closed == issue.closed:
        return ()
    if not command.in_turn and is_ours_first(issue, at):
        return ()
    item = incident.followups[command.number]
    there = IssueMoved(at=at, by=command.by.id, number=item.number, closed=command.closed)
    if item.is_settled == command.closed:
        return (there,)
    return (there, _moved(item, issue, closed=command.closed, done=command.done, at=at, by=command.by.id))


def is_ours_first(issue: Issue, at: datetime) -> bool:
    """Whether what stands there may be our own doing, of which the log does not know yet."""
    return issue.owes and at - issue.touched_at < OURS_FIRST


def _moved(item: Followup, issue: Issue, *, closed: bool, done: bool, at: datetime, by: UserId) -> FollowupMoved:
    """The link is the evidence: what was done and how it was checked stands there."""
    if not closed:
        state, said = FollowupState.OPEN, "Reopened"
    elif done:
        state, said = FollowupState.DONE, "Closed as done"
    else:
        state, said = FollowupState.WILL_NOT_DO, "Closed as not planned"
    return FollowupMoved(
        at=at,
        by=by,
        number=item.number,
        before=item.state,
        after=state,
        note=f"{said} in {issue.tracker}: {issue.url}",
        via=issue.tracker,
    )


def _is_kept(item: Followup, tracker: str) -> bool:
    return item.issue is not None and item.issue.tracker == tracker and not item.issue.lost


def _issue(incident: Incident, number: int) -> Issue | None:
    item = incident.followups.get(number)
    return item.issue if item else None


def _in_step(incident: Incident, number: int, key: str) -> Issue | None:
    issue = _issue(incident, number)
    return issue if issue and issue.key == key and not issue.lost else None
