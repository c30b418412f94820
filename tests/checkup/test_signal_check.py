"""The check says whether signals may go where the names of their targets lead. Nothing is sent."""

import pytest

from bot.checkup.finding import Finding, Level
from bot.checkup.signal_check import check_signals
from bot.settings import Settings
from tests.signals.receiver import SECRET


async def checked(targets: str | None) -> list[Finding]:
    given = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1", "signal_targets": targets}
    found = await check_signals(Settings.model_validate(given))
    assert SECRET not in str(found)
    return found


async def test_without_targets_nothing_is_said() -> None:
    assert await checked(None) == []


async def test_a_public_address_is_well() -> None:
    (finding,) = await checked(f"siem:https://93.184.216.34/in:{SECRET}:private")
    assert (finding.level, finding.sentence) == (Level.OK, "siem is told of events (private).")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254"])
async def test_an_address_where_nothing_goes_is_named(host: str) -> None:
    (finding,) = await checked(f"siem:https://{host}/in:{SECRET}")
    assert finding.level is Level.BAD
    assert "Nothing is sent to siem" in finding.sentence
    assert "private-address" in finding.advice


async def test_a_name_without_an_address_is_named() -> None:
    (finding,) = await checked(f"siem:https://receiver.invalid/in:{SECRET}")
    assert (finding.level, "siem has no address" in finding.sentence) == (Level.BAD, True)


async def test_what_travels_unencrypted_is_said() -> None:
    well, warned = await checked(f"siem:http://127.0.0.1/in:{SECRET}:private-address")
    assert (well.level, warned.level) == (Level.OK, Level.WARN)
