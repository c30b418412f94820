"""Answers by a response_url: no Web API call and no token, at most 5 times within 30 minutes of the interaction."""

from collections.abc import Mapping
from typing import Any

from aiohttp import ClientError, ClientSession

from bot.ports import Unavailable


class HttpResponseUrls:
    def __init__(self, session: ClientSession) -> None:
        self._session = session

    async def post(self, url: str, body: Mapping[str, Any]) -> None:
        """Raises Unavailable. Not tried again: the person has gone on, and a second answer is worse than none."""
        try:
            async with self._session.post(url, json=body, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise Unavailable("Slack", f"response_url answered {answer.status}", retryable=False)
        except (ClientError, OSError) as error:
            raise Unavailable("Slack", type(error).__name__) from error
