"""How soon Slack hears "got it": a slash command, a button, a reaction; each with its event on disk by then."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Final

from tests.benchmarks.stage import PATIENCE, Stage

SAMPLES: Final = 200
_APART: Final = 0.01
"""Seconds between two, so that each is measured and not the queue before it."""
_PLAYBOOK: Final = "checkout-outage"


async def stored(stage: Stage, measuring: Awaitable[list[float]]) -> list[float]:
    """The same; fails where something was acknowledged and is not in the log, such as a press that was refused."""
    before = await stage.stored()
    found = await measuring
    assert await stage.stored() - before >= SAMPLES, "acknowledged, but not stored"
    return found


async def slash_commands(stage: Stage, channel: str) -> list[float]:
    """Milliseconds from delivery to acknowledgement of `/incident note …`."""
    for number in range(SAMPLES):
        await stage.client.person("ada").slash("/incident", f"note Number {number}", channel)
        await asyncio.sleep(_APART)
    return await _durations(stage, "slash_commands")


async def buttons(stage: Stage, channel: str) -> list[float]:
    """Of presses that start a step of the playbook and open it again."""
    ids = await _ids(stage, channel)
    step = await _first_step(stage, channel)
    states = ("open", "started")
    for number in range(SAMPLES):
        seen, wanted = states[number % 2], states[(number + 1) % 2]
        action = {"type": "button", "action_id": "step:1", "block_id": "b", "value": f"1|{step}|{wanted}|{seen}"}
        await stage.client.forge("interactive", {"type": "block_actions", "actions": [action], **ids})
        await asyncio.sleep(_APART)
    return await _durations(stage, "interactive")


async def reactions(stage: Stage, channel: str) -> list[float]:
    """Of pushpins, each on a message of its own."""
    ada = stage.client.person("ada")
    messages = [await ada.say(channel, f"Finding {number}") for number in range(SAMPLES)]
    for ts in messages:
        await ada.react(channel, ts, "pushpin")
        await asyncio.sleep(_APART)
    async with asyncio.timeout(PATIENCE):
        while len(durations := await _durations(stage, "reaction_added")) < SAMPLES:  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.2)
    return durations


async def _durations(stage: Stage, kind: str) -> list[float]:
    deliveries = (await stage.client.deliveries(kind))[-SAMPLES:]
    return [float(each["duration_ms"]) for each in deliveries if each["outcome"] == "acknowledged"]


async def _ids(stage: Stage, channel: str) -> dict[str, Any]:
    """Ada's, who declared, and her incident's channel's."""
    creation = (await stage.client.calls("conversations.create"))[0]["answer"]["channel"]
    declaration = (await stage.client.deliveries("slash_commands"))[0]["payload"]
    return {"channel": {"id": creation["id"], "name": channel}, "user": {"id": declaration["user_id"]}}


async def _first_step(stage: Stage, channel: str) -> str:
    """'playbook|step' as the first button of the checklist has it; the floor has no checklist, and takes any."""
    for message in await stage.client.person("ada").messages(channel):
        for block in message.blocks:
            for element in block.get("elements", ()):
                if str(element.get("action_id", "")).startswith("step"):
                    return "|".join(element["value"].split("|")[1:3])
    return f"{_PLAYBOOK}|any"
