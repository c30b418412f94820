"""Alerts as their sources send them: real HTTP to the running bot, in Alertmanager's shape unless told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import aiohttp

from tests.scenarios.team import Team

SECRET: Final = "the secret of all alerts in tests"
SECRETS: Final = f"alertmanager={SECRET}"


def told(
    name: str = "HighErrorRate",
    *,
    fingerprint: str = "f1",
    resolved: bool = False,
    labels: Mapping[str, str] | None = None,
    summary: str = "Checkout returns 500 for half of all customers",
    at: datetime | None = None,
) -> dict[str, Any]:
    """One alert of a notification: critical, of checkout."""
    known = {"severity": "critical", "service": "checkout"} if labels is None else labels
    started = at.isoformat() if at else "2026-03-02T12:00:00Z"
    return {
        "status": "resolved" if resolved else "firing",
        "labels": {"alertname": name, **known},
        "annotations": {"summary": summary, "runbook_url": "https://runbooks.example/5xx"},
        "startsAt": started,
        "endsAt": "2026-03-02T12:30:00Z" if resolved else "0001-01-01T00:00:00Z",
        "generatorURL": "https://prometheus.example/graph?g0.expr=up",
        "fingerprint": fingerprint,
    }


def notification(*alerts: dict[str, Any], group: str = '{}:{alertname="HighErrorRate"}') -> dict[str, Any]:
    return {
        "version": "4",
        "groupKey": group,
        "status": "firing",
        "receiver": "muster",
        "externalURL": "https://alerts.example",
        "alerts": list(alerts),
    }


async def send(
    team: Team, *alerts: dict[str, Any], group: str = '{}:{alertname="HighErrorRate"}', times: int = 1
) -> None:
    """The same delivery so many times; until all that follows is done."""
    for _ in range(times):
        status, _ = await post(team, notification(*alerts, group=group))
        assert status == 200
    await team.settle()


async def post(
    team: Team, payload: Any, *, source: str = "alertmanager", secret: str = SECRET, headers: Sequence[str] = ()
) -> tuple[int, str]:
    url = f"http://127.0.0.1:{team.bot.port}/alerts/{source}"
    sent = {"Authorization": f"Bearer {secret}", **dict(each.split(": ", 1) for each in headers)}
    body = {"data": payload} if isinstance(payload, bytes) else {"json": payload}
    async with aiohttp.ClientSession() as session, session.post(url, headers=sent, **body) as answer:
        return answer.status, await answer.text()


async def channel_of(team: Team, name: str = "ada") -> str:
    """The channel of the incident that alerts opened; this person comes into it."""
    await team.type(name, "INC-1 join", "general")
    await team.settle()
    channels = [channel.name for channel in await team.person(name).channels()]
    return next(each for each in channels if each.startswith("inc-1"))
