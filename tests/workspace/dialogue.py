"""What the tests of the workspace share: refusals as answers, a page that listens, and small blocks and views."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientWebSocketResponse
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.workspace.person import Person

Json = dict[str, Any]
Connect = Callable[[AsyncApp], Awaitable[None]]

BUTTON = {"type": "button", "action_id": "go", "value": "7", "text": {"type": "plain_text", "text": "Go on"}}
ROW = [{"type": "actions", "block_id": "row", "elements": [BUTTON]}]


async def answer_of(call: Awaitable[Any]) -> Json:
    """The answer's body, also when it is a refusal."""
    try:
        return dict((await call).data)
    except SlackApiError as refused:
        return dict(refused.response.data)


async def refusal(call: Awaitable[Any]) -> str:
    return str((await answer_of(call)).get("error", "accepted"))


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def modal(**more: Any) -> Json:
    title = {"type": "plain_text_input", "action_id": "text"}
    blocks = [{"type": "input", "block_id": "title", "label": plain("Title"), "element": title}]
    form = {"type": "modal", "callback_id": "form", "title": plain("Form"), "submit": plain("Send")}
    return {**form, "blocks": blocks, **more}


async def seen(person: Person, what: str, **query: str | None) -> Any:
    """The answer to one of the page's questions."""
    return await person._see(what, **query)


class Page:
    """One page's WebSocket: what the workspace tells it, in order."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket

    async def told(self) -> Json:
        async with asyncio.timeout(5):
            return dict(await self.socket.receive_json())

    async def told_until(self, wanted: Callable[[Json], Any]) -> list[Json]:
        """All that is told, up to the first that is wanted."""
        found = [await self.told()]
        while not wanted(found[-1]):
            found.append(await self.told())
        return found

    async def messages(self, *ts: str) -> list[Json]:
        """What is told until all of these messages have been told of."""
        missing = set(ts)

        def is_last(news: Json) -> bool:
            missing.difference_update(each for told in news.get("messages", {}).values() for each in told)
            return not missing

        return await self.told_until(is_last)


Watch = Callable[[str], Awaitable[Page]]
