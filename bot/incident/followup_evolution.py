"""Follow-ups from events, for evolve.py. Nothing here decides."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.incident.events import Event
from bot.incident.followup import Followup
from bot.incident.followup_events import FollowupAdded, FollowupChanged, FollowupMoved
from bot.incident.issue_evolution import touched
from bot.incident.state import Incident


def _added(incident: Incident, event: FollowupAdded) -> Incident:
    item = Followup(
        number=event.number,
        content=event.content,
        added_at=event.at,
        added_by=event.by,
        source=event.source,
        link=event.link,
    )
    return _with(incident, item)


def _changed(incident: Incident, event: FollowupChanged) -> Incident:
    item = replace(incident.followups[event.number], content=event.after)
    return _with(incident, touched(item, incident, event))


def _moved(incident: Incident, event: FollowupMoved) -> Incident:
    item = replace(
        incident.followups[event.number],
        state=event.after,
        moved_at=event.at,
        moved_by=event.by,
        note=event.note,
        waits_for=event.waits_for,
    )
    return _with(incident, item if event.via else touched(item, incident, event))


def _with(incident: Incident, item: Followup) -> Incident:
    return replace(incident, followups={**incident.followups, item.number: item})


FOLLOWUP_CHANGES: Final[Mapping[type[Event], Callable[[Incident, Any], Incident]]] = {
    FollowupAdded: _added,
    FollowupChanged: _changed,
    FollowupMoved: _moved,
}
"""No card of the war room shows them: a follow-up has a card of its own."""
