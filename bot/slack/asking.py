"""Who asks by a typed command, and the shape that all readers of what stands behind a verb share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.incident.policy import Policy
from bot.incident.terms import Person
from bot.slack.asked import (
    Asked,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks, when, and under which rules."""

    by: Person
    at: datetime
    policy: Policy


Reader = Callable[[str, Asking], Asked]
