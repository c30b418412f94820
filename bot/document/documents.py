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


def documents(draft: Postmortem, template: str, wording: Wording, stem: str = "") -> Mapping[str, str]:
    """Text by file name, 'INC-42.md' first. `stem`: another beginning of the names. Raises TemplateMistakes."""
    stem = stem or f"INC-{draft.heading.incident}"
    markdown = fill_template(template, contents(draft, wording, f"{stem}.svg"))
    title = f"Postmortem of {draft.heading.reference}: {draft.heading.title}"
    html = page(markdown, drawing(draft), title=title, picture_file=f"{stem}.svg")
    files = {f"{stem}.md": str(markdown), f"{stem}.html": html, f"{stem}.svg": picture(draft)}
    digests = {name: digest(text) for name, text in files.items()}
    return {**files, f"{stem}.json": json_form(draft, wording, digests)}


def digest(text: str) -> str:
    return hashlib.sha256(as_bytes(text)).hexdigest()


def as_bytes(text: str) -> bytes:
    """UTF-8; a half of a surrogate pair, which old logs might hold, as its escape, which JSON reads."""
    return text.encode("utf-8", errors="backslashreplace")
