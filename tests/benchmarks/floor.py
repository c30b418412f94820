"""The floor: the least program that does the same outside work. One Lua append, the acknowledgement, the same calls.

It has no features, and keeps no promise: no rights, no repetition, no restart, no state. `python -m
tests.benchmarks.floor` takes its settings from the same variables as Muster.
"""

import asyncio
import json
import logging
import os
import re
import signal
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import ClientSession, web
from redis.asyncio import Redis
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

APPEND: Final = "redis.call('XADD', KEYS[1], '*', 'data', ARGV[1]) return redis.call('INCR', KEYS[2])"
ANY: Final = re.compile("")

Call = Callable[..., Awaitable[Any]]


class Floor:
    def __init__(self, client: AsyncWebClient, session: ClientSession, store: Redis) -> None:
        self._client = client
        self._session = session
        self._append = store.register_script(APPEND)
        self._tasks: set[asyncio.Task[None]] = set()

    async def append(self, what: object) -> int:
        return int(await self._append(keys=["floor:log", "floor:count"], args=[json.dumps(what)]))

    async def command(self, ack: Call, body: dict[str, Any]) -> None:
        number = await self.append(body["text"])
        await ack("Opening the channel …")
        if body["text"].startswith("declare"):
            task = asyncio.create_task(self._war_room(number, body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def anything(self, ack: Call, body: dict[str, Any]) -> None:
        await self.append(body["type"])
        await ack()

    async def message(self, ack: Call) -> None:
        """Of which nothing follows: most events are the echo of what the program itself has posted."""
        await ack()

    async def _war_room(self, number: int, body: dict[str, Any]) -> None:
        made = await self._client.conversations_create(name=f"inc-{number}-floor")
        channel = made["channel"]["id"]
        await asyncio.gather(
            self._client.conversations_invite(channel=channel, users=body["user_id"]),
            self._client.conversations_setTopic(channel=channel, topic=body["text"]),
            self._cards(channel, body["text"]),
            self._client.chat_postMessage(channel=os.environ["ANNOUNCEMENT_CHANNEL"], text=body["text"]),
            self._session.post(body["response_url"], json={"text": f"<#{channel}>", "replace_original": False}),
        )

    async def _cards(self, channel: str, text: str) -> None:
        ts = (await self._client.chat_postMessage(channel=channel, text=text))["ts"]
        link = f"https://example.com/archives/{channel}/p{ts}"
        more = [self._client.chat_postMessage(channel=channel, text="The playbook")] if "sev1" in text else []
        await asyncio.gather(
            self._client.pins_add(channel=channel, timestamp=ts),
            self._client.bookmarks_add(channel_id=channel, title="Summary", type="link", link=link),
            *more,
        )


def build(floor: Floor, client: AsyncWebClient) -> AsyncApp:
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=client.token)

    logger = logging.getLogger("floor")
    logger.setLevel(logging.ERROR)
    secret = os.environ.get("SLACK_SIGNING_SECRET", "")
    app = AsyncApp(
        client=client, signing_secret=secret, authorize=authorize, process_before_response=True, logger=logger
    )
    app.command("/incident")(floor.command)
    app.block_action(ANY)(floor.anything)
    app.view_submission(ANY)(floor.anything)
    app.event("message")(floor.message)
    app.event(ANY)(floor.anything)
    return app


async def serve(app: AsyncApp, api_url: str) -> None:
    """Socket Mode where there is an app-level token, else HTTP on PORT."""
    if token := os.environ.get("SLACK_APP_TOKEN"):
        handler = AsyncSocketModeHandler(app, token, web_client=AsyncWebClient(base_url=api_url))
        await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it unannotated
        return

    async def receive(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", receive)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()


async def main() -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    api_url = os.environ["SLACK_API_URL"]
    async with ClientSession() as session, Redis.from_url(os.environ["REDIS_URL"]) as store:
        client = AsyncWebClient(os.environ["SLACK_BOT_TOKEN"], base_url=api_url, session=session)
        await serve(build(Floor(client, session, store), client), api_url)
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(main())
