"""What Muster gave up, so that an operator learns of it where they look first. It names numbers, never titles."""

from collections.abc import Sequence
from typing import Final

from redis.asyncio import Redis

from bot.checkup.drill_names import with_drills_named
from bot.checkup.finding import Finding, ok, warn
from bot.store.keys import Keys
from bot.store.redis_outbox import DeadLetter, RedisOutbox

PART: Final = "given up"
NEWEST: Final = 3
_ADVICE: Final = (
    "Mend what the reasons name, then: muster doctor --retry and its number, or --retry-all. The records are whole."
)


async def check_dead_letters(client: Redis, team: str, newest: int = NEWEST) -> list[Finding]:
    """`team`: Slack's id of the workspace; empty when Slack would not say it. Raises Unavailable."""
    if not team:
        return []
    keys = Keys(team=team)
    outbox = RedisOutbox(client, keys)
    found = judge_dead_letters(await outbox.dead_letter_count(), await outbox.dead_letters(newest))
    return await with_drills_named(client, keys, [found])


def judge_dead_letters(count: int, newest: Sequence[DeadLetter]) -> Finding:
    """`newest`: the first of them, newest first; pure."""
    if not count:
        return ok(PART, "Nothing that was to be posted or sent was given up.")
    told = "; ".join(_told(letter) for letter in newest)
    return warn(PART, f"{count} given up of what was to be posted or sent. The newest: {told}.", _ADVICE)


def _told(letter: DeadLetter) -> str:
    """'7.4.1 of INC-7 at 2026-11-21 04:27 UTC, attempt 1: …'; an effect's id begins with its incident's number."""
    incident, reason = letter.id.partition(".")[0], letter.reason.rstrip(".")
    about = f"INC-{incident}" if incident != "0" else "no incident"
    return f"{letter.id} of {about} at {letter.at:%Y-%m-%d %H:%M} UTC, attempt {letter.attempts}: {reason}"
