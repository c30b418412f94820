"""A server whose clock a test may set: every script runs as it is, only the time it is told is another.

Nobody may set a machine's clock for a test, so the shift is put into the scripts on their way to the server, at the one
place where they ask for the time. Expiry of keys goes by the true clock.
"""

from datetime import timedelta
from typing import Any, Self

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from bot.store.connection import connect

ASKED = "local time = redis.call('TIME')"


class ShiftedServer(Redis):
    """`server.shift` is by how far its clock is off. It keeps no scripts, so that each comes in full."""

    shift = timedelta()

    @classmethod
    def at(cls, url: str, tag: str) -> Self:
        return cls(connection_pool=connect(url, tag=tag).connection_pool)

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        if args[0] == "EVALSHA":
            raise NoScriptError("NOSCRIPT")
        if args[0] == "EVAL":
            args = (args[0], self._shifted(args[1]), *args[2:])
        answer = await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]  # redis-py
        if args[0] == "TIME":
            return (int(answer[0]) + int(self.shift.total_seconds()), answer[1])
        return answer

    def _shifted(self, script: str) -> str:
        seconds = int(self.shift.total_seconds())
        return script.replace(ASKED, f"{ASKED}\n  time[1] = time[1] + ({seconds})")
