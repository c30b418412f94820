"""The one place that calls Slack: one session, one limiter, no hidden retries, every failure mapped.

It never logs a token or the text of a message.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final, Protocol
from urllib.parse import urlencode

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.crash_point import CrashPoint, crash_point
from bot.incident.terms import ChannelId, MessageTs, UserId
from bot.ports import Unavailable
from bot.slack.limiter import Limiter, limit_name
from bot.slack.message import Message
from bot.slack.outcome import TOKEN_CODES, SlackRefusal, SlackUnavailable, failure_of, rest
from bot.slack.pulse import Pulse

SLACK_API: Final = "https://slack.com/api/"
ANSWERS_WITHIN: Final = timedelta(seconds=10)
CONNECTS_WITHIN: Final = timedelta(seconds=3)
PROBED_WITHIN: Final = timedelta(seconds=2)
"""Asked after an attempt of at most 16 s, so that both fit into an effect's lease."""
KEEP_ALIVE: Final = timedelta(seconds=30)
MOST_CONNECTIONS: Final = 64

_NOT_SENT: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""No connection was made, so Slack never saw the call."""

_MOMENTS: Final = {
    "bookmarks.add": (CrashPoint.BEFORE_BOOKMARK, CrashPoint.AFTER_BOOKMARK),
    "canvases.edit": (CrashPoint.BEFORE_CANVAS, CrashPoint.AFTER_CANVAS),
    "chat.postMessage": (CrashPoint.BEFORE_POST, CrashPoint.AFTER_POST),
    "chat.update": (CrashPoint.BEFORE_UPDATE, CrashPoint.AFTER_UPDATE),
    "conversations.canvases.create": (CrashPoint.BEFORE_CANVAS, CrashPoint.AFTER_CANVAS),
    "conversations.create": (CrashPoint.BEFORE_CREATE, CrashPoint.AFTER_CREATE),
    "conversations.invite": (CrashPoint.BEFORE_INVITE, CrashPoint.AFTER_INVITE),
    "conversations.setTopic": (CrashPoint.BEFORE_TOPIC, CrashPoint.AFTER_TOPIC),
    "files.completeUploadExternal": (CrashPoint.BEFORE_SHARE, CrashPoint.AFTER_SHARE),
    "pins.add": (CrashPoint.BEFORE_PIN, CrashPoint.AFTER_PIN),
    "reactions.add": (CrashPoint.BEFORE_TICK, CrashPoint.AFTER_TICK),
    "reactions.remove": (CrashPoint.BEFORE_TICK, CrashPoint.AFTER_TICK),
}
"""The methods that change something which stays."""
_NO_MOMENT: Final = (None, None)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BotIdentity:
    """Who the token makes us. `url`: the team's address with a closing slash, 'https://acme.slack.com/'."""

    user: UserId
    bot: str
    team: str
    url: str

    def permalink(self, channel: ChannelId, ts: MessageTs, thread: str = "") -> str:
        """The address of a message, as Slack makes it; costs no call."""
        link = f"{self.url}archives/{channel}/p{ts.replace('.', '')}"
        return f"{link}?thread_ts={thread}&cid={channel}" if thread and thread != ts else link


class Observer(Protocol):
    """Counts calls; `outcome` is 'ok', Slack's word for a refusal, or what kept it from answering."""

    def slack_called(self, method: str, outcome: str, took: timedelta) -> None: ...


class Unobserved:
    def slack_called(self, method: str, outcome: str, took: timedelta) -> None:
        """Nobody counts."""


