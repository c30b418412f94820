"""Puts the draft of a postmortem into its incident's own channel: its files in one message, looked for before it is
repeated.
"""

from collections.abc import Sequence
from typing import Final

import structlog

from bot.incident.afterwards_effects import UploadDraft
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, FileId
from bot.incident.writing_commands import RecordDraft
from bot.ports import Lease
from bot.slack.blocks.postmortem_panel import draft_comment
from bot.slack.outcome import SlackRefusal
from bot.slack.papers import Papers
from bot.slack.shared_files import Brought, SharedFiles

_log = structlog.get_logger(__name__)

_NOT_OF_THIS_KIND: Final = frozenset({"file_type_not_allowed", "file_upload_size_restricted", "snippet_too_large"})
"""Refusals of one kind of file, after which another may well be taken."""


class Drafts:
    def __init__(self, files: SharedFiles, papers: Papers) -> None:
        self._files = files
        self._papers = papers

    async def upload(self, effect: UploadDraft, incident: Incident, lease: Lease) -> RecordDraft | None:
        """Raises Refused, and Unavailable: for good where it may stand there and nobody can look."""
        if effect.wanted_at in incident.drafts:
            return None
        file = await self._files.find(effect.channel, _document(effect), lease) if lease.uncertain else None
        return _recorded(effect, file or await self._uploaded(effect, incident))

    async def withdraw(self, effect: UploadDraft, incident: Incident, lease: Lease) -> None:
        """The files that are on record stay; where none is yet, whoever works on it now will find ours."""
        if kept := incident.drafts.get(effect.wanted_at):
            await self._files.keep_only(kept.file, effect.channel, _document(effect), lease)

    async def _uploaded(self, effect: UploadDraft, incident: Incident) -> FileId:
        """The document itself must be taken; what goes beside it may be refused where only some kinds are allowed."""
        document, *others = await self._papers.files(incident, _stem(effect))
        brought = [await self._files.bring(document)]
        try:
            brought += [await self._files.bring(paper) for paper in others]
            await self._shared(effect, incident, brought)
        except SlackRefusal as refusal:
            if refusal.code not in _NOT_OF_THIS_KIND:
                raise
            _log.info("draft_alone", code=refusal.code)
            await self._shared(effect, incident, brought[:1])
        return brought[0].id

    async def _shared(self, effect: UploadDraft, incident: Incident, brought: Sequence[Brought]) -> None:
        await self._files.share(effect.channel, brought, draft_comment(incident))


def _stem(effect: UploadDraft) -> str:
    """What the names of its files begin with; of this upload alone: the log has one version of that number."""
    return f"INC-{effect.incident}-postmortem-{effect.wanted_at}"


def _document(effect: UploadDraft) -> str:
    return f"{_stem(effect)}.md"


def _recorded(effect: UploadDraft, file: FileId) -> RecordDraft:
    return RecordDraft(by=MUSTER_ITSELF, wanted_at=effect.wanted_at, file=file)
