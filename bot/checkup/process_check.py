"""Is a Muster up on this machine, and what does it say of itself? Asks its readiness over HTTP."""

import json
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.checkup.finding import Finding, bad, ok, warn
from bot.settings import Settings

PART: Final = "process"
PATIENCE: Final = ClientTimeout(total=5)
_EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - recognised, not listened on


async def check_process(settings: Settings) -> list[Finding]:
    if settings.port == 0:
        return [ok(PART, "PORT is 0, so that nobody knows where to ask a running Muster.")]
    host = "127.0.0.1" if settings.host in _EVERYWHERE else settings.host
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    try:
        async with ClientSession(timeout=PATIENCE) as session, session.get(f"{address}/readyz") as answer:
            return judge_readiness(address, answer.status, await answer.text())
    except (ClientError, TimeoutError, OSError):
        return [warn(PART, f"No Muster answers at {address}.", "Start it, muster run, unless it runs elsewhere.")]


def judge_readiness(address: str, status: int, body: str) -> list[Finding]:
    """`body`: what /readyz answers; pure."""
    try:
        parts: dict[str, Any] = json.loads(body)["parts"]
    except (ValueError, KeyError, TypeError):
        return [bad(PART, f"What answers at {address} is no Muster.", "Correct HOST and PORT.")]
    if status == 200:
        return [ok(PART, f"The Muster at {address} is ready.")]
    return [
        bad(PART, f"The Muster at {address} is not ready, {name}: {why}", "docs/operations.md, Health.")
        for name, why in parts.items()
        if why != "ready"
    ]
