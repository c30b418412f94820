"""What Slack has answered lately: whether it answers at all, which methods work, whether it accepts our token.

It sends nothing. Times are seconds of one monotonic clock.
"""

import time
from collections.abc import Callable
from typing import Final

LATELY: Final = 120.0
"""A method that has worked within two minutes works: longer than the longest pause before a repetition."""
JUST_NOW: Final = 0.1
"""So near to a failure that nothing is to be learnt by asking."""


class Pulse:
    """`token_problem`: Slack's word for what is wrong with our token; empty as far as we know of nothing."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._worked: dict[str, float] = {}
        self._answered = -LATELY
        self.token_problem = ""

    def worked(self, method: str) -> None:
        self._worked[method] = self._now()
        self.answered()

    def answered(self) -> None:
        """With whatever word, but it accepted our token."""
        self._answered = self._now()
        self.token_problem = ""

    def token_refused(self, code: str) -> None:
        self.token_problem = code

    def works(self, method: str) -> bool:
        """Whether this method has worked lately; '': any."""
        last = self._worked.get(method) if method else max(self._worked.values(), default=None)
        return last is not None and self._now() - last < LATELY

    def answered_just_now(self) -> bool:
        return not self.token_problem and self._now() - self._answered < JUST_NOW
