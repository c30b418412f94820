"""Signals out, put together. Without targets nothing is ever sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.incident.signal_listener import Listener
from bot.parts import Parts
from bot.settings import Settings
from bot.signal_targets import Mark
from bot.signals.webhook import Webhooks, webhook_sessions


@asynccontextmanager
async def open_webhooks(parts: Parts) -> AsyncIterator[Webhooks]:
    async with webhook_sessions() as sessions:
        yield Webhooks(parts.settings.targets, sessions, team=parts.identity.team, now=parts.clock.now)


def listeners(settings: Settings) -> tuple[Listener, ...]:
    """The targets as the core knows them."""
    return tuple(
        Listener(name=each.name, private=Mark.PRIVATE in each.marks, drills=Mark.DRILLS in each.marks)
        for each in settings.targets
    )
