"""What the gentle check asks, in words: for Slack and for the command line alike. Pure; nothing is escaped yet."""

from collections.abc import Mapping
from typing import Final

from bot.document.markdown import one_line
from bot.incident.gentle_check import Doubt, Hint
from bot.incident.review_sections import TITLES

LONGEST_QUOTE: Final = 80

_ASKED: Final[Mapping[Doubt, str]] = {
    Doubt.BLAME: "{section}: “{words}” judges a person. What made it sensible at that moment?",
    Doubt.HINDSIGHT: "{section}: “{words}” judges by what is known today. What was known then?",
    Doubt.SINGLE_CAUSE: "{section}: “{words}” looks for one cause. What else made it possible, worse or longer?",
    Doubt.ONE_FACTOR: "There is only one contributing factor yet. What else made it possible, worse or longer?",
    Doubt.NO_OWNER: "{section}: who owns “{words}”?",
    Doubt.NO_METRIC: "{section}: how will anybody see that “{words}” worked?",
    Doubt.EMPTY: "{section} is still empty.",
}


def told(hint: Hint) -> str:
    """One line of plain text; what it quotes is people's own."""
    words = one_line(hint.words)
    short = words if len(words) <= LONGEST_QUOTE else f"{words[: LONGEST_QUOTE - 1].rstrip()}…"
    return _ASKED[hint.doubt].format(section=TITLES[hint.section] if hint.section else "", words=short)
