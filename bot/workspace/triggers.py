"""Trigger ids: what lets an app open a modal for the person who just did something, once, within three
seconds.
"""

import secrets
from dataclasses import dataclass

from bot.workspace.refusal import Refusal
from bot.workspace.timepiece import Clock

SECONDS = 3.0
KEPT_SECONDS = 3600.0


@dataclass(slots=True, kw_only=True)
class Trigger:
    user_id: str
    issued_at: float
    view_id: str | None
    used: bool = False


class Triggers:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: dict[str, Trigger] = {}

    def issue(self, user_id: str, view_id: str | None = None) -> str:
        """`view_id` is the modal in which the person acted, if any."""
        now = self._clock.now()
        while self._issued and next(iter(self._issued.values())).issued_at < now - KEPT_SECONDS:
            del self._issued[next(iter(self._issued))]
        trigger_id = f"{int(now * 1000)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = Trigger(user_id=user_id, issued_at=now, view_id=view_id)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.used:
            raise Refusal("exchanged_trigger_id")
        if self._clock.now() - trigger.issued_at > SECONDS:
            raise Refusal("expired_trigger_id")
        trigger.used = True
        return trigger
