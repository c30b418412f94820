"""`muster begin`: an empty store counts on from where the lost one was. Deliberate, because numbers are given once."""

import sys
from contextlib import AsyncExitStack

from bot.ports import Unavailable
from bot.settings import Settings
from bot.slack.web_client import open_web_client
from bot.store.embedded import EmbeddedServer
from bot.store.redis_store import open_store
from bot.telemetry import configure_logs


async def main(settings: Settings, after: int) -> int:
    """The exit code. Raises Unavailable."""
    configure_logs(level=settings.log_level, console=settings.console_logs(sys.stderr.isatty()))
    last = await begin(settings, after)
    sys.stdout.write(f"The next incident will be INC-{last + 1}. Now start Muster: muster run\n")
    return 0


async def begin(settings: Settings, after: int) -> int:
    """The last number that counts as given. Raises Unavailable, also where the store has come further than `after`."""
    async with AsyncExitStack() as stack:
        token = settings.slack_bot_token.get_secret_value()
        client = await stack.enter_async_context(open_web_client(token, base_url=settings.slack_api_url))
        team = (await client.identity()).team
        if settings.redis_url is None:
            url = (await stack.enter_async_context(EmbeddedServer(settings.data_dir))).url
        else:
            url = settings.redis_url.get_secret_value()
        store = await open_store(url, team)
        stack.push_async_callback(store.close)
        last = await store.log.next_number() - 1
        if last > after:
            reason = f"it goes on with INC-{last + 1} by itself; --after may only name a higher number"
            raise Unavailable("the store", reason, retryable=False)
        return await store.identity.begin(after)
