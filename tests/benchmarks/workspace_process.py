"""The workspace in a process of its own, so that its work does not blur what is measured of the bot.

Prints its settings as one line of JSON. Each line on its input is an order, answered by one line: {"do": "deliver",
"url"} to deliver over HTTP from then on, {"do": "burst", …} as in bursts.py.
"""

import argparse
import asyncio
import json
import sys
from typing import Any

from bot.workspace.cast import CAST, CHANNELS, Account, ChannelPlan
from bot.workspace.server import Workspace
from tests.benchmarks.bursts import burst


def peopled(people: int, channels: int) -> Workspace:
    """The cast and channels that it always has, and so many more."""
    more = (
        Account(id=f"U1{number:08d}", name=f"person{number}", real_name=f"Person {number}") for number in range(people)
    )
    rooms = (ChannelPlan(name=f"room-{number}", members=("ada", "ben")) for number in range(channels))
    return Workspace(people=(*CAST, *more), channels=(*CHANNELS, *rooms))


async def main(options: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    async with peopled(options.people, options.channels) as workspace:
        say(
            {
                "api_url": workspace.api_url,
                "control_url": workspace.control_url,
                "bot_token": workspace.bot_token,
                "app_token": workspace.app_token,
                "signing_secret": workspace.signing_secret,
                "announcements": workspace.channel_id("incidents"),
            }
        )
        while line := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
            say(await obey(workspace, json.loads(line)))


async def obey(workspace: Workspace, order: dict[str, Any]) -> dict[str, Any]:
    if order["do"] == "deliver":
        await workspace.deliver_over_http(order["url"])
        return {"delivers_to": order["url"]}
    return await burst(workspace.site, order)


def say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--channels", type=int, default=0)
    asyncio.run(main(parser.parse_args()))
