"""One checkpoint a day, by whichever process comes first; it says which head is to be posted. It posts nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from redis.asyncio import Redis

from bot.clock import new_token
from bot.ports import AuditHead
from bot.store.checkpoints import Checkpoint, Checkpoints, next_checkpoint, readable, shrunk
from bot.store.connection import ask
from bot.store.keys import Keys
from bot.store.ledger import Ledger
from bot.store.scripts import milliseconds
from bot.store.seal import Seals

CLAIMED_FOR: Final = timedelta(minutes=2)
"""Reading the heads of 100,000 logs takes seconds; a claim whose holder died costs the day nothing."""
BEGUN: Final = "begun"
"""In the place of where it stands: somebody set out to post it, and nobody knows what became of it."""
NOWHERE: Final = "no channel is set"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestHead:
    """When it was made, and what is known of its post: '', BEGUN, NOWHERE, or where it stands."""

    at: datetime
    post: str


async def newest_head(client: Redis, keys: Keys) -> NewestHead | None:
    """None: none was made yet. Raises Unavailable."""
    newest = await Checkpoints(client, keys).newest()
    if newest is None:
        return None
    post = await ask(client, "HGET", keys.checkpoint_posts, newest.number)
    return NewestHead(at=newest.at, post=post or "")


class DailyCheckpoint:
    """The protocol schedule.daily_head.Heads. Days are those of UTC. Each method raises Unavailable."""

    def __init__(self, client: Redis, keys: Keys, seals: Seals, *, claim: timedelta = CLAIMED_FOR) -> None:
        self._client = client
        self._keys = keys
        self._seals = seals
        self._claim = milliseconds(claim)
        self._checkpoints = Checkpoints(client, keys)
        self._ledger = Ledger(client, keys)

    async def due(self, now: datetime) -> AuditHead | None:
        """The head that is to be posted, ours for the claim's time. None: it stands in Slack, or is another's."""
        if await self._is_done(now):
            return None
        token = new_token()
        if not await ask(self._client, "SET", self._keys.checkpoint_claim, token, "NX", "PX", self._claim):
            return None
        stored = await self._checkpoints.stored()
        earlier = list(readable(stored))
        newest = earlier[-1] if earlier else None
        if newest is None or newest.at.date() < now.date():
            return await self._make(earlier, now, number=stored[-1][0] + 1 if stored else 1)
        if await self._is_done(now):  # by somebody who was faster than our claim
            return None
        return await self._head(newest, ())

    async def begin(self, head: AuditHead) -> None:
        """Before the post is sent."""
        await ask(self._client, "HSET", self._keys.checkpoint_posts, head.number, BEGUN)

    async def done(self, head: AuditHead, where: str | None) -> None:
        """`where` it stands; None: nowhere, for no channel is set."""
        await ask(self._client, "HSET", self._keys.checkpoint_posts, head.number, where or NOWHERE)
        await ask(self._client, "DEL", self._keys.checkpoint_claim)

    async def _is_done(self, now: datetime) -> bool:
        """A clock that was set back makes no second one."""
        newest = await self._checkpoints.newest()
        if newest is None or newest.at.date() < now.date():
            return False
        return await self._fate(newest.number) not in {None, BEGUN}

    async def _make(self, earlier: Sequence[Checkpoint], now: datetime, *, number: int) -> AuditHead | None:
        heads = await self._ledger.heads(await self._ledger.count())
        if not heads:
            return None
        made = next_checkpoint(earlier, heads, now, self._seals, number)
        await self._checkpoints.add(made)
        return await self._head(made, shrunk(earlier, heads))

    async def _head(self, checkpoint: Checkpoint, shorter: Sequence[object]) -> AuditHead:
        return AuditHead(
            number=checkpoint.number,
            at=checkpoint.at,
            incidents=checkpoint.incidents,
            entries=checkpoint.entries,
            digest=checkpoint.digest,
            shorter=len(shorter),
            uncertain=await self._fate(checkpoint.number) == BEGUN,
        )

    async def _fate(self, number: int) -> str | None:
        found: str | None = await ask(self._client, "HGET", self._keys.checkpoint_posts, number)
        return found
