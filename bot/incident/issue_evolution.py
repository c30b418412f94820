"""Issues of follow-ups from events, for evolve.py. Nothing here decides."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.incident.events import Event
from bot.incident.followup import Followup
from bot.incident.issue import Issue
from bot.incident.issue_events import FollowupTracked, IssueFiled, IssueLost, IssueMoved, IssueTold
from bot.incident.state import Incident
from bot.incident.terms import Version


def touched(item: Followup, incident: Incident, event: Event) -> Followup:
    """The tracker is to know of this event, where the follow-up is kept in step with one."""
    if item.issue is None:
        return item
    issue = replace(item.issue, touched=Version(incident.version + 1), touched_at=event.at)
    return replace(item, issue=issue)


def _tracked(incident: Incident, event: FollowupTracked) -> Incident:
    before = incident.followups[event.number].issue
    issue = Issue(
        tracker=event.tracker,
        touched=Version(incident.version + 1),
        touched_at=event.at,
        again=before is not None and before.tracker == event.tracker,
    )
    return _with(incident, event.number, issue)


def _filed(incident: Incident, event: IssueFiled) -> Incident:
    issue = _issue(incident, event.number)
    filed = replace(issue, key=event.key, url=event.url, told=event.told, closed=event.closed)
    return _with(incident, event.number, filed)


def _told(incident: Incident, event: IssueTold) -> Incident:
    issue = _issue(incident, event.number)
    return _with(incident, event.number, replace(issue, told=event.told, closed=event.closed))


def _moved(incident: Incident, event: IssueMoved) -> Incident:
    return _with(incident, event.number, replace(_issue(incident, event.number), closed=event.closed))


def _lost(incident: Incident, event: IssueLost) -> Incident:
    return _with(incident, event.number, replace(_issue(incident, event.number), lost=event.reason))


def _issue(incident: Incident, number: int) -> Issue:
    issue = incident.followups[number].issue
    assert issue is not None, "a log that has issues of what was never tracked"
    return issue


def _with(incident: Incident, number: int, issue: Issue) -> Incident:
    item = replace(incident.followups[number], issue=issue)
    return replace(incident, followups={**incident.followups, number: item})


ISSUE_CHANGES: Final[Mapping[type[Event], Callable[[Incident, Any], Incident]]] = {
    FollowupTracked: _tracked,
    IssueFiled: _filed,
    IssueTold: _told,
    IssueMoved: _moved,
    IssueLost: _lost,
}
"""No card of the war room shows them, only the follow-up's own."""
