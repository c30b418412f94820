"""Runs the workspace alone: `python -m bot.workspace --port 8080`. Prints what an app needs to connect."""

import argparse
import asyncio
import contextlib
import signal
import sys

from bot.workspace.server import Workspace


def settings_of(workspace: Workspace) -> str:
    return "\n".join(
        [
            f"SLACK_API_URL={workspace.api_url}",
            f"SLACK_BOT_TOKEN={workspace.bot_token}",
            f"SLACK_APP_TOKEN={workspace.app_token}",
            f"SLACK_SIGNING_SECRET={workspace.signing_secret}",
            f"# page: {workspace.page_url}",
            f"# control: {workspace.control_url}",
            "",
        ]
    )


async def serve(port: int, rate_limits: bool) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with Workspace(port=port, rate_limits=rate_limits) as workspace:
        sys.stdout.write(settings_of(workspace))
        sys.stdout.flush()
        await stopped.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.workspace", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 = any free port")
    parser.add_argument("--rate-limits", action="store_true", help="limit calls as Slack does")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(options.port, options.rate_limits))


if __name__ == "__main__":
    main()
