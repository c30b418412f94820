"""One request to a tracker over HTTP, and what a failure of it means. It follows no redirect and repeats nothing.

Nothing that it raises or logs holds a token: a failure is told by its method, its status and the tracker's own words.
"""

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.ports import Unavailable

ANSWERS_WITHIN: Final = timedelta(seconds=6)
"""Two of them fit into the time that one effect may take."""
CONNECTS_WITHIN: Final = timedelta(seconds=3)
LARGEST_ANSWER: Final = 8 * 1024 * 1024
"""Bytes: a page of a hundred issues with the longest bodies stays under that."""
LONGEST_REST: Final = timedelta(hours=1)
_WRITES: Final = frozenset({"POST", "PATCH", "PUT", "DELETE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`body`: the JSON, None where there is none that reads."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300 or self.status == 304

    def field(self, name: str) -> Any:
        return self.body.get(name) if isinstance(self.body, Mapping) else None


@dataclass(slots=True, kw_only=True)
class TrackerHttp:
    """`name`: the tracker's, for people. `base`: without a slash at its end. `token_setting`: what to mend on a 401.

    `headers` hold the token, so they are in no representation.
    """

    name: str
    base: str
    token_setting: str
    session: ClientSession = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    _rests_until: float = field(default=0.0, init=False, repr=False)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Whatever it answers that says something of what was asked. Raises Unavailable for all that is of a moment:
        no answer, a broken one, a limit, a token that is not accepted.
        """
        left = self._rests_until - time.monotonic()
        if left > 0:
            raise Unavailable(self.name, "it asked us to wait", after=timedelta(seconds=left))
        answer = await self._asked(method, path, params, body, headers)
        self._judge(method, answer)
        return answer

    async def _asked(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None,
        body: object,
        headers: Mapping[str, str] | None,
    ) -> Answer:
        writes = method in _WRITES
        try:
            async with self.session.request(
                method,
                f"{self.base}{path}",
                params=params,
                json=body,
                headers={**self.headers, **(headers or {})},
                allow_redirects=False,
            ) as response:
                read = await response.content.read(LARGEST_ANSWER + 1) if response.status != 304 else b""
                while len(read) <= LARGEST_ANSWER and (more := await response.content.read(LARGEST_ANSWER)):
                    read += more
                return Answer(status=response.status, headers=response.headers, body=_json(read))
        except aiohttp.ClientConnectorError:
            raise Unavailable(self.name, "it cannot be reached") from None
        except (ClientError, TimeoutError, OSError) as error:
            reason = f"{method}: no answer ({type(error).__name__})"
            raise Unavailable(self.name, reason, unknown=writes) from None

    def _judge(self, method: str, answer: Answer) -> None:
        """Raises Unavailable."""
        rest = _rest(answer)
        if rest is not None:
            rest = min(max(rest, timedelta(seconds=1)), LONGEST_REST)
            self._rests_until = time.monotonic() + rest.total_seconds()
            raise Unavailable(self.name, "rate limited", after=rest)
        if answer.status == 401:
            reason = f"it does not accept {self.token_setting}: make a new one, set it and restart Muster"
            raise Unavailable(self.name, reason)
        if answer.status >= 500 or answer.status == 408:
            raise Unavailable(self.name, f"{method}: HTTP {answer.status}", unknown=method in _WRITES)
        if 300 <= answer.status < 304 or answer.status in {307, 308}:
            return
        if answer.is_good and answer.body is None and answer.status not in {204, 304}:
            raise Unavailable(self.name, f"{method}: an answer that is no JSON", unknown=method in _WRITES)


def _rest(answer: Answer) -> timedelta | None:
    """How long it asks us to wait, if it does.

    429 everywhere; GitHub says 403 too, for its secondary limits with Retry-After, and for its primary one with
    x-ratelimit-remaining: 0 and the moment of its reset; where it names neither, at least a minute
    (docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api). Jira Cloud: 429 with Retry-After in
    seconds (developer.atlassian.com/cloud/jira/platform/rate-limiting).
    """
    used_up = answer.headers.get("x-ratelimit-remaining") == "0"
    limited = answer.status == 429 or (answer.status == 403 and ("Retry-After" in answer.headers or used_up))
    if not limited and not (answer.status == 403 and "rate limit" in said(answer).casefold()):
        return None
    if "Retry-After" in answer.headers:
        return _seconds(answer.headers["Retry-After"])
    now = server_time(answer)
    if used_up and now:
        return _seconds(answer.headers.get("x-ratelimit-reset", ""), since=now.timestamp())
    return timedelta(minutes=1)


def _seconds(text: str, since: float = 0.0) -> timedelta:
    try:
        return timedelta(seconds=min(max(float(text) - since, 0.0), LONGEST_REST.total_seconds()))
    except ValueError:
        return timedelta(minutes=1)


def server_time(answer: Answer) -> datetime | None:
    """By the tracker's own clock, in which its limits are told."""
    try:
        return parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError:
        return None


def said(answer: Answer) -> str:
    """The tracker's own sentence, in one line and not long; it is foreign text."""
    parts = [answer.field("message"), *_errors(answer.field("errors")), *(answer.field("errorMessages") or [])]
    text = "; ".join(" ".join(str(part).split()) for part in parts if part)
    return text[:300]


def _errors(errors: object) -> list[str]:
    """GitHub has a list of {field, code, message}, Jira an object of field -> sentence."""
    if isinstance(errors, Mapping):
        return [f"{name}: {sentence}" for name, sentence in errors.items()]
    if not isinstance(errors, list):
        return []
    return [_one_error(each) for each in errors]


def _one_error(error: object) -> str:
    if not isinstance(error, Mapping):
        return str(error)
    return str(error.get("message") or f"{error.get('field', 'a field')} {error.get('code', 'is refused')}")


def _json(read: bytes) -> Any:
    if len(read) > LARGEST_ANSWER:
        return None
    try:
        return json.loads(read)
    except ValueError:
        return None


@asynccontextmanager
async def tracker_session(answers_within: timedelta = ANSWERS_WITHIN) -> AsyncIterator[ClientSession]:
    """One session, closed at the end; it keeps no cookies."""
    seconds = answers_within.total_seconds()
    connects = min(answers_within, CONNECTS_WITHIN).total_seconds()
    async with ClientSession(
        connector=aiohttp.TCPConnector(limit=4),
        timeout=ClientTimeout(total=seconds, sock_connect=connects),
        cookie_jar=aiohttp.DummyCookieJar(),
    ) as session:
        yield session
