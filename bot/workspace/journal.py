"""What was called and what was delivered, for tests and people to read. Bounded, so a long demo stays
small.
"""

from collections import deque
from collections.abc import Iterator
from itertools import islice, takewhile

from bot.workspace.refusal import Json

KEPT = 20_000


class Numbered:
    """Entries in the order in which they began, each with a serial `n` from 1 on. One without `duration_ms` is still
    under way: its outcome comes later, under the same number.
    """

    def __init__(self) -> None:
        self._entries: deque[Json] = deque(maxlen=KEPT)
        self._last = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Json]:
        return iter(self._entries)

    def add(self, entry: Json) -> Json:
        self._last += 1
        entry["n"] = self._last
        self._entries.append(entry)
        return entry

    def part(self, name: str | None, since: int | None, limit: int | None) -> list[Json]:
        """Of those with this method, kind or type of event (None: all) the first `limit` after serial `since`; without
        a serial the newest.
        """
        later = takewhile(lambda entry: since is None or entry["n"] > since, reversed(self._entries))
        found = (each for each in later if name is None or name in names_of(each))
        if since is None:
            return list(islice(found, limit))[::-1]
        return list(found)[::-1][:limit]


def names_of(entry: Json) -> set[str]:
    return {str(entry[name]) for name in ("method", "kind", "event_type") if name in entry}


class Journal:
    """`answers`: what the app said through response_urls, which is no call of a method."""

    def __init__(self) -> None:
        self.answers = Numbered()
        self.calls = Numbered()
        self.deliveries = Numbered()
