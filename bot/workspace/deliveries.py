"""Getting payloads to the app over whichever transport is in use, with Slack's three seconds and its
retries.
"""

import asyncio
import copy
import secrets
from typing import Any, Protocol

from bot.workspace.changes import Changes, Touched
from bot.workspace.errands import Errands
from bot.workspace.faults import DeliveryFault, Faults
from bot.workspace.install import Install
from bot.workspace.journal import Journal
from bot.workspace.read_marks import ReadMarks
from bot.workspace.refusal import Json
from bot.workspace.team import Team
from bot.workspace.timepiece import Clock
from bot.workspace.touches import touched_by

ANSWER_SECONDS = 3.0
RETRY_AFTER_SECONDS = (0.0, 60.0, 300.0)


class Undelivered(Exception):  # noqa: N818 - what happened, in one word
    """The app did not answer as it must. `reason` is Slack's word: timeout, http_error,
    connection_failed …
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Transport(Protocol):
    async def send(self, kind: str, payload: Json, attempt: int, reason: str) -> Json:
        """The app's answer (may be empty). Raises Undelivered, or is cancelled after three seconds."""
        ...


class Deliveries:
    def __init__(
        self,
        *,
        clock: Clock,
        team: Team,
        install: Install,
        journal: Journal,
        faults: Faults,
        errands: Errands,
        changes: Changes,
        marks: ReadMarks,
    ) -> None:
        self._clock, self._team, self._install = clock, team, install
        self._journal, self._faults, self._errands, self._changes = journal, faults, errands, changes
        self._marks = marks
        self.transport: Transport | None = None

    async def hand_over(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Json:
        """One try to deliver: the app's answer, or Undelivered."""
        payload = copy.deepcopy(payload)  # what was sent must not change with the message it was about
        entry: Json = {"time": self._clock.now(), "kind": kind, "payload": payload, "attempt": attempt}
        if kind == "events_api":
            entry["event_type"] = payload["event"]["type"]
        entry = self._journal.deliveries.add(entry | {"outcome": "sent"})
        started = asyncio.get_running_loop().time()
        try:
            answer = await self._send(kind, payload, attempt, reason)
        except Undelivered as failure:
            entry |= {"outcome": failure.reason}
            raise
        finally:
            entry["duration_ms"] = (asyncio.get_running_loop().time() - started) * 1000
            self._changes.happened(Touched(journal=True))
        entry |= {"outcome": "acknowledged", "answer": answer}
        return answer

    async def _send(self, kind: str, payload: Json, attempt: int, reason: str) -> Json:
        if self.transport is None:
            raise Undelivered("connection_failed")
        try:
            work = self.transport.send(kind, payload, attempt, reason)
            return await self._clock.within(ANSWER_SECONDS, work)
        except TimeoutError:
            raise Undelivered("timeout") from None

    def publish(self, channel_id: str | None, event: Json) -> None:
        """Send an event if the app subscribes to it and is a member of its channel. Returns at once."""
        channel = self._team.channels[channel_id] if channel_id else None
        if channel and event["type"] == "message":
            self._marks.hear(channel, event)
        self._changes.happened(touched_by(channel, event))
        if self._is_wanted(channel_id, event):
            self._errands.start(self.deliver_event(self.event_payload(event)))
        if event["type"] == "message" and f"<@{self._install.bot_user_id}>" in event.get("text", ""):
            self._publish_mention(channel_id, event)

    def _publish_mention(self, channel_id: str | None, message: Json) -> None:
        """A person's new message that names the app is told once more, as app_mention; not in a DM."""
        if "subtype" in message or "bot_id" in message or message["channel_type"] == "im":
            return
        event = {name: value for name, value in message.items() if name != "channel_type"}
        self.publish(channel_id, {**event, "type": "app_mention"})

    def _is_wanted(self, channel_id: str | None, event: Json) -> bool:
        if subscription(event) not in self._install.events:
            return False
        if channel_id is None:
            return True
        return self._install.bot_user_id in self._team.channels[channel_id].members

    def event_payload(self, event: Json) -> Json:
        event = {"event_ts": self._team.next_ts(), **copy.deepcopy(event)}
        return {
            "token": self._install.verification_token,
            "team_id": self._team.id,
            "context_team_id": self._team.id,
            "context_enterprise_id": None,
            "api_app_id": self._install.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self._team.next_id("Ev"),
            "event_time": int(self._clock.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self._team.id,
                    "user_id": self._install.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_hex(20)}",
        }

    async def deliver_event(self, payload: Json) -> None:
        """Until acknowledged: at once, then retried at once, after one and after five minutes."""
        times = 1
        for fault in self._faults.of_delivery():
            if fault.kind is DeliveryFault.DELAY:
                await asyncio.sleep(fault.seconds)
            else:
                times = fault.times
        for _ in range(times):
            await self._deliver_with_retries(payload)

    async def _deliver_with_retries(self, payload: Json) -> None:
        reason = ""
        for attempt, wait in enumerate((0.0, *RETRY_AFTER_SECONDS)):
            await self._clock.sleep(wait)
            try:
                await self.hand_over("events_api", payload, attempt, reason)
            except Undelivered as failure:
                reason = failure.reason
            else:
                return


def subscription(event: dict[str, Any]) -> str:
    """The name under which an app subscribes to this event: message events by the type of their channel."""
    if event["type"] != "message":
        return str(event["type"])
    return {"channel": "message.channels", "group": "message.groups", "im": "message.im"}[event["channel_type"]]
