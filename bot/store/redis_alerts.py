"""Alerts in Redis: those that wait, where they lead, and what was decided about them. It decides nothing itself."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

import structlog
from redis.asyncio import Redis

from bot.incident.alert import Alert, AlertDecision, Arrived
from bot.incident.alert_plan import Answered
from bot.incident.alert_routes import Rerouted
from bot.incident.alert_settling import Settled
from bot.incident.alert_tally import Tally, of_decision, of_word
from bot.incident.terms import IncidentId
from bot.ports import Unavailable
from bot.store.alert_codec import decode_decision, decode_waiting, encode_decision, encode_tally, encode_waiting
from bot.store.codec import Unreadable
from bot.store.connection import WHAT, look
from bot.store.identity import StoreIdentity, changed
from bot.store.keys import Keys
from bot.store.redis_proposals import proposal_arguments
from bot.store.scripts import SETTLE_ALERTS, TAKE_ALERTS

MOST_WAITING: Final = 20_000
"""Beyond this the sources are asked to come again: about 20 MB, and a minute's work."""
_AT_ONCE: Final = 500
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_Item = TypeVar("_Item")

_log = structlog.get_logger(__name__)


class RedisAlerts:
    """The protocol ports.AlertStore."""

    def __init__(
        self, client: Redis, keys: Keys, *, identity: StoreIdentity | None = None, most: int = MOST_WAITING
    ) -> None:
        self._client = client
        self._keys = keys
        self._identity = identity or StoreIdentity(client, keys)
        self._most = most

    async def take(self, alerts: Sequence[Alert], at: datetime) -> bool:
        words = [encode_waiting(alert, at) for alert in alerts]
        keys = (self._keys.alerts_inbox,)
        given: tuple[str | int, ...] = (self._identity.known, self._keys.prefix, self._most, *words)
        match await TAKE_ALERTS.run(self._client, keys, *given):
            case ["taken"]:
                return True
            case ["full"]:
                return False
            case ["emptied"]:
                raise changed(emptied=True)
        raise changed(emptied=False)

    async def waiting(self, most: int) -> Sequence[Arrived]:
        """What does not read was written by another version of Muster, which is to read it; it holds up nothing."""
        found: list[Arrived] = []
        unreadable, after = 0, "-"
        while len(found) < most:
            stored = await look(self._client, "XRANGE", self._keys.alerts_inbox, after, "+", "COUNT", most)
            read = [arrived for entry, fields in stored if (arrived := _arrived(entry, fields["data"]))]
            found += read
            unreadable += len(stored) - len(read)
            if len(stored) < most:
                break
            after = f"({stored[-1][0]}"
        if unreadable:
            _log.error("alerts_unreadable", alerts=unreadable)
        return found[:most]

    async def count(self) -> int:
        """How many wait."""
        return int(await look(self._client, "XLEN", self._keys.alerts_inbox))

    async def oldest(self) -> timedelta:
        """How long the first of them has waited, by the server's clock; nothing where none does."""
        first = await look(self._client, "XRANGE", self._keys.alerts_inbox, "-", "+", "COUNT", 1)
        if not first:
            return timedelta()
        seconds, microseconds = await look(self._client, "TIME")
        since = timedelta(milliseconds=int(first[0][0].partition("-")[0]))
        return timedelta(seconds=int(seconds), microseconds=int(microseconds)) - since

    async def routes(self, claims: Sequence[str]) -> Mapping[str, tuple[IncidentId, ...]]:
        found: dict[str, tuple[IncidentId, ...]] = {}
        for part in _parts(claims):
            held = await look(self._client, "HMGET", self._keys.alerts_routes, *part)
            found |= {claim: _numbers(text) for claim, text in zip(part, held, strict=True) if text}
        return found

    async def answered(self, claims: Sequence[str]) -> Mapping[str, Answered]:
        found: dict[str, Answered] = {}
        for part in _parts(claims):
            held = await look(self._client, "MGET", *(self._keys.alerts_answered(claim) for claim in part))
            found |= {claim: _answered(text) for claim, text in zip(part, held, strict=True) if text}
        return found

    async def settle(self, settled: Sequence[tuple[Arrived, AlertDecision | None]]) -> frozenset[str]:
        still_waited: set[str] = set()
        for part in _parts(settled):
            words: list[str] = []
            for arrived, decision in part:
                words += [arrived.entry, encode_decision(decision) if decision else ""]
                tally = of_decision(decision) if decision else None
                words.append(encode_tally(tally or of_word(arrived)))
            found = await SETTLE_ALERTS.run(self._client, (self._keys.alerts_inbox,), self._keys.prefix, *words)
            still_waited.update(found)
        return frozenset(still_waited)

    async def decisions(self, most: int) -> Sequence[AlertDecision]:
        stored = await look(self._client, "XREVRANGE", self._keys.alerts_log, "+", "-", "COUNT", most)
        try:
            return [decode_decision(fields["data"]) for _, fields in stored]
        except Unreadable as error:
            raise Unavailable(WHAT, str(error), retryable=False) from error


def alert_arguments(routes: Rerouted, settled: Settled, tallies: Sequence[Tally]) -> Iterator[str | int]:
    """In the order in which append.lua takes them."""
    for listed in (routes.added, routes.gone, settled.entries, settled.unless_routed):
        yield len(listed)
        yield from listed
    yield len(settled.decisions)
    for decision in settled.decisions:
        yield from (encode_decision(decision), encode_tally(of_decision(decision)))
    yield len(tallies)
    yield from map(encode_tally, tallies)
    yield (routes.ended_at - _EPOCH) // _MILLISECOND if routes.ended_at else ""
    yield from proposal_arguments(settled.proposals)


def _arrived(entry: str, data: str) -> Arrived | None:
    try:
        return decode_waiting(entry, data)
    except Unreadable:
        return None


def _parts(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))


def _numbers(text: str) -> tuple[IncidentId, ...]:
    return tuple(IncidentId(int(number)) for number in text.split(","))


def _answered(text: str) -> Answered:
    incident, _, ended = text.partition(" ")
    return Answered(incident=IncidentId(int(incident)), at=_EPOCH + int(ended) * _MILLISECOND)
