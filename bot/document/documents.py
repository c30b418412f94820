"""A postmortem's four files, made of one draft: Markdown, which is canonical; beside it HTML, JSON and SVG. Pure."""

import hashlib
from collections.abc import Mapping

from bot.document.contents import contents
from bot.document.json_form import json_form
from bot.document.page import page
from bot.document.picture import drawing, picture
from bot.document.template import fill_template
from bot.document.wording import Wording
from bot.incident.postmortem import Postmortem


def documents(
    draft: Postmortem, template: str, wording: Wording, stem: str = "", *, png: bytes = b""
) -> Mapping[str, str]:
    """Text by file name, 'INC-42.md' first. `stem`: another beginning of the names. Raises TemplateMistakes.

    `png`: the picture, where whoever keeps the files has it so; then no SVG is among them.
    """
    stem = stem or f"INC-{draft.heading.incident}"
    pictured = f"{stem}.png" if png else f"{stem}.svg"
    markdown = fill_template(template, contents(draft, wording, pictured))
    title = f"Postmortem of {draft.heading.reference}: {draft.heading.title}"
    html = page(markdown, drawing(draft), title=title, picture_file=pictured, on_each_page=_foot(draft))
    files = {f"{stem}.md": str(markdown), f"{stem}.html": html}
    digests = {name: digest(text) for name, text in files.items()}
    if png:
        return {**files, f"{stem}.json": json_form(draft, wording, {**digests, pictured: _digest(png)})}
    svg = picture(draft)
    return {**files, pictured: svg, f"{stem}.json": json_form(draft, wording, {**digests, pictured: digest(svg)})}


def _foot(draft: Postmortem) -> str:
    """No word of the title: a sheet may lie where others pass by."""
    private = " · private: for the members of its channel only" if draft.heading.private else ""
    return f"Postmortem of {draft.heading.reference}{private}"


def digest(text: str) -> str:
    return _digest(as_bytes(text))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def as_bytes(text: str) -> bytes:
    """UTF-8; a half of a surrogate pair, which old logs might hold, as its escape, which JSON reads."""
    return text.encode("utf-8", errors="backslashreplace")
