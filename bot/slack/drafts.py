"""Puts the draft of a postmortem into its incident's own channel, as a file. It is looked for before it is repeated."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import structlog

from bot.document.contents import contents
from bot.document.documents import as_bytes
from bot.document.template import TemplateMistakes, fill_template
from bot.document.wording import Names, Wording, named_in
from bot.incident.effects import UploadDraft
from bot.incident.policy import Policy
from bot.incident.postmortem import Postmortem, postmortem
from bot.incident.state import Incident
from bot.incident.terms import DRAFT, MUSTER_ITSELF, FileId, MessageTs, UserId
from bot.incident.writing_commands import RecordDraft
from bot.playbook.problems import LibraryProblems
from bot.ports import Directory, Lease, Refused, Unavailable
from bot.slack.blocks.postmortem_panel import draft_comment
from bot.slack.channels import next_cursor
from bot.slack.lost_posts import MESSAGES_A_PAGE, MOST_PAGES, is_before
from bot.slack.outcome import SLACK, SlackRefusal
from bot.slack.posts import NOT_REPEATED, History
from bot.slack.web_client import BotIdentity, WebClient

_log = structlog.get_logger(__name__)

Rules = Callable[[], tuple[Policy, str]]
"""The policy and the text of the template, in their newest form. Blocking. Raises LibraryProblems."""

_BROKEN: Final = "the template of postmortems has mistakes; muster check names them"


class Drafts:
    def __init__(
        self, client: WebClient, identity: BotIdentity, directory: Directory, *, history: History, rules: Rules
    ) -> None:
        self._client = client
        self._identity = identity
        self._directory = directory
        self._history = history
        self._rules = rules

    async def upload(self, effect: UploadDraft, incident: Incident, lease: Lease) -> RecordDraft | None:
        """Raises Refused, and Unavailable: for good where it may stand there and nobody can look."""
        if effect.wanted_at in incident.drafts:
            return None
        file = await self._found(effect, lease) if lease.uncertain else None
        return _recorded(effect, file or await self._uploaded(effect, incident))

    async def withdraw(self, effect: UploadDraft, incident: Incident, lease: Lease) -> None:
        """The file that is on record stays; where none is yet, whoever works on it now will find ours."""
        kept = incident.drafts.get(effect.wanted_at)
        if kept is None:
            return
        async for ts, file in self._ours(effect, lease):
            if file != kept.file:
                await self._client.call("chat.delete", channel=effect.channel, ts=ts)
                await self._client.call("files.delete", file=file)
                _log.warning("second_draft_withdrawn", effect=lease.id)

    async def _uploaded(self, effect: UploadDraft, incident: Incident) -> FileId:
        content = await self._written(incident)
        given = await self._client.call("files.getUploadURLExternal", filename=_name(effect), length=len(content))
        file = FileId(str(given["file_id"]))
        await self._client.upload(str(given["upload_url"]), content)
        await self._client.call(
            "files.completeUploadExternal",
            files=[{"id": file, "title": f"Postmortem draft of {incident.reference}"}],
            channel_id=effect.channel,
            initial_comment=draft_comment(incident),
        )
        return file

    async def _written(self, incident: Incident) -> bytes:
        """Making it of a long log takes a while, so it is done apart."""
        history = await self._history(incident.id)
        policy, template = await self._ruled()
        draft = await asyncio.to_thread(postmortem, history, policy)
        wording = Wording(names=await self._names(draft), policy=policy, workspace=self._identity.url)
        try:
            return await asyncio.to_thread(_filled, draft, template, wording)
        except TemplateMistakes as broken:
            raise Refused(DRAFT, _BROKEN) from broken

    async def _ruled(self) -> tuple[Policy, str]:
        try:
            return await asyncio.to_thread(self._rules)
        except LibraryProblems as broken:
            raise Refused(DRAFT, _BROKEN) from broken

    async def _names(self, draft: Postmortem) -> Names:
        """Whom Slack cannot name goes by their id: no draft waits for a name."""
        known: dict[UserId, str] = {}
        for user in named_in(draft):
            with suppress(Unavailable, Refused):
                known[user] = (await self._directory.person(user)).name
        return Names(known=known)

    async def _found(self, effect: UploadDraft, lease: Lease) -> FileId | None:
        """Where nobody can look, nothing is repeated: a second file would stand there for good."""
        try:
            async for _, file in self._ours(effect, lease):
                return file
        except SlackRefusal as refusal:
            raise Unavailable(SLACK, NOT_REPEATED.format(reason=refusal.reason), retryable=False) from refusal
        return None

    async def _ours(self, effect: UploadDraft, lease: Lease) -> AsyncIterator[tuple[MessageTs, FileId]]:
        """The files of this effect in the channel, newest first: their name is its own, and we wrote the message."""
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            answer = await self._client.call(
                "conversations.history", channel=effect.channel, limit=MESSAGES_A_PAGE, cursor=cursor
            )
            messages: Sequence[Mapping[str, Any]] = answer.get("messages", ())
            for message in messages:
                if message.get("user") == self._identity.user:
                    for file in message.get("files") or ():
                        if file.get("name") == _name(effect):
                            yield MessageTs(str(message["ts"])), FileId(str(file["id"]))
            cursor = next_cursor(answer)
            if not cursor or is_before(lease.begun_at, messages):
                return


def _name(effect: UploadDraft) -> str:
    """Of this upload alone: the log has one version of that number."""
    return f"INC-{effect.incident}-postmortem-{effect.wanted_at}.md"


def _filled(draft: Postmortem, template: str, wording: Wording) -> bytes:
    """Markdown without the picture, which would be a file of its own."""
    return as_bytes(fill_template(template, contents(draft, wording, "")))


def _recorded(effect: UploadDraft, file: FileId) -> RecordDraft:
    return RecordDraft(by=MUSTER_ITSELF, wanted_at=effect.wanted_at, file=file)
