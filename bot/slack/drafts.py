"""Puts the draft of a postmortem into its incident's own channel: its files in one message, looked for before it is
repeated.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog

from bot.incident.effects import UploadDraft
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, FileId, MessageTs
from bot.incident.writing_commands import RecordDraft
from bot.ports import Lease, Unavailable
from bot.slack.blocks.postmortem_panel import draft_comment
from bot.slack.channels import next_cursor
from bot.slack.lost_posts import MESSAGES_A_PAGE, MOST_PAGES, is_before
from bot.slack.outcome import SLACK, SlackRefusal
from bot.slack.papers import Paper, Papers
from bot.slack.posts import NOT_REPEATED
from bot.slack.web_client import BotIdentity, WebClient

_log = structlog.get_logger(__name__)

_NOT_OF_THIS_KIND: Final = frozenset({"file_type_not_allowed", "file_upload_size_restricted", "snippet_too_large"})
"""Refusals of one kind of file, after which another may well be taken."""

_File = dict[str, str]
"""As files.completeUploadExternal takes it: id and title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """A message of ours with the draft of an upload; `files`: all that it shows, the draft among them."""

    ts: MessageTs
    draft: FileId
    files: Sequence[str]


class Drafts:
    def __init__(self, client: WebClient, identity: BotIdentity, papers: Papers) -> None:
        self._client = client
        self._identity = identity
        self._papers = papers

    async def upload(self, effect: UploadDraft, incident: Incident, lease: Lease) -> RecordDraft | None:
        """Raises Refused, and Unavailable: for good where it may stand there and nobody can look."""
        if effect.wanted_at in incident.drafts:
            return None
        file = await self._found(effect, lease) if lease.uncertain else None
        return _recorded(effect, file or await self._uploaded(effect, incident))

    async def withdraw(self, effect: UploadDraft, incident: Incident, lease: Lease) -> None:
        """The files that are on record stay; where none is yet, whoever works on it now will find ours."""
        kept = incident.drafts.get(effect.wanted_at)
        if kept is None:
            return
        async for standing in self._ours(effect, lease):
            if standing.draft != kept.file:
                await self._client.call("chat.delete", channel=effect.channel, ts=standing.ts)
                for file in standing.files:
                    await self._client.call("files.delete", file=file)
                _log.warning("second_draft_withdrawn", effect=lease.id)

    async def _uploaded(self, effect: UploadDraft, incident: Incident) -> FileId:
        """The document itself must be taken; what goes beside it may be refused where only some kinds are allowed."""
        document, *others = await self._papers.files(incident, _stem(effect))
        brought = [await self._brought(document)]
        try:
            brought += [await self._brought(paper) for paper in others]
            await self._shared(effect, incident, brought)
        except SlackRefusal as refusal:
            if refusal.code not in _NOT_OF_THIS_KIND:
                raise
            _log.info("draft_alone", code=refusal.code)
            await self._shared(effect, incident, brought[:1])
        return FileId(brought[0]["id"])

    async def _brought(self, paper: Paper) -> _File:
        given = await self._client.call(
            "files.getUploadURLExternal",
            filename=paper.name,
            length=len(paper.content),
            alt_txt=paper.description or None,
        )
        await self._client.upload(str(given["upload_url"]), paper.content)
        return {"id": str(given["file_id"]), "title": paper.title}

    async def _shared(self, effect: UploadDraft, incident: Incident, brought: Sequence[_File]) -> None:
        await self._client.call(
            "files.completeUploadExternal",
            files=brought,
            channel_id=effect.channel,
            initial_comment=draft_comment(incident),
        )

    async def _found(self, effect: UploadDraft, lease: Lease) -> FileId | None:
        """Where nobody can look, nothing is repeated: a second message would stand there for good."""
        try:
            async for standing in self._ours(effect, lease):
                return standing.draft
        except SlackRefusal as refusal:
            raise Unavailable(SLACK, NOT_REPEATED.format(reason=refusal.reason), retryable=False) from refusal
        return None

    async def _ours(self, effect: UploadDraft, lease: Lease) -> AsyncIterator[_Standing]:
        """What this effect put into the channel, newest first: the name is its own, and we wrote the message."""
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            answer = await self._client.call(
                "conversations.history", channel=effect.channel, limit=MESSAGES_A_PAGE, cursor=cursor
            )
            messages: Sequence[Mapping[str, Any]] = answer.get("messages", ())
            for message in messages:
                if message.get("user") == self._identity.user and (standing := _standing(effect, message)):
                    yield standing
            cursor = next_cursor(answer)
            if not cursor or is_before(lease.begun_at, messages):
                return


def _standing(effect: UploadDraft, message: Mapping[str, Any]) -> _Standing | None:
    files: Sequence[Mapping[str, Any]] = message.get("files") or ()
    for file in files:
        if file.get("name") == f"{_stem(effect)}.md":
            shown = [str(each["id"]) for each in files]
            return _Standing(ts=MessageTs(str(message["ts"])), draft=FileId(str(file["id"])), files=shown)
    return None


def _stem(effect: UploadDraft) -> str:
    """What the names of its files begin with; of this upload alone: the log has one version of that number."""
    return f"INC-{effect.incident}-postmortem-{effect.wanted_at}"


def _recorded(effect: UploadDraft, file: FileId) -> RecordDraft:
    return RecordDraft(by=MUSTER_ITSELF, wanted_at=effect.wanted_at, file=file)
