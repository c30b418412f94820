"""The seal of each log's newest entry, as far as this process knows: it spares an append a question. Only a guess."""

from collections import OrderedDict
from typing import Final

from bot.incident.terms import IncidentId, Version

MOST_HEADS: Final = 4000
"""More than the states that the command handler remembers; about 200 bytes each."""


class Heads:
    """Least recently used first out. An append that chains on a wrong guess is refused by the store."""

    def __init__(self, most: int = MOST_HEADS) -> None:
        self._most = most
        self._heads: OrderedDict[IncidentId, tuple[Version, str]] = OrderedDict()

    def note(self, incident: IncidentId, version: Version, seal: str) -> None:
        self._heads[incident] = (version, seal)
        self._heads.move_to_end(incident)
        if len(self._heads) > self._most:
            self._heads.popitem(last=False)

    def at(self, incident: IncidentId, version: Version) -> str | None:
        """None: not known."""
        known = self._heads.get(incident)
        return known[1] if known and known[0] == version else None

    def forget(self, incident: IncidentId) -> None:
        self._heads.pop(incident, None)
