"""One contributing factor by itself, with the entry that shows it. Nothing of it changes here."""

from bot.incident.factor import factor_name
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, Person, Rejected, Version
from bot.incident.timeline import entries, visible
from bot.slack.access import readable
from bot.slack.blocks import phrases
from bot.slack.blocks.factor_cards import factor_card
from bot.slack.blocks.timeline_page import entry_line
from bot.slack.listening import Desk
from bot.slack.message import Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn


async def show_factor(desk: Desk, number: IncidentId, which: int, by: Person) -> Message:
    """Also one that was removed. Raises Rejected and Unavailable."""
    incident = await readable(desk, number, by)
    factor = incident.factors.get(which)
    if factor is None:
        raise Rejected(f"{incident.reference} has no factor {factor_name(which)}.", verb="factors")
    shown_by = await _entry(desk, incident, factor.content.entry) if factor.content.entry else NOTHING
    return phrases.marked(factor_card(incident, factor, shown_by, desk.clock.now()), incident)


async def _entry(desk: Desk, incident: Incident, version: Version) -> Mrkdwn:
    """Nothing where it was retracted since."""
    shown = visible(entries(await desk.door.history(incident.id)))
    found = [each for each in shown if each.version == version]
    return entry_line(found[0], desk.door.policy, same_day=False) if found else NOTHING
