"""Evidence in a document, with a checksum of what the log holds of each entry. Pure.

Muster does not read files, so no checksum vouches for what is in one: that of an entry is of its words, and says so.
"""

import hashlib
from collections.abc import Iterator
from typing import Final

from bot.document.markdown import NOTHING, Markdown, blocks, bullets, escape, fill, join, link
from bot.document.narrative import NONE_RECORDED, told_entry
from bot.document.wording import Wording
from bot.incident.entry import Entry
from bot.incident.postmortem import Postmortem
from bot.incident.terms import File

_OF_WHAT: Final = Markdown(
    "Each checksum is the SHA-256 of the entry's words as the log holds them (UTF-8; `evidence` in the JSON has them)."
    " Files go by their Slack id; Muster has not read them, so no checksum vouches for what is in them."
)


def evidence(draft: Postmortem, wording: Wording) -> Markdown:
    """Each entry with the way to it, its files by their ids, and what its words can be told by again."""
    told = bullets(_told(entry, draft, wording) for entry in draft.evidence)
    return blocks(told, _OF_WHAT) if told else NONE_RECORDED


def recorded_digest(entry: Entry) -> str | None:
    """Of the words as they were recorded last, before anything is made readable; None: they are not known."""
    if not (entry.read and entry.text):
        return None
    return hashlib.sha256(entry.text.encode("utf-8", errors="backslashreplace")).hexdigest()


def _told(entry: Entry, draft: Postmortem, wording: Wording) -> Markdown:
    return join(" ", (told_entry(entry, draft, wording, files=_files(entry)), *_checksum(entry)))


def _checksum(entry: Entry) -> Iterator[Markdown]:
    if digest := recorded_digest(entry):
        yield fill("SHA-256 of its words: `{digest}`.", digest=escape(digest))


def _files(entry: Entry) -> Markdown:
    named = join(", ", (_file(each) for each in entry.files))
    return fill("[{files}]", files=named) if named else NOTHING


def _file(file: File) -> Markdown:
    name = link(escape(file.name or "file"), file.link)
    return fill("{name} (file {id})", name=name, id=escape(file.id)) if file.id else name
