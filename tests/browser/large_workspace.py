"""A workspace with many channels and a long history, made without an app: for the bench, and for tests of the list."""

import time
from typing import Any, Final

from bot.workspace.cast import CHANNELS, ChannelPlan
from bot.workspace.message_acts import post, react
from bot.workspace.server import Workspace
from bot.workspace.team import Channel, Team
from bot.workspace.timepiece import Clock

TALKED_IN: Final = "general"
_APART: Final = 40.0
"""Seconds between two messages: 5,000 are two days and a half, so there are days to be told apart, too."""
_SAID: Final = (
    "Errors in the EU are at 18 % now, down from 52 %.",
    "The rollback of *release 1.84* has reached 2 of 4 clusters; I am watching `checkout-api` in both.",
    "<@U0BEN00001> can you tell support? They have 40 tickets, most of them about cards that were refused twice.",
    "> we saw the first one at 14:02\nThat fits what the <https://graphs.example/checkout|graph> says :+1:",
    "Next I look at\n• the pool of the payment database\n• the queue behind it\n• whether :warning: retries pile up",
    "On it.",
)


def large_workspace(*, channels: int, messages: int) -> Workspace:
    """Not started yet. `channels` come on top of the usual ones; the `messages` stand in #general, newest now."""
    rooms = (ChannelPlan(name=f"team-{number:03d}", members=("ada", "ben")) for number in range(channels))
    back = messages * _APART
    made = Workspace(clock=Clock(now=lambda: time.time() - back), channels=(*CHANNELS, *rooms), events=())
    _talk(made, messages)
    return made


def _talk(workspace: Workspace, messages: int) -> None:
    team: Team = workspace.site.team
    channel = team.channels[workspace.channel_id(TALKED_IN)]
    people = [team.account_named(name) for name in ("ada", "ben", "cleo", "finn")]
    for number in range(messages):
        workspace.clock.advance(_APART)
        author = people[number // 3 % len(people)]
        said = post(team, channel, author, _fields(number))
        _surround(team, channel, number, said)


def _fields(number: int) -> dict[str, Any]:
    text = f"{_SAID[number % len(_SAID)]} ({number + 1})"
    if number % 40:
        return {"text": text}
    button = {"type": "button", "text": {"type": "plain_text", "text": "Post update"}, "action_id": "x", "value": "1"}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": f"*SEV1 · Investigating*\n{text}"}}
    return {"text": text, "blocks": [section, {"type": "actions", "elements": [button]}]}


def _surround(team: Team, channel: Channel, number: int, said: dict[str, Any]) -> None:
    """Reactions on some, and short threads under a few."""
    if number % 7 == 0:
        react(team, channel, team.account_named("grace"), said["ts"], "eyes")
    if number % 25 == 0:
        for reply in ("Looking.", "It was the pool."):
            post(team, channel, team.account_named("ben"), {"text": reply, "thread_ts": said["ts"]})


def newest(workspace: Workspace) -> str:
    """The ts of the last message of the talk."""
    return workspace.site.team.channels[workspace.channel_id(TALKED_IN)].top[-1]
