"""What stands in the text of a command besides words: mentions, quotation marks, punctuation. Pure.

Slack writes mentions as <@U123|ada> tokens where the command asks for escaping (`should_escape` in the manifest).
"""

import re
from typing import Final

from bot.incident.terms import UserId

_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_QUOTES: Final = {"“": "”", '"': '"', "„": "“", "«": "»", "‘": "’", "'": "'", "`": "`"}


def mentioned(text: str) -> UserId | None:
    """The first person whom the text mentions in Slack's own way."""
    found = _MENTION.search(text)
    return UserId(found[1]) if found else None


def without_mentions(text: str) -> str:
    return " ".join(_MENTION.sub(" ", text).split())


def unquoted(text: str) -> str:
    """Without one pair of quotation marks around the whole, straight or typographic."""
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and text[-1] not in text[1:-1]:
        return text[1:-1].strip()
    return text


def strip_marks(word: str) -> str:
    """A verb, role or severity without the marks that keyboards and habits put around it."""
    return word.strip("\"'`“”„«»‘’.,:;!?").casefold()
