"""Follow-ups from events, for evolve.py. Nothing here decides."""

from dataclasses import replace

from bot.incident.followup import Followup
from bot.incident.followup_events import FollowupAdded, FollowupChanged, FollowupMoved
from bot.incident.state import Incident


def followup_added(incident: Incident, event: FollowupAdded) -> Incident:
    item = Followup(
        number=event.number,
        content=event.content,
        added_at=event.at,
        added_by=event.by,
        source=event.source,
        link=event.link,
    )
    return _with(incident, item)


def followup_changed(incident: Incident, event: FollowupChanged) -> Incident:
    return _with(incident, replace(incident.followups[event.number], content=event.after))


def followup_moved(incident: Incident, event: FollowupMoved) -> Incident:
    item = replace(
        incident.followups[event.number],
        state=event.after,
        moved_at=event.at,
        moved_by=event.by,
        note=event.note,
        waits_for=event.waits_for,
    )
    return _with(incident, item)


def _with(incident: Incident, item: Followup) -> Incident:
    return replace(incident, followups={**incident.followups, item.number: item})
