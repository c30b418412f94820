"""What people and effects ask of the postmortem. As commands.py: a wish, and nothing more."""

from dataclasses import dataclass

from bot.incident.commands import Command
from bot.incident.review_sections import ReviewSection
from bot.incident.terms import (
    FileId,
    Version,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteSection(Command):
    """A section of the postmortem is to read so. `seen`: the number of the version that it was written on, 0: none."""

    section: ReviewSection
    text: str
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDraft(Command):
    """The draft of the postmortem is to be put into the channel once more, as it is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDraft(Command):
    """The draft was put into the channel. `wanted_at`: as of effects.UploadDraft."""

    wanted_at: Version
    file: FileId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCanvas(Command):
    """The draft is the channel's canvas."""

    canvas: FileId
