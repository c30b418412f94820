"""Do the names of the targets of signals lead where signals may go? They are looked up, and nothing is sent."""

import asyncio
import socket
from typing import Final

from yarl import URL

from bot.checkup.finding import Finding, bad, ok, warn
from bot.settings import Settings
from bot.signal_targets import SignalTarget
from bot.signals.addresses import refusal

PART: Final = "signals"
PATIENCE: Final = 5.0
"""Seconds for a name."""


async def check_signals(settings: Settings) -> list[Finding]:
    """None where nobody is told: that is no fault."""
    return [found for target in settings.targets for found in await _examined(target)]


async def _examined(target: SignalTarget) -> list[Finding]:
    try:
        addresses = await _addresses(target)
    except (OSError, TimeoutError):
        return [bad(PART, f"The host of {target.name} has no address.", "Correct it in SIGNAL_TARGETS, or its name.")]
    refused = [why for address in addresses if (why := refusal(address, private=target.may_be_private))]
    if refused:
        advice = "Correct it in SIGNAL_TARGETS; a receiver of your own network needs the mark private-address."
        return [bad(PART, f"Nothing is sent to {target.name}: {refused[0]}.", advice)]
    marks = f" ({', '.join(sorted(target.marks))})" if target.marks else ""
    return [ok(PART, f"{target.name} is told of events{marks}."), *_overheard(target)]


async def _addresses(target: SignalTarget) -> list[str]:
    url = URL(target.url, encoded=True)
    async with asyncio.timeout(PATIENCE):
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(url.host, url.port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def _overheard(target: SignalTarget) -> list[Finding]:
    if not target.is_plain:
        return []
    return [warn(PART, f"What {target.name} is told travels unencrypted.", "Use https:// in SIGNAL_TARGETS.")]
