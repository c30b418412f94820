"""The App Home tab: declare button, my roles, open incidents, and nothing that the viewer may not see."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.incident.listing import Listing
from bot.incident.policy import Policy
from bot.incident.terms import UserId
from bot.slack.blocks import elements
from bot.slack.blocks.elements import View
from bot.slack.blocks.panels import door_blocks, seen_by

MOST: Final = 40


def home(listings: Sequence[Listing], viewer: UserId, policy: Policy, at: datetime) -> View:
    """The view for views.publish."""
    return elements.home_view(door_blocks(seen_by(listings, viewer, policy), viewer, policy, at, most=MOST))
