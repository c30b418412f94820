"""What was called and what was delivered, for tests and people to read. Bounded, so a long demo stays
small.
"""

from collections import deque

from bot.workspace.refusal import Json

KEPT = 20_000


class Journal:
    def __init__(self) -> None:
        self.calls: deque[Json] = deque(maxlen=KEPT)
        self.deliveries: deque[Json] = deque(maxlen=KEPT)

    def calls_of(self, method: str | None) -> list[Json]:
        return [call for call in self.calls if method in {None, call["method"]}]

    def deliveries_of(self, kind: str | None) -> list[Json]:
        """`kind`: slash_commands, interactive, events_api, or the type of an event."""
        return [each for each in self.deliveries if kind in {None, each["kind"], each.get("event_type")}]
