"""Who answered, as the log knows them: a keyed hash, of a secret for each incident that lies apart and expires.

The log and its backups never hold the secret, so what is left of it after a month names nobody.
"""

import hashlib
import hmac
import math
import secrets
from datetime import timedelta

from redis.asyncio import Redis

from bot.incident.feedback import Respondent
from bot.incident.terms import IncidentId, UserId
from bot.ports import Unavailable
from bot.store.connection import WHAT, look
from bot.store.keys import Keys


class RedisPseudonyms:
    """The protocol ports.Pseudonyms. `key`: one that the store never sees, without which its secrets tell nothing;
    empty: there is none.
    """

    def __init__(self, client: Redis, keys: Keys, key: str = "") -> None:
        self._client = client
        self._keys = keys
        self._key = key

    async def of(self, incident: IncidentId, user: UserId, keep_for: timedelta) -> Respondent:
        secret = await self._secret(incident, max(1, math.ceil(keep_for.total_seconds())))
        keyed = hmac.new(secret.encode(), f"{self._key}\n{user}".encode(), hashlib.sha256)
        return Respondent(keyed.hexdigest()[:32])

    async def _secret(self, incident: IncidentId, seconds: int) -> str:
        """Made once, and never kept for less than it was: a lost answer leaves nothing that a repetition would not."""
        name = self._keys.pseudonyms(incident)
        await look(self._client, "SET", name, secrets.token_hex(32), "NX", "EX", seconds)
        secret = await look(self._client, "GET", name)
        if not secret:
            raise Unavailable(WHAT, "it did not keep what it was given")
        if await look(self._client, "TTL", name) < seconds:
            await look(self._client, "EXPIRE", name, seconds)
        return str(secret)
