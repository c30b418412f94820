"""The seal on each entry of a log: an HMAC over the entry and over the seal of the one before. Pure.

The keys never reach the store, so whoever can write there can change an entry but not its seal.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Final

UNSEALED: Final = ""
"""Stands for the seal of an entry that has none, and for what comes before the first entry."""
SHORTEST_KEY: Final = 32
"""Characters."""


class Verdict(Enum):
    GENUINE = auto()
    CHANGED = auto()
    UNKNOWN_KEY = auto()
    """Sealed with a key that is not among ours."""


class Seals:
    """Makes and verifies the seals of one workspace. `keys`: the first one seals, all of them verify."""

    def __init__(self, team: str, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("a seal needs a key")
        self._team = team
        self._keys: Mapping[str, bytes] = {name_of(key): key.encode() for key in keys}
        self._own = name_of(keys[0])

    def seal(self, *content: str | int, before: str) -> str:
        """'<the key's name>.<HMAC>'. Of an entry: incident, version, stored type, data; `before`: the one before's."""
        return f"{self._own}.{_mac(self._keys[self._own], (self._team, before, *content))}"

    def verify(self, seal: str, *content: str | int, before: str) -> Verdict:
        name, _, mac = seal.partition(".")
        key = self._keys.get(name)
        if key is None:
            return Verdict.UNKNOWN_KEY
        genuine = hmac.compare_digest(mac.encode(), _mac(key, (self._team, before, *content)).encode())
        return Verdict.GENUINE if genuine else Verdict.CHANGED


def name_of(key: str) -> str:
    """Eight characters that name a key without telling it; a rotated key is known by them."""
    return hmac.digest(key.encode(), b"the name of this key", hashlib.sha256).hex()[:8]


def _mac(key: bytes, parts: Sequence[str | int]) -> str:
    """Each part goes in with its length, so that no two different sequences of parts are the same bytes."""
    message = bytearray()
    for part in parts:
        encoded = str(part).encode("utf-8", "surrogatepass")
        message += b"%d:%b" % (len(encoded), encoded)
    return base64.urlsafe_b64encode(hmac.digest(key, message, hashlib.sha256)).rstrip(b"=").decode()
