"""The form of one section of a postmortem: what is asked, what the log knows, what stands, and room to write.

Where somebody saved meanwhile, it shows both texts: theirs above, one's own in the field.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from bot.incident.review_sections import PROMPTS, TITLES, ReviewSection, Writer
from bot.incident.state import Incident, WrittenSection
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import View, field
from bot.slack.blocks.modals import head
from bot.slack.blocks.section_reading import text_blocks, version_line
from bot.slack.blocks.timeline_page import sections
from bot.slack.message import Block
from bot.slack.mrkdwn import Mrkdwn, bold, fill, join, line, lines

TEXT_FIELD: Final = "section_text"
"""The field's block_id, but for the version behind a ':': Slack keeps what was typed in a block of the same id, and
a form that is drawn anew is to show what it is given."""


def text_field(version: int) -> str:
    return f"{TEXT_FIELD}:{version}"


def section_form(
    incident: Incident,
    section: ReviewSection,
    metadata: str,
    known: Sequence[Mrkdwn],
    at: datetime,
    *,
    typed: str | None = None,
    writers: Sequence[Writer] = (),
) -> View:
    """`typed`: what somebody tried to save on an older version; None: the form is opened. `writers`: who else has it
    open.
    """
    stands = incident.section(section)
    asked = fill("{title}: {prompt}", title=bold(line(TITLES[section])), prompt=line(PROMPTS[section]))
    room = elements.text_input(initial=stands.text if typed is None else typed, lines=True)
    overtaken = () if typed is None else _overtaken(stands, at)
    blocks = [
        head(incident),
        elements.section(asked),
        *_also_writing(writers, at),
        *sections([Mrkdwn("What the log knows:"), *known]),
        *([elements.context(version_line(stands, at))] if stands.by and typed is None else []),
        *_earlier(incident, section, stands),
        *overtaken,
        field(
            text_field(stands.number),
            "What is to stand there",
            room,
            optional=True,
            hint="Lists with -, *bold*, `code` and links come out as such. Each save is kept as a version.",
        ),
    ]
    return elements.modal("Postmortem", action_ids.SECTION_MODAL, metadata, "Save", blocks)


def _also_writing(writers: Sequence[Writer], at: datetime) -> list[Block]:
    """While there is still time to agree; whoever saves second is told in any case."""
    if not writers:
        return []
    opened = ((phrases.person(each.user), phrases.moment(each.since, at)) for each in writers)
    who = [fill("{who} since {then}", who=person, then=then) for person, then in opened]
    return [elements.context(fill("Also open: {who}. Agree on who writes what.", who=join(", ", *who)))]


def _earlier(incident: Incident, section: ReviewSection, stands: WrittenSection) -> list[Block]:
    """The way to what stood there before, where anything did."""
    if stands.number < 2:
        return []
    value = pack(incident.id, section)
    return [elements.actions(elements.button("All versions", action_ids.SECTION_VERSIONS, value))]


def _overtaken(stands: WrittenSection, at: datetime) -> Iterator[Block]:
    """Above the field, which Slack scrolls to last; the other's text whole, to be copied from."""
    who = phrases.person(stands.by)
    told = fill("{who} saved this section while you wrote. Nothing is lost, and yours is not saved yet.", who=who)
    todo = Mrkdwn("Put into the field what is to stand there, of both, and save again.")
    yield elements.section(lines(bold(told), todo))
    yield elements.context(version_line(stands, at))
    if not stands.text:
        yield elements.section(Mrkdwn("The section was emptied."))
    yield from text_blocks(stands.text)
