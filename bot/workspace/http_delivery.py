"""Delivery by signed HTTP requests to the app's own URLs, as when Socket Mode is off."""

import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession

from bot.workspace.deliveries import Undelivered
from bot.workspace.install import Install
from bot.workspace.refusal import Json

FORM = "application/x-www-form-urlencoded"


class RefusedByApp(Exception):  # noqa: N818 - what happened, in one word
    """The app did not answer url_verification with the challenge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestUrls:
    events: str
    interactivity: str
    slash: str


class HttpDelivery:
    """A Transport. Signatures are v0: HMAC-SHA256 of `v0:<timestamp>:<body>`."""

    def __init__(self, install: Install, session: ClientSession, urls: RequestUrls) -> None:
        self._install, self._session, self._urls = install, session, urls

    async def verify(self) -> None:
        challenge = secrets.token_hex(20)
        body = {"token": self._install.verification_token, "challenge": challenge, "type": "url_verification"}
        try:
            answer = await self._post(self._urls.events, json.dumps(body), "application/json", {})
        except Undelivered as failure:
            raise RefusedByApp(failure.reason) from None
        if challenge not in {answer.get("challenge"), answer.get("text")}:
            raise RefusedByApp("the challenge was not answered")

    async def send(self, kind: str, payload: Json, attempt: int, reason: str) -> Json:
        match kind:
            case "slash_commands":
                return await self._post(self._urls.slash, urlencode(payload), FORM, {})
            case "interactive":
                form = urlencode({"payload": json.dumps(payload)})
                return await self._post(self._urls.interactivity, form, FORM, {})
            case _:
                retry = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason} if attempt else {}
                await self._post(self._urls.events, json.dumps(payload), "application/json", retry)
                return {}

    async def _post(self, url: str, body: str, content_type: str, extra: dict[str, str]) -> Json:
        headers = self.signed(body) | {"Content-Type": content_type} | extra
        try:
            async with self._session.post(url, data=body.encode(), headers=headers) as response:
                text = await response.text()
                if not response.ok:
                    raise Undelivered("http_error")
                return as_answer(text)
        except ClientError:
            raise Undelivered("connection_failed") from None

    def signed(self, body: str) -> dict[str, str]:
        """In the machine's own time, which the app checks: a clock that a test moved on says nothing of the network."""
        stamp = str(int(time.time()))
        key = self._install.signing_secret.encode()
        digest = hmac.new(key, f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def as_answer(text: str) -> Json:
    """A JSON object, or plain text as Slack takes it: a message's text."""
    if not text:
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        return {"text": text}
    return found if isinstance(found, dict) else {"text": text}
