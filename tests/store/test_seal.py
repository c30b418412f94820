"""Each entry is sealed over its content, its place and the entry before; an append stays one round trip."""

import secrets

import pytest
from redis.asyncio import Redis

from bot.incident.terms import IncidentId, Version
from bot.ports import Appended, Conflict
from bot.store.connection import ask
from bot.store.heads import Heads
from bot.store.keys import Keys
from bot.store.redis_log import RedisLog
from bot.store.seal import Seals, Verdict
from tests.store.appends import an_append, declared, note

ONE, FIRST = IncidentId(1), Version(1)
KEY, OLD_KEY = "k" * 32, "o" * 32
SEALS = Seals("T0123", [KEY])
SEALED = SEALS.seal(ONE, FIRST, "NoteAdded", "{}", before="before")


def test_what_was_sealed_is_genuine() -> None:
    assert SEALS.verify(SEALED, ONE, FIRST, "NoteAdded", "{}", before="before") is Verdict.GENUINE


@pytest.mark.parametrize(
    ("incident", "version", "stored", "data", "before"),
    [
        (2, 1, "NoteAdded", "{}", "before"),
        (1, 2, "NoteAdded", "{}", "before"),
        (1, 1, "NoteRemoved", "{}", "before"),
        (1, 1, "NoteAdded", "{ }", "before"),
        (1, 1, "NoteAdded", "{}", "after"),
        (1, 1, "NoteAdde", "d{}", "before"),
    ],
)
def test_nothing_of_it_can_differ(incident: int, version: int, stored: str, data: str, before: str) -> None:
    assert SEALS.verify(SEALED, incident, version, stored, data, before=before) is Verdict.CHANGED


def test_another_workspace_has_other_seals() -> None:
    other = Seals("TOTHER", [KEY])
    assert other.verify(SEALED, ONE, FIRST, "NoteAdded", "{}", before="before") is Verdict.CHANGED


def test_a_rotated_key_still_verifies_and_an_unknown_one_is_told_from_a_change() -> None:
    old = Seals("T0123", [OLD_KEY]).seal(ONE, FIRST, "NoteAdded", "{}", before="")
    assert Seals("T0123", [KEY, OLD_KEY]).verify(old, ONE, FIRST, "NoteAdded", "{}", before="") is Verdict.GENUINE
    assert SEALS.verify(old, ONE, FIRST, "NoteAdded", "{}", before="") is Verdict.UNKNOWN_KEY


def test_the_first_key_seals() -> None:
    assert Seals("T0123", [KEY, OLD_KEY]).seal("x", before="") == SEALS.seal("x", before="")


def test_heads_are_bounded_and_known_only_at_their_version() -> None:
    heads = Heads(most=2)
    for number in (1, 2, 3):
        heads.note(IncidentId(number), FIRST, f"seal {number}")
    assert [heads.at(IncidentId(number), FIRST) for number in (1, 2, 3)] == [None, "seal 2", "seal 3"]
    assert heads.at(IncidentId(3), Version(2)) is None


class Counted(Redis):
    """The server's client, which counts what it is asked."""

    asked: int = 0

    async def execute_command(self, *args: object, **options: object) -> object:
        self.asked += 1
        return await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]  # redis-py


@pytest.fixture
def counted(client: Redis) -> Counted:
    return Counted(connection_pool=client.connection_pool)


@pytest.fixture
def sealed_log(counted: Counted, keys: Keys) -> RedisLog:
    return RedisLog(counted, keys, seals=SEALS)


async def entries(client: Redis, keys: Keys) -> list[dict[str, str]]:
    return [fields for _, fields in await ask(client, "XRANGE", keys.incident(ONE), "-", "+")]


async def test_the_seals_of_a_log_are_a_chain(sealed_log: RedisLog, client: Redis, keys: Keys) -> None:
    await sealed_log.append(an_append(events=[declared(), note("one")]))
    await sealed_log.append(an_append(1, 2))
    before = ""
    for version, fields in enumerate(await entries(client, keys), start=1):
        content = (ONE, version, fields["type"], fields["data"])
        assert SEALS.verify(fields["mac"], *content, before=before) is Verdict.GENUINE
        before = fields["mac"]
    assert version == 3


async def test_an_append_after_an_append_is_one_round_trip(sealed_log: RedisLog, counted: Counted) -> None:
    await sealed_log.append(an_append())
    asked = counted.asked
    await sealed_log.append(an_append(1, 1))
    assert counted.asked == asked + 1


async def test_an_append_after_a_read_is_one_round_trip(
    sealed_log: RedisLog, counted: Counted, client: Redis, keys: Keys
) -> None:
    await RedisLog(client, keys, seals=SEALS).append(an_append())
    await sealed_log.read(ONE, Version(0))
    asked = counted.asked
    assert await sealed_log.append(an_append(1, 1)) == Appended(version=Version(2))
    assert counted.asked == asked + 1


async def test_a_process_that_neither_read_nor_wrote_the_last_entry_asks_for_it(
    sealed_log: RedisLog, client: Redis, keys: Keys
) -> None:
    await RedisLog(client, keys, seals=SEALS).append(an_append())
    assert await sealed_log.append(an_append(1, 1)) == Appended(version=Version(2))
    first, second = await entries(client, keys)
    content = (ONE, 2, second["type"], second["data"])
    assert SEALS.verify(second["mac"], *content, before=first["mac"]) is Verdict.GENUINE


async def test_the_same_version_of_another_history_is_no_ground_to_append_to(
    sealed_log: RedisLog, client: Redis, keys: Keys
) -> None:
    await sealed_log.append(an_append())
    await client.delete(keys.incident(ONE), keys.counter, keys.listings)
    await RedisLog(client, keys, seals=SEALS).append(an_append(events=[declared(title="Something else")]))
    assert await sealed_log.append(an_append(1, 1)) == Conflict(diverged=True)
    assert await client.xlen(keys.incident(ONE)) == 1


@pytest.mark.parametrize("seals", [SEALS, None], ids=["sealed", "unsealed"])
async def test_a_log_that_got_shorter_is_no_ground_to_append_to(client: Redis, keys: Keys, seals: Seals | None) -> None:
    log = RedisLog(client, keys, seals=seals)
    await log.append(an_append(events=[declared(), note("lost in a failover")]))
    await client.xdel(keys.incident(ONE), "2-0")
    assert await log.append(an_append(1, 2)) == Conflict(diverged=True)


async def test_a_process_without_a_key_still_appends(sealed_log: RedisLog, client: Redis, keys: Keys) -> None:
    await sealed_log.append(an_append())
    assert await RedisLog(client, keys).append(an_append(1, 1)) == Appended(version=Version(2))


async def test_a_log_from_before_the_key_is_sealed_from_now_on(sealed_log: RedisLog, client: Redis, keys: Keys) -> None:
    await RedisLog(client, keys).append(an_append(request=secrets.token_hex(4)))
    await sealed_log.append(an_append(1, 1))
    first, second = await entries(client, keys)
    assert "mac" not in first
    content = (ONE, 2, second["type"], second["data"])
    assert SEALS.verify(second["mac"], *content, before="") is Verdict.GENUINE
