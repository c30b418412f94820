"""What a tracker is told of a follow-up, as plain text: names instead of Slack's ids, and nothing else. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from typing import Final

from bot.incident.events import Event
from bot.incident.followup import Followup, FollowupContent, FollowupState, followup_reference
from bot.incident.followup_events import FollowupChanged, FollowupMoved
from bot.incident.remote_issue import NewIssue
from bot.incident.state import Incident
from bot.incident.terms import MUSTER, IncidentId, UserId, Version

NameOf = Callable[[UserId], str]

_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")


def marker(team: str, incident: IncidentId, number: int) -> str:
    """One word for one follow-up of one installation; Slack's id of the workspace cannot be read from it."""
    return f"muster-{sha256(team.encode()).hexdigest()[:10]}-inc-{incident}-f{number}"


def comment_marker(issue_marker: str, told: Version, until: Version) -> str:
    """Which part of the log a comment tells; the part before the last dash says where it begins."""
    return f"{comments_from(issue_marker, told)}{until}"


def comments_from(issue_marker: str, told: Version) -> str:
    return f"{issue_marker}-v{told}-v"


def new_issue(incident: Incident, item: Followup, name_of: NameOf, issue_marker: str) -> NewIssue:
    content = item.content
    title = readable(incident.title, name_of)
    lines = [
        f"{_reference(incident, item)}: what is left to be done after the incident “{title}”.",
        _said("Owner", name_of(content.owner) if content.owner else "nobody yet"),
        _said("Deadline", _day(content.due_on) if content.due_on else ""),
        _said("How we shall know", readable(content.metric, name_of)),
        "; ".join(filter(None, (_said("Class", content.kind), _weight(content)))),
        "Kept in step by Muster: closing this here settles the follow-up, and reopening this opens it again.",
    ]
    said = tuple(line for line in lines if line)
    return NewIssue(title=readable(content.what, name_of), lines=said, marker=issue_marker)


def named_in(incident: Incident, item: Followup, events: Sequence[Event]) -> frozenset[UserId]:
    """Whose names are needed."""
    users = {event.by for event in events} | set(item.content.people)
    texts = [incident.title, item.content.what, item.content.metric]
    for event in events:
        match event:
            case FollowupMoved():
                users |= {event.waits_for} if event.waits_for else set()
                texts.append(event.note)
            case FollowupChanged():
                users |= event.after.people
                texts.append(event.before.what)
    users |= {UserId(user) for text in texts for user in _MENTION.findall(text)}
    return frozenset(users - {MUSTER})


def news_of(events: Sequence[Event], number: int, after: Version) -> list[Event]:
    """What happened to a follow-up since that version of the log, and was not done in the tracker."""
    return [event for event in events[after:] if _is_news(event, number)]


def _is_news(event: Event, number: int) -> bool:
    match event:
        case FollowupMoved():
            return event.number == number and not event.via
        case FollowupChanged():
            return event.number == number
    return False


def comment_lines(incident: Incident, item: Followup, news: Sequence[Event], name_of: NameOf) -> list[str]:
    reference = _reference(incident, item)
    return [f"{reference}: {sentence}" for event in news for sentence in _sentences(event, name_of)]


def is_renamed(news: Sequence[Event]) -> bool:
    return any(isinstance(event, FollowupChanged) and event.before.what != event.after.what for event in news)


def readable(text: str, name_of: NameOf) -> str:
    """Without Slack's ids of people."""
    return _MENTION.sub(lambda found: name_of(UserId(found[1])), text)


def _sentences(event: Event, name_of: NameOf) -> Iterator[str]:
    who = name_of(event.by)
    match event:
        case FollowupMoved():
            yield _moved(event, who, name_of)
        case FollowupChanged():
            yield from _changed(event, who, name_of)


def _moved(event: FollowupMoved, who: str, name_of: NameOf) -> str:
    note = f": {readable(event.note, name_of)}" if event.note else "."
    match event.after:
        case FollowupState.DONE:
            return f"{who} says that it is done{note}"
        case FollowupState.WILL_NOT_DO:
            return f"{who} decided that it will not be done{note}"
        case FollowupState.BLOCKED:
            whom = f" and waits for {name_of(event.waits_for)}" if event.waits_for else ""
            return f"{who} says that it is blocked{whom}{note}"
        case FollowupState.IN_PROGRESS:
            return f"{who} says that it is in progress{note}"
    return f"{who} opened it again{note}"


def _changed(event: FollowupChanged, who: str, name_of: NameOf) -> Iterator[str]:
    before, after = event.before, event.after
    if before.what != after.what:
        yield f"{who} renamed it. It was “{readable(before.what, name_of)}”."
    if before.owner != after.owner:
        yield f"{who} gave it to {name_of(after.owner)}." if after.owner else f"{who} says that nobody owns it."
    if before.due_on != after.due_on:
        yield f"{who} set its deadline to {_day(after.due_on)}." if after.due_on else f"{who} took its deadline away."
    if before.metric != after.metric:
        yield f"{who} changed how we shall know{f': {readable(after.metric, name_of)}' if after.metric else '.'}"


def _reference(incident: Incident, item: Followup) -> str:
    return followup_reference(incident.id, item.number, drill=incident.drill)


def _said(label: str, text: str | None) -> str:
    return f"{label}: {text}" if text else ""


def _weight(content: FollowupContent) -> str:
    return "; ".join(filter(None, (_said("impact", content.impact), _said("effort", content.effort))))


def _day(on: date) -> str:
    return f"{on.day} {on:%b %Y}"
