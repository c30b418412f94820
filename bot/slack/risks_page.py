"""The risk register: what may be seen of the index, and nothing of it changes."""

import asyncio
from collections.abc import Sequence

from bot.incident.factor_index import ListedFactor, seen
from bot.incident.rights import require_full_member
from bot.incident.terms import Person
from bot.incident.themes import Risk, risks
from bot.incident.time_zones import zone_of
from bot.slack.asked import Look
from bot.slack.blocks.risk_register import risk_list
from bot.slack.listening import Desk
from bot.slack.message import Message


def _grouped(items: Sequence[ListedFactor]) -> list[Risk]:
    """Of very many it takes a while, so it is done apart."""
    return sorted(risks(items), key=lambda risk: -len(risk.incidents))


async def show_risks(desk: Desk, wanted: Look, by: Person) -> Message:
    """Those that several incidents have come first, then the newest. Raises Rejected and Unavailable."""
    require_full_member(by)
    today = desk.clock.now().astimezone(zone_of(by.time_zone)).date()
    items = seen(await desk.factors.open(), by.id, desk.door.policy.rights.see_private)
    accepted = [item for item in items if item.line.is_accepted(today)]
    unsettled = [item for item in items if item.line.is_open(today)]
    shown, others = (accepted, unsettled) if wanted.ended else (unsettled, accepted)
    grouped = await asyncio.to_thread(_grouped, shown)
    return risk_list(grouped, wanted.number or 1, today, accepted=wanted.ended, others=len(others))
