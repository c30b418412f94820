"""Checkpoints: the heads of all logs at one time, as one digest, each built on the one before. One a day.

They lie in Redis so that they can be recomputed; what proves them is the digest that stands in Slack.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Self

from redis.asyncio import Redis

from bot.incident.terms import IncidentId, Version
from bot.store.connection import ask
from bot.store.keys import Keys
from bot.store.ledger import Head
from bot.store.seal import Seals, Verdict

_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """`incidents` and `entries`: how many there were in all. `changed`: the logs that grew since the last one.

    `before`: the digest of the checkpoint before, so that a digest covers all heads although only some stand here.
    """

    number: int
    at: datetime
    incidents: int
    entries: int
    changed: Mapping[IncidentId, Head]
    before: str
    digest: str = ""
    seal: str = ""

    def computed(self) -> str:
        """What the digest must be."""
        lines = [f"checkpoint {self.number}", self.at.isoformat(), str(self.incidents), str(self.entries), self.before]
        lines += [f"{incident} {head.version} {head.seal}" for incident, head in sorted(self.changed.items())]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @property
    def is_what_was_written(self) -> bool:
        return self.digest == self.computed()

    def is_sealed_by(self, seals: Seals) -> bool:
        return seals.verify(self.seal, "checkpoint", self.digest, before="") is Verdict.GENUINE

    def encode(self) -> str:
        changed = {str(incident): [head.version, head.seal] for incident, head in self.changed.items()}
        plain = {"at": self.at.isoformat(), "incidents": self.incidents, "entries": self.entries}
        return json.dumps({**plain, "changed": changed, "before": self.before, "digest": self.digest})

    @classmethod
    def decode(cls, number: int, data: str, seal: str) -> Self:
        """Raises ValueError for what no Muster wrote."""
        try:
            fields: dict[str, Any] = json.loads(data)
            changed = {
                IncidentId(int(incident)): Head(version=Version(int(version)), seal=str(head))
                for incident, (version, head) in fields.pop("changed").items()
            }
            at = datetime.fromisoformat(fields.pop("at"))
            return cls(number=number, at=at, changed=changed, seal=seal, **fields)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("no checkpoint") from error


def latest_heads(checkpoints: Sequence[Checkpoint]) -> dict[IncidentId, Head]:
    """What the last of them knows of every log."""
    return {incident: head for checkpoint in checkpoints for incident, head in checkpoint.changed.items()}


def next_checkpoint(
    earlier: Sequence[Checkpoint], heads: Mapping[IncidentId, Head], at: datetime, seals: Seals, number: int = 1
) -> Checkpoint:
    """`earlier`: all that can be read; `heads`: of every log; `number`: the next one."""
    known = latest_heads(earlier)
    last = earlier[-1] if earlier else None
    bare = Checkpoint(
        number=number,
        at=at,
        incidents=len(heads),
        entries=sum(head.version for head in heads.values()),
        changed={incident: head for incident, head in heads.items() if known.get(incident) != head},
        before=last.digest if last else "",
    )
    digest = bare.computed()
    return replace(bare, digest=digest, seal=seals.seal("checkpoint", digest, before=""))


def shrunk(earlier: Sequence[Checkpoint], heads: Mapping[IncidentId, Head]) -> list[IncidentId]:
    """Incidents whose log is shorter than it was, or is another one; no log ever shrinks by itself."""
    return sorted(incident for incident, head in latest_heads(earlier).items() if _lacks(heads.get(incident), head))


def _lacks(now: Head | None, then: Head) -> bool:
    if now is None or now.version < then.version:
        return True
    return now.version == then.version and now.seal != then.seal


class Checkpoints:
    """The stored ones. Each method raises Unavailable."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def stored(self) -> list[tuple[int, str, str]]:
        """(number, JSON, seal) of each, oldest first, unread."""
        found: list[tuple[int, str, str]] = []
        after = "-"
        while True:
            page = await ask(self._client, "XRANGE", self._keys.checkpoints, after, "+", "COUNT", _AT_ONCE)
            found += [(_number(id_), fields.get("data", ""), fields.get("mac", "")) for id_, fields in page]
            if len(page) < _AT_ONCE:
                return found
            after = f"({page[-1][0]}"

    async def all(self) -> list[Checkpoint]:
        """Those that can be read, oldest first; the audit tells of the others."""
        return list(readable(await self.stored()))

    async def newest(self) -> Checkpoint | None:
        """None also where the newest cannot be read."""
        found = await ask(self._client, "XREVRANGE", self._keys.checkpoints, "+", "-", "COUNT", 1)
        stored = [(_number(id_), fields.get("data", ""), fields.get("mac", "")) for id_, fields in found]
        return next(readable(stored), None)

    async def add(self, checkpoint: Checkpoint) -> None:
        """Refused by the store where that number was given already."""
        fields = ("data", checkpoint.encode(), "mac", checkpoint.seal)
        await ask(self._client, "XADD", self._keys.checkpoints, f"{checkpoint.number}-0", *fields)


def readable(stored: Sequence[tuple[int, str, str]]) -> Iterator[Checkpoint]:
    for number, data, seal in stored:
        try:
            yield Checkpoint.decode(number, data, seal)
        except ValueError:
            continue


def _number(id_: str) -> int:
    return int(id_.partition("-")[0])
