"""The postmortem's sections and drafts, from events: for evolve.py. Nothing here decides."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.incident.events import Event
from bot.incident.mending import mended
from bot.incident.review_sections import ReviewSection
from bot.incident.state import Incident, PostedDraft, WrittenSection
from bot.incident.terms import CANVAS, DRAFT
from bot.incident.writing_events import CanvasWritten, DraftRequested, DraftUploaded, SectionWritten


def _section_written(incident: Incident, event: SectionWritten) -> Incident:
    written = WrittenSection(number=event.number, text=event.text, by=event.by, at=event.at)
    return replace(incident, sections={**incident.sections, event.section: written})


def _draft_uploaded(incident: Incident, event: DraftUploaded) -> Incident:
    posted = PostedDraft(file=event.file, at=event.at)
    return mended(replace(incident, drafts={**incident.drafts, event.wanted_at: posted}), DRAFT)


def _canvas_written(incident: Incident, event: CanvasWritten) -> Incident:
    return mended(replace(incident, canvas=PostedDraft(file=event.canvas, at=event.at)), CANVAS)


def written_versions(events: Iterable[Event], section: ReviewSection) -> tuple[WrittenSection, ...]:
    """Every save of one section, oldest first."""
    saves = (each for each in events if isinstance(each, SectionWritten) and each.section is section)
    return tuple(WrittenSection(number=each.number, text=each.text, by=each.by, at=each.at) for each in saves)


WRITING_CHANGES: Final[Mapping[type[Event], Callable[[Incident, Any], Incident]]] = {
    SectionWritten: _section_written,
    DraftRequested: lambda incident, _event: incident,
    DraftUploaded: _draft_uploaded,
    CanvasWritten: _canvas_written,
}
"""None of them shows on a card."""
