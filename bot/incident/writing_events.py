"""What happened to the postmortem. As events.py: names and fields are stored for ever."""

from dataclasses import dataclass

from bot.incident.events import Event
from bot.incident.review_sections import ReviewSection
from bot.incident.terms import (
    FileId,
    Version,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionWritten(Event):
    """A section of the postmortem in its newest words; empty: it was emptied. `number` counts its versions from 1.

    `by` MUSTER: it was read back from a file.
    """

    section: ReviewSection
    text: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRequested(Event):
    """Somebody asked for the draft of the postmortem in the channel, as it is now; the upload is the consequence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftUploaded(Event):
    """`wanted_at`: as of effects.UploadDraft."""

    wanted_at: Version
    file: FileId


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasWritten(Event):
    """The draft of the postmortem is the canvas of the incident's channel."""

    canvas: FileId