class WebClient:
    """`sdk` is for Bolt, which needs slack_sdk's own client; it shares the session, and has no retries either.

    Calls pass it by: it makes three times as much of each as they need, and trips over a body that is no JSON.
    `pulse`: what came of the calls lately.
    """

    def __init__(
        self, sdk: AsyncWebClient, session: aiohttp.ClientSession, limiter: Limiter, observer: Observer | None = None
    ) -> None:
        self.sdk = sdk
        self.session = session
        self._limiter = limiter
        self._observer = observer or Unobserved()
        self._base = sdk.base_url
        self._headers = {
            "Authorization": f"Bearer {sdk.token}",
            "Content-Type": "application/x-www-form-urlencoded;charset=utf-8",
        }
        self.pulse = Pulse()
        self._scopes = ""

    @property
    def scopes(self) -> frozenset[str] | None:
        """Which scopes Slack last said that the token has; None: it has not said so."""
        return frozenset(each.strip() for each in self._scopes.split(",")) if self._scopes else None

    async def answers(self) -> bool:
        """Whether Slack answers at all and accepts our token; one call that changes nothing, and a short wait."""
        try:
            async with asyncio.timeout(PROBED_WITHIN.total_seconds()):
                await self.call("auth.test")
        except (TimeoutError, Unavailable) as failure:
            # Told to wait, by Slack or by our limiter: it is there.
            return isinstance(failure, Unavailable) and failure.after is not None
        except SlackRefusal:
            return True
        return True

    async def call(self, method: str, **args: object) -> dict[str, Any]:
        """Calls a Web API method; arguments that are None are left out. Raises SlackRefusal and Unavailable."""
        channel = str(args.get("channel") or args.get("channel_id") or "")
        async with self._limiter.turn(method, channel):
            started, outcome = time.monotonic(), "cut short"
            try:
                answer = await self._send(method, channel, args)
                outcome = "ok"
                self.pulse.worked(method)
            except (SlackRefusal, Unavailable) as failure:
                outcome = _outcome(failure)
                raise
            finally:
                self._observer.slack_called(method, outcome, timedelta(seconds=time.monotonic() - started))
        return answer

    async def _send(self, method: str, channel: str, args: Mapping[str, object]) -> dict[str, Any]:
        before, after = _MOMENTS.get(method, _NO_MOMENT)
        crash_point(before)
        try:
            async with self.session.post(
                self._base + method, data=form(args), headers=self._headers, allow_redirects=False
            ) as response:
                answer = _object(await response.read())
                self._scopes = response.headers.get("X-OAuth-Scopes", self._scopes)
        except _NOT_SENT as error:
            raise SlackUnavailable(method, f"cannot be reached ({type(error).__name__})") from None
        except (TimeoutError, aiohttp.ClientError) as error:
            raise SlackUnavailable(method, type(error).__name__, unknown=True) from None
        if response.status == HTTPStatus.OK and answer.get("ok"):
            crash_point(after)
            return answer
        raise self._failure(method, channel, response, answer)

    async def identity(self) -> BotIdentity:
        """Asks Slack who we are."""
        answer = await self.call("auth.test")
        return BotIdentity(
            user=UserId(str(answer["user_id"])),
            bot=str(answer.get("bot_id", "")),
            team=str(answer["team_id"]),
            url=str(answer.get("url", "")).rstrip("/") + "/",
        )

    async def answer(self, url: str, message: Message) -> bool:
        """Answers a person through the response_url that Slack gave for it; False: it has expired or is used up."""
        body = {"response_type": "ephemeral", "replace_original": False, "text": message.text}
        if message.blocks:
            body["blocks"] = [dict(block) for block in message.blocks]
        crash_point(CrashPoint.BEFORE_ANSWER)
        try:
            async with self.session.post(url, json=body, allow_redirects=False) as response:
                crash_point(CrashPoint.AFTER_ANSWER)
                return self._answered(response)
        except (*_NOT_SENT, aiohttp.InvalidURL) as error:
            # The address was Slack's and held for half an hour at most: a direct message does as well.
            _log.warning("response_url_unreachable", error=type(error).__name__)
            return False
        except (TimeoutError, aiohttp.ClientError) as error:
            raise SlackUnavailable("response_url", type(error).__name__, unknown=True) from None

    async def upload(self, address: str, content: bytes) -> None:
        """Brings a file's content to the address that files.getUploadURLExternal gave. Raises SlackUnavailable.

        Nobody sees it before files.completeUploadExternal, so an upload whose fate is unknown is simply begun anew.
        """
        try:
            async with self.session.post(address, data=content, allow_redirects=False) as response:
                if response.status == HTTPStatus.TOO_MANY_REQUESTS:
                    raise SlackUnavailable("upload", "rate limited", after=rest(response.headers.get("Retry-After")))
                if response.status != HTTPStatus.OK:
                    raise SlackUnavailable("upload", f"HTTP {response.status}")
        except (TimeoutError, aiohttp.ClientError, aiohttp.InvalidURL) as error:
            raise SlackUnavailable("upload", type(error).__name__) from None

    def _answered(self, response: aiohttp.ClientResponse) -> bool:
        if response.status == 429:
            raise SlackUnavailable("response_url", "rate limited", after=rest(response.headers.get("Retry-After")))
        if response.status >= 500:
            raise SlackUnavailable("response_url", f"HTTP {response.status}", unknown=True)
        return response.status < 300

    def _failure(
        self, method: str, channel: str, response: aiohttp.ClientResponse, answer: Mapping[str, Any]
    ) -> Exception:
        limit = limit_name(method, channel)
        failure = failure_of(
            method, response.status, answer, response.headers.get("Retry-After"), channel=channel, limit=limit
        )
        code = str(answer.get("error", ""))
        if code in TOKEN_CODES:
            _log.error("slack_token_not_accepted", method=method, code=code)
            self.pulse.token_refused(code)
        elif isinstance(failure, SlackRefusal):
            self.pulse.answered()
        elif failure.after is not None:
            _log.warning("slack_rate_limited", method=method, seconds=failure.after.total_seconds())
            self.pulse.answered()
            self._limiter.heed(limit, failure.after)
        return failure


def _outcome(failure: SlackRefusal | Unavailable) -> str:
    """Few words, for a metric's label."""
    if isinstance(failure, SlackRefusal):
        return failure.code
    if failure.after is not None:
        return "told to wait"
    return "no clear answer" if failure.unknown else "not reached"


def form(args: Mapping[str, object]) -> bytes:
    """Arguments as Slack takes them from every method: a form whose structured values are JSON."""
    return urlencode({name: _field(value) for name, value in args.items() if value is not None}).encode()


def _object(body: bytes) -> dict[str, Any]:
    """A JSON object; empty for anything else, such as a proxy's page."""
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _field(value: object) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _quiet_log() -> logging.Logger:
    """slack_sdk logs message texts at DEBUG; its log begins at warnings, whatever our level is."""
    quiet = logging.getLogger("muster.slack_sdk")
    quiet.setLevel(logging.WARNING)
    return quiet


@asynccontextmanager
async def open_web_client(
    token: str,
    *,
    base_url: str = SLACK_API,
    limiter: Limiter | None = None,
    answers_within: timedelta = ANSWERS_WITHIN,
    observer: Observer | None = None,
) -> AsyncIterator[WebClient]:
    """The client, its session closed at the end. Sends nothing by itself."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS, keepalive_timeout=KEEP_ALIVE.total_seconds()),
        timeout=aiohttp.ClientTimeout(
            total=answers_within.total_seconds(), sock_connect=min(answers_within, CONNECTS_WITHIN).total_seconds()
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
    ) as session:
        sdk = AsyncWebClient(token=token, base_url=base_url, session=session, retry_handlers=[], logger=_quiet_log())
        yield WebClient(sdk, session, limiter or Limiter(), observer)
