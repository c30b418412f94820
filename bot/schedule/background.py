"""Tasks that live as long as the parts around them. It decides nothing of what they do."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any


def background(stack: AsyncExitStack, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """A task that lives as long as the stack; a task group cannot span the block that a caller runs."""
    task = asyncio.create_task(work, name=name)
    stack.push_async_callback(_ended, task)
    return task


async def _ended(task: asyncio.Task[None]) -> None:
    """A cancellation can be swallowed: redis-py sends with asyncio.wait_for, which in Python 3.11 sometimes does so."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=1)
    if not task.cancelled():
        task.exception()  # told by until_lost, if anybody still listens
