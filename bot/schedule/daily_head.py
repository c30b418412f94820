"""Once a day the head of all logs is posted where Redis's owner cannot edit it: each day once, over all processes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.ports import AuditHead
from bot.slack_ports import Refused

LOOK_EVERY: Final = timedelta(minutes=1)
"""A question or two for the store; the day's first process to look makes it."""

_log = structlog.get_logger(__name__)


class Heads(Protocol):
    """Makes the day's head and remembers what became of its post."""

    async def due(self, now: datetime) -> AuditHead | None: ...

    async def begin(self, head: AuditHead) -> None: ...

    async def done(self, head: AuditHead, where: str | None) -> None: ...


class HeadPosts(Protocol):
    """Where heads are read by people. Raises Refused and Unavailable."""

    async def post(self, head: AuditHead) -> str | None:
        """Where it stands; None: no channel is set."""

    async def find(self, head: AuditHead) -> str | None:
        """Where it stands already, if it does."""


class DailyHead:
    def __init__(self, heads: Heads, posts: HeadPosts, now: Callable[[], datetime]) -> None:
        self._heads = heads
        self._posts = posts
        self._now = now
        self._refused: int | None = None

    async def look(self) -> None:
        """Posts the day's head unless it stands in Slack. Raises Unavailable: then the next look goes on."""
        head = await self._heads.due(self._now())
        if head is None:
            return
        try:
            where = await self._posts.find(head) if head.uncertain else None
            if where is None:
                await self._heads.begin(head)
                where = await self._posts.post(head)
        except Refused as refusal:
            self._tell(head, refusal)
            return
        await self._heads.done(head, where)
        _log.info("audit_head_made", checkpoint=head.number, digest=head.digest, posted=where is not None)

    def _tell(self, head: AuditHead, refusal: Refused) -> None:
        """Once a head: it is tried again until somebody mends the channel."""
        if self._refused != head.number:
            _log.error("audit_head_not_posted", checkpoint=head.number, reason=refusal.reason)
        self._refused = head.number
