"""An empty store is filled from a backup: logs as they were, and the views of them made anew. No effects, ever."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from redis.asyncio import Redis

from bot.incident.factor_index import ReindexedFactor
from bot.incident.followup_index import Reindexed
from bot.incident.gist import Gist
from bot.incident.listing import Listing
from bot.incident.terms import IncidentId, TimerName, UserId, Version
from bot.ports import Unavailable
from bot.store.codec import encode_listing
from bot.store.connection import WHAT, ask
from bot.store.keys import Keys
from bot.store.ledger import StoredEntry
from bot.store.redis_factors import factor_arguments
from bot.store.redis_followups import followup_arguments, unclosed_argument
from bot.store.redis_gists import gist_arguments
from bot.store.redis_rota import RedisRota
from bot.store.redis_timers import timer_arguments
from bot.store.scripts import REFILL_BEGIN, REFILL_END, REFILL_GIST, REFILL_INDEX, REFILL_LOG

_ENTRIES_AT_ONCE: Final = 200


class Refill:
    """`begin`, each incident and checkpoint, `end`. `digest`: of the backup. Each method raises Unavailable."""

    def __init__(self, client: Redis, keys: Keys, digest: str) -> None:
        self._client = client
        self._keys = keys
        self._digest = digest

    async def begin(self) -> bool:
        """False: the store is not empty, and nothing has changed."""
        keys = self._keys
        views = (
            keys.listings,
            keys.open,
            keys.channels,
            keys.timers,
            keys.gists,
            keys.ready,
            keys.dead,
            keys.followups,
            keys.facilitators,
            keys.factors,
        )
        used = (keys.counter, keys.skipped, *views, keys.incident(IncidentId(1)))
        all_keys = (keys.restoring, keys.identity, keys.checkpoints, *used)
        begun = await REFILL_BEGIN.run(self._client, all_keys, self._digest)
        return str(begun) == "begun"

    async def log(self, incident: IncidentId, entries: Sequence[StoredEntry]) -> None:
        keys = (self._keys.restoring, self._keys.incident(incident))
        for start in range(0, len(entries), _ENTRIES_AT_ONCE):
            words: list[str | int] = [self._digest, int(start == 0)]
            for entry in entries[start : start + _ENTRIES_AT_ONCE]:
                words += [entry.version, entry.stored, entry.data, entry.seal]
            self._must(await REFILL_LOG.run(self._client, keys, *words))

    async def index(
        self,
        listing: Listing,
        timers: Mapping[TimerName, datetime],
        followups: Sequence[Reindexed],
        factors: Sequence[ReindexedFactor],
        claims: Collection[str] = (),
    ) -> None:
        keys = (self._keys.restoring, self._keys.listings, self._keys.open, self._keys.channels)
        listed = (listing.incident, encode_listing(listing), int(listing.active))
        words = (*listed, listing.channel or "", unclosed_argument(listing))
        views = (len(timers), *timer_arguments(timers), len(followups), *followup_arguments(followups))
        learnt = (len(factors), *factor_arguments(factors), len(claims), *sorted(claims))
        given = (self._digest, self._keys.prefix, *words, *views, *learnt)
        self._must(await REFILL_INDEX.run(self._client, keys, *given))

    async def gist(self, incident: IncidentId, version: Version, gist: Gist) -> None:
        keys = (self._keys.restoring, self._keys.gists)
        given = (self._digest, *gist_arguments(self._keys, incident, version, gist))
        self._must(await REFILL_GIST.run(self._client, keys, *given))

    async def facilitator(self, user: UserId, named_at: datetime) -> None:
        await RedisRota(self._client, self._keys).led(user, named_at)

    async def checkpoint(self, number: int, data: str, seal: str) -> None:
        """As one whose head stands in Slack already, if it ever did."""
        await ask(self._client, "XADD", self._keys.checkpoints, f"{number}-0", "data", data, "mac", seal)
        await ask(self._client, "HSET", self._keys.checkpoint_posts, number, "restored")

    async def end(self, last: int, skipped: Sequence[range]) -> None:
        """`last`: the number that was given last; `skipped`: those up to it that no incident has."""
        for gap in skipped:
            await ask(self._client, "HSET", self._keys.skipped, gap[0], gap[-1])
        keys = (self._keys.restoring, self._keys.counter)
        self._must(await REFILL_END.run(self._client, keys, self._digest, last))

    def _must(self, done: int) -> None:
        if not done:
            raise Unavailable(WHAT, "somebody else restores or empties it at the same time", retryable=False)
