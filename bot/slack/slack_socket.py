"""Socket Mode: keeps a socket to Slack open, takes envelopes from it and answers each.

Written here and not taken from slack_sdk, whose client closes the old socket before the new one stands, may leave two
open where two reasons to reconnect meet, tells a silent peer by the wall clock, and asks for a new socket every five
seconds however long Slack is away.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import new_bug_reference
from bot.crash_point import CrashPoint, crash_point
from bot.ports import Unavailable
from bot.slack.event_table import is_heard
from bot.slack.outcome import SLACK, TOKEN_CODES, SlackRefusal, failure_of
from bot.slack.socket_link import Envelope, Link

PING_EVERY: Final = 5.0
"""Seconds. A peer that has not answered after 7.5 s is taken for gone."""
DRAINED_WITHIN: Final = 3.0
"""Seconds: Slack takes no answer after that."""
STILL_READ_FOR: Final = 2.0
"""Seconds, once the socket that replaces it stands."""
LOST_AFTER: Final = timedelta(minutes=15)
"""So long Slack may answer and yet open no socket, before the process ends for its supervisor to start it anew."""
FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 6.0
"""Between two attempts, in pings: 0.25 s, doubled to 30 s."""

_METHOD: Final = "apps.connections.open"
_OK: Final = 200

_log = structlog.get_logger(__name__)


class SocketMode:
    """`await start()`, and from then on the socket is kept until `close()`, or until it is lost for good.

    Make it within a running loop. `base_url`: the Web API's, which also says where the socket is (a proxy, GovSlack,
    the local workspace). `slack_answers`: whether Slack's Web API answers us now; while it does not, Slack is waited
    for, however long it is away.
    """

    def __init__(
        self,
        app: AsyncApp,
        *,
        app_token: str,
        base_url: str,
        slack_answers: Callable[[], Awaitable[bool]],
        ping: float = PING_EVERY,
        lost_after: timedelta = LOST_AFTER,
    ) -> None:
        self._app = app
        self._token = app_token
        self._slack_answers = slack_answers
        self._ping = ping
        self._lost_after = lost_after.total_seconds()
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        self._web = AsyncWebClient(
            base_url=base_url, session=self._session, timeout=10, retry_handlers=[], logger=_no_log()
        )
        self._link: Link | None = None
        self._leaving: dict[Link, asyncio.Task[None]] = {}
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns once connected. Raises Unavailable where Slack cannot be reached, or the token opens no socket."""
        address = await self._address()
        try:
            link = await self._open(address)
        except Unavailable as failure:
            link = await self._open_again(failure)
        self._take(link)
        self._keeper = asyncio.create_task(self._keep(link), name="sockets")

    async def until_lost(self) -> None:
        """Raises Unavailable once no socket could be had for so long that only a new start may help."""
        assert self._keeper is not None, "the socket is not started"
        await asyncio.wait({self._keeper})
        self._keeper.result()

    async def is_alive(self) -> bool:
        return self._link is not None and self._link.is_open

    async def close(self, within: float = DRAINED_WITHIN) -> None:
        """Takes no more; what is at work is finished and acknowledged first, for at most `within` seconds."""
        if self._keeper:
            self._keeper.cancel()
            await asyncio.wait({self._keeper})
        if self._link:
            await self._link.finish(within)
        await asyncio.gather(*(before.finish(within) for before in self._leaving))
        if self._leaving:
            await asyncio.wait(self._leaving.values())
        await self._session.close()

    async def _keep(self, link: Link) -> None:
        """The next link stands before the one that Slack wants replaced is let go."""
        pause = 0.0
        while True:
            await link.spent.wait()
            if not link.is_open:
                _log.info("socket_ended", after_seconds=round(link.age))
            # One that ended as soon as it stood would else be opened anew without a breath.
            pause = self._longer(pause) if link.age < LONGEST_PAUSE * self._ping else 0.0
            await asyncio.sleep(pause)
            before, link = link, await self._open_again()
            self._take(link)
            self._leaving[before] = asyncio.create_task(self._let_go(before), name="socket that leaves")

    def _take(self, link: Link) -> None:
        self._link = link
        link.listen(self._serve)

    async def _let_go(self, link: Link) -> None:
        """Slack may have sent on it before it knew of the new one, and closes it itself."""
        await link.ended(STILL_READ_FOR)
        await link.finish(DRAINED_WITHIN)
        del self._leaving[link]

    async def _open_again(self, failure: Unavailable | None = None) -> Link:
        """However long it takes. Raises Unavailable when Slack answers and there is still no socket to be had."""
        outage = _Outage(lost_after=self._lost_after)
        while True:
            if failure:
                outage.met(failure, slack_answers=await self._slack_answers())
                outage.pause = self._longer(outage.pause)
                await asyncio.sleep(max(outage.pause, failure.after.total_seconds() if failure.after else 0.0))
            try:
                link = await self._open(await self._address())
            except Unavailable as error:
                failure = error
            else:
                outage.ended()
                return link

    def _longer(self, pause: float) -> float:
        return min(2 * pause or FIRST_PAUSE * self._ping, LONGEST_PAUSE * self._ping)

    async def _open(self, address: str) -> Link:
        try:
            return await Link.to(address, self._session, ping=self._ping, proxy=self._web.proxy)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable(SLACK, f"no socket is opened ({type(error).__name__})") from None

    async def _address(self) -> str:
        """Where one socket may be opened, once. Raises Unavailable."""
        try:
            answer = await self._web.apps_connections_open(app_token=self._token)
        except SlackApiError as error:
            raise _failure(error) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable(SLACK, f"{_METHOD}: {type(error).__name__}") from None
        except (AttributeError, ValueError):
            # slack_sdk trips over a 200 whose body is no JSON object, such as a proxy's page.
            raise Unavailable(SLACK, f"{_METHOD}: an answer that is no JSON object") from None
        return str(answer["url"])

    async def _serve(self, link: Link, envelope: Envelope) -> None:
        """One envelope: dispatched and acknowledged; the entry point of all that comes by socket."""
        try:
            answer = await self._answer_to(envelope)
        except Exception:  # noqa: BLE001 - the one entry point of envelopes: a bug in one never stops the others
            _log.exception("envelope_failed", kind=envelope["type"], reference=new_bug_reference())
            return
        if answer is None:
            return
        # On the link by which it came, else on the one that stands now; else Slack delivers it again.
        if not await link.send(answer) and self._link and self._link is not link:
            await self._link.send(answer)

    async def _answer_to(self, envelope: Envelope) -> Envelope | None:
        """Bolt's way to "nothing to do" takes a millisecond, and every message of every channel that we are in would
        go it. What Bolt does not answer with 200 is not acknowledged, so Slack delivers it again.
        """
        acknowledgement = {"envelope_id": envelope["envelope_id"]}
        if envelope["type"] == "events_api" and not is_heard(envelope["payload"]):
            return acknowledgement
        request = SocketModeRequest(envelope["type"], envelope["envelope_id"], envelope["payload"])
        request.retry_attempt, request.retry_reason = envelope.get("retry_attempt"), envelope.get("retry_reason")
        response = await run_async_bolt_app(self._app, request)
        crash_point(CrashPoint.BEFORE_ACKNOWLEDGEMENT)
        return acknowledgement | _payload(response) if response.status == _OK else None


