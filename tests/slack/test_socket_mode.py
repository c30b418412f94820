"""Socket Mode against the local workspace, over a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from slack_sdk.web.async_client import AsyncWebClient

from bot.incident.terms import Person, UserId
from bot.slack.app import build_app
from bot.slack.event_table import is_heard
from bot.slack.slack_socket import SocketMode
from bot.workspace.server import Workspace
from tests.slack.given_desk import Given, KnownPeople, given


class SlowPeople(KnownPeople):
    """Answers only once `go_on` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    async def person(self, user: UserId) -> Person:
        self.reached.set()
        await self.go_on.wait()
        return await super().person(user)


async def always() -> bool:
    return True


@asynccontextmanager
async def connected(here: Given) -> AsyncIterator[tuple[Workspace, SocketMode]]:
    async with Workspace() as workspace:
        client = AsyncWebClient(token=workspace.bot_token, base_url=workspace.api_url)
        app = build_app(here.desk, client=client)
        socket = SocketMode(app, app_token=workspace.app_token, base_url=workspace.api_url, slack_answers=always)
        await socket.start()
        try:
            yield workspace, socket
        finally:
            await socket.close()


async def test_a_command_is_answered_over_the_socket() -> None:
    async with connected(given()) as (workspace, socket):
        assert await socket.is_alive()
        answer = await workspace.person("ada").slash("/incident", "INC-42 ack", channel="general")
        assert answer.ok
        assert "INC-42" in answer.text


async def test_a_socket_that_was_closed_is_not_alive() -> None:
    async with connected(given()) as (_, socket):
        await socket.close()
        assert not await socket.is_alive()


async def test_what_is_at_work_is_answered_before_the_socket_closes() -> None:
    here, people = given(), SlowPeople()
    slow = replace(here, desk=replace(here.desk, people=people))
    async with connected(slow) as (workspace, socket), asyncio.TaskGroup() as group:
        asked = group.create_task(workspace.person("ada").slash("/incident", "INC-42 ack", channel="general"))
        await people.reached.wait()
        closing = group.create_task(socket.close())
        await asyncio.sleep(0)
        people.go_on.set()
        assert (await asked).ok
        await closing


async def test_a_message_that_nothing_follows_from_is_acknowledged() -> None:
    async with connected(given()) as (workspace, _):
        await workspace.person("ada").say("general", "Good morning")

        async def heard() -> bool:
            return [each["outcome"] for each in await workspace.client.deliveries("message")] == ["acknowledged"]

        assert await workspace.client.wait_until(heard)


def test_of_messages_only_edits_and_deletions_are_heard() -> None:
    edited = {"type": "message", "subtype": "message_changed"}
    assert is_heard({"event": edited})
    assert not is_heard({"event": {"type": "message", "text": "Good morning"}})
