"""The Lua scripts beside this file, run by their hash and sent in full only where the server lacks them."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from hashlib import sha1
from importlib.resources import files
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from bot.ports import Unavailable
from bot.store.connection import ask
from bot.store.keys import Keys


@dataclass(frozen=True)
class Script:
    """A script and the parts that stand before it, each a .lua file of this folder."""

    name: str
    parts: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        folder = files("bot.store")
        return "\n".join((folder / f"{part}.lua").read_text(encoding="utf-8") for part in (*self.parts, self.name))

    @cached_property
    def sha(self) -> str:
        return sha1(self.text.encode(), usedforsecurity=False).hexdigest()

    async def run(self, client: Redis, keys: tuple[str, ...], *args: str | int) -> Any:
        """Raises Unavailable. A server that lacks the script has run nothing, so sending it again is safe."""
        keys = (*keys, Keys.gate(keys[0]))
        try:
            return await ask(client, "EVALSHA", self.sha, len(keys), *keys, *args)
        except Unavailable as error:
            if not isinstance(error.__cause__, NoScriptError):
                raise
        return await ask(client, "EVAL", self.text, len(keys), *keys, *args)

    async def load(self, client: Redis) -> None:
        """Sends the script ahead of its first run. Raises Unavailable."""
        await ask(client, "SCRIPT", "LOAD", self.text)


APPEND: Final = Script(
    "append", ("clock", "lanes", "timers", "gists", "followups", "factors", "quality", "alerts", "proposals")
)
LEASE: Final = Script("lease", ("clock", "lanes", "steady"))
COMPLETE: Final = Script("complete", ("clock", "lanes"))
RETRY: Final = Script("retry", ("clock", "lanes"))
BURY: Final = Script("bury", ("clock", "lanes"))
REVIVE: Final = Script("revive", ("clock", "lanes"))
NEXT_READY: Final = Script("next_ready", ("clock",))
CLAIM_DUE: Final = Script("claim_due", ("clock", "steady"))
RESTORE: Final = Script("restore", ("timers",))
WEEKLY: Final = Script("weekly", ("clock", "lanes"))
REGISTER: Final = Script("register", ("clock", "lanes", "told"))
QUIET: Final = Script("quiet")
WATCHDOG: Final = Script("watchdog", ("clock", "lanes", "told"))
PROPOSE: Final = Script("propose", ("clock", "lanes", "told", "quality", "alerts", "proposals"))
QUALITY_TURN: Final = Script("quality_turn", ("clock", "lanes"))
TAKE_ALERTS: Final = Script("take_alerts", ("clock",))
SETTLE_ALERTS: Final = Script("settle_alerts", ("clock", "quality", "alerts"))
BEGIN: Final = Script("begin")
PUT_GIST: Final = Script("put_gist", ("gists",))
FIND_WORDS: Final = Script("find_words", ("gists",))
FIND_FACTORS: Final = Script("find_factors")
JOIN_VALUES: Final = Script("join_values")
MISSING_GISTS: Final = Script("missing_gists")
RECORD_CHANGE: Final = Script("record_change", ("clock", "lanes", "told"))
# For audits, backups, restores and the doctor; each is sent when first run.
HEADS: Final = Script("heads")
SURVEY: Final = Script("survey", ("clock",))
REFILL_BEGIN: Final = Script("refill_begin")
REFILL_LOG: Final = Script("refill_log")
REFILL_INDEX: Final = Script("refill_index", ("timers", "followups", "factors", "quality", "alerts"))
REFILL_GIST: Final = Script("refill_gist", ("gists",))
REFILL_END: Final = Script("refill_end")

ALL: Final = (
    APPEND,
    LEASE,
    COMPLETE,
    RETRY,
    BURY,
    REVIVE,
    NEXT_READY,
    CLAIM_DUE,
    RESTORE,
    PUT_GIST,
    FIND_WORDS,
    FIND_FACTORS,
    JOIN_VALUES,
    WEEKLY,
    REGISTER,
    QUIET,
    WATCHDOG,
    QUALITY_TURN,
    RECORD_CHANGE,
    TAKE_ALERTS,
    SETTLE_ALERTS,
    PROPOSE,
)


def milliseconds(span: timedelta) -> int:
    """Rounded up, so that a wait is never cut to nothing."""
    return -(-span // timedelta(milliseconds=1)) if span > timedelta(0) else 0
