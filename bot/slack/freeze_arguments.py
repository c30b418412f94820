"""`/incident freeze …` -> what is asked for. Pure. Raises Rejected with a sentence that says how to write it."""

import re
from datetime import timedelta
from typing import Final

from bot.incident.policy import Policy
from bot.incident.service_names import is_known
from bot.incident.terms import Rejected
from bot.slack import moments
from bot.slack.asked import Asked, EndFreeze, ExtendFreeze, FreezeDeploys, Look, Page
from bot.slack.asking import Asking
from bot.slack.incoming_text import unquoted
from bot.slack.mrkdwn import plain

_LASTS: Final = rf"(?:for\s+)?(?P<lasts>{moments.SPAN_WITH_UNIT})\b\s*[:,–-]?\s*"
_FLAGS: Final = re.IGNORECASE | re.DOTALL | re.ASCII
_LASTS_FIRST: Final = re.compile(rf"(?:{_LASTS})?(?P<why>.*)", _FLAGS)
_WITH_LENGTH: Final = re.compile(rf"(?P<services>\S.*?)\s+{_LASTS}(?P<why>.*)", _FLAGS)
_END: Final = re.compile(r"(?:end|stop|over|lift|cancel)\s+(?P<which>\S.*)", _FLAGS)
_EXTEND: Final = re.compile(rf"(?:extend|prolong)\s+(?P<which>\S.*?)(?:\s+{_LASTS})?", _FLAGS)
_INCOMPLETE: Final = frozenset({"end", "stop", "lift", "extend", "prolong"})


def freeze(rest: str, asking: Asking) -> Asked:
    words = " ".join(unquoted(plain(rest).strip()).split())
    if words.casefold() in {"", "list", "all"}:
        return Look(page=Page.FREEZES)
    if words.casefold() in _INCOMPLETE:
        raise Rejected("Say which one, as in “freeze end F3” or “freeze extend F3 24h”.", verb="freeze")
    if found := _END.fullmatch(words):
        return EndFreeze(which=found["which"].strip())
    if found := _EXTEND.fullmatch(words):
        return ExtendFreeze(which=found["which"].strip(), lasts=_span(found["lasts"]))
    services, rest = _parted(words, asking.policy)
    found = _LASTS_FIRST.fullmatch(rest)
    assert found is not None
    return FreezeDeploys(services=services, lasts=_span(found["lasts"]), why=found["why"].strip())


def _parted(words: str, policy: Policy) -> tuple[tuple[str, ...], str]:
    """The services, and what comes after them: as many words as name services; else those before a length of time, or
    the first one.
    """
    parts = words.split(" ")
    for end in range(len(parts), 0, -1):
        named = _names(" ".join(parts[:end]))
        if named and all(is_known(each, policy) for each in named):
            return named, " ".join(parts[end:])
    if found := _WITH_LENGTH.fullmatch(words):
        return _names(found["services"]), words[found.end("services") :].strip()
    first, _, rest = words.partition(" ")
    return _names(first), rest


def _names(text: str) -> tuple[str, ...]:
    return tuple(each.strip(" :") for each in text.split(",") if each.strip(" :"))


def _span(text: str | None) -> timedelta | None:
    return moments.span(text) if text else None
