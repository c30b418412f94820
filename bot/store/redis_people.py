"""What Slack said of people, for every process and across restarts. A view of Slack, not of the log: it expires."""

import json
from datetime import timedelta
from typing import Final

from redis.asyncio import Redis

from bot.incident.terms import Person, Standing, UserId
from bot.store.connection import ask, look
from bot.store.keys import Keys

REMEMBERED_FOR: Final = timedelta(hours=24)
"""Slack tells of every change (user_change), so this only bounds what was missed while no process ran."""


class RedisPeople:
    """The protocol ports.PeopleMemory."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def recall(self, user: UserId) -> Person | None:
        stored = await look(self._client, "GET", self._keys.person(user))
        return _person(user, stored) if stored else None

    async def remember(self, person: Person) -> None:
        await ask(self._client, "SET", self._keys.person(person.id), _json(person), "EX", _SECONDS)

    async def correct(self, person: Person) -> None:
        """Only of somebody who is remembered: most of a workspace never meets an incident."""
        await ask(self._client, "SET", self._keys.person(person.id), _json(person), "XX", "EX", _SECONDS)


_SECONDS: Final = int(REMEMBERED_FOR.total_seconds())


def _json(person: Person) -> str:
    said = {"standing": person.standing, "name": person.name, "time_zone": person.time_zone, "admin": person.admin}
    return json.dumps(said)


def _person(user: UserId, stored: str) -> Person | None:
    """None for what another version wrote and this one cannot read: Slack is asked again."""
    try:
        said = json.loads(stored)
        return Person(
            id=user,
            standing=Standing(said["standing"]),
            name=str(said["name"]),
            time_zone=str(said["time_zone"]),
            admin=bool(said.get("admin")),
        )
    except (ValueError, KeyError, TypeError):
        return None
