"""Posts signals to their targets, one request each. It follows no redirect, reads no answer, repeats nothing itself.

Nothing that it raises names an address of a target or a secret: a failure is told by the target's name and the status.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp
from aiohttp import ClientError, ClientSession, ClientTimeout
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.incident.signal_effects import SendSignal
from bot.incident.state import Incident
from bot.ports import Lease, Unavailable
from bot.signal_targets import Mark, SignalTarget
from bot.signals.addresses import AddressRefused, guarded
from bot.signals.cloud_event import CONTENT_TYPE, cloud_event, event_id
from bot.signals.signing import signed_headers
from bot.slack_ports import Refused

ANSWERS_WITHIN: Final = timedelta(seconds=8)
"""For all of it; half of what an effect may take."""
CONNECTS_WITHIN: Final = timedelta(seconds=3)
GIVEN_UP_AFTER: Final = timedelta(days=1)
"""Since the event was recorded, so that what has gathered for a target does not wait a day each."""
FEWEST_ATTEMPTS: Final = 3
"""However old the event is: we may have been away ourselves, and what was given up may be tried again."""
LONGEST_REST: Final = timedelta(hours=1)
_WHOLE_TARGET: Final = frozenset({401, 403, 404, 405, 407, 408, 425})
"""What is wrong with the target as a whole, or of a moment: all that follows would meet it too, so it waits."""

_ADVICE: Final = {
    401: "it does not accept the signature: compare the secrets",
    403: "it does not let us in",
    404: "there is nothing at its address",
    405: "it takes no POST",
    410: "it wants no more; take it out of SIGNAL_TARGETS",
    413: "it is too large for it",
}


class Webhooks:
    """`sessions`: by whether the target may be in a private network. `now`: aware UTC. `team`: as of cloud_event."""

    def __init__(
        self,
        targets: Sequence[SignalTarget],
        sessions: Mapping[bool, ClientSession],
        *,
        team: str,
        now: Callable[[], datetime],
    ) -> None:
        self._targets = {target.name: target for target in targets}
        self._sessions = sessions
        self._team = team
        self._now = now

    async def send(self, signal: SendSignal, incident: Incident, lease: Lease) -> None:
        """Raises Refused where this signal will never be taken, and Unavailable where it may be taken later."""
        target = self._allowed(signal, incident)
        try:
            await self._send(signal, incident, target)
        except Unavailable as failure:
            is_old = self._now() - signal.about.at > GIVEN_UP_AFTER
            if is_old and lease.attempt >= FEWEST_ATTEMPTS:
                raise Unavailable(failure.what, f"{failure.reason}, for a day", retryable=False) from failure
            raise

    def _allowed(self, signal: SendSignal, incident: Incident) -> SignalTarget:
        """By the settings of today: they may have changed since it was recorded."""
        target = self._targets.get(signal.target)
        if target is None:
            raise Refused(_place(signal.target), "SIGNAL_TARGETS names it no more")
        if incident.private and Mark.PRIVATE not in target.marks:
            raise Refused(_place(signal.target), "it is not marked private any more")
        if incident.drill and Mark.DRILLS not in target.marks:
            raise Refused(_place(signal.target), "it is not marked drills any more")
        return target

    async def _send(self, signal: SendSignal, incident: Incident, target: SignalTarget) -> None:
        body = cloud_event(signal, incident, self._team)
        id_ = f"{self._team}_{event_id(signal)}".replace(".", "_")
        headers = {"Content-Type": CONTENT_TYPE, **signed_headers(id_, self._now(), body, target.secrets)}
        what = _place(target.name)
        try:
            async with self._sessions[target.may_be_private].post(
                URL(target.url, encoded=True), data=body, headers=headers, allow_redirects=False
            ) as answer:
                status, rest = answer.status, answer.headers.get("Retry-After", "")
        except aiohttp.ClientConnectorError as error:
            raise Unavailable(what, _unconnected(error)) from None
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            raise Unavailable(what, f"no answer ({type(error).__name__})", unknown=True) from None
        self._judge(status, rest, what)

    def _judge(self, status: int, rest: str, what: str) -> None:
        """2xx: it has it. 429 and 5xx, and what is wrong with all of it: later. Any other 4xx: not this one, ever."""
        if 200 <= status < 300:
            return
        reason = f"HTTP {status}" + (f", {_ADVICE[status]}" if status in _ADVICE else "")
        if 300 <= status < 400:
            raise Unavailable(what, f"{reason}, and redirects are not followed: give it its new address")
        if status == 429 or status >= 500:
            raise Unavailable(what, reason, after=self._rest(rest))
        if status in _WHOLE_TARGET:
            raise Unavailable(what, reason)
        raise Refused(what, reason)

    def _rest(self, text: str) -> timedelta | None:
        """How long it asks us to wait: seconds or a date (RFC 9110, 10.2.3); an hour at most."""
        try:
            wait = timedelta(seconds=int(text)) if text.isdecimal() else parsedate_to_datetime(text) - self._now()
        except (ValueError, TypeError, OverflowError):
            return None
        return min(max(wait, timedelta(seconds=1)), LONGEST_REST)


def _place(target: str) -> str:
    return f"signal to {target}"


def _unconnected(error: aiohttp.ClientConnectorError) -> str:
    if isinstance(error.os_error, AddressRefused):
        return f"its name leads where signals do not go ({error.os_error})"
    return "it cannot be reached"


@asynccontextmanager
async def webhook_sessions(
    resolver: AbstractResolver | None = None, answers_within: timedelta = ANSWERS_WITHIN
) -> AsyncIterator[Mapping[bool, ClientSession]]:
    """As of Webhooks; closed at the end. Each request is a connection of its own, for which the name is looked up
    anew and the address judged; no proxy of the environment is used, and no cookie kept."""
    async with AsyncExitStack() as stack:
        yield {
            private: await stack.enter_async_context(_session(resolver, answers_within, private=private))
            for private in (False, True)
        }


def _session(resolver: AbstractResolver | None, answers_within: timedelta, *, private: bool) -> ClientSession:
    connector = aiohttp.TCPConnector(
        resolver=resolver, use_dns_cache=False, force_close=True, socket_factory=guarded(private=private)
    )
    connects = min(answers_within, CONNECTS_WITHIN).total_seconds()
    return ClientSession(
        connector=connector,
        timeout=ClientTimeout(total=answers_within.total_seconds(), sock_connect=connects),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": "muster"},
    )
