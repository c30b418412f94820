"""A storm of alerts: a thousand in ten seconds, then as many as can be taken in; how long each waits for its answer."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from aiohttp import ClientSession

from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure
from tests.benchmarks.rounds import percentile
from tests.benchmarks.stage import PATIENCE, Program, Setting, Stage, staged

SECRET: Final = "a-secret-for-the-bench"
STORM: Final = 1000
WITHIN: Final = 10.0
FLOOD: Final = 3000
AT_ONCE: Final = 16
BEFORE: Final = 20
"""Deliveries by which everything has been done once before memory is read."""


async def measure(bench: Bench) -> list[Figure]:
    """One run: it is long."""
    async with staged(Program.MUSTER, bench.placed(Setting(alert_secrets=f"alertmanager={SECRET}"))) as stage:
        await _sent(stage, [_alert(f"first {number}") for number in range(BEFORE)], apart=0.05)
        await stage.until_furnished(1)
        await asyncio.sleep(2)
        await stage.mark()
        before = stage.resident_mib()
        waits = await _sent(stage, [_alert(str(number)) for number in range(STORM)], apart=WITHIN / STORM)
        await asyncio.sleep(3)
        calls, grown = len(await stage.new_calls()), stage.resident_mib() - before
        began = time.monotonic()
        await _sent(stage, [_alert(str(number % STORM)) for number in range(FLOOD)], at_once=AT_ONCE)
        rate = FLOOD / (time.monotonic() - began)
        await _until_decided(stage)
        rooms = len(await stage.client.calls("conversations.create"))
    return _figures(waits, calls, grown, rate, rooms)


def _figures(waits: Sequence[float], calls: int, grown: float, rate: float, rooms: int) -> list[Figure]:
    figure = Figure(group=f"{STORM} alerts in {WITHIN:.0f} s, each a delivery (one run)", name="", ours=())
    return [
        replace(figure, name="answered, p50", ours=[percentile(waits, 0.5)], goal=10),
        replace(figure, name="answered, p99", ours=[percentile(waits, 0.99)], goal=50),
        replace(figure, name="incidents", ours=[rooms], unit="", goal=1),
        replace(figure, name="calls of Slack once the room stands", ours=[calls], unit="", goal=12),
        replace(figure, name="resident memory, more", ours=[grown], unit="MiB", goal=8),
        replace(figure, name=f"alerts taken in, {AT_ONCE} at once", ours=[rate], unit="/s"),
    ]


async def _sent(stage: Stage, alerts: Sequence[dict[str, Any]], *, at_once: int = 4, apart: float = 0.0) -> list[float]:
    """Each a delivery of its own; answers with the milliseconds that each waited."""
    waits: list[float] = []
    waiting = list(enumerate(alerts))[::-1]
    began = time.monotonic()
    url = f"http://127.0.0.1:{stage.port}/alerts/alertmanager"

    async def deliver(session: ClientSession) -> None:
        while waiting:
            number, alert = waiting.pop()
            await asyncio.sleep(max(began + number * apart - time.monotonic(), 0))
            asked = time.monotonic()
            async with session.post(url, json=alert) as answer:
                assert answer.status == 200, await answer.text()
            waits.append((time.monotonic() - asked) * 1000)

    async with ClientSession(headers={"Authorization": f"Bearer {SECRET}"}) as session, asyncio.TaskGroup() as tasks:
        for _ in range(at_once):
            tasks.create_task(deliver(session))
    return waits


async def _until_decided(stage: Stage) -> None:
    async with asyncio.timeout(PATIENCE), ClientSession() as session:
        while True:
            async with session.get(f"http://127.0.0.1:{stage.port}/metrics") as page:
                text = await page.text()
            if "muster_alerts_waiting 0.0" in text:
                return
            await asyncio.sleep(1)


def _alert(fingerprint: str) -> dict[str, Any]:
    told = {
        "status": "firing",
        "labels": {"alertname": "HighErrorRate", "severity": "critical", "service": "checkout", "pod": fingerprint},
        "annotations": {"summary": "Checkout returns 500 for half of all customers"},
        "startsAt": "2026-03-02T12:00:00Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "https://prometheus.example/graph?g0.expr=up",
        "fingerprint": fingerprint,
    }
    group = f'{{}}:{{pod="{fingerprint}"}}'
    return {"version": "4", "groupKey": group, "externalURL": "https://alerts.example", "alerts": [told]}
