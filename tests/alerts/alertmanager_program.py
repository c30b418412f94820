"""The real Alertmanager, started on loopback with a configuration of the test's own. Nothing is downloaded."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import aiohttp

VARIABLE: Final = "MUSTER_ALERTMANAGER"
NAMES: Final = ("prometheus-alertmanager", "alertmanager")
NOT_FOUND: Final = (
    "no Alertmanager was found on this machine; install Debian's package prometheus-alertmanager, "
    f"or name one in {VARIABLE}"
)
_LISTENING: Final = re.compile(r'msg="Listening on" address=(127\.0\.0\.1:\d+)')
_START_WITHIN: Final = 15.0


class NoAlertmanager(Exception):  # noqa: N818 - what is the case, as printed
    """There is none, or what the variable names is none."""


def alertmanager(environment: Mapping[str, str] = os.environ) -> Path:
    """Its program. Raises NoAlertmanager."""
    if named := environment.get(VARIABLE):
        found = shutil.which(named)
        if found is None:
            raise NoAlertmanager(f"{VARIABLE} names {named}, which is no program")
        return Path(found)
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise NoAlertmanager(NOT_FOUND)
    return Path(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alertmanager:
    """One that runs. `address`: of its API, `gossip`: where others of its cluster join it, if it is of one."""

    address: str
    gossip: str = ""

    async def fire(self, *alerts: Mapping[str, str], since: datetime | None = None, summary: str = "") -> None:
        """Labels of each, as Prometheus would send them."""
        started = since or datetime.now(tz=UTC)
        await self._post([_told(labels, summary, startsAt=started.isoformat()) for labels in alerts])

    async def resolve(self, *alerts: Mapping[str, str]) -> None:
        ended = datetime.now(tz=UTC)
        times = {"startsAt": (ended - timedelta(hours=1)).isoformat(), "endsAt": ended.isoformat()}
        await self._post([_told(labels, "", **times) for labels in alerts])

    async def peers(self) -> int:
        async with aiohttp.ClientSession() as session, session.get(f"http://{self.address}/api/v2/status") as answer:
            return len((await answer.json())["cluster"].get("peers", []))

    async def _post(self, alerts: Sequence[Any]) -> None:
        url = f"http://{self.address}/api/v2/alerts"
        async with aiohttp.ClientSession() as session, session.post(url, json=alerts) as answer:
            assert answer.status == 200, await answer.text()


@asynccontextmanager
async def running(folder: Path, hook: str, secret: str, *, cluster: str | None = None) -> AsyncIterator[Alertmanager]:
    """`cluster` None: alone; '': the first of a cluster; else the gossip address of another of it."""
    log = _furnish(folder, hook, secret)
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(*_command(folder, cluster), stdout=output, stderr=output)
    try:
        address = await _listening(log, process)
        gossip = await _gossip(address) if cluster is not None else ""
        yield Alertmanager(address=address, gossip=gossip)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _furnish(folder: Path, hook: str, secret: str) -> Path:
    """Its configuration; answers with the file for its log."""
    folder.mkdir(parents=True)
    (folder / "config.yml").write_text(_config(hook, secret), encoding="utf-8")
    return folder / "log"


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8")


def _command(folder: Path, cluster: str | None) -> list[str]:
    alone = ["--cluster.listen-address="]
    among = [
        "--cluster.listen-address=127.0.0.1:0",
        "--cluster.advertise-address=127.0.0.1:0",
        "--cluster.gossip-interval=20ms",
        "--cluster.pushpull-interval=500ms",
        "--cluster.peer-timeout=2s",
        *([f"--cluster.peer={cluster}"] if cluster else []),
    ]
    return [
        str(alertmanager()),
        f"--config.file={folder / 'config.yml'}",
        f"--storage.path={folder / 'data'}",
        "--web.listen-address=127.0.0.1:0",
        *(alone if cluster is None else among),
    ]


def _config(hook: str, secret: str) -> str:
    return f"""
route: {{receiver: muster, group_by: [group], group_wait: 100ms, group_interval: 500ms, repeat_interval: 1h}}
receivers:
  - name: muster
    webhook_configs:
      - url: {hook}
        send_resolved: true
        http_config: {{authorization: {{credentials: {secret}}}}}
"""


async def _listening(log: Path, process: asyncio.subprocess.Process) -> str:
    async with asyncio.timeout(_START_WITHIN):
        while True:
            text = _text(log)
            if found := _LISTENING.search(text):
                return found[1]
            assert process.returncode is None, text
            await asyncio.sleep(0.05)


async def _gossip(address: str) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}/api/v2/status") as answer:
        cluster = (await answer.json())["cluster"]
    return next(str(peer["address"]) for peer in cluster["peers"] if peer["name"] == cluster["name"])


def _told(labels: Mapping[str, str], summary: str, **times: str) -> dict[str, Any]:
    return {"labels": dict(labels), "annotations": {"summary": summary} if summary else {}, **times}
