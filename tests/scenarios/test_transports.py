"""How requests reach Muster: sockets that are renewed, an orderly end, and signatures that are checked."""

import asyncio
import hashlib
import hmac
import time
from http import HTTPStatus
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession

from tests.scenarios import witness
from tests.scenarios.host import Host
from tests.scenarios.team import Team

only_socket_mode = pytest.mark.parametrize("transport", ["socket mode"])
only_http = pytest.mark.parametrize("transport", ["http"])


@only_socket_mode
async def test_a_socket_that_slack_renews_is_replaced(team: Team) -> None:
    channel = await team.declare()
    opened = len(await team.calls("apps.connections.open"))
    await team.workspace.client.refresh_sockets()

    async def renewed() -> bool:
        again = len(await team.calls("apps.connections.open")) > opened
        return again and (await team.workspace.client.about())["connections"] == 1

    await witness.until(team, renewed)
    await team.type("ada", "note After the renewal.", channel)
    assert "After the renewal." in await witness.timeline(team, channel)


@only_socket_mode
async def test_events_of_a_time_without_a_socket_come_once_it_is_back(team: Team) -> None:
    channel = await team.declare()
    ada = team.person("ada")
    ts = await ada.say(channel, "Said during the renewal.")
    await team.workspace.client.refresh_sockets()
    await ada.react(channel, ts, "pushpin")
    await witness.until(team, lambda: witness.ticked(team, channel, ts))


async def test_a_request_in_flight_is_answered_before_muster_ends(host: Host) -> None:
    """The look-up of who Ada is holds the request up while Muster is asked to stop."""
    await host.workspace.client.fault("users.info", "hold", count=1, seconds=0.2)
    async with host.muster() as team:
        asked = asyncio.create_task(team.person("ada").slash("/incident", "declare Last words", channel="general"))
        await witness.until(team, lambda: team.calls("users.info"))
    answer = await asked
    assert answer.ok, answer
    assert "INC-1 is declared" in answer.text
    async with host.muster() as team:
        await witness.until(team, lambda: team.person("ada").channel_named("inc-1-last-words"))


def _signed(secret: str, body: str, at: float) -> dict[str, str]:
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    kind = "application/x-www-form-urlencoded"
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}", "Content-Type": kind}


async def _posted(team: Team, secret: str, at: float) -> int:
    ids = {"user_id": team.workspace.user_id("ada"), "channel_id": team.workspace.channel_id("general")}
    body = urlencode({"command": "/incident", "text": "declare Forged", "trigger_id": "1.2.3", **ids})
    url = f"http://127.0.0.1:{team.bot.port}/slack/events"
    async with ClientSession() as session, session.post(url, data=body, headers=_signed(secret, body, at)) as answer:
        return answer.status


@only_http
async def test_a_good_signature_is_taken(team: Team) -> None:
    assert await _posted(team, team.workspace.signing_secret, time.time()) == HTTPStatus.OK
    assert len(await team.bot.store.log.listings(active=True)) == 1


@only_http
async def test_a_bad_signature_is_refused(team: Team) -> None:
    assert await _posted(team, "of somebody else", time.time()) == HTTPStatus.UNAUTHORIZED
    assert not await team.bot.store.log.listings(active=True)


@only_http
async def test_an_old_request_is_refused_however_well_it_is_signed(team: Team) -> None:
    six_minutes_ago = time.time() - 360
    assert await _posted(team, team.workspace.signing_secret, six_minutes_ago) == HTTPStatus.UNAUTHORIZED
    assert not await team.bot.store.log.listings(active=True)


@only_socket_mode
async def test_in_socket_mode_nobody_can_post_requests(team: Team) -> None:
    assert await _posted(team, team.workspace.signing_secret, time.time()) == HTTPStatus.NOT_FOUND
