"""Is this still the store that we began with? A number is never given twice, so an emptied or exchanged one is refused.

The store is given a random identity when it is first used, and each append is told which one it expects.
"""

from typing import Final

from redis.asyncio import Redis

from bot.clock import new_token
from bot.ports import Unavailable
from bot.store.connection import WHAT, look
from bot.store.keys import Keys
from bot.store.scripts import BEGIN

EMPTIED: Final = (
    "it was emptied while Muster ran, and no number is given twice: stop Muster and restore the store from its backup; "
    "without one, start Muster again, which then says how to go on"
)
EXCHANGED: Final = (
    "it holds another record than the one that Muster began with: "
    "see that REDIS_URL leads to the right server, then start Muster again"
)


class StoreIdentity:
    """`known`: the identity that this process expects, empty as long as nobody has looked."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys
        self.known = ""

    async def recognise(self) -> bool:
        """Whether the store has one, which is then expected from now on. Raises Unavailable."""
        self.known = await self._read() or ""
        return bool(self.known)

    async def begin(self, after: int) -> int:
        """Gives it one, unless another process just did; the next incident's number is more than `after`.

        Answers the last number that counts as given. Raises Unavailable.
        """
        keys = (self._keys.identity, self._keys.counter, self._keys.skipped)
        self.known, last = await BEGIN.run(self._client, keys, new_token(), after)
        return int(last)

    async def ensure(self) -> None:
        """Raises Unavailable where the store is no longer the one that was recognised."""
        if self.known and (found := await self._read()) != self.known:
            raise changed(emptied=not found)

    async def _read(self) -> str | None:
        found: str | None = await look(self._client, "GET", self._keys.identity)
        return found


def changed(*, emptied: bool) -> Unavailable:
    return Unavailable(WHAT, EMPTIED if emptied else EXCHANGED, retryable=False)


def emptied_before_start(highest: int) -> Unavailable:
    """What Slack knows, and the store does not."""
    reason = (
        f"it is empty, but Muster made channels in this workspace up to INC-{highest}, and no number is given twice: "
        f"see that REDIS_URL or DATA_DIR is the right one, or restore the store from its backup; "
        f"to go on with an empty record at INC-{highest + 1}, run: muster begin --after {highest}"
    )
    return Unavailable(WHAT, reason, retryable=False)
