"""A Slack message's own form (entities, <tokens>) as somebody would read it. Pure; what it returns is not escaped yet.

A link shows where it leads, whatever its label claims; a broadcast is only its word.
"""

import re
from collections.abc import Callable
from typing import Final

from bot.incident.terms import UserId

_TOKEN: Final = re.compile(r"<([^<>]*)>")
_USER: Final = re.compile(r"@([UW][A-Z0-9]+)")
_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)")


def read_message(text: str, name_of: Callable[[UserId], str]) -> str:
    parts = _TOKEN.split(text)
    return "".join(_token(part, name_of) if odd % 2 else _decoded(part) for odd, part in enumerate(parts))


def mentioned(text: str) -> tuple[UserId, ...]:
    """Whom a message speaks of."""
    return tuple(UserId(user) for user in _MENTION.findall(text))


def _token(inside: str, name_of: Callable[[UserId], str]) -> str:
    target, _, label = inside.partition("|")
    if mentioned := _USER.fullmatch(target):
        return name_of(UserId(mentioned[1]))
    if target.startswith("!"):
        return _decoded(label) if label else target[1:].partition("^")[0]
    if target.startswith("#"):
        return f"#{_decoded(label).lstrip('#')}" if label else target
    address = _decoded(target).removeprefix("mailto:")
    return address if not label or _decoded(label) == address else f"{_decoded(label)} ({address})"


def _decoded(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
