"""The stand-in's sockets fail as Slack's do: they break without a word, or stay open and say nothing more."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from bot.workspace.server import Workspace


@pytest.fixture
async def socket(workspace: Workspace) -> AsyncIterator[ClientWebSocketResponse]:
    """An app's end of a connection, past the hello."""
    headers = {"Authorization": f"Bearer {workspace.app_token}"}
    async with ClientSession() as session:
        async with session.post(f"{workspace.api_url}apps.connections.open", headers=headers) as answer:
            url = (await answer.json())["url"]
        async with session.ws_connect(url, autoping=False) as socket:
            assert (await socket.receive_json())["type"] == "hello"
            yield socket


async def test_a_ping_is_answered(socket: ClientWebSocketResponse) -> None:
    await socket.ping(b"are you there")
    assert (await socket.receive(timeout=5)).type is WSMsgType.PONG


async def test_a_socket_that_was_silenced_answers_no_ping(
    workspace: Workspace, socket: ClientWebSocketResponse
) -> None:
    await workspace.client.silence_sockets()
    await socket.ping(b"are you there")
    with pytest.raises(asyncio.TimeoutError):
        await socket.receive(timeout=0.2)
    assert not socket.closed


async def test_a_socket_that_was_reset_ends_without_a_goodbye(
    workspace: Workspace, socket: ClientWebSocketResponse
) -> None:
    await workspace.client.reset_sockets()
    assert (await socket.receive(timeout=5)).type in {WSMsgType.CLOSED, WSMsgType.ERROR}
    assert socket.close_code != 1000
