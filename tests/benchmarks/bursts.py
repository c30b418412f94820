"""Deliveries in bulk, from within the workspace's process: through its control API the bench would measure that.

It gives each delivery its three seconds and no second try, and says how long each took to be acknowledged.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.workspace.deliveries import Undelivered
from bot.workspace.ruling import forged_interactive, forged_slash
from bot.workspace.site import Site

Json = dict[str, Any]

ACKNOWLEDGED: Final = "acknowledged"
_NOT_SAVED: Final = "Not saved"
"""How Muster begins when it tells a person, in time, that it could not do what was asked."""


async def burst(site: Site, order: Mapping[str, Any]) -> Json:
    """`payloads` of one `kind` ("slash", "interactive", "event"), in order, at most `at_once` unanswered, `apart`
    seconds between two. Answers with the milliseconds of those acknowledged, `seconds` for all, and what else became
    of how many; `kept` are the places in the order of those acknowledged, and `not_saved` says to how many of these it
    was told in time that nothing was saved.
    """
    made = [_payload(site, order["kind"], payload) for payload in order["payloads"]]
    found = Found()
    gate = asyncio.Semaphore(order["at_once"])
    started = asyncio.get_running_loop().time()
    async with asyncio.TaskGroup() as tasks:
        for place, sent in enumerate(made):
            await gate.acquire()
            tasks.create_task(_deliver(site, sent, place, found, gate.release))
            if order["apart"]:
                await asyncio.sleep(order["apart"])
    seconds = asyncio.get_running_loop().time() - started
    return {
        "durations": found.durations,
        "kept": found.kept,
        "not_saved": found.not_saved,
        "outcomes": dict(found.outcomes),
        "seconds": seconds,
    }


class Found:
    def __init__(self) -> None:
        self.durations: list[float] = []
        self.kept: list[int] = []
        self.not_saved = 0
        self.outcomes: Counter[str] = Counter()


def _payload(site: Site, kind: str, payload: Json) -> tuple[str, Json]:
    match kind:
        case "slash":
            return forged_slash(site, payload)
        case "interactive":
            return forged_interactive(site, payload)
    return "events_api", site.deliveries.event_payload(payload)


async def _deliver(site: Site, sent: tuple[str, Json], place: int, found: Found, done: Callable[[], None]) -> None:
    started = asyncio.get_running_loop().time()
    try:
        answer = await site.deliveries.hand_over(*sent)
    except Undelivered as failure:
        found.outcomes[failure.reason] += 1
    else:
        found.outcomes[ACKNOWLEDGED] += 1
        found.kept.append(place)
        found.not_saved += _NOT_SAVED in str(answer)
        found.durations.append((asyncio.get_running_loop().time() - started) * 1000)
    finally:
        done()
