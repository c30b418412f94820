"""A workspace of the demo's people, and drills played in it; nothing of it outlives its test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from bot.demo.people import BOTS, CHANNELS, PEOPLE
from bot.workspace.server import Workspace
from tests.demo.playing import Scene, drill, ended

Play = Callable[..., Scene]


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    async with Workspace(people=(*PEOPLE, *BOTS), channels=CHANNELS) as running:
        yield running


@pytest.fixture
async def play(workspace: Workspace) -> AsyncIterator[Play]:
    """Begins to play these lines of script."""
    async with AsyncExitStack() as stack:

        def begin(*lines: str) -> Scene:
            scene = Scene(workspace, drill(*lines))
            stack.push_async_callback(ended, asyncio.create_task(scene.player.play()))
            return scene

        yield begin
