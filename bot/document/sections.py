"""A section that people write, as it stands in a document: their words, else what they are asked, between two marks.

The marks are link definitions, which no Markdown reader shows. By them reading_back.py finds what was edited. Pure.
"""

from bot.document.markdown import Markdown, blocks, escape, fill, quote
from bot.document.people_markdown import people_markdown
from bot.incident.review_sections import PROMPTS, ReviewSection
from bot.incident.state import WrittenSection
from bot.incident.terms import IncidentId


def section_block(incident: IncidentId, section: ReviewSection, written: WrittenSection) -> Markdown:
    parts = {"number": escape(str(incident)), "section": escape(section), "version": escape(str(written.number))}
    begins = fill('[muster]: # "INC-{number} {section}, version {version}"', **parts)
    ends = fill('[muster]: # "end of {section}"', **parts)
    return blocks(begins, section_body(section, written.text), ends)


def section_body(section: ReviewSection, text: str) -> Markdown:
    """What stands between the marks."""
    return people_markdown(text) or prompt(section)


def prompt(section: ReviewSection) -> Markdown:
    return quote(escape(PROMPTS[section]))
