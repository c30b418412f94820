"""The store is examined where it is: on a server of its own, and left alone where a bot uses it."""

from pathlib import Path

from pydantic import SecretStr

from bot.checkup.finding import Level, report
from bot.checkup.store_check import check_store
from bot.store.embedded import EmbeddedServer


async def test_without_a_redis_the_embedded_server_is_tried(tmp_path: Path) -> None:
    (finding,) = await check_store(None, tmp_path)
    assert finding.level is Level.OK
    assert "REDIS_URL is not set" in finding.sentence


async def test_a_data_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path):
        (finding,) = await check_store(None, tmp_path)
    assert finding.level is Level.OK
    assert "left alone" in finding.sentence


async def test_what_a_running_bot_gave_up_is_told(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path):
        _, given_up = await check_store(None, tmp_path, "T0TEAM")
    assert given_up.sentence == "Nothing that was to be posted or sent was given up."


async def test_a_given_server_is_asked(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path) as server:
        findings = await check_store(SecretStr(server.url), tmp_path / "unused")
    assert {finding.level for finding in findings} == {Level.OK}
    assert not (tmp_path / "unused").exists()


async def test_an_unreachable_server_is_told_of_without_its_password(tmp_path: Path) -> None:
    (finding,) = await check_store(SecretStr("redis://:hunter2@127.0.0.1:1/0"), tmp_path)
    assert finding.level is Level.BAD
    assert "hunter2" not in report([finding])
