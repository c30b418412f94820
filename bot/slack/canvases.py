"""The draft of a postmortem as the canvas of its incident's own channel. One that people made is left alone.

A channel has one canvas at most, and writing replaces all of it, so a repetition doubles nothing.
"""

from typing import Any, Final

from bot.document.canvas_text import LARGEST_CANVAS, canvas_mark, canvas_text
from bot.incident.afterwards_effects import WriteCanvas
from bot.incident.state import Incident
from bot.incident.terms import CANVAS, MUSTER_ITSELF, FileId
from bot.incident.writing_commands import RecordCanvas
from bot.ports import Lease
from bot.slack.outcome import SlackRefusal
from bot.slack.papers import Papers
from bot.slack.web_client import WebClient
from bot.slack_ports import Refused

TAKEN: Final = frozenset({"channel_canvas_already_exists", "free_team_canvas_tab_already_exists"})
_GONE: Final = frozenset({"canvas_not_found", "canvas_deleted"})


class Canvases:
    def __init__(self, client: WebClient, papers: Papers) -> None:
        self._client = client
        self._papers = papers

    async def write(self, effect: WriteCanvas, incident: Incident, lease: Lease) -> RecordCanvas:
        """Raises Refused and Unavailable."""
        text = canvas_text(await self._papers.document(incident), incident.reference)
        if len(text) > LARGEST_CANVAS:
            raise Refused(CANVAS, "it is too long for a canvas; the files have all of it")
        content = {"type": "markdown", "markdown": text}
        canvas = await self._rewritten(incident, content) or await self._made(effect, incident, content, lease)
        return RecordCanvas(by=MUSTER_ITSELF, canvas=canvas)

    async def _rewritten(self, incident: Incident, content: dict[str, str]) -> FileId | None:
        """None: there is none of ours, or it was deleted."""
        if incident.canvas is None:
            return None
        try:
            await self._replace(incident.canvas.file, content)
        except SlackRefusal as refusal:
            if refusal.code in _GONE:
                return None
            raise
        return incident.canvas.file

    async def _made(self, effect: WriteCanvas, incident: Incident, content: dict[str, str], lease: Lease) -> FileId:
        try:
            made = await self._client.call(
                "conversations.canvases.create",
                channel_id=effect.channel,
                title=f"Postmortem draft of {incident.reference}",
                document_content=content,
            )
        except SlackRefusal as refusal:
            ours = await self._ours(effect, incident) if lease.uncertain and refusal.code in TAKEN else None
            if ours is None:
                raise
            await self._replace(ours, content)
            return ours
        return FileId(str(made["canvas_id"]))

    async def _replace(self, canvas: FileId, content: dict[str, str]) -> None:
        """Without a section's id, all of it."""
        changes = [{"operation": "replace", "document_content": content}]
        await self._client.call("canvases.edit", canvas_id=canvas, changes=changes)

    async def _ours(self, effect: WriteCanvas, incident: Incident) -> FileId | None:
        """The canvas that an attempt made whose answer was lost: what stands at its head is ours."""
        answer = await self._client.call("conversations.info", channel=effect.channel)
        properties: dict[str, Any] = answer["channel"].get("properties") or {}
        canvas = str((properties.get("canvas") or {}).get("file_id", ""))
        if not canvas:
            return None
        found = await self._client.call(
            "canvases.sections.lookup", canvas_id=canvas, criteria={"contains_text": canvas_mark(incident.reference)}
        )
        return FileId(canvas) if found.get("sections") else None
