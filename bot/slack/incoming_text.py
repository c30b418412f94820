"""Text as Slack sends it -> the text that the person wrote. Pure; it makes nothing safe to show: renderers escape.

Slack escapes & < > and writes links, mentions and channels as <…> tokens (docs: "Formatting message text").
"""

import html
import re
from typing import Final

from bot.incident.terms import UserId

_TOKEN: Final = re.compile(r"<([^<>\s][^<>]*)>")
_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_SIGILS: Final = {"@": "@", "#": "#", "!": "@"}
_QUOTES: Final = {"“": "”", '"': '"', "„": "“", "«": "»", "‘": "’", "'": "'", "`": "`"}


def plain(text: str) -> str:
    """Tokens by what people see of them (@ada, #general, the link's address), entities as the characters they are."""
    return html.unescape(_TOKEN.sub(_shown, text))


def _shown(token: re.Match[str]) -> str:
    target, _, label = token[1].partition("|")
    sigil = _SIGILS.get(target[0])
    if sigil is None:
        return target
    if target.startswith("!date"):
        return label
    return sigil + (label or target[1:].removeprefix("subteam^")).lstrip("@#")


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
