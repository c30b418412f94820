"""The workspace in a process of its own, so that its work does not blur what is measured of the bot.

Prints its settings as one line of JSON; a line on its input is the URL to deliver to over HTTP from then on.
"""

import asyncio
import json
import sys

from bot.workspace.server import Workspace


async def main() -> None:
    loop = asyncio.get_running_loop()
    async with Workspace() as workspace:
        about = {
            "api_url": workspace.api_url,
            "control_url": workspace.control_url,
            "bot_token": workspace.bot_token,
            "app_token": workspace.app_token,
            "signing_secret": workspace.signing_secret,
            "announcements": workspace.channel_id("incidents"),
        }
        say(about)
        while line := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
            await workspace.deliver_over_http(line)
            say({"delivers_to": line})


def say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
