"""The real Alertmanager posts to the bot: alone, as a clustered pair, as a split pair, and while too much waits."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.incident.alert import Reason
from bot.incident.state import Incident
from bot.incident.terms import IncidentId
from tests.alerts.alertmanager_program import Alertmanager, NoAlertmanager, alertmanager, running
from tests.scenarios import witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.team import Team

SECRET = "a-secret-of-sixteen-or-more"
CHECKOUT = {"alertname": "HighErrorRate", "group": "checkout", "service": "checkout", "severity": "critical"}
PODS = [{**CHECKOUT, "alertname": "PodCrash", "pod": f"web-{number}"} for number in range(3)]

Start = Callable[..., Awaitable[Alertmanager]]


def _is_missing() -> bool:
    try:
        alertmanager()
    except NoAlertmanager:
        return True
    return False


pytestmark = pytest.mark.skipif(_is_missing(), reason="test_alertmanager_program.py says that there is none")


@pytest.fixture
def transport() -> str:
    """Alerts come the same way in both."""
    return "socket mode"


@pytest.fixture
async def team(start_team: StartTeam) -> Team:
    return await start_team(alert_secrets=f"alertmanager={SECRET}")


@pytest.fixture
async def start(team: Team, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts one Alertmanager more that posts to the bot."""
    async with AsyncExitStack() as stack:

        async def one(name: str = "one", cluster: str | None = None) -> Alertmanager:
            hook = f"http://127.0.0.1:{team.bot.port}/alerts/alertmanager"
            return await stack.enter_async_context(running(tmp_path / name, hook, SECRET, cluster=cluster))

        yield one


async def state(team: Team) -> Incident:
    return await team.bot.handler.read(IncidentId(1))


async def shows(team: Team, *, firing: int, resolved: int = 0) -> None:
    """The first incident, once it has so many alerts of each state."""

    async def has() -> bool:
        if not await team.bot.store.log.listings(active=False):
            return False
        board = (await state(team)).alerts
        return (board.firing, board.resolved) == (firing, resolved)

    await witness.until(team, has)


async def reasons(team: Team) -> list[Reason]:
    return [each.reason for each in await team.bot.store.alerts.decisions(100)][::-1]


async def is_alone(team: Team) -> bool:
    return len(await team.bot.store.log.listings(active=False)) == 1


async def test_an_alert_that_prometheus_sends_opens_an_incident_and_resolves_in_it(team: Team, start: Start) -> None:
    one = await start()
    await one.fire(CHECKOUT, summary="Checkout returns 500")
    await shows(team, firing=1)
    assert (await state(team)).title == "Checkout returns 500"
    await one.resolve(CHECKOUT)
    await shows(team, firing=0, resolved=1)
    assert await reasons(team) == [Reason.DECLARED_BY_RULE, Reason.ATTACHED_SAME_GROUP]


async def test_a_member_resolves_while_its_group_still_fires(team: Team, start: Start) -> None:
    one = await start()
    await one.fire(*PODS)
    await shows(team, firing=3)
    await one.resolve(PODS[0])
    await shows(team, firing=2, resolved=1)
    await one.fire({**PODS[0], "pod": "web-9"})
    await shows(team, firing=3, resolved=1)
    assert await is_alone(team)


async def test_a_clustered_pair_is_one_voice(team: Team, start: Start) -> None:
    first = await start("first", cluster="")
    second = await start("second", cluster=first.gossip)

    async def joined() -> bool:
        return await first.peers() == await second.peers() == 2

    await witness.until(team, joined)
    for each in (first, second):
        await each.fire(*PODS)
    await shows(team, firing=3)
    for each in (first, second):
        await each.resolve(*PODS)
    await shows(team, firing=0, resolved=3)
    assert await is_alone(team)
    assert (await reasons(team)).count(Reason.DECLARED_BY_RULE) == 1
    assert len(await reasons(team)) == 6


async def test_the_halves_of_a_split_pair_tell_of_one_failure(team: Team, start: Start) -> None:
    """Each has its own Prometheus, which saw it begin at another moment; neither knows of the other."""
    first, second = await start("first"), await start("second")
    now = datetime.now(tz=UTC)
    await first.fire(*PODS, since=now - timedelta(seconds=40))
    await second.fire(*PODS, since=now - timedelta(seconds=25))
    await shows(team, firing=3)
    await first.resolve(*PODS)
    await shows(team, firing=0, resolved=3)
    await second.resolve(*PODS)
    await second.fire({**PODS[0], "pod": "web-9"})
    await shows(team, firing=1, resolved=3)
    assert await is_alone(team)
    assert len(await reasons(team)) == 7


async def test_what_is_refused_by_503_is_sent_again_within_seconds(team: Team, start: Start) -> None:
    inbox = team.bot.store.alerts
    room, inbox._most = inbox._most, 0
    one = await start()
    await one.fire(CHECKOUT)

    async def refused() -> bool:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{team.bot.port}/metrics") as page:
            return 'outcome="put off"' in await page.text()

    await witness.until(team, refused)
    inbox._most = room
    await shows(team, firing=1)
    assert await is_alone(team)
