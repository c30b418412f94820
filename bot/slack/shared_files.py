"""Files of Muster's own in a channel: brought, shown in one message, looked for before it is repeated, taken back.

What a file is about is not known here; its name tells it from all others.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from bot.incident.terms import ChannelId, FileId, MessageTs
from bot.ports import Lease, Unavailable
from bot.slack.channels import next_cursor
from bot.slack.lost_posts import MESSAGES_A_PAGE, MOST_PAGES, is_before
from bot.slack.outcome import SLACK, SlackRefusal
from bot.slack.papers import Paper
from bot.slack.posts import NOT_REPEATED
from bot.slack.web_client import BotIdentity, WebClient

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A file that lies in Slack, where nobody sees it yet."""

    id: FileId
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A message of ours that shows a file; `files`: all that it shows, this one among them."""

    ts: MessageTs
    file: FileId
    files: Sequence[FileId]


class SharedFiles:
    def __init__(self, client: WebClient, identity: BotIdentity) -> None:
        self._client = client
        self._identity = identity

    async def bring(self, paper: Paper) -> Brought:
        """Raises SlackRefusal and Unavailable."""
        given = await self._client.call(
            "files.getUploadURLExternal",
            filename=paper.name,
            length=len(paper.content),
            alt_txt=paper.description or None,
        )
        await self._client.upload(str(given["upload_url"]), paper.content)
        return Brought(id=FileId(str(given["file_id"])), title=paper.title)

    async def share(self, channel: ChannelId, brought: Sequence[Brought], comment: str) -> None:
        """In one message. Raises SlackRefusal and Unavailable."""
        await self._client.call(
            "files.completeUploadExternal",
            files=[{"id": each.id, "title": each.title} for each in brought],
            channel_id=channel,
            initial_comment=comment,
        )

    async def find(self, channel: ChannelId, name: str, lease: Lease) -> FileId | None:
        """Where nobody can look, nothing is repeated: a second message would stand there for good."""
        try:
            async for standing in self.standing(channel, name, lease):
                return standing.file
        except SlackRefusal as refusal:
            raise Unavailable(SLACK, NOT_REPEATED.format(reason=refusal.reason), retryable=False) from refusal
        return None

    async def keep_only(self, kept: FileId, channel: ChannelId, name: str, lease: Lease) -> None:
        """Takes back what shows a second file of this name."""
        async for standing in self.standing(channel, name, lease):
            if standing.file != kept:
                await self._client.call("chat.delete", channel=channel, ts=standing.ts)
                for file in standing.files:
                    await self._client.call("files.delete", file=file)
                _log.warning("second_file_withdrawn", effect=lease.id)

    async def standing(self, channel: ChannelId, name: str, lease: Lease) -> AsyncIterator[Standing]:
        """What was put into the channel under this name, newest first, as far back as the first attempt."""
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            answer = await self._client.call(
                "conversations.history", channel=channel, limit=MESSAGES_A_PAGE, cursor=cursor
            )
            messages: Sequence[Mapping[str, Any]] = answer.get("messages", ())
            for message in messages:
                if message.get("user") == self._identity.user and (found := _shows(name, message)):
                    yield found
            cursor = next_cursor(answer)
            if not cursor or is_before(lease.begun_at, messages):
                return


def _shows(name: str, message: Mapping[str, Any]) -> Standing | None:
    files: Sequence[Mapping[str, Any]] = message.get("files") or ()
    for file in files:
        if file.get("name") == name:
            shown = tuple(FileId(str(each["id"])) for each in files)
            return Standing(ts=MessageTs(str(message["ts"])), file=FileId(str(file["id"])), files=shown)
    return None
