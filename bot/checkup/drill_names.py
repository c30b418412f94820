"""What is printed of an incident by its number says so where it is a drill: 'DRILL INC-7'."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from redis.asyncio import Redis

from bot.checkup.finding import Finding
from bot.incident.terms import IncidentId, reference
from bot.store.drills import drills_among
from bot.store.keys import Keys

_NUMBER: Final = re.compile(r"\bINC-(\d{1,9})\b")


async def with_drills_named(client: Redis, keys: Keys, findings: Sequence[Finding]) -> list[Finding]:
    """Raises Unavailable."""
    said = " ".join(f"{finding.part} {finding.sentence}" for finding in findings)
    drills = await drills_among(client, keys, named_in(said))
    return [replace(each, part=mark(each.part, drills), sentence=mark(each.sentence, drills)) for each in findings]


def named_in(text: str) -> frozenset[IncidentId]:
    return frozenset(IncidentId(int(number)) for number in _NUMBER.findall(text))


def mark(text: str, drills: Collection[IncidentId]) -> str:
    return _NUMBER.sub(lambda found: reference(IncidentId(int(found[1])), drill=int(found[1]) in drills), text)
