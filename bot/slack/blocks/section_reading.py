"""A section of a postmortem to be read and not written: as it stands, and as it stood in earlier versions."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from bot.incident.review_sections import PROMPTS, TITLES, ReviewSection
from bot.incident.state import Incident, WrittenSection
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import View
from bot.slack.blocks.modals import head
from bot.slack.blocks.timeline_page import sections
from bot.slack.message import Block
from bot.slack.mrkdwn import Mrkdwn, bold, escape, fill, line

MOST_VERSIONS: Final = 12
"""A text may take seven blocks of the hundred that a view may have."""
_PIECE: Final = 500
"""Characters of foreign text, which escaping makes at most six times as long."""


def section_to_read(incident: Incident, section: ReviewSection, known: Sequence[Mrkdwn], at: datetime) -> View:
    """For whoever may see the incident and is not in its channel: no form whose words would then be refused."""
    stands = incident.section(section)
    asked = fill("{title}: {prompt}", title=bold(line(TITLES[section])), prompt=line(PROMPTS[section]))
    why = fill("People in {place} write here. Join it to write, too.", place=phrases.place(incident))
    join_it = elements.button("Join", action_ids.JOIN, pack(incident.id))
    blocks = [
        head(incident),
        elements.section(asked),
        *sections([Mrkdwn("What the log knows:"), *known]),
        *_version(stands, at),
        elements.section(why, join_it),
    ]
    return elements.reading("Postmortem", blocks)


def all_versions(incident: Incident, section: ReviewSection, versions: Sequence[WrittenSection], at: datetime) -> View:
    """The newest first; each whole, to be copied from."""
    title = fill("{title}: {n} versions", title=bold(line(TITLES[section])), n=escape(str(len(versions))))
    newest = list(reversed(versions))
    rest = len(newest) - MOST_VERSIONS
    more = [elements.context(fill("{n} older ones stand in the log.", n=escape(str(rest))))] if rest > 0 else []
    told = [block for each in newest[:MOST_VERSIONS] for block in _version(each, at)]
    return elements.reading("Versions", [head(incident), elements.section(title), *told, *more])


def version_line(written: WrittenSection, at: datetime) -> Mrkdwn:
    then = phrases.moment(written.at or at, at)
    parts = {"n": escape(str(written.number)), "who": phrases.person(written.by), "then": then}
    return fill("Version {n} by {who}, {then}.", **parts)


def text_blocks(text: str) -> Iterator[Block]:
    """The whole of it, however long."""
    for begin in range(0, len(text), _PIECE):
        yield elements.section(escape(text[begin : begin + _PIECE]))


def _version(written: WrittenSection, at: datetime) -> Iterator[Block]:
    if written.by is None:
        yield elements.section(Mrkdwn("Nobody has written it yet."))
        return
    yield elements.context(version_line(written, at))
    if not written.text:
        yield elements.section(Mrkdwn("The section was emptied."))
    yield from text_blocks(written.text)
