"""Proposals in dialogues: a policy that asks people, and the cards as somebody sees them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.incident.alert import AlertState
from bot.settings import Settings
from bot.workspace.seen import SeenMessage
from tests.scenarios import alarms
from tests.scenarios.conftest import StartTeam
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team

POLICY = """alerts:
  rules:
    - {name: errors, match: {severity: [error, warning]}, then: propose}
    - {name: grave, match: {severity: critical}, then: declare}
"""
SERVICES = """services:
  checkout: {owner: U0CLEO0001, on_call: U0BEN00001, tier: 2}
  search: {}
"""
ERROR = {"severity": "error", "service": "checkout"}
CRITICAL = {"severity": "critical", "service": "checkout"}
GROUP = "g1"


def rules(folder: Path) -> Path:
    found = playbooks(folder, POLICY)
    (found / "services.yaml").write_text(SERVICES, encoding="utf-8")
    return found


def changed(settings: Settings, folder: Path) -> Settings:
    """For a host that starts Muster itself."""
    wanted = {"playbooks_dir": rules(folder), "alert_secrets": alarms.SECRETS, "triage_channel": "#general"}
    return Settings(**{**settings.model_dump(), **wanted})


async def asked(start_team: StartTeam, folder: Path, **settings: Any) -> Team:
    """People are asked in #general."""
    wanted = {"playbooks_dir": rules(folder), "alert_secrets": alarms.SECRETS, "triage_channel": "#general"}
    return await start_team(**{**wanted, **settings})


async def fire(
    team: Team,
    name: str = "HighErrorRate",
    *,
    fingerprint: str = "f1",
    labels: dict[str, str] | None = None,
    group: str = GROUP,
    resolved: bool = False,
    again: bool = False,
) -> None:
    """`again`: it began just now, and not when all others did."""
    at = team.clock.now() if again else None
    told = alarms.told(name, fingerprint=fingerprint, labels=labels or ERROR, resolved=resolved, at=at)
    await alarms.send(team, told, group=group)


async def cards(team: Team, channel: str = "general", *parts: str) -> list[SeenMessage]:
    """Every proposal that stands there, answered or not, that holds all of the parts."""
    posted = [each for each in await team.person("ada").messages(channel) if each.thread_ts in {None, each.ts}]
    found = [each for each in posted if "P1 ·" in each.rendered or "P2 ·" in each.rendered]
    return [each for each in found if all(part in each.rendered for part in parts)]


async def card(team: Team, *parts: str) -> SeenMessage:
    (found,) = await cards(team, "general", *parts)
    return found


async def press(team: Team, button: str, name: str = "ada") -> None:
    """On the card of the only proposal that waits."""
    (waiting,) = await cards(team, "general", "[Declare incident]")
    answer = await team.person(name).click(button, channel="general", ts=waiting.ts)
    assert answer.ok, answer


async def pass_by(team: Team, minutes: int) -> None:
    """Minute by minute, each looked at by two."""
    for _ in range(minutes):
        team.clock.move_on(timedelta(minutes=1))
        for _ in range(2):
            await team.bot.look_at_proposals()
    await team.settle()


async def reasons(team: Team) -> list[str]:
    """Of what was decided about alerts that fire, the oldest first."""
    decided = await team.bot.store.alerts.decisions(1000)
    return [each.reason.value for each in reversed(decided) if each.state is AlertState.FIRING]


async def answers(team: Team, name: str = "ada") -> list[str]:
    """What this person alone was told in #general."""
    return [each.rendered for each in await team.person(name).ephemerals("general")]
