"""The index of follow-ups in Redis, and whose turn it is to hear of them. It decides nothing of what is said."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from redis.asyncio import Redis

from bot.incident.effects import Effect
from bot.incident.followup_index import FollowupLine, Listed, Reindexed
from bot.incident.listing import Listing
from bot.incident.terms import UserId
from bot.index_ports import Turn
from bot.ports import Unavailable
from bot.store.codec import Unreadable, decode_followup, decode_listing, encode_effect, encode_followup
from bot.store.connection import WHAT, look
from bot.store.keys import Keys
from bot.store.scripts import WEEKLY

DIGEST: Final = "#digest"
"""Among the users of the weekly round, the one that is a channel."""
FURTHEST: Final = timedelta(days=8)
"""No turn is further away; one that is was planned by a clock that was set back since, and is planned anew."""
_AT_ONCE: Final = 500
_MOST_TURNS: Final = 100
"""A look takes so many, the next look the others: after a long downtime the messages come in portions."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


class RedisFollowups:
    """The protocol ports.FollowupIndex."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def open(self) -> Sequence[Listed]:
        return await self._listed(await look(self._client, "ZRANGE", self._keys.followups_open, 0, -1))

    async def concerning(self, user: UserId) -> Sequence[Listed]:
        return await self._listed(await look(self._client, "ZRANGE", self._keys.followups_of(user), 0, -1))

    async def added_between(self, first: datetime, last: datetime) -> Sequence[Listed]:
        between = (milliseconds_of(first), milliseconds_of(last))
        return await self._listed(await look(self._client, "ZRANGEBYSCORE", self._keys.followups_added, *between))

    async def unclosed(self) -> Sequence[Listing]:
        numbers = [int(each) for each in await look(self._client, "ZRANGE", self._keys.unclosed, 0, -1)]
        return list((await self._listings(numbers)).values())

    async def count_public(self, today: date) -> tuple[int, int]:
        """How many of public incidents are open, and how many of them overdue; none of them is read."""
        overdue = f"({(today - _EPOCH.date()) // _MILLISECOND}"
        counted = await look(self._client, "ZCARD", self._keys.followups_public)
        return int(counted), int(await look(self._client, "ZCOUNT", self._keys.followups_public, "-inf", overdue))

    async def turns(self, now: datetime) -> Sequence[Turn]:
        come = await self._turns("-inf", milliseconds_of(now))
        lost = await self._turns(f"({milliseconds_of(now + FURTHEST)}", "+inf")
        return [*come, *lost]

    async def take(self, turn: Turn, next_at: datetime, effect: Effect | None, *, has_nothing: bool) -> bool:
        due = milliseconds_of(turn.due_at) if turn.due_at else 0
        said = (effect.lane, encode_effect(effect), effect.incident) if effect else ("", "", "")
        keys = (self._keys.weekly, self._keys.ready)
        taken = (turn.who or DIGEST, due, milliseconds_of(next_at), int(has_nothing))
        return bool(await WEEKLY.run(self._client, keys, self._keys.prefix, *taken, *said))

    async def _turns(self, first: str | int, last: str | int) -> list[Turn]:
        limit = ("WITHSCORES", "LIMIT", 0, _MOST_TURNS)
        found = await look(self._client, "ZRANGEBYSCORE", self._keys.weekly, first, last, *limit)
        return [_turn(who, float(score)) for who, score in zip(found[::2], found[1::2], strict=True)]

    async def _listed(self, members: Sequence[str]) -> list[Listed]:
        """With the incident of each; what has no listing, which the same step writes, is damage and left out."""
        lines: list[FollowupLine] = []
        for start in range(0, len(members), _AT_ONCE):
            stored = await look(self._client, "HMGET", self._keys.followups, *members[start : start + _AT_ONCE])
            lines += [_line(data) for data in stored if data]
        listings = await self._listings(sorted({line.incident for line in lines}))
        return [Listed(line=line, listing=listings[line.incident]) for line in lines if line.incident in listings]

    async def _listings(self, incidents: Sequence[int]) -> dict[int, Listing]:
        found: dict[int, Listing] = {}
        for start in range(0, len(incidents), _AT_ONCE):
            part = incidents[start : start + _AT_ONCE]
            stored = await look(self._client, "HMGET", self._keys.listings, *part)
            found |= {number: _listing(data) for number, data in zip(part, stored, strict=True) if data}
        return found


def followup_arguments(changed: Sequence[Reindexed]) -> Iterator[str | int]:
    """As followups.lua takes them."""
    for each in changed:
        line = each.line
        yield from (line.number, encode_followup(line), int(line.is_open), milliseconds_of(line.added_at))
        yield "" if line.private else _deadline(line)
        yield from (
            ",".join(sorted(each.no_longer)),
            ",".join(sorted(line.chased)),
            issue_field(line.tracker, line.issue),
        )


def issue_field(tracker: str, issue: str) -> str:
    """How an issue is found among all of them; empty for one that is not filed yet."""
    return f"{tracker} {issue}" if issue else ""


def unclosed_argument(listing: Listing) -> int | str:
    """As followups.lua takes it; a private incident stands nowhere where all of them are listed."""
    since = None if listing.private or listing.drill else listing.unclosed_since
    return milliseconds_of(since) if since else ""


def _deadline(line: FollowupLine) -> int | str:
    return (line.due_on - _EPOCH.date()) // _MILLISECOND if line.due_on else "+inf"


def milliseconds_of(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _turn(who: str, score: float) -> Turn:
    due_at = _EPOCH + int(score) * _MILLISECOND if score else None
    return Turn(who=None if who == DIGEST else UserId(who), due_at=due_at)


def _line(data: str) -> FollowupLine:
    try:
        return decode_followup(data)
    except Unreadable as error:
        raise Unavailable(WHAT, str(error), retryable=False) from error


def _listing(data: str) -> Listing:
    try:
        return decode_listing(data)
    except Unreadable as error:
        raise Unavailable(WHAT, str(error), retryable=False) from error
