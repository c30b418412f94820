"""The embedded server's log: a torn end is cut back to whole transactions, damage is refused and not dropped."""

from pathlib import Path

import pytest

from bot.incident.terms import IncidentId, Version
from bot.ports import Unavailable
from bot.store.append_only_file import mend
from bot.store.embedded import EmbeddedServer
from bot.store.redis_store import RedisStore, open_store
from tests.store.appends import an_append, pin

ONE = IncidentId(1)


def written(folder: Path) -> Path:
    return next((folder / "appendonlydir").glob("*.incr.aof"))


def held(file: Path) -> bytes:
    return file.read_bytes()


def hold(file: Path, data: bytes) -> None:
    file.write_bytes(data)


@pytest.fixture
async def log(tmp_path: Path) -> Path:
    """Of a server that took three appends and is gone; the folder is that of `tmp_path`."""
    async with EmbeddedServer(tmp_path) as server:
        store = await open_store(server.url, "T1")
        for version in range(3):
            await store.log.append(an_append(1, version, effects=[pin(version)]))
        await store.close()
    return written(tmp_path)


async def found(folder: Path) -> tuple[int, int]:
    """(events, effects that wait) once the server has started again."""
    async with EmbeddedServer(folder) as server:
        store = await open_store(server.url, "T1")
        counted = len(await store.log.read(ONE, Version(0))), await _effects(store)
        await store.close()
    return counted


async def _effects(store: RedisStore) -> int:
    return int(await store.client.llen(store.keys.lane(pin(0).lane)))


def beginnings(data: bytes) -> list[int]:
    """Where each transaction begins."""
    mark, at, starts = b"*1\r\n$5\r\nMULTI\r\n", 0, []
    while (at := data.find(mark, at)) >= 0:
        starts.append(at)
        at += 1
    return starts


def test_a_log_that_is_whole_is_left_alone(tmp_path: Path, log: Path) -> None:
    before = held(log)
    assert mend(tmp_path) is None
    assert held(log) == before


def test_wherever_the_last_append_is_torn_all_of_it_is_gone_and_nothing_else(tmp_path: Path, log: Path) -> None:
    data = held(log)
    last = beginnings(data)[-1]
    for cut in range(last + 1, len(data)):
        hold(log, data[:cut])
        torn = mend(tmp_path)
        assert torn is not None
        assert (held(log), held(torn.kept)) == (data[:last], data[last:cut]), cut
        torn.kept.unlink()


@pytest.mark.parametrize("part", [0.01, 0.5, 0.99])
async def test_a_server_whose_log_is_torn_starts_with_whole_appends(tmp_path: Path, log: Path, part: float) -> None:
    data = held(log)
    last = beginnings(data)[-1]
    hold(log, data[: last + max(1, int((len(data) - last) * part))])
    assert await found(tmp_path) == (2, 2)


async def test_zeros_that_a_power_cut_left_are_cut_off(tmp_path: Path, log: Path) -> None:
    hold(log, held(log) + bytes(4096))
    assert await found(tmp_path) == (3, 3)


async def test_damage_within_is_refused_and_changes_nothing(tmp_path: Path, log: Path) -> None:
    data = held(log)
    middle = beginnings(data)[1]
    hold(log, data[:middle] + b"X" + data[middle + 1 :])
    spoilt = held(log)
    with pytest.raises(Unavailable, match=r"is damaged at byte .*restore the store from its backup") as refused:
        await found(tmp_path)
    assert log.name in str(refused.value)
    assert not refused.value.retryable
    assert held(log) == spoilt


async def test_a_wrong_length_within_is_not_taken_for_a_torn_end(tmp_path: Path, log: Path) -> None:
    """The server itself would drop all that follows, and say so only in its own log."""
    data = held(log)
    middle = beginnings(data)[1]
    at = data.index(b"$4\r\nXADD", middle)
    hold(log, data[:at] + b"$4000000" + data[at + 2 :])
    spoilt = held(log)
    with pytest.raises(Unavailable, match="is damaged at byte"):
        await found(tmp_path)
    assert held(log) == spoilt


def test_an_absent_or_empty_log_is_nothing_to_mend(tmp_path: Path) -> None:
    assert mend(tmp_path) is None
    (tmp_path / "appendonly.aof").touch()
    assert mend(tmp_path) is None


def test_the_single_file_of_older_servers_is_mended_too(tmp_path: Path) -> None:
    whole, torn = b"*1\r\n$4\r\nPING\r\n", b"*2\r\n$3\r\nDEL\r\n$1"
    (tmp_path / "appendonly.aof").write_bytes(whole + torn)
    mended = mend(tmp_path)
    assert mended is not None
    assert (mended.size, (tmp_path / "appendonly.aof").read_bytes()) == (len(torn), whole)
