"""The log in Redis: a stream per incident, whose entry ids carry the version, and the indexes made from it.

Each entry is sealed where there is a key (seal.py). Reading does not verify: that is the audit's work.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

from redis.asyncio import Redis

from bot.incident.events import Event
from bot.incident.listing import Listing
from bot.incident.terms import ChannelId, IncidentId, RequestId, Version
from bot.ports import AlreadyHandled, Append, Appended, AppendResult, Conflict, LeaseLost, Taken, TooLate, Unavailable
from bot.store.codec import Unreadable, decode_event, decode_listing, encode_effect, encode_event, encode_listing
from bot.store.connection import WHAT, look
from bot.store.heads import Heads
from bot.store.identity import StoreIdentity, changed
from bot.store.keys import Keys
from bot.store.redis_alerts import alert_arguments
from bot.store.redis_factors import factor_arguments
from bot.store.redis_followups import followup_arguments, unclosed_argument
from bot.store.redis_gists import encoded
from bot.store.redis_timers import timer_arguments
from bot.store.scripts import APPEND
from bot.store.seal import UNSEALED, Seals
from bot.store.server_clock import ServerClock

REMEMBERED_FOR: Final = timedelta(hours=2)
"""Slack delivers an event again for up to an hour."""
_MOST_CHANNELS: Final = 4000
_ENTRIES_A_PAGE: Final = 250
"""Decoded in about 5 ms."""
_AT_ONCE: Final = 500
"""Listings per command: a few hundred kB, so that nobody waits long behind it."""
_NOT_COMPARED: Final = "-"
"""In place of a seal: this process has no key, and so no seal to compare."""

_UNCOUNTED: Final = (
    "it holds incidents but not the number of the last one, and numbers are never given twice; "
    "restore the store from its backup"
)


class RedisLog:
    """The protocol ports.Log. `seals`: None writes unsealed entries."""

    def __init__(
        self,
        client: Redis,
        keys: Keys,
        *,
        remembered: timedelta = REMEMBERED_FOR,
        seals: Seals | None = None,
        clock: ServerClock | None = None,
        identity: StoreIdentity | None = None,
    ) -> None:
        self._client = client
        self._keys = keys
        self._clock = clock or ServerClock(client)
        self._identity = identity or StoreIdentity(client, keys)
        self._remembered = int(remembered.total_seconds())
        self._seals = seals
        self._heads = Heads()
        self._channels: dict[ChannelId, IncidentId] = {}

    async def read(self, incident: IncidentId, after: Version) -> Sequence[Event]:
        """In pages, so that a long log keeps nobody else waiting while it is decoded."""
        events: list[Event] = []
        while True:
            page = await self._page(incident, Version(after + len(events)))
            events += page
            if len(page) < _ENTRIES_A_PAGE:
                break
        if not events:
            await self._identity.ensure()
        return events

    async def _page(self, incident: IncidentId, after: Version) -> Sequence[Event]:
        asked = (self._keys.incident(incident), f"({after}-0", "+", "COUNT", _ENTRIES_A_PAGE)
        stored = await look(self._client, "XRANGE", *asked)
        try:
            events = [_entry(entry, version) for version, entry in enumerate(stored, start=after + 1)]
        except Unreadable as error:
            raise Unavailable(WHAT, f"the log of INC-{incident} is damaged: {error}", retryable=False) from error
        if stored:
            self._heads.note(incident, Version(after + len(stored)), _seal_of(stored[-1]))
        return events

    async def append(self, append: Append) -> AppendResult:
        if not append.events and (append.effects or not append.expected):
            raise ValueError("a declaration and every effect need an event: effects are named by the version")
        answer = await self._append(append)
        if answer == TooLate() and append.valid_until and time.monotonic() < append.valid_until:
            # The server's clock was set forward: now it has told us so.
            return await self._append(append)
        return answer

    async def _append(self, append: Append) -> AppendResult:
        until = "" if append.valid_until is None else await self._clock.at(append.valid_until)
        before = await self._seal_before(append)
        sealed = self._sealed(append, before)
        asked_at = time.monotonic()
        answer = await APPEND.run(
            self._client, self._append_keys(append), *self._append_arguments(append, before, sealed, until)
        )
        match answer:
            case ["appended", version, now, more]:
                self._clock.heard(now, asked_at)
                self._heads.note(append.incident, Version(int(version)), sealed[-1][2] if sealed else before)
                return Appended(version=Version(int(version)), more=bool(more))
            case ["late", now]:
                self._clock.heard(now, asked_at)
                return TooLate()
            case ["conflict"]:
                return Conflict()
            case ["diverged"]:
                self._heads.forget(append.incident)
                return Conflict(diverged=True)
            case ["handled", before]:
                return _handled(before)
            case ["lost"]:
                return LeaseLost()
            case ["taken"]:
                return Taken()
            case ["emptied" | "exchanged" as found]:
                raise changed(emptied=found == "emptied")
            case _:
                raise Unavailable(WHAT, _UNCOUNTED, retryable=False)

    async def handled(self, request: RequestId) -> AlreadyHandled | None:
        before = await look(self._client, "GET", self._keys.request(request))
        return _handled(before) if before else None

    async def next_number(self) -> IncidentId:
        """Raises Unavailable also when incidents exist but their count is lost: no number is given twice."""
        last = await look(self._client, "GET", self._keys.counter)
        if last is None and await look(self._client, "EXISTS", self._keys.listings):
            # The very first may have been declared by somebody else between the two questions.
            last = await look(self._client, "GET", self._keys.counter)
            if last is None:
                raise Unavailable(WHAT, _UNCOUNTED, retryable=False)
        if last is None:
            await self._identity.ensure()
        return IncidentId(int(last or 0) + 1)

    async def incident_of(self, channel: ChannelId) -> IncidentId | None:
        """A channel that is an incident's stays that, so this process asks once; of others it asks each time."""
        known = self._channels.get(channel)
        if known is None:
            known = await self._incident_of(channel)
            if known is not None:
                self._know(channel, known)
        return known

    def _know(self, channel: ChannelId, incident: IncidentId) -> None:
        if len(self._channels) >= _MOST_CHANNELS:
            self._channels.pop(next(iter(self._channels)))  # the one known for longest is asked for again
        self._channels[channel] = incident

    async def _incident_of(self, channel: ChannelId) -> IncidentId | None:
        found = await look(self._client, "HGET", self._keys.channels, channel)
        if not found:
            await self._identity.ensure()
        return IncidentId(int(found)) if found else None

    async def listings(self, *, active: bool, most: int | None = None) -> Sequence[Listing]:
        ids = await self._open(most) if active else await self._all()
        if not ids:
            await self._identity.ensure()
        found: list[Listing] = []
        for start in range(0, len(ids), _AT_ONCE):
            stored = await look(self._client, "HMGET", self._keys.listings, *ids[start : start + _AT_ONCE])
            found += self._decoded(stored)
        return found

    async def listings_before(self, incident: IncidentId, most: int) -> Sequence[Listing]:
        numbers = range(incident - 1, max(incident - 1 - most, 0), -1)
        stored = await look(self._client, "HMGET", self._keys.listings, *numbers) if numbers else []
        return list(self._decoded(stored))

    async def _open(self, most: int | None) -> list[str]:
        return list(await look(self._client, "ZREVRANGE", self._keys.open, 0, -1 if most is None else most - 1))

    async def _all(self) -> list[str]:
        return sorted(await look(self._client, "HKEYS", self._keys.listings), key=int, reverse=True)

    def _decoded(self, stored: Sequence[str | None]) -> Iterator[Listing]:
        try:
            yield from [decode_listing(data) for data in stored if data]
        except Unreadable as error:
            raise Unavailable(WHAT, str(error), retryable=False) from error

    def _append_keys(self, append: Append) -> tuple[str, ...]:
        keys = self._keys
        log, request = keys.incident(append.incident), keys.request(append.request)
        return log, keys.counter, keys.listings, keys.open, keys.channels, request, keys.gists

    async def _seal_before(self, append: Append) -> str:
        """The seal that the next one is chained to; asked for only where this process neither read nor wrote it."""
        if self._seals is None:
            return _NOT_COMPARED
        if not append.expected:
            return UNSEALED
        known = self._heads.at(append.incident, append.expected)
        if known is not None:
            return known
        version = f"{append.expected}-0"
        stored = await look(self._client, "XRANGE", self._keys.incident(append.incident), version, version)
        return _seal_of(stored[0]) if stored else UNSEALED

    def _sealed(self, append: Append, before: str) -> list[tuple[str, str, str]]:
        """(stored type, JSON, seal) of each event."""
        sealed = []
        for version, event in enumerate(append.events, start=append.expected + 1):
            stored, data = encode_event(event)
            if self._seals:
                before = self._seals.seal(append.incident, version, stored, data, before=before)
            sealed.append((stored, data, before if self._seals else UNSEALED))
        return sealed

    def _append_arguments(
        self, append: Append, before: str, sealed: Sequence[tuple[str, str, str]], until: int | str
    ) -> Iterator[str | int]:
        """In the order in which append.lua takes them."""
        listing = append.listing
        remembered = self._remembered if append.remember_for is None else int(append.remember_for.total_seconds())
        yield from (self._keys.prefix, append.incident, append.expected, before, remembered, until)
        yield self._identity.known
        yield from (encode_listing(listing), int(listing.active), listing.channel or "", unclosed_argument(listing))
        done = append.completes
        yield from (done.lane, done.token, done.id) if done else ("", "", "")
        yield from encoded(append.gist) if append.gist else ("", "", "")
        yield len(sealed)
        for entry in sealed:
            yield from entry
        yield len(append.effects)
        for effect in append.effects:
            yield from (effect.lane, effect.keep, encode_effect(effect))
        yield len(append.timers)
        yield from timer_arguments(append.timers)
        yield len(append.followups)
        yield from followup_arguments(append.followups)
        yield len(append.factors)
        yield from factor_arguments(append.factors)
        yield from alert_arguments(append.routes, append.settles, append.tallies)


def _seal_of(entry: tuple[str, dict[str, Any]]) -> str:
    return str(entry[1].get("mac", UNSEALED))


def _entry(entry: tuple[str, dict[str, Any]], version: int) -> Event:
    """Raises Unreadable, also for an entry that is not the next one."""
    id_, fields = entry
    if id_ != f"{version}-0":
        raise Unreadable(f"entry {version} is missing")
    return decode_event(fields.get("type", ""), fields.get("data", ""))


def _handled(stored: str) -> AlreadyHandled:
    incident, version = stored.split(" ")
    return AlreadyHandled(incident=IncidentId(int(incident)), version=Version(int(version)))
