"""The demo's monitoring: sends ready-made alerts to the bot's own door, and tells what became of them.

It is a sender like any other: HTTP, a secret, Alertmanager's shape. Only the answer is read from the bot's alert log.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.alerts import alertmanager
from bot.assemble import Bot
from bot.clock import Clock
from bot.demo.alarms import ALARMS, Alarm, delivery, smallest
from bot.incident.alert import AlertDecision, AlertState
from bot.incident.terms import IncidentId, reference
from bot.ports import Unavailable
from bot.workspace.refusal import Json, Refusal

Found = TypeVar("Found")

SOURCE: Final = "alertmanager"
RESOLVE: Final = "resolve"
_ALL_OF_IT: Final = {
    "name": RESOLVE,
    "title": "All of it resolves",
    "about": "What fires is over. Two minutes later, by the clock, Muster asks whether it is mitigated.",
}
_ANSWERED_WITHIN: Final = ClientTimeout(total=15)
_LOOK_EVERY: Final = 0.05
_LOOKS: Final = 100
"""For the decision, and for the channel that comes of it."""
_MOST_DECISIONS: Final = 200


class Monitoring:
    """Remembers what fires, since a monitoring system tells the same until it is over."""

    def __init__(self, bot: Bot, clock: Clock, secret: str) -> None:
        self._bot = bot
        self._clock = clock
        self._secret = secret
        self._address = f"http://127.0.0.1:{bot.port}/alerts/{SOURCE}"
        self._firing: dict[str, datetime] = {}
        self._led_to: dict[str, IncidentId] = {}
        self._sending = asyncio.Lock()

    def shown(self) -> Json:
        """As `workspace.host.Host.alerts` hands it out."""
        offered = [{"name": each.name, "title": each.title, "about": each.about} for each in ALARMS]
        firing = sorted(self._firing)
        body = json.dumps(smallest("Something of mine fails"))
        own = f"curl -H 'Authorization: Bearer {self._secret}' -d '{body}' {self._address}"
        return {"alerts": [*offered, _ALL_OF_IT], "firing": firing, "own": own}

    async def send(self, name: str) -> Json:
        """As `workspace.host.Host.send_alert`. Raises Refusal."""
        async with self._sending:
            deliveries = self._deliveries(name)
            try:
                told = await self._told(name, deliveries)
            except (ClientError, TimeoutError):
                raise Refusal("Muster does not answer at its door for alerts. Try again in a moment.") from None
            except Unavailable:
                raise Refusal("The store cannot be reached. Try again in a moment.") from None
            return told

    def _deliveries(self, name: str) -> Sequence[dict[str, Any]]:
        now = self._clock.now()
        if name == RESOLVE:
            if not self._firing:
                raise Refusal("Nothing fires now; send another alert first.")
            return [delivery(each, self._firing[each.name], now) for each in ALARMS if each.name in self._firing]
        alarm = _named(name)
        return [delivery(alarm, self._firing.setdefault(alarm.name, now))]

    async def _told(self, name: str, deliveries: Sequence[dict[str, Any]]) -> Json:
        since, keys = self._clock.now(), set[str]()
        for each in deliveries:
            body = json.dumps(each).encode()
            status, answer = await self._post(body)
            if status != 200:
                return {"said": f"Muster answered {status}: {answer.strip()}", "channel": "", "name": ""}
            keys |= {alert.key for alert in alertmanager.read(SOURCE, body, {})}
        if all(each["status"] == AlertState.RESOLVED for each in deliveries):
            self._firing = {}
        decided = await self._decided(keys, since)
        numbers = [each.incident for each in decided or () if each.incident]
        if numbers:
            self._led_to[name] = max(numbers)
        channel, called = await self._channel(self._led_to.get(name))
        return {"said": said(len(keys), decided), "channel": channel, "name": called}

    async def _post(self, body: bytes) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {self._secret}", "Content-Type": "application/json"}
        async with (
            ClientSession(timeout=_ANSWERED_WITHIN) as session,
            session.post(self._address, data=body, headers=headers) as answer,
        ):
            return answer.status, await answer.text()

    async def _decided(self, keys: set[str], since: datetime) -> Sequence[AlertDecision] | None:
        """What the alert log says of these, oldest first, once nothing waits. None: something does for long."""
        if not await _until(self._is_decided):
            return None
        newest = await self._bot.store.alerts.decisions(_MOST_DECISIONS)
        return [each for each in reversed(newest) if each.key in keys and each.at >= since]

    async def _is_decided(self) -> bool:
        return not await self._bot.store.alerts.count()

    async def _channel(self, number: IncidentId | None) -> tuple[str, str]:
        """Id and name; empty where it is not open yet."""
        if number is None:
            return "", ""

        async def opened() -> tuple[str, str] | None:
            incident = await self._bot.handler.read(number)
            return (incident.channel, incident.channel_name) if incident.channel else None

        return await _until(opened) or ("", "")


async def _until(look: Callable[[], Awaitable[Found]]) -> Found | None:
    """What it found, or nothing within some seconds."""
    for _ in range(_LOOKS):
        if found := await look():
            return found
        await asyncio.sleep(_LOOK_EVERY)
    return None


def said(taken: int, decided: Iterable[AlertDecision] | None) -> str:
    """'Muster took 40 alerts. INC-1: 1 DECLARED_BY_RULE (rule “grave”), 39 ATTACHED_SAME_GROUP (the same group).'"""
    head = f"Muster took {taken} alert{'' if taken == 1 else 's'}"
    if decided is None:
        return f"{head}, and decides about {'it' if taken == 1 else 'them'} in a moment."
    parts: dict[IncidentId | None, Counter[str]] = {}
    for each in decided:
        word = "resolved" if each.state is AlertState.RESOLVED else f"{each.reason} ({each.why})"
        parts.setdefault(each.incident, Counter())[word] += 1
    if not parts:
        return f"{head} and knew of it already: nothing has changed."
    told = [
        f"{reference(number) + ': ' if number else ''}{', '.join(f'{count} {word}' for word, count in words.items())}."
        for number, words in parts.items()
    ]
    return " ".join([f"{head}.", *told])


def _named(name: str) -> Alarm:
    found = next((each for each in ALARMS if each.name == name), None)
    if found is None:
        raise Refusal(f"There is no alert named {name[:60]}.")
    return found
