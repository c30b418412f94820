"""Will the next incident have a number that was never given? Muster itself refuses to start where it would not."""

from collections.abc import Awaitable, Callable
from typing import Final

from redis.asyncio import Redis

from bot.checkup.finding import Finding, bad
from bot.ports import Unavailable
from bot.settings import Settings
from bot.slack.numbering import highest_number
from bot.slack.web_client import open_web_client
from bot.store.identity import StoreIdentity
from bot.store.keys import Keys
from bot.store.redis_log import RedisLog

PART: Final = "numbering"

Highest = Callable[[], Awaitable[int]]


async def highest_in_slack(settings: Settings) -> int:
    """Raises Unavailable."""
    async with open_web_client(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url) as client:
        return await highest_number(client, await client.identity())


async def check_numbering(client: Redis, team: str, highest: Highest | None) -> list[Finding]:
    """Slack is asked only about an empty store that Muster has not begun. Raises Unavailable."""
    keys = Keys(team=team)
    if not team or highest is None or await StoreIdentity(client, keys).recognise():
        return []
    if await RedisLog(client, keys).next_number() > 1:
        return []
    try:
        seen = await highest()
    except Unavailable:
        return []  # what is wrong with Slack is told by the check of Slack
    return [_emptied(seen)] if seen else []


def _emptied(seen: int) -> Finding:
    return bad(
        PART,
        f"The store is empty, but Muster made channels in this workspace up to INC-{seen}; it does not start so.",
        f"Correct REDIS_URL or DATA_DIR, or restore the backup (muster restore). If the record is lost for good: "
        f"muster begin --after {seen}",
    )
