"""Decisions: what people write of an incident afterwards, section by section, each save a version."""

from datetime import datetime

from bot.incident.declaring import LONGEST_TEXT, is_readable
from bot.incident.events import Event
from bot.incident.policy import Policy
from bot.incident.review_sections import TITLES
from bot.incident.rights import require_muster, require_responder, still_opening
from bot.incident.state import Incident
from bot.incident.terms import Rejected
from bot.incident.writing_commands import RecordCanvas, RecordDraft, RequestDraft, WriteSection
from bot.incident.writing_events import CanvasWritten, DraftRequested, DraftUploaded, SectionWritten

Events = tuple[Event, ...]


def write_section(incident: Incident, command: WriteSection, policy: Policy, at: datetime) -> Events:
    """Also after the end, for that is when it is written. A save on an older version is refused: it would hide one.

    What stands so already is no new version, so that the same form or file can come twice.
    """
    require_responder(incident, command.by, policy)
    text = command.text.strip() if is_readable(command.text) else ""
    if len(text) > LONGEST_TEXT:
        title = TITLES[command.section]
        raise Rejected(f"“{title}” has {len(text)} characters and at most {LONGEST_TEXT} fit.", field="text")
    stands = incident.section(command.section)
    if text == stands.text:
        return ()
    if command.seen != stands.number:
        raise Rejected(
            "{who} saved this section meanwhile. Nothing is lost: put the two texts together and save again.",
            verb="postmortem",
            field="text",
            who=stands.by,
        )
    number = stands.number + 1
    written = SectionWritten(at=at, by=command.by.id, section=command.section, text=text, number=number)
    return (written,)


def request_draft(incident: Incident, command: RequestDraft, policy: Policy, at: datetime) -> Events:
    """Of a drill nothing is left behind as a file: whoever wants its postmortem has it written."""
    require_responder(incident, command.by, policy)
    if incident.drill:
        raise Rejected("The postmortem of a drill is uploaded nowhere. muster postmortem writes it.", verb="postmortem")
    if incident.channel is None:
        raise Rejected(still_opening(incident))
    return (DraftRequested(at=at, by=command.by.id),)


def record_draft(incident: Incident, command: RecordDraft, policy: Policy, at: datetime) -> Events:
    require_muster(command.by)
    if command.wanted_at in incident.drafts:
        return ()
    return (DraftUploaded(at=at, by=command.by.id, wanted_at=command.wanted_at, file=command.file),)


def record_canvas(incident: Incident, command: RecordCanvas, policy: Policy, at: datetime) -> Events:
    require_muster(command.by)
    return (CanvasWritten(at=at, by=command.by.id, canvas=command.canvas),)
