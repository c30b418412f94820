"""Changed playbooks are taken into use while Muster runs."""

import asyncio

import structlog

from bot.playbook.library import Library

_log = structlog.get_logger(__name__)


async def look_for_changes(library: Library) -> None:
    """A broken change leaves the old playbooks in use, and the log says which file, line and field."""
    if not await asyncio.to_thread(library.changed):
        return
    problems = await asyncio.to_thread(library.reload)
    for problem in problems:
        _log.error("playbooks_not_reloaded", problem=str(problem))
    if not problems:
        _log.info("playbooks_reloaded", playbooks=len(library.playbooks))
