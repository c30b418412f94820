"""Slack's published rates: tiers 1-4 per method and minute, and chat.postMessage per channel and second."""

import math
from dataclasses import dataclass

from bot.workspace.timepiece import Clock

A_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
MINUTE = 60.0
POSTS_A_SECOND = 1.0
POST_BURST = 5.0


@dataclass(slots=True)
class Bucket:
    """Holds `left` calls at time `at`; refills at a steady rate up to its size."""

    left: float
    at: float

    def take(self, now: float, rate: float, size: float) -> float:
        """0 if the call may go, else the seconds until it may."""
        self.left = min(size, self.left + (now - self.at) * rate)
        self.at = now
        if self.left >= 1:
            self.left -= 1
            return 0.0
        return (1 - self.left) / rate


class RateLimits:
    """`tier` 5 is Slack's "special": no limit a method; postMessage is limited a channel instead."""

    def __init__(self, clock: Clock, on: bool) -> None:
        self.on = on
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def retry_after(self, method: str, tier: int, channel: str) -> int:
        """Whole seconds to wait, or 0 if the call may go now."""
        if not self.on:
            return 0
        if method == "chat.postMessage":
            return self._wait(f"{method} {channel}", POSTS_A_SECOND, POST_BURST)
        if tier not in A_MINUTE:
            return 0
        return self._wait(method, A_MINUTE[tier] / MINUTE, A_MINUTE[tier])

    def _wait(self, key: str, rate: float, size: float) -> int:
        now = self._clock.now()
        bucket = self._buckets.setdefault(key, Bucket(size, now))
        return math.ceil(bucket.take(now, rate, size))
