"""The App Home tab: declare button, my roles, open incidents, my follow-ups; nothing that the viewer may not see."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from bot.incident.followup_index import Listed
from bot.incident.listing import Listing
from bot.incident.policy import Policy
from bot.incident.terms import UserId
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements
from bot.slack.blocks.elements import View
from bot.slack.blocks.followup_cards import listed_line
from bot.slack.blocks.panels import door_blocks, seen_by
from bot.slack.message import Block
from bot.slack.mrkdwn import NOTHING, bold, escape, fill

MOST: Final = 40
MOST_FOLLOWUPS: Final = 5


def home(
    listings: Sequence[Listing],
    viewer: UserId,
    policy: Policy,
    at: datetime,
    *,
    yours: Sequence[Listed] = (),
    today: date | None = None,
) -> View:
    """The view for views.publish. `yours`: the follow-ups that they own, of incidents that they may see; `today`: their
    day.
    """
    incidents = door_blocks(seen_by(listings, viewer, policy), viewer, policy, at, most=MOST)
    return elements.home_view([*incidents, *_followups(yours, today or at.date())])


def _followups(yours: Sequence[Listed], today: date) -> list[Block]:
    """What is due first comes first."""
    if not yours:
        return []
    first = sorted(yours, key=lambda item: (item.line.due_on or date.max, item.line.added_at))[:MOST_FOLLOWUPS]
    late = sum(item.line.is_overdue(today) for item in yours)
    overdue = fill(" ({n} overdue)", n=escape(str(late))) if late else NOTHING
    head = fill("My follow-ups: {n}{late}", n=escape(str(len(yours))), late=overdue)
    button = elements.button("Show all of mine", action_ids.SHOW_FOLLOWUPS, pack(0, "mine", "", 1))
    shown = [elements.section(listed_line(item, today)) for item in first]
    return [elements.section(bold(head)), *shown, elements.actions(button)]
