"""Lists of follow-ups, and one of them by itself: what may be seen of the index, and nothing of it changes."""

from collections.abc import Sequence

from bot.incident.followup_index import Listed, followup_lines, public, sampled, seen, share
from bot.incident.listing import listing
from bot.incident.rights import require_full_member
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, Person, Rejected
from bot.incident.time_zones import zone_of
from bot.slack.access import readable
from bot.slack.asked import Followups, Whose
from bot.slack.blocks import phrases
from bot.slack.blocks.followup_cards import followup_card
from bot.slack.blocks.followup_lists import followup_list
from bot.slack.listening import Desk
from bot.slack.message import Message


async def show_followups(desk: Desk, wanted: Followups, by: Person) -> Message:
    """Raises Rejected and Unavailable."""
    require_full_member(by)
    today = desk.clock.now().astimezone(zone_of(by.time_zone)).date()
    if wanted.whose is Whose.HERE and wanted.incident is not None:
        incident = await readable(desk, wanted.incident, by)
        items = _of_incident(incident)
        shown = followup_list(items, wanted, today, incident=phrases.reference(incident))
        return phrases.marked(shown, incident)
    items = seen(await _asked(desk, wanted, by), by.id, desk.door.policy.rights.see_private)
    if wanted.whose is Whose.OVERDUE:
        late = [item for item in items if item.line.is_overdue(today)]
        return followup_list(sorted(late, key=lambda item: item.line.due_on or today), wanted, today)
    if wanted.whose is not Whose.ALL:
        return followup_list(items, wanted, today)
    sample = await desk.followups.added_between(*sampled(desk.clock.now()))
    return followup_list(items, wanted, today, share=share(public(sample)))


async def _asked(desk: Desk, wanted: Followups, by: Person) -> Sequence[Listed]:
    """The oldest first: a list of all is one by age."""
    match wanted.whose:
        case Whose.MINE | Whose.PERSON:
            who = wanted.who or by.id
            return [item for item in await desk.followups.concerning(who) if item.line.owner == who]
    every = await desk.followups.open()
    if wanted.whose is not Whose.TEAM:
        return every
    people = desk.door.policy.teams.get(wanted.team, ())
    return [item for item in every if item.line.owner in people]


def _of_incident(incident: Incident) -> list[Listed]:
    """From the log itself, for a drill is in no index; the open ones first."""
    lines = followup_lines(incident, with_drills=True).values()
    items = [Listed(line=line, listing=listing(incident)) for line in lines]
    return sorted(items, key=lambda item: (not item.line.is_open, item.line.number))


async def show_followup(desk: Desk, number: IncidentId, which: int, by: Person) -> Message:
    """Raises Rejected and Unavailable."""
    incident = await readable(desk, number, by)
    if which not in incident.followups:
        raise Rejected(f"{incident.reference} has no follow-up F{which}.", verb="followups")
    today = desk.clock.now().astimezone(zone_of(by.time_zone)).date()
    return phrases.marked(followup_card(incident, which, today, tracker=desk.door.policy.tracker), incident)
