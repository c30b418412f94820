"""THE table of events: which listener hears which, and how it is subscribed to."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.slack.home_tab import on_home_opened
from bot.slack.listening import Desk
from bot.slack.messages import OF_INTEREST, on_joined, on_left, on_message, on_user_change
from bot.slack.reactions import on_reaction_added, on_reaction_removed


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """`subscriptions`: the names under which the manifest asks for it; events say only `message`."""

    listener: Callable[[Desk, dict[str, Any]], Awaitable[None]]
    subscriptions: tuple[str, ...]


EVENTS: Final[Mapping[str, EventRow]] = {
    "reaction_added": EventRow(listener=on_reaction_added, subscriptions=("reaction_added",)),
    "reaction_removed": EventRow(listener=on_reaction_removed, subscriptions=("reaction_removed",)),
    "message": EventRow(listener=on_message, subscriptions=("message.channels", "message.groups")),
    "member_joined_channel": EventRow(listener=on_joined, subscriptions=("member_joined_channel",)),
    "member_left_channel": EventRow(listener=on_left, subscriptions=("member_left_channel",)),
    "app_home_opened": EventRow(listener=on_home_opened, subscriptions=("app_home_opened",)),
    "user_change": EventRow(listener=on_user_change, subscriptions=("user_change",)),
}
"""By the type that the event carries."""


def is_heard(payload: Mapping[str, Any]) -> bool:
    """Whether anything can follow from this event. Most messages are just messages."""
    event = payload.get("event") or {}
    kind = event.get("type")
    return kind in EVENTS and (kind != "message" or event.get("subtype") in OF_INTEREST)


def subscriptions() -> list[str]:
    return sorted(name for row in EVENTS.values() for name in row.subscriptions)