@dataclass(slots=True, kw_only=True)
class _Outage:
    """What is remembered from the first attempt that fails to the one that succeeds."""

    lost_after: float
    began: float = field(default_factory=time.monotonic)
    pause: float = 0.0
    refused_since: float | None = None
    told: str = ""

    def met(self, failure: Unavailable, *, slack_answers: bool) -> None:
        """One line for each new reason, and none for each attempt. Raises Unavailable where waiting will not help."""
        if failure.reason != self.told:
            _log.warning("socket_down", reason=failure.reason)
        self.told, now = failure.reason, time.monotonic()
        if not slack_answers:
            self.refused_since = None
        elif self.refused_since is None:
            self.refused_since = now
        elif now - self.refused_since >= self.lost_after:
            minutes = round(self.lost_after / 60)
            raise Unavailable(SLACK, f"{failure.reason}; no socket for {minutes} min although Slack answers")

    def ended(self) -> None:
        if self.told:
            _log.info("socket_up", after_seconds=round(time.monotonic() - self.began))


def _payload(response: BoltResponse) -> Envelope:
    if not response.body:
        return {}
    is_json = response.headers.get("content-type", [""])[0].startswith("application/json")
    return {"payload": json.loads(response.body) if is_json else {"text": response.body}}


def _failure(error: SlackApiError) -> Unavailable:
    """Told to wait, no clear answer, or refused, which may be mended at Slack while we go on asking."""
    response = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    answer = getattr(response, "data", None)
    code = str(answer.get("error", "")) if isinstance(answer, dict) else ""
    failure = failure_of(_METHOD, status, answer, response.headers.get("Retry-After"))
    if isinstance(failure, SlackRefusal) or code in TOKEN_CODES:
        reason = f"SLACK_APP_TOKEN opens no socket ({code}); copy it anew from Basic Information"
        return Unavailable(SLACK, f"{_METHOD}: {reason}", retryable=False)
    return failure


def _no_log() -> logging.Logger:
    """What slack_sdk has to say of a failed call is said here, once an outage."""
    quiet = logging.getLogger("muster.socket_mode")
    quiet.setLevel(logging.CRITICAL)
    return quiet
