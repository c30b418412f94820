"""What was counted about the rules of the monitoring, from Redis, and whose turn the weekly list is. It counts nothing:
quality.lua does, in the step that decides."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from redis.asyncio import Redis

from bot.incident.alert_quality import RuleQuality, Week, WeekQuality
from bot.incident.alert_tally import Figure
from bot.incident.effects import Effect
from bot.ports import Unavailable
from bot.store.alert_codec import decode_sounding
from bot.store.codec import Unreadable, encode_effect
from bot.store.connection import WHAT, look
from bot.store.keys import Keys
from bot.store.redis_followups import milliseconds_of
from bot.store.scripts import QUALITY_TURN

_REST: Final = "rest"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class RedisAlertQuality:
    """The protocol alert_store.AlertQualityBook."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def weeks(self, wanted: Sequence[Week]) -> Sequence[WeekQuality]:
        return [_week(each, await look(self._client, "HGETALL", self._keys.alerts_quality(each))) for each in wanted]

    async def turn(self) -> datetime | None:
        found = await look(self._client, "GET", self._keys.alerts_quality_turn)
        return _EPOCH + timedelta(milliseconds=int(found)) if found else None

    async def take(self, seen: datetime | None, following: datetime, effect: Effect | None) -> bool:
        keys = (self._keys.alerts_quality_turn, self._keys.ready)
        before = milliseconds_of(seen) if seen else ""
        told = (effect.lane, encode_effect(effect)) if effect else ("", "")
        return bool(
            await QUALITY_TURN.run(self._client, keys, self._keys.prefix, before, milliseconds_of(following), *told)
        )


def _week(week: Week, stored: Mapping[str, str]) -> WeekQuality:
    """Raises Unavailable."""
    try:
        rules = tuple(_rule(name[1:], stored) for name in stored if name.startswith("@"))
    except (Unreadable, ValueError) as error:
        raise Unavailable(WHAT, f"what it counted of alerts does not read: {error}", retryable=False) from error
    return WeekQuality(week=week, rules=rules, rest=int(stored.get(f"{_REST}:{Figure.FIRED}", 0)))


def _rule(key: str, stored: Mapping[str, str]) -> RuleQuality:
    counted = {each: int(stored[name]) for each in Figure if (name := f"{key}:{each}") in stored}
    took = stored.get(f"{key}:took", "").split()
    return RuleQuality(
        sounding=decode_sounding(stored[f"@{key}"]),
        figures=counted,
        took=tuple(timedelta(seconds=int(seconds)) for seconds in took),
    )
