"""A postmortem's Markdown that people have edited -> the sections in it, by their marks. Pure; it reads no file.

Whatever stands outside of the marks is from the log and is not read back.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.document.people_markdown import MARK, people_text
from bot.document.sections import prompt, section_body
from bot.incident.review_sections import ReviewSection
from bot.incident.terms import IncidentId

_BEGINS: Final = re.compile(
    rf'{re.escape(MARK)}# "INC-(?P<number>\d{{1,9}}) (?P<section>\w+), version (?P<version>\d{{1,9}})"'
)
_ENDS: Final = re.compile(rf'{re.escape(MARK)}# "end of (?P<section>\w+)"')

Versions = Mapping[tuple[ReviewSection, int], str]
"""The text of each version of each section; version 0 is that nobody has written it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSection:
    """`seen`: the version that the file was made of. `body`: what stands between the marks, in Markdown."""

    section: ReviewSection
    seen: int
    body: str


class NotReadBack(Exception):  # noqa: N818 - a refusal, as said to whoever gave the file
    """The file as a whole cannot be taken; the sentence says why."""


def sections_in(markdown: str, incident: IncidentId) -> tuple[FoundSection, ...]:
    """In the order of the file. Raises NotReadBack where a mark was lost or the file is another incident's."""
    found: list[FoundSection] = []
    lines = enumerate(markdown.splitlines(), start=1)
    for number, line in lines:
        if line.startswith(MARK):
            begins = _begun(line.rstrip(), number, incident)
            section = _named(begins["section"], number)
            if any(each.section is section for each in found):
                raise NotReadBack(f"Line {number}: the section “{section}” stands here a second time.")
            body = "\n".join(_until_the_end(lines, section, number)).strip()
            found.append(FoundSection(section=section, seen=int(begins["version"]), body=body))
    if not found:
        raise NotReadBack("There is no section in it: its marks, lines that begin with [muster]:, are gone.")
    return tuple(found)


def edited(found: FoundSection, versions: Versions) -> str | None:
    """What was written instead of what the file was made of, as somebody would have typed it; None: it was not edited.

    Raises NotReadBack for a version that there never was, as of a file of another store.
    """
    before = versions.get((found.section, found.seen))
    if before is None:
        raise NotReadBack(f"the file names version {found.seen}, which there never was")
    if _even(found.body) == _even(section_body(found.section, before)):
        return None
    text = people_text(_even(found.body).removeprefix(_even(prompt(found.section))))
    return None if text == before else text


def marked_anew(markdown: str, numbers: Mapping[ReviewSection, int]) -> str:
    """The same text, whose marks name these versions."""

    def mark(begins: re.Match[str]) -> str:
        number = next((number for each, number in numbers.items() if each == begins["section"]), None)
        return begins[0] if number is None else f'{begins[0].rpartition(" ")[0]} {number}"'

    return re.sub(f"^{_BEGINS.pattern}", mark, markdown, flags=re.MULTILINE)


def _begun(line: str, number: int, incident: IncidentId) -> re.Match[str]:
    begins = _BEGINS.fullmatch(line)
    if begins is None:
        raise NotReadBack(f"Line {number} is no mark that Muster wrote, or it was changed.")
    if int(begins["number"]) != incident:
        raise NotReadBack(f"Line {number}: this is a section of INC-{begins['number']}, not of INC-{incident}.")
    return begins


def _named(name: str, number: int) -> ReviewSection:
    try:
        return ReviewSection(name)
    except ValueError:
        raise NotReadBack(f"Line {number}: there is no section “{name}”.") from None


def _until_the_end(lines: Iterator[tuple[int, str]], section: ReviewSection, began: int) -> Iterator[str]:
    for number, line in lines:
        ends = _ENDS.fullmatch(line.rstrip())
        if ends and ends["section"] == section:
            return
        if line.startswith(MARK):
            raise NotReadBack(f"Line {number}: the section “{section}” of line {began} has lost the mark of its end.")
        yield line
    raise NotReadBack(f"The section “{section}” of line {began} has lost the mark of its end.")


def _even(text: str) -> str:
    """Without what editors take away or put at the ends of lines."""
    return "\n".join(_trimmed(text.splitlines()))


def _trimmed(lines: Sequence[str]) -> Iterator[str]:
    return (line.rstrip() for line in lines)
